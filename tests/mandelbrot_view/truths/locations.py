# SPDX-License-Identifier: GPL-3.0-or-later
"""Places in a file: {"locations": [{"name", "re", "im", "zoom", "iterations"}, ...]}; zoom is 4 / the height."""

import json
from collections.abc import Iterator
from pathlib import Path

from mandelbrot_view.places.place import Place

Location = tuple[str, Place, int]


def location(name: str, re: str, im: str, zoom: str, limit: int) -> Location:
    """Name, place and limit, of decimal text."""
    return name, Place.make(re, im, zoom, limit), limit


def locations_of(file: Path) -> Iterator[Location]:
    """Those in a file."""
    for entry in json.loads(file.read_text(encoding="utf-8"))["locations"]:
        yield location(entry["name"], entry["re"], entry["im"], entry["zoom"], entry["iterations"])
