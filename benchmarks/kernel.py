# SPDX-License-Identifier: GPL-3.0-or-later
"""The double-precision kernel on one core: `python -m benchmarks kernel [--prototype FOLDER]`.

With the folder of a prototype, whose mandelk.py has `escape(cx, cy, n, r2, maxit)` and `smooth(n, r2, nu)`, both run in
this process in turn. Without it, the peer is the loop that one writes first, compiled by numba.
"""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter

import numpy as np
from numba import njit

from mandelbrot_view.kernels.escape import Doubles
from mandelbrot_view.kernels.warmup import start_work, warmup
from mandelbrot_view.pictures.grid import coordinates
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import Place

from .table import Row

SIZE = (1000, 1000)
# The plain loop's bar is for the first one. Where hardly any point is inside, both spend their time on the same steps.
VIEWS = {
    "whole set, limit 1000": Place("-0.75", "0", "1.6", 1000),
    "seahorse valley, radius 1e-5, limit 5000": Place("-0.743643887037151", "0.13182590420533", "2e5", 5000),
}
ROUNDS = 7

Compute = Callable[[Doubles, Doubles, int], object]


def run(args: list[str]) -> list[Row]:
    """Time each view, ours and the peer's in turn, the best of some rounds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks kernel", allow_abbrev=False)
    parser.add_argument("--prototype", type=Path, metavar="FOLDER", help="compare with the prototype in this folder")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="the best of so many rounds counts")
    options = parser.parse_args(args)
    warmup().wait()
    if not warmup().isCompiled:
        raise SystemExit("The kernel could not be compiled; its warning stands above.")
    if options.prototype is None:
        return _compare(_numbaLoop, "plain numba loop", (">= 30", None), options.rounds)
    return _compare(_prototype(options.prototype), "prototype", (">= 0.9", ">= 0.9"), options.rounds)


def _compare(peer: Compute, name: str, bars: tuple[str | None, ...], rounds: int) -> list[Row]:
    rows = []
    for (title, place), bar in zip(VIEWS.items(), bars, strict=True):
        re, im = coordinates(place, SIZE, Tile(0, 0, *SIZE), 1)
        limit = place.limit or place.autoLimit()
        ours, theirs = _best(rounds, lambda: _ours(re, im, limit), lambda: peer(re, im, limit))  # noqa: B023 - run at once
        speed = re.size * im.size / ours / 1e6
        note = f"{ours * 1000:.1f} ms, {name} {theirs * 1000:.1f} ms, {SIZE[0]} x {SIZE[1]} pixels"
        rows.append(Row(f"kernel: {title}", speed, "Mpx/s", theirs / ours, name, bar, note))
    return rows


def _best(rounds: int, *functions: Callable[[], object]) -> list[float]:
    """The shortest time of each function, after a call that warms it up; they take turns."""
    for function in functions:
        function()
    times = np.empty((rounds, len(functions)))
    for round_ in range(rounds):
        for number, function in enumerate(functions):
            begin = perf_counter()
            function()
            times[round_, number] = perf_counter() - begin
    return [float(best) for best in times.min(axis=0)]


def _ours(re: Doubles, im: Doubles, limit: int) -> object:
    work = start_work(re, im, limit)
    while not work.is_done:
        work.run(0.005)
    return work.counts


def _prototype(folder: Path) -> Compute:
    if not (folder / "mandelk.py").is_file():
        raise SystemExit(f"There is no mandelk.py in {folder}: name the folder of the prototype.")
    sys.path.insert(0, str(folder))
    try:
        module = import_module("mandelk")
    finally:
        sys.path.remove(str(folder))

    def compute(re: Doubles, im: Doubles, limit: int) -> object:
        x, y = np.meshgrid(re, im)
        steps, size2, counts = (np.empty(x.size) for _ in range(3))
        module.escape(x.ravel(), y.ravel(), steps, size2, limit)
        module.smooth(steps, size2, counts)
        return counts

    return compute


@njit(nogil=True)
def _numbaLoop(re: Doubles, im: Doubles, limit: int) -> Doubles:
    """Escape times by the formula as it stands."""
    counts = np.empty((im.size, re.size))
    for row in range(im.size):
        for column in range(re.size):
            x = y = 0.0
            count = 0
            while count < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + re[column], 2.0 * x * y + im[row]
                count += 1
            counts[row, column] = count
    return counts
