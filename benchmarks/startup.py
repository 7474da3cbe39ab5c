# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to pixels: a worker's first tile with a warm cache, and the window's first picture with an empty one.

The picture is drawn in the real window, on the screen that DISPLAY names, else offscreen. Each round is a process of
its own, and leaves the user's cache and settings alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from mandelbrot_view.kernels import cache
from mandelbrot_view.kernels.compiler import machine_code

from .table import Row

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5


def run(args: list[str]) -> list[Row]:
    """Have the probe do each some times, and tell the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks startup", allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="how often each start is timed")
    rounds = max(parser.parse_args(args).rounds, 1)
    with tempfile.TemporaryDirectory() as home:
        _fill(Path(home, "aqgui"))
        tiles = [_probe("tile", home)["tile"] for _ in range(rounds)]
        warm = [_probe("picture", home) for _ in range(rounds)]
    empty = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as home:
            empty.append(_probe("picture", home))
    return [
        _row("worker's start to its first tile", tiles, "<= 0.5", f"warm cache, 256 x 256 pixels, {rounds} rounds"),
        _row("window to the first picture, warm", [one["coarse"] for one in warm], None, "coarse pass painted"),
        _row("window to the sharp picture, warm", [one["sharp"] for one in warm], None, ""),
        _row("window to the first picture, empty", [one["coarse"] for one in empty], "<= 1.5", "coarse pass painted"),
        _row("window to the sharp picture, empty", [one["sharp"] for one in empty], None, "by numpy or compiled"),
    ]


def _fill(folder: Path) -> None:
    folder.mkdir()
    for kind in cache.SOURCES:
        cache.write(folder / f"{cache.key(kind)}.kernel", machine_code(kind))


def _row(name: str, seconds: list[float], bar: str | None, note: str) -> Row:
    spread = f"worst {max(seconds):.2f} s"
    return Row(name, median(seconds), "s", bar=bar, note=f"{spread}, {note}" if note else spread)


def _probe(what: str, cacheHome: str) -> dict[str, float]:
    environment = os.environ | {"XDG_CACHE_HOME": cacheHome}
    if not environment.get("DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "benchmarks._startupprobe", what]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
