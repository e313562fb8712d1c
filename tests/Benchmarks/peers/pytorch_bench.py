"""Eager PyTorch on one workload, slice by slice: prints "ready", then for each line read trains for one slice and prints
"<samples> <seconds of this thread's CPU time>". Run with Debian's python3-torch; one thread.

usage: pytorch_bench.py dense|densenorm|cnn|half <batch> <seconds per slice>
"""
import sys
import time

import torch
import torch.nn as nn

SAMPLES = 1024


def dense(normalized):
    layers, features = [nn.Flatten()], 1024
    for hidden in (300, 150):
        layers += [nn.Linear(features, hidden), nn.ReLU()]
        if normalized:
            layers += [nn.BatchNorm1d(hidden), nn.Dropout(0.3)]
        features = hidden
    return nn.Sequential(*layers, nn.Linear(features, 4))


def cnn(divisor):
    layers, channels = [], 1
    for i, filters in enumerate(f // divisor for f in (64, 128, 128, 256, 256)):
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.Dropout(0.3), nn.BatchNorm2d(filters)]
        channels = filters
        if i % 2 == 0:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * channels, 512), nn.ELU(), nn.Dropout(0.3),
                         nn.Linear(512, 128), nn.ELU(), nn.Linear(128, 4))


def main():
    kind, batch, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    images, labels = torch.rand(SAMPLES, 1, 32, 32), torch.randint(0, 4, (SAMPLES,))
    model = {"dense": lambda: dense(False), "densenorm": lambda: dense(True), "cnn": lambda: cnn(1), "half": lambda: cnn(2)}[kind]()
    # foreach: the faster of the two here.
    optimizer, criterion = torch.optim.Adam(model.parameters(), 1e-4, foreach=True), nn.CrossEntropyLoss()
    place = 0

    def step():
        nonlocal place
        place = (place + batch) % (SAMPLES - batch + 1)
        optimizer.zero_grad(set_to_none=True)
        criterion(model(images[place:place + batch]), labels[place:place + batch]).backward()
        optimizer.step()

    for _ in range(3):
        step()
    print("ready", flush=True)
    for _ in sys.stdin:
        start, steps = time.thread_time(), 0
        while time.thread_time() - start < seconds:
            step()
            steps += 1
        print(steps * batch, time.thread_time() - start, flush=True)


main()
