# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole window: from a zoom to the coarse and the sharp picture, and its stalls while 10,000 tasks run.

It runs in a process of its own, for it needs the Qt reactor: on the screen that DISPLAY names, else offscreen.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from .table import Row

ROOT = Path(__file__).resolve().parents[1]
TASKS = 10_000
ZOOMS = 12


def run(args: list[str]) -> list[Row]:
    """Have the probe do it, and tell the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks window", allow_abbrev=False)
    parser.add_argument("--tasks", type=int, default=TASKS, metavar="N", help="tasks that run while stalls are noted")
    parser.add_argument("--zooms", type=int, default=ZOOMS, metavar="N", help="zooms that are timed")
    options = parser.parse_args(args)
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "benchmarks._windowprobe", str(options.zooms), str(options.tasks)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures = json.loads(done.stdout)
    width, height = figures["size"]
    size = f"{width} x {height} pixels, 2 workers"
    return [
        *_times("zoom to the coarse picture", figures["coarse"], f"{size}, {options.zooms} zooms"),
        *_times("zoom to the sharp picture", figures["sharp"], f"{size}, {options.zooms} zooms"),
        Row("tasks of 1 ms in the window", options.tasks / figures["seconds"], "/s", note=f"{options.tasks:,} of them"),
        *_stalls(f"{options.tasks:,} tasks run, the picture zooms", figures["stalls"]),
        *_stalls(f"{options.tasks:,} tasks are queued and dragged", figures["steering"]),
    ]


def _times(name: str, seconds: list[float], note: str) -> list[Row]:
    return [
        Row(f"{name}, median", median(seconds) * 1000, "ms", note=note),
        Row(f"{name}, worst", max(seconds) * 1000, "ms"),
    ]


def _stalls(name: str, stalls: list[float]) -> list[Row]:
    ordered = sorted(stalls)
    return [
        Row(f"stall while {name}, 99 %", ordered[int(len(ordered) * 0.99)] * 1000, "ms", bar="<= 16"),
        Row(f"stall while {name}, worst", ordered[-1] * 1000, "ms", bar="<= 50"),
    ]
