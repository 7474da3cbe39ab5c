# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the thumbnails of the shipped places, resources/places/*.png.

    .venv/bin/python scripts/make_thumbnails.py [KEY ...]

makes those of the places with these keys, or, without any, those that are missing.
"""

import sys
from decimal import Decimal

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Scale
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES
from mandelbrot_view.export.averaging import averaged
from mandelbrot_view.kernels.warmup import prepare
from mandelbrot_view.pictures.render import render_picture
from mandelbrot_view.places.collection import PICTURE_SIZE, Entry, pictureOfShipped, shipped
from mandelbrot_view.places.pictureplace import CHUNK

# Samples along a pixel's edges.
_ANTIALIAS = 3
# Deeper, counts are so high that they differ by little, and would all be of one colour.
_EQUALISED_FROM = Decimal("1e20")


def make(entry: Entry) -> None:
    """Write one, in 256 colours, which makes a third of the size and looks the same."""
    columns, rows = (_ANTIALIAS * length for length in PICTURE_SIZE)
    counts = render_picture(entry.place, (columns, rows))
    scale = Scale.EQUALISED if Decimal(entry.place.zoom) > _EQUALISED_FROM else Scale.SMOOTH
    coloured = averaged(colour(counts, PALETTES[DEFAULT], scale=scale)[..., 2::-1], _ANTIALIAS)
    notes = PngInfo()
    notes.add_text(CHUNK, entry.place.link)
    picture = Image.fromarray(np.ascontiguousarray(coloured)).quantize(256)
    picture.save(pictureOfShipped(entry), optimize=True, pnginfo=notes)


def main() -> None:
    """Make what the command's words ask for."""
    keys = sys.argv[1:]
    entries = shipped()
    unknown = set(keys) - {entry.key for entry in entries}
    if unknown:
        sys.exit(f"There is no place {', '.join(sorted(unknown))}; there are: {', '.join(e.key for e in entries)}")
    prepare()
    for entry in entries:
        if entry.key in keys or (not keys and not pictureOfShipped(entry).exists()):
            sys.stderr.write(f"{entry.name}\n")
            make(entry)


if __name__ == "__main__":
    main()
