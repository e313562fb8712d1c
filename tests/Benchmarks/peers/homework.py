"""The trials of a sweep file as somebody would train them in eager PyTorch: one after the other, on both cores. Prints a line per trial with its
seconds. Random images of the sweep's shape stand for its data: the arithmetic is the same. Run with Debian's python3-torch and python3-yaml.

usage: homework.py FILE [THREADS]
"""
import sys
import time

import torch
import torch.nn as nn
import yaml

EVALUATION_BATCH = 256
ACTIVATIONS = {"relu": lambda s: nn.ReLU(), "leaky_relu": lambda s: nn.LeakyReLU(s["leaky_slope"]), "tanh": lambda s: nn.Tanh(),
               "sigmoid": lambda s: nn.Sigmoid(), "elu": lambda s: nn.ELU()}
# Everything a trial leaves out; numbers may come as text: YAML 1.1 reads 1e-5 as a word.
DEFAULTS = {"kind": "dense", "batch_norm": False, "dropout": 0, "l2": 0, "decay": 0, "momentum": 0, "weight_decay": 0, "limit": None, "leaky_slope": 0.01,
            "batch_norm_epsilon": 1e-5, "batch_norm_momentum": 0.1, "epsilon": 1e-8, "activation": "relu"}
NUMBERS = ("learning_rate", "dropout", "l2", "decay", "momentum", "weight_decay", "leaky_slope", "batch_norm_epsilon", "batch_norm_momentum", "epsilon")


def initialize(layer, s):
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        {"he_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"), "glorot_normal": nn.init.xavier_normal_,
         "glorot_uniform": nn.init.xavier_uniform_}[s["initializer"]](layer.weight)
        nn.init.zeros_(layer.bias)


def model_of(s):
    layers, norm = [], {"eps": s["batch_norm_epsilon"], "momentum": s["batch_norm_momentum"]}
    if s["kind"] == "dense":
        features = 1024
        layers.append(nn.Flatten())
        for width in s["hidden"]:
            layers += [nn.Linear(features, width), ACTIVATIONS[s["activation"]](s)]
            if s["batch_norm"]:
                layers.append(nn.BatchNorm1d(width, **norm))
            if s["dropout"]:
                layers.append(nn.Dropout(s["dropout"]))
            features = width
    else:
        channels, side = 1, 32
        for i, filters in enumerate(s["filters"]):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), ACTIVATIONS[s["activation"]](s)]
            if s["dropout"]:
                layers.append(nn.Dropout(s["dropout"]))
            if s["batch_norm"]:
                layers.append(nn.BatchNorm2d(filters, **norm))
            channels = filters
            if i % 2 == 0:
                layers.append(nn.MaxPool2d(2))
                side //= 2
        features = channels * side * side
        layers.append(nn.Flatten())
        for i, width in enumerate(s["dense"]):
            layers += [nn.Linear(features, width), nn.ELU()]
            if s["dropout"] and i < len(s["dense"]) - 1:
                layers.append(nn.Dropout(s["dropout"]))
            features = width
    model = nn.Sequential(*layers, nn.Linear(features, 4))
    model.apply(lambda layer: initialize(layer, s))
    return model


def optimizer_of(model, s):
    if s["optimizer"] == "sgd":
        return torch.optim.SGD(model.parameters(), s["learning_rate"], momentum=s["momentum"], weight_decay=s["weight_decay"], foreach=True)
    return torch.optim.Adam(model.parameters(), s["learning_rate"], eps=s["epsilon"], weight_decay=s["weight_decay"], foreach=True)


def train(s, splits):
    limit = s["limit"] or max(len(images) for images, _ in splits)
    (images, labels), *others = [(i[:limit], l[:limit]) for i, l in splits]
    model, criterion = model_of(s), nn.CrossEntropyLoss()
    kinds = (nn.Conv2d,) if s["kind"] == "cnn" else (nn.Linear,)
    penalized = [layer.weight for layer in model if isinstance(layer, kinds)] if s["l2"] else []
    optimizer = optimizer_of(model, s)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + s["decay"] * step)) if s["decay"] else None
    size = len(images) if s["batch_size"] == "full" else s["batch_size"]
    for _ in range(s["epochs"]):
        model.train()
        total, correct, order = 0.0, 0, torch.randperm(len(images))
        for start in range(0, len(images), size):
            chosen = order[start:start + size]
            x, y = images[chosen], labels[chosen]
            optimizer.zero_grad(set_to_none=True)
            logits = model(x)
            loss = criterion(logits, y)
            total += loss.item() * len(y)
            correct += (logits.argmax(1) == y).sum().item()
            for weight in penalized:
                loss = loss + s["l2"] * weight.square().sum()
            loss.backward()
            optimizer.step()
            if schedule:
                schedule.step()
        model.eval()
        with torch.no_grad():
            for x, y in others:
                for start in range(0, len(x), EVALUATION_BATCH):
                    logits = model(x[start:start + EVALUATION_BATCH])
                    total += criterion(logits, y[start:start + EVALUATION_BATCH]).item()
                    correct += (logits.argmax(1) == y[start:start + EVALUATION_BATCH]).sum().item()


def main():
    with open(sys.argv[1]) as file:
        spec = yaml.safe_load(file)
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 2)
    torch.set_flush_denormal(True)
    data = spec["data"]
    splits = [(torch.rand(data[name], 1, 32, 32), torch.randint(0, 4, (data[name],))) for name in ("train", "validation", "test")]
    for trial in spec["trials"]:
        settings = {**DEFAULTS, **spec["model"], **spec["training"], **trial}
        settings.update({key: float(settings[key]) for key in NUMBERS})
        for replicate in range(spec["replicates"]):
            torch.manual_seed(replicate)
            begin = time.perf_counter()
            train(settings, splits)
            print(f"{trial['name']} {replicate + 1} {time.perf_counter() - begin:.2f}", flush=True)


main()
