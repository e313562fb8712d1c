"""What a training program in Python needs to be swept. It is one file without dependencies: put a copy beside your program.

    import sweep_program as sweep

    settings = sweep.parameters(learning_rate=0.1)
    weights = sweep.load() or [0.0, 0.0]
    for epoch in sweep.epochs(alone=10):
        loss = train(weights, settings["learning_rate"], sweep.rng(epoch))
        sweep.report(epoch, checkpoint=sweep.save(weights, f"epoch-{epoch}"), loss=loss)

The same script runs without a cluster: `python3 train.py learning_rate=0.3`. It then begins at epoch 1, prints what it reports and
saves nothing. docs/your-own.md is the reference of what passes between a program and the cluster.
"""

import hashlib
import json
import os
import random
import shutil
import sys
from pathlib import Path

FROM_EPOCH = int(os.environ.get("SWEEP_FROM_EPOCH", "0"))
SEED = int(os.environ.get("SWEEP_SEED", "1"))
REPLICATE = int(os.environ.get("SWEEP_REPLICATE", "1"))
SLOT = int(os.environ.get("SWEEP_SLOT", "0"))
CHECKPOINT = Path(os.environ["SWEEP_CHECKPOINT"]) if "SWEEP_CHECKPOINT" in os.environ else None  # None without a cluster.

_reported = []  # The names of the checkpoints that are there, the newest last.


def parameters(**defaults):
    """Returns the trial's parameters as a dict; a default stands for what the sweep does not set.

    Without a cluster, arguments of the form name=value take the place of the sweep.
    """
    if "SWEEP_PARAMETERS" in os.environ:
        return defaults | json.loads(Path(os.environ["SWEEP_PARAMETERS"]).read_text("utf-8"))
    given = (argument.split("=", 1) for argument in sys.argv[1:] if "=" in argument and not argument.startswith("-"))
    return defaults | {name: _value(text) for name, text in given}


def epochs(alone=1):
    """Returns the numbers of the epochs to train, in order. Without a cluster there are as many as `alone` says."""
    return range(FROM_EPOCH + 1, int(os.environ.get("SWEEP_EPOCHS", alone)) + 1)


def report(epoch, checkpoint=None, **metrics):
    """Reports an epoch: every metric that the sweep file declares, and the name of the checkpoint at this epoch, if there is one.

    Values may be whatever float() takes, so also numbers of numpy and tensors of one element.
    """
    line = {"epoch": epoch, **{name: float(value) for name, value in metrics.items()}}
    if checkpoint is not None:
        line["checkpoint"] = checkpoint
    if "SWEEP_METRICS" not in os.environ:
        print(json.dumps(line), flush=True)
        return
    with open(os.environ["SWEEP_METRICS"], "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    if checkpoint is not None:
        _reported.append(checkpoint)
    while len(_reported) > 2:  # The cluster may still be reading the last but one.
        gone = CHECKPOINT / ".gone"  # It goes at one stroke, so that nobody takes half of it for the whole.
        (CHECKPOINT / _reported.pop(0)).rename(gone)
        shutil.rmtree(gone)


def save(state, name=None):
    """Saves a state, bytes or whatever JSON can express, and returns the name for `report`.

    With a name it is a checkpoint from which the training can go on, also when this program is killed. Give each epoch another name.
    Without a name it replaces the state that counts at the end.
    """
    if CHECKPOINT is None:
        return name
    if isinstance(state, (bytes, bytearray)):
        file, content = "state.bin", state
    else:
        file, content = "state.json", json.dumps(state).encode()
    folder = CHECKPOINT if name is None else CHECKPOINT / name
    folder.mkdir(exist_ok=name is None)  # What a line has named must not change, so a name is good for once.
    part = folder / f"{file}.part"
    part.write_bytes(content)
    part.replace(folder / file)
    return name


def load():
    """Returns the state to go on from, as it was saved; None when the training begins."""
    if FROM_EPOCH == 0 or CHECKPOINT is None:
        return None
    if (CHECKPOINT / "state.bin").exists():
        return (CHECKPOINT / "state.bin").read_bytes()
    return json.loads((CHECKPOINT / "state.json").read_text("utf-8"))


def seed(*key):
    """Returns a number of 32 bits that depends on the sweep's seed, the replicate and the key, and on nothing else."""
    text = json.dumps([SEED, REPLICATE, *key])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def rng(*key):
    """Returns a random stream of its own for each seed, replicate and key.

    One stream per epoch, `rng(epoch)`, has no state to save: a training that goes on draws what an uninterrupted one draws.
    """
    return random.Random(seed(*key))


def _value(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
