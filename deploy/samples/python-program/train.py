"""Boosts stumps, ten more each epoch, to learn Friedman's first problem: ten inputs, of which five matter, and noise.

The problem is that of Friedman 1991 (Multivariate adaptive regression splines), the method that of Friedman 2002 (Stochastic gradient
boosting, Algorithm 1) with squared errors and trees of one split. Equal parameters, seed and replicate give equal bits.
"""

import math
import random

import sweep_program as sweep

ROWS, INPUTS = 2000, 10
STUMPS_PER_EPOCH = 10
BUCKETS = 32


def friedman(seed):
    """Draws rows of inputs in 0..1, and the target of each row."""
    stream = random.Random(seed)
    xs = [[stream.random() for _ in range(INPUTS)] for _ in range(ROWS)]
    ys = [10 * math.sin(math.pi * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4] + stream.gauss(0, 1) for x in xs]
    return xs, ys


def fit(xs, residuals, rows, rate):
    """Returns the stump that explains most of the residuals: an input, a threshold, and the steps below and above it."""
    total = math.fsum(residuals[row] for row in rows)
    most, stump = -1.0, None
    for feature in range(INPUTS):
        counts, sums = [0] * BUCKETS, [0.0] * BUCKETS
        for row in rows:
            bucket = int(xs[row][feature] * BUCKETS)
            counts[bucket] += 1
            sums[bucket] += residuals[row]
        count_below, sum_below = 0, 0.0
        for bucket in range(BUCKETS - 1):
            count_below += counts[bucket]
            sum_below += sums[bucket]
            count_above, sum_above = len(rows) - count_below, total - sum_below
            if count_below == 0 or count_above == 0:
                continue
            explained = sum_below**2 / count_below + sum_above**2 / count_above
            if explained > most:
                most = explained
                stump = [feature, (bucket + 1) / BUCKETS, rate * sum_below / count_below, rate * sum_above / count_above]
    return stump


def add(stump, xs, predictions):
    feature, threshold, below, above = stump
    for row, x in enumerate(xs):
        predictions[row] += below if x[feature] < threshold else above


def mean_squared_error(ys, predictions):
    return math.fsum((y - p) ** 2 for y, p in zip(ys, predictions)) / len(ys)


train_xs, train_ys = friedman(seed=1)
validation_xs, validation_ys = friedman(seed=2)
train, validation = [0.0] * ROWS, [0.0] * ROWS

settings = sweep.parameters(learning_rate=0.1, share=0.5)
sampled = int(settings["share"] * ROWS)
stumps = sweep.load() or []
for stump in stumps:
    add(stump, train_xs, train)
    add(stump, validation_xs, validation)

for epoch in sweep.epochs(alone=20):
    stream = sweep.rng(epoch)
    for _ in range(STUMPS_PER_EPOCH):
        residuals = [y - p for y, p in zip(train_ys, train)]
        stump = fit(train_xs, residuals, stream.sample(range(ROWS), sampled), settings["learning_rate"])
        add(stump, train_xs, train)
        add(stump, validation_xs, validation)
        stumps.append(stump)
    sweep.report(
        epoch,
        checkpoint=sweep.save(stumps, f"epoch-{epoch}"),
        validation_loss=mean_squared_error(validation_ys, validation),
        train_loss=mean_squared_error(train_ys, train),
    )
