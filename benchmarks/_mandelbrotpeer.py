# SPDX-License-Identifier: GPL-3.0-or-later
"""The prototype of the deep kernels, as a peer for `python -m benchmarks mandelbrot`: modules in a folder."""

import math
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import ModuleType

import numpy as np

from mandelbrot_view.places.place import Place

MODULES = ("orbit", "pert2", "deeph", "pertsimd", "pertfe")
# Its own parameters, those that make it fastest while it is right to some thousandths of a pixel: how far a tile's
# series may be off, in pixels, what a run of steps may be off by, and the edges of its smallest tiles, of which the
# best one for a place counts.
_TAU, _EPSILON = 1e-2, 2.0**-24
_LEAVES = (8, 4, 2)
# The least level of runs that its scalar pixels use, below 1e-290.
_LEAST_LEVEL = 3


def load(folder: Path) -> dict[str, ModuleType]:
    """Its modules."""
    missing = [name for name in MODULES if not (folder / f"{name}.py").is_file()]
    if missing:
        raise SystemExit(f"There is no {missing[0]}.py in {folder}: name the folder of the prototype.")
    sys.path.insert(0, str(folder))
    try:
        return {name: import_module(name) for name in MODULES}
    finally:
        sys.path.remove(str(folder))


class Peer:
    """Computes a place's picture of size = (width, height) by the prototype, its reference orbit included."""

    def __init__(self, modules: dict[str, ModuleType], place: Place, limit: int, size: tuple[int, int]) -> None:
        self._modules = modules
        self._place = place
        self._limit = limit
        self._size = size
        self._isWide = place.exactSpacing(size[1]) < 1e-290
        self._bits = int(math.log2(10) * -place.exactSpacing(size[1]).adjusted()) + 80
        self._leaf = _LEAVES[0]

    def warmUp(self) -> None:
        """Have it compiled, and find the best leaf."""
        if self._isWide:
            self.run()
            return
        orbit = self._orbit()
        self._pixels(orbit)
        self._leaf = min(_LEAVES, key=lambda leaf: self._timeOf(orbit, leaf))

    def run(self) -> None:
        """Once, from the orbit to the counts."""
        orbit = self._orbit()
        if self._isWide:
            self._wide(orbit)
        else:
            self._pixels(orbit)

    def _timeOf(self, orbit: tuple[np.ndarray, np.ndarray], leaf: int) -> float:
        self._leaf = leaf
        begin = perf_counter()
        self._pixels(orbit)
        return perf_counter() - begin

    def _orbit(self) -> tuple[np.ndarray, np.ndarray]:
        return self._modules["orbit"].ref_orbit(self._place.re, self._place.im, self._limit, self._bits)

    def _pixels(self, orbit: tuple[np.ndarray, np.ndarray]) -> None:
        (width, height), spacing = self._size, float(self._place.exactSpacing(self._size[1]))
        points = width * height
        table = self._modules["pert2"].bla_build2(*orbit, _EPSILON, spacing * width)
        re, im, x, y = (np.empty(points) for _ in range(4))
        m, k, counters = np.empty(points, np.int64), np.empty(points, np.int64), np.zeros(8, np.int64)
        self._modules["deeph"].starts_h(
            0.0, 0.0, spacing, width, height, 64, self._leaf, self._leaf, _TAU, *orbit, *table, self._limit,
            re, im, x, y, m, k, counters,
        )  # fmt: skip
        steps, size2, z = np.empty(points), np.empty(points), np.stack(orbit, axis=1).ravel()
        c = float(self._place.re), float(self._place.im)
        self._modules["pertsimd"].escape_pert(re, im, x, y, m, k, z, *c, self._limit, steps, size2)

    def _wide(self, orbit: tuple[np.ndarray, np.ndarray]) -> None:
        (width, height), points = self._size, self._size[0] * self._size[1]
        spacing = self._place.exactSpacing(height)
        exponent = math.floor(math.log2(10) * (spacing.adjusted()))
        mantissa = float(spacing * 2 ** (-exponent))
        exponents = np.zeros(len(orbit[0]), np.int64)
        module = self._modules["pertfe"]
        table = module.bla_fe(*orbit, exponents, math.log2(_EPSILON), math.log2(width * mantissa) + exponent)
        steps, size2, counters = np.empty(points), np.empty(points), np.zeros(8, np.int64)
        module.render_fe(
            mantissa, exponent, width, height, *orbit, exponents, *table, self._limit, _LEAST_LEVEL, steps, size2,
            counters,
        )  # fmt: skip
