# SPDX-License-Identifier: GPL-3.0-or-later
"""The deep kernels as C functions on pointers: perturbation of a reference orbit, beyond double precision."""

from collections.abc import Iterator
from typing import Any

from numba import cfunc, types
from numba.np.numpy_support import carray, from_dtype

from .approximation import build
from .deepstate import Last, Level, Pixels, View
from .deeptable import LEVELS
from .direct import smooth
from .lastlanes import last_loop
from .options import OPTIONS, Array, Record
from .pixellanes import pixel_loop
from .tilelanes import tile_loop
from .widewalk import follow_wide as follow_wide_pixels
from .widewalk import walk_wide as walk_wide_tiles

_doubles, _longs = types.CPointer(types.float64), types.CPointer(types.int64)
_ints = types.CPointer(types.int32)
_view, _level, _last, _pixels = (types.CPointer(from_dtype(record)) for record in (View, Level, Last, Pixels))


def functions(width: int, count: int) -> Iterator[tuple[str, Any]]:
    """By name, for vectors of so many doubles, so many in flight; their arguments are deepcontext.SIGNATURES.

    The modules say what they do that they are from; here arrays are made of pointers.
    """
    walk_tiles = tile_loop(width, 2)
    finish_pixels = last_loop(width, count)
    # Here each vector has so much state that more of them only go to memory and back.
    follow_pixels = pixel_loop(width, min(count, 4))

    @cfunc(
        types.void(
            _doubles, _ints, types.int64, _longs, types.int64, types.float64, _doubles, _longs, _doubles
        ), **OPTIONS,
    )  # fmt: skip
    def approximate(
        z: Array, z_exponents: Array, steps: int, levels: Array, runs: int, log2_reach: float,
        coefficients: Array, exponents: Array, radii: Array,
    ) -> None:  # fmt: skip
        build(
            carray(z, (steps + 1, 2)), carray(z_exponents, steps + 1), carray(levels, (LEVELS, 2)), log2_reach,
            carray(coefficients, (runs, 6)), carray(exponents, (runs, 3)), carray(radii, runs),
        )  # fmt: skip

    @cfunc(
        types.int64(
            _view, _level, _doubles, _ints, _doubles, _longs, _doubles, _longs, types.int64, _doubles, _longs, _longs,
            _doubles, _longs, _longs, _doubles, _longs, types.int64, _doubles, _longs, _longs, types.int64,
        ), **OPTIONS,
    )  # fmt: skip
    def walk_wide(
        view: Record, level: Record, z: Array, z_exponents: Array, coefficients: Array, exponents: Array,
        radii: Array, levels: Array, runs: int, series: Array, series_exponents: Array, places: Array,
        next_series: Array, next_exponents: Array, next_places: Array, plain_series: Array, plain_places: Array,
        room: int, start_w: Array, start_exponents: Array, start_mk: Array, budget: int,
    ) -> int:  # fmt: skip
        record = carray(view, 1)[0]
        points = record.rows * record.columns
        return walk_wide_tiles(
            record, carray(level, 1)[0], carray(z, (record.last + 1, 2)), carray(z_exponents, record.last + 1),
            carray(coefficients, (runs, 6)), carray(exponents, (runs, 3)), carray(radii, runs),
            carray(levels, (LEVELS, 2)), carray(series, (room, 5, 2)), carray(series_exponents, (room, 5)),
            carray(places, (room, 4)), carray(next_series, (4 * room, 5, 2)), carray(next_exponents, (4 * room, 5)),
            carray(next_places, (4 * room, 4)), carray(plain_series, (room, 5, 2)), carray(plain_places, (room, 4)),
            carray(start_w, (points, 2)), carray(start_exponents, points), carray(start_mk, (points, 2)), budget,
        )  # fmt: skip

    @cfunc(
        types.int64(
            _view, _level, _doubles, _doubles, _doubles, _longs, types.int64,
            _doubles, _longs, _doubles, _longs, types.int64, _doubles, _longs, _doubles, types.int64,
        ), **OPTIONS,
    )  # fmt: skip
    def walk(
        view: Record, level: Record, z: Array, coefficients: Array, radii: Array, levels: Array, runs: int,
        series: Array, places: Array, next_series: Array, next_places: Array, room: int,
        start_w: Array, start_mk: Array, start_distance: Array, blocks: int,
    ) -> int:  # fmt: skip
        record = carray(view, 1)[0]
        points = record.rows * record.columns
        return walk_tiles(
            record, carray(level, 1)[0], carray(z, (record.last + 1, 2)), carray(coefficients, (runs, 6)),
            carray(radii, runs), carray(levels, (LEVELS, 2)), carray(series, (room, 5, 2)), carray(places, (room, 4)),
            carray(next_series, (4 * room, 5, 2)), carray(next_places, (4 * room, 4)),
            carray(start_w, (points, 2)), carray(start_mk, (points, 2)), carray(start_distance, points), blocks,
        )  # fmt: skip

    @cfunc(
        types.int64(
            _view, _longs, _doubles, _ints, _doubles, _longs, _doubles, _longs, types.int64,
            _doubles, _longs, _longs, types.int64,
        ), **OPTIONS,
    )  # fmt: skip
    def follow_wide(
        view: Record, following: Array, z: Array, z_exponents: Array, coefficients: Array, exponents: Array,
        radii: Array, levels: Array, runs: int, start_w: Array, start_exponents: Array, start_mk: Array, budget: int,
    ) -> int:  # fmt: skip
        record = carray(view, 1)[0]
        points = record.rows * record.columns
        return follow_wide_pixels(
            record, carray(following, 1), carray(z, (record.last + 1, 2)), carray(z_exponents, record.last + 1),
            carray(coefficients, (runs, 6)), carray(exponents, (runs, 3)), carray(radii, runs),
            carray(levels, (LEVELS, 2)), carray(start_w, (points, 2)), carray(start_exponents, points),
            carray(start_mk, (points, 2)), budget,
        )  # fmt: skip

    @cfunc(
        types.int64(
            _view, _pixels, _doubles, _doubles, _doubles, _longs, types.int64,
            _longs, _doubles, _longs, _doubles, _doubles, types.int64,
        ), **OPTIONS,
    )  # fmt: skip
    def follow(
        view: Record, pixels: Record, z: Array, coefficients: Array, radii: Array, levels: Array, runs: int,
        rest: Array, start_w: Array, start_mk: Array, steps: Array, size2: Array, blocks: int,
    ) -> int:  # fmt: skip
        record = carray(view, 1)[0]
        points = record.rows * record.columns
        return follow_pixels(
            record, carray(pixels, 1)[0], carray(z, (record.last + 1, 2)), carray(coefficients, (runs, 6)),
            carray(radii, runs), carray(levels, (LEVELS, 2)), carray(rest, points), carray(start_w, (points, 2)),
            carray(start_mk, (points, 2)), carray(steps, points), carray(size2, points), blocks,
        )  # fmt: skip

    @cfunc(
        types.int64(
            _view, _last, _doubles, _doubles, _longs, _doubles, _doubles, _doubles, _longs, types.int64,
        ), **OPTIONS,
    )  # fmt: skip
    def finish(
        view: Record, last: Record, z: Array, start_w: Array, start_mk: Array, start_distance: Array,
        steps: Array, size2: Array, rest: Array, blocks: int,
    ) -> int:  # fmt: skip
        record = carray(view, 1)[0]
        points = record.rows * record.columns
        return finish_pixels(
            record, carray(last, 1)[0], carray(z, (record.last + 1, 2)), carray(start_w, (points, 2)),
            carray(start_mk, (points, 2)), carray(start_distance, points), carray(steps, points),
            carray(size2, points), carray(rest, points), blocks,
        )  # fmt: skip

    @cfunc(types.void(_doubles, _doubles, types.int64, types.float64), **OPTIONS)
    def smooth_function(steps: Array, size2: Array, size: int, limit: float) -> None:
        smooth(carray(steps, size), carray(size2, size), limit)

    yield "approximate", approximate
    yield "walk_wide", walk_wide
    yield "walk", walk
    yield "follow_wide", follow_wide
    yield "finish", finish
    yield "follow", follow
    yield "smooth", smooth_function
