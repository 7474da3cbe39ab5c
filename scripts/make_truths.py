#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the truths that the kernels' tests are held against: counts of random pixels by direct iteration, one by one.

    nice -n 15 .venv/bin/python scripts/make_truths.py [LOCATIONS.json] [--out FOLDER] [--only NAME ...]

LOCATIONS.json is {"locations": [{"name": ..., "re": ..., "im": ..., "zoom": ..., "iterations": ...}, ...]}, re, im and
zoom (4 / the picture's height) as decimal text. Without it, the truths of OWN are made. What is there already is kept:
delete a file to have it made again. A deep place takes up to half an hour.
"""

import argparse
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from mandelbrot_view.orbits.minibrot import nearest_minibrot
from mandelbrot_view.places.place import Place
from tests.mandelbrot_view.truths.judging import FOLDER, SIZE, Truth
from tests.mandelbrot_view.truths.locations import Location, location, locations_of
from tests.mandelbrot_view.truths.making import PIXELS, make

# Name, re and im, zoom, limit: for what lies between the well-known deep places.
OWN = (
    ("home", "-0.5", "0", "1.6", 1000),
    ("seahorse_1e6", "-0.743643887037151", "0.131825904205330", "1e6", 5000),
    ("seahorse_2e13", "-0.743643887037158704752191506114774", "0.131825904205311970493132056385139", "2e13", 20000),
)
# Name, the truth whose centre it has, zoom, limit.
ON_THE_WAY = (
    ("e227_1e6", "e227", "1e6", 5000),
    ("e50_1e10", "e50", "1e10", 20_000),
    ("e227_1e10", "e227", "1e10", 20_000),
    ("e113_2e13", "e113", "2e13", 2000),
    ("e113_1e17", "e113", "1e17", 2000),
    ("e227_1e17", "e227", "1e17", 20_000),
    ("e50_1e25", "e50", "1e25", 20_000),
    ("e113_1e35", "e113", "1e35", 5000),
    ("e50_1e35", "e50", "1e35", 60_000),
    ("e227_1e70", "e227", "1e70", 150_000),
    ("e318_1e70", "e318", "1e70", 10_000),
    ("e318_1e285", "e318", "1e285", 212_138),
    ("e318_1e290", "e318", "1e290", 212_138),
    ("e318_1e300", "e318", "1e300", 212_138),
    ("e318_1e308", "e318", "1e308", 212_138),
)
# Name, the truth in whose picture it is, limit: pictures of which a minibrot's inside fills a half.
MINIBROTS = (
    ("minibrot_1e19", "e14", 20_000),
    ("minibrot_1e113", "glitch_test_2", 50_000),
    ("minibrot_1e151", "e113", 300_000),
    ("minibrot_1e424", "e318", 600_000),
    ("minibrot_1e1097", "e1000", 150_000),
)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("locations", nargs="?", type=Path, metavar="LOCATIONS.json")
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="FOLDER", help="default: %(default)s")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these alone")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    wanted = locations_of(arguments.locations) if arguments.locations else _own(arguments.out)
    for name, place, limit in wanted:
        file = arguments.out / f"{name}.json"
        if file.exists() or (arguments.only and name not in arguments.only):
            continue
        truth = make(name, place, limit, told=lambda _: _say("."))
        file.write_text(truth.text(), encoding="utf-8")
        inside = sum(pixel.count < 0 for pixel in truth.pixels)
        _say(f" {name}: {inside} of {PIXELS} inside, {truth.seconds} s\n")


def _own(folder: Path) -> Iterator[Location]:
    for name, re, im, zoom, limit in OWN:
        yield location(name, re, im, zoom, limit)
    for name, other, zoom, limit in ON_THE_WAY:
        there = _truth(folder, other).place
        yield location(name, there.re, there.im, zoom, limit)
    for name, other, limit in MINIBROTS:
        truth = _truth(folder, other)
        there = truth.place
        minibrot = nearest_minibrot(there.re, there.im, there.zoom, SIZE, truth.limit)
        yield name, Place.make(minibrot.re, minibrot.im, 4 * Decimal(minibrot.zoom), limit), limit


def _truth(folder: Path, name: str) -> Truth:
    file = folder / f"{name}.json"
    if not file.exists():
        sys.exit(f"{file} is missing, which others go by: give a LOCATIONS.json that has {name} first")
    return Truth.of(file.read_text(encoding="utf-8"))


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
