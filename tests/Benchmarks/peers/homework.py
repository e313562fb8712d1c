"""The trials of deploy/sweeps/homework.yaml in eager PyTorch, one after the other with all cores: prints the seconds of each and of all.
Run with Debian's python3-torch.

usage: homework.py <folder with train|validation|test.{pixels,labels}: float32 and int32, images of 32 × 32> <replicates> <threads>
"""
import array
import sys
import time

import torch
import torch.nn as nn

BASE = dict(kind="dense", hidden=(300, 150), activation="relu", initializer="he_normal", filters=(64, 128, 128, 256, 256), optimizer="adam",
            learning_rate=1e-5, batch_size=64, epochs=25, batch_norm=False, momentum=0.01, dropout=0, decay=0, weight_decay=0, sgd_momentum=0, l2=0, limit=None)
CNN = dict(kind="cnn", batch_norm=True, momentum=0.1, l2=0.01, learning_rate=1e-4, batch_size=32, limit=500, epochs=8)
HALF = dict(CNN, filters=(32, 64, 64, 128, 128))
TRIALS = {
    "relu": {}, "leaky-relu": dict(activation="leaky_relu"), "tanh": dict(activation="tanh"), "sigmoid": dict(activation="sigmoid"), "elu": dict(activation="elu"),
    "glorot-normal": dict(initializer="glorot_normal"), "glorot-uniform": dict(initializer="glorot_uniform"),
    "40-epochs": dict(epochs=40), "batch-32": dict(batch_size=32), "single-sample-sgd": dict(optimizer="sgd", learning_rate=1e-3, batch_size=1), "full-batch": dict(batch_size=None),
    "adam-1e-4": dict(learning_rate=1e-4), "adam-decay": dict(learning_rate=1e-4, decay=1e-3), "sgd": dict(optimizer="sgd", learning_rate=1e-2),
    "sgd-momentum": dict(optimizer="sgd", learning_rate=1e-2, sgd_momentum=0.9), "sgd-decay": dict(optimizer="sgd", learning_rate=1e-2, decay=1e-3),
    "sgd-weight-decay": dict(optimizer="sgd", learning_rate=1e-2, weight_decay=1e-4), "batch-norm": dict(batch_norm=True), "dropout": dict(dropout=0.3),
    "cnn": dict(CNN, dropout=0.3), "cnn-no-dropout": CNN, "cnn-half": dict(HALF, dropout=0.3), "cnn-half-no-dropout": HALF,
}
ACTIVATIONS = {"relu": nn.ReLU, "leaky_relu": lambda: nn.LeakyReLU(0.3), "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "elu": nn.ELU}
INITIALIZERS = {"he_normal": nn.init.kaiming_normal_, "glorot_normal": nn.init.xavier_normal_, "glorot_uniform": nn.init.xavier_uniform_}


def load(folder, split):
    pixels, labels = array.array("f"), array.array("i")
    with open(f"{folder}/{split}.pixels", "rb") as file:
        pixels.frombytes(file.read())
    with open(f"{folder}/{split}.labels", "rb") as file:
        labels.frombytes(file.read())
    return torch.tensor(pixels).view(-1, 1, 32, 32), torch.tensor(labels).long()


def network(t):
    layers, drop = [], ([nn.Dropout(t["dropout"])] if t["dropout"] else [])
    if t["kind"] == "dense":
        features = 1024
        layers.append(nn.Flatten())
        for hidden in t["hidden"]:
            layers += [nn.Linear(features, hidden), ACTIVATIONS[t["activation"]]()]
            layers += [nn.BatchNorm1d(hidden, 1e-3, t["momentum"])] if t["batch_norm"] else []
            layers += drop
            features = hidden
        layers.append(nn.Linear(features, 4))
    else:
        channels = 1
        for i, filters in enumerate(t["filters"]):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), *drop, nn.BatchNorm2d(filters, 1e-3, t["momentum"])]
            layers += [nn.MaxPool2d(2)] if i % 2 == 0 else []
            channels = filters
        layers += [nn.Flatten(), nn.Linear(16 * channels, 512), nn.ELU(), *drop, nn.Linear(512, 128), nn.ELU(), nn.Linear(128, 4)]
    model = nn.Sequential(*layers)
    for module in model:
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            INITIALIZERS[t["initializer"]](module.weight)
            nn.init.zeros_(module.bias)
    return model


def optimizer(t, model):
    penalized = [m.weight for m in model if isinstance(m, nn.Conv2d)]
    rest = [p for p in model.parameters() if all(p is not w for w in penalized)]
    groups = [dict(params=rest, weight_decay=t["weight_decay"])]
    if penalized:
        groups.append(dict(params=penalized, weight_decay=2 * t["l2"]))
    if t["optimizer"] == "adam":
        return torch.optim.Adam(groups, t["learning_rate"], eps=1e-7, foreach=True)
    return torch.optim.SGD(groups, t["learning_rate"], momentum=t["sgd_momentum"], foreach=True)


def evaluate(model, images, labels, size):
    with torch.no_grad():
        outputs = torch.cat([model(images[i:i + size]) for i in range(0, len(images), size)])
        return nn.functional.cross_entropy(outputs, labels).item(), (outputs.argmax(1) == labels).float().mean().item()


def train(t, data, seed):
    torch.manual_seed(seed)
    splits = [(images[:t["limit"]], labels[:t["limit"]]) for images, labels in data]
    (images, labels), others = splits[0], splits[1:]
    model, criterion = network(t), nn.CrossEntropyLoss()
    steps = optimizer(t, model)
    rate = torch.optim.lr_scheduler.LambdaLR(steps, lambda update: 1 / (1 + t["decay"] * update)) if t["decay"] else None
    size = t["batch_size"] or len(images)
    accuracy = 0
    for _ in range(t["epochs"]):
        model.train()
        for batch in torch.randperm(len(images)).split(size):
            steps.zero_grad(set_to_none=True)
            criterion(model(images[batch]), labels[batch]).backward()
            steps.step()
            if rate:
                rate.step()
        model.eval()
        accuracy = [evaluate(model, *split, 512 if t["kind"] == "dense" else 64) for split in others][0][1]
    return accuracy


def main():
    folder, replicates, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    begin = time.monotonic()
    data = [load(folder, split) for split in ("train", "validation", "test")]
    for name, changes in TRIALS.items():
        for replicate in range(1, replicates + 1):
            start = time.monotonic()
            accuracy = train({**BASE, **changes}, data, replicate)
            print(f"{name} {replicate}: {time.monotonic() - start:.1f} s, validation accuracy {accuracy:.4f}", file=sys.stderr, flush=True)
    print(time.monotonic() - begin)


main()
