# SPDX-License-Identifier: GPL-3.0-or-later
"""Chaos: random calls, bursts, maps and streams, while workers are killed and tasks moved, re-niced and cancelled.

At the end every task was told exactly once, no call ran twice that was not asked to, no stream had a gap or looked
complete when it was not, and nothing leaked. One queue after the other is made, played with, and shut down in one of
all ways. The same seed makes the same choices; what the processes make of them differs from run to run.
"""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

from .table import Row

ROOT = Path(__file__).resolve().parents[1]
MINUTES = 1.0
# Growth of memory that is no leak, in MB: the allocator keeps what a busy moment needed.
GROWTH = 32
PROMISES = (
    "every task is told once",
    "no call runs twice",
    "what is told as done has run",
    "an outcome is the call's own",
    "an update comes before later calls",
    "items come in order, none missing",
    "no broken stream looks complete",
    "a shutdown ends",
    "no method raises",
    "nothing is logged as an error",
)


def run(args: list[str]) -> list[Row]:
    """Run it in a fresh process. `--minutes M`: for so long; `--seed N`: with the choices of an earlier run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks chaos", allow_abbrev=False)
    parser.add_argument("--minutes", type=float, default=MINUTES, metavar="M", help="how long it runs")
    parser.add_argument("--seed", type=int, default=None, metavar="N", help="what decides; a new one if not given")
    options = parser.parse_args(args)
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    print(f"  chaos: {options.minutes:g} minutes with --seed {seed}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks._chaos.probe", str(60 * options.minutes), str(seed)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    report = json.loads(done.stdout)
    for complaint in report["complaints"]:
        print(complaint, file=sys.stderr)
    note, growth = f"--seed {seed}", report["growth"] / 1e6
    return [
        *(Row(what, count, "") for what, count in sorted(report["counts"].items())),
        *(_promise(f"broken: {what}", report["broken"].get(what, 0), note) for what in PROMISES),
        *(_promise(f"leaked: {what}", count, note) for what, count in report["leaks"].items()),
        Row("leaked: memory since a quarter of the time", growth, "MB", bar=f"<= {GROWTH}", isPromise=True),
    ]


def _promise(what: str, count: int, note: str) -> Row:
    return Row(what, count, "", bar="<= 0", note=note if count else "", isPromise=True)
