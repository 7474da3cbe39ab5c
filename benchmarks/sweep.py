# SPDX-License-Identifier: GPL-3.0-or-later
"""Zooms in steps of a factor of 2, from 1 to 1e50: `python -m benchmarks sweep [--locations FILE]`.

No zoom may take more than three times the median of its neighbours, two on each side. FILE is as for `mandelbrot`; the
places are its first five, else one at the border of the set. A row is the worst zoom of a place. A zoom that takes more
is timed once more, and the shorter time counts: the machine may have been busy.
"""

import argparse
from collections.abc import Callable
from math import log2
from pathlib import Path
from statistics import median
from time import perf_counter

from mandelbrot_view.kernels.warmup import warmup
from mandelbrot_view.pictures.depth import isDeep, reference_for
from mandelbrot_view.pictures.render import render_picture
from mandelbrot_view.places.place import Place

from .mandelbrot import BARS, places_in
from .table import Row

SIZE = (160, 90)
DEEPEST = 1e50
NEIGHBOURS = 2
# Less is noise, in seconds.
LEAST_SECONDS = 0.02
SLOWEST = 3.0
SEAHORSE = Place.make("-0.743643887037158704752191506114774", "0.131825904205311970493132056385139", "1e50", 20_000)


def run(args: list[str]) -> list[Row]:
    """Time each place's zooms."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks sweep", allow_abbrev=False)
    parser.add_argument("--locations", type=Path, metavar="FILE", help="the places, as JSON")
    parser.add_argument("--deepest", type=float, default=DEEPEST, metavar="ZOOM", help="the last zoom")
    options = parser.parse_args(args)
    places = {"seahorse": SEAHORSE}
    if options.locations is not None:
        places = places_in(options.locations, list(BARS)[:5])
    for kind in ("direct", "deep"):
        warmup(kind).wait()
    return [_row(name, place, int(log2(options.deepest))) for name, place in places.items()]


def _row(name: str, place: Place, last: int) -> Row:
    def timed(step: int) -> float:
        return _seconds(Place.make(place.re, place.im, repr(2.0**step), place.limit))

    seconds = [timed(step) for step in range(last + 1)]
    ratios = confirmed(seconds, timed)
    worst = max(range(len(ratios)), key=ratios.__getitem__)
    note = f"worst at 2^{worst}; all zooms {sum(seconds):.1f} s, the slowest {max(seconds):.2f} s"
    return Row(
        f"sweep: {name}", seconds[worst], "s", ratios[worst], "median of neighbours", f"<= {SLOWEST:g}", note
    )  # fmt: skip


def slowness(seconds: list[float]) -> list[float]:
    """How many times as long each takes as the median of its neighbours."""
    counted = [max(time, LEAST_SECONDS) for time in seconds]
    ratios = []
    for number, time in enumerate(counted):
        around = counted[max(number - NEIGHBOURS, 0) : number] + counted[number + 1 : number + 1 + NEIGHBOURS]
        ratios.append(time / median(around) if around else 1.0)
    return ratios


def confirmed(seconds: list[float], again: Callable[[int], float]) -> list[float]:
    """The slowness of each zoom, after those beyond the bar have been timed once more and the shorter time counts.

    Args:
        seconds: What each zoom took; shorter times replace these.
        again: Times the zoom of a number.
    """
    for number, ratio in enumerate(slowness(seconds)):
        if ratio > SLOWEST:
            seconds[number] = min(seconds[number], again(number))
    return slowness(seconds)


def _seconds(place: Place) -> float:
    begin = perf_counter()
    if isDeep(place, SIZE):
        reference_for(place, SIZE, place.limit or place.autoLimit())
    render_picture(place, SIZE)
    return perf_counter() - begin
