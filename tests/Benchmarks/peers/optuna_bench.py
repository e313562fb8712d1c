"""The marginal cost of a trial in Optuna's SQLite storage: an empty objective with up to 10 reports under successive halving.

usage: optuna_bench.py <trials>     prints: version, trials per second, CPU milliseconds per trial

The study is new and the sampler random, which is Optuna's fastest case on SQLite; two thirds of the trials are pruned after their first report.
"""
import math
import os
import sys
import tempfile
import time
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")


def objective(trial):
    rate = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
    hidden = trial.suggest_int("hidden", 32, 512)
    dropout = trial.suggest_float("dropout", 0.0, 0.7)
    trial.suggest_categorical("act", ["relu", "tanh", "leaky"])
    quality = 1 - (math.log10(rate) + 3) ** 2 / 16 - dropout * 0.1 - abs(hidden - 256) / 5000
    value = 0
    for epoch in range(10):
        value = quality * (1 - math.exp(-(epoch + 1) / 3))
        trial.report(value, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned()
    return value


def main():
    trials = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="sweep-optuna-") as folder:
        storage = optuna.storages.RDBStorage("sqlite:///" + os.path.join(folder, "study.db"), engine_kwargs={"connect_args": {"timeout": 100}})
        study = optuna.create_study(
            storage=storage, direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1),
            pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3))
        wall, cpu = time.perf_counter(), time.process_time()
        study.optimize(objective, n_trials=trials)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(optuna.__version__, trials / wall, 1000 * cpu / trials)


if __name__ == "__main__":
    main()
