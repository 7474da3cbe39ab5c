# SPDX-License-Identifier: GPL-3.0-or-later
"""Deep pictures on one core, and on two: `python -m benchmarks mandelbrot --locations FILE [--prototype FOLDER]`.

FILE is a JSON with {"locations": [{"name", "re", "im", "zoom", "iterations"}, ...]}; zoom is 4 / the picture's height.
With the folder of a prototype both run in this process in turn. Times are of 1280 x 720 pixels, the reference orbit
included.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from mandelbrot_view.kernels.warmup import warmup
from mandelbrot_view.orbits.reference import Reference, compute
from mandelbrot_view.pictures.render import render_tile
from mandelbrot_view.pictures.tiles import COARSEST, Tile, tilesOf
from mandelbrot_view.places.place import Place

from . import _mandelbrotpeer
from ._mandelbrotworkers import seconds_by_workers
from .table import Row

SIZE = (1280, 720)
ROUNDS = 3
# Of the time that the prototype takes.
BARS = {"e50": 1.0, "e113": 1.0, "flake": 1.0, "e227": 0.65, "e318": 0.7, "e1000": 0.7, "e1086": 0.6}
# How many times as fast two workers are, and the coarse picture's share of the whole's time.
TWO_WORKERS, COARSE_SHARE = 1.8, 1 / 3


def run(args: list[str]) -> list[Row]:
    """Time each place, ours and the peer's in turn, the best of some rounds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks mandelbrot", allow_abbrev=False)
    parser.add_argument("--prototype", type=Path, metavar="FOLDER", help="compare with the prototype in this folder")
    parser.add_argument("--locations", type=Path, metavar="FILE", help="the places, as JSON")
    parser.add_argument("--only", metavar="NAMES", default=",".join(BARS), help="which, by name, with commas")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="the best of so many rounds counts")
    options = parser.parse_args(args)
    if options.locations is None:
        raise SystemExit("Which places? Name a file with --locations FILE.")
    places = places_in(options.locations, options.only.split(","))
    warmup("deep").wait()
    if not warmup("deep").isCompiled:
        raise SystemExit("The kernel could not be compiled; its warning stands above.")
    modules = None if options.prototype is None else _mandelbrotpeer.load(options.prototype)
    rows = [row for name, place in places.items() for row in _measure(name, place, modules, options.rounds)]
    rows += [_twoWorkers(name, place) for name, place in places.items()]
    return rows


def places_in(file: Path, names: list[str]) -> dict[str, Place]:
    """The places of a file, by name."""
    try:
        locations = {entry["name"]: entry for entry in json.loads(file.read_text(encoding="utf-8"))["locations"]}
        found = [locations[name] for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{file} has no such places: {error!r}") from error
    return {entry["name"]: Place.make(entry["re"], entry["im"], entry["zoom"], entry["iterations"]) for entry in found}


def _limit(place: Place) -> int:
    return place.limit or place.autoLimit()


def _reference(place: Place) -> Reference:
    return compute(place.re, place.im, place.zoom, SIZE, _limit(place))


def _pixels(place: Place, reference: Reference, step: int = 1) -> list[np.ndarray]:
    return [render_tile(place, SIZE, tile, step, reference=reference) for tile in tilesOf(SIZE)]


def _measure(name: str, place: Place, modules: dict[str, Any] | None, rounds: int) -> list[Row]:
    functions: list[Callable[[], object]] = [lambda: _pixels(place, _reference(place))]
    if modules is not None:
        peer = _mandelbrotpeer.Peer(modules, place, _limit(place), SIZE)
        peer.warmUp()
        functions.append(peer.run)
    ours, *theirs = _best(rounds, *functions)
    reference = _reference(place)
    whole = replace(reference)  # a new one, whose table has to be made
    pixels, coarse = _best(
        rounds,
        lambda: _pixels(place, whole),
        lambda: render_tile(place, SIZE, Tile(0, 0, *SIZE), COARSEST, reference=reference),
    )
    note = f"{reference.steps:,} steps of reference; the pixels alone {pixels:.2f} s"
    if theirs:
        note = f"prototype {theirs[0]:.2f} s; {note}"
        row = Row(f"deep: {name}", ours, "s", ours / theirs[0], "prototype", f"<= {BARS.get(name, 1.0)}", note)
    else:
        row = Row(f"deep: {name}", ours, "s", note=note)
    share = f"<= {COARSE_SHARE:.3f}"
    return [row, Row(f"deep: {name}, coarse", coarse, "s", coarse / pixels, "the whole", share)]


def _best(rounds: int, *functions: Callable[[], object]) -> list[float]:
    """The shortest time of each function; they take turns."""
    times = np.empty((rounds, len(functions)))
    for round_ in range(rounds):
        for number, function in enumerate(functions):
            begin = perf_counter()
            function()
            times[round_, number] = perf_counter() - begin
    return [float(best) for best in times.min(axis=0)]


def _twoWorkers(name: str, place: Place) -> Row:
    one, two = seconds_by_workers(place, SIZE, _reference(place), (1, 2))
    bar = f">= {TWO_WORKERS}"
    note = f"{one:.2f} s on one, without the orbit"
    return Row(f"deep: {name}, two workers", two, "s", one / two, "one worker", bar, note)
