# SPDX-License-Identifier: GPL-3.0-or-later
"""Places about nuclei of periods 1 to 200, and the works of every kernel on them."""

from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path

from mandelbrot_view.kernels.escape import Work
from mandelbrot_view.kernels.plain import PlainWork
from mandelbrot_view.kernels.plaindeep import PlainDeepWork
from mandelbrot_view.orbits.reference import compute
from mandelbrot_view.pictures.depth import grid_of, isDeep
from mandelbrot_view.pictures.grid import coordinates
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import Place

FILE = Path(__file__).with_name("nuclei.txt")
ZOOMS = 40
# From the first to the last, log2 of zoom times the size of the component.
FIRST, LAST = -8, 31


@cache
def nuclei() -> list[tuple[int, str, str, float]]:
    """Period, re, im and size of each."""
    lines = [line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [(int(period), re, im, float(size)) for period, re, im, size in lines]


def place(number: int, zoom: int, limit: int, shift: float = 0.0) -> Place:
    """The place of a nucleus at 2^zoom over its size, moved by a part of the picture's height."""
    _, re, im, size = nuclei()[number]
    return Place.make(re, moved(im, shift * 4 * size / 2.0**zoom), repr(2.0**zoom / size), limit)


def moved(text: str, by: float) -> str:
    """A decimal number and another one, as text."""
    with localcontext(prec=400):
        return f"{Decimal(text) + Decimal(by):f}"


def works(
    there: Place, size: tuple[int, int], compiled: Callable[..., Work], deep: Callable[..., Work]
) -> Iterator[Work]:
    """The works of the kernels that suit a place, the compiled one first, on the whole of its picture."""
    limit, whole = there.limit or there.autoLimit(), Tile(0, 0, *size)
    if isDeep(there, size):
        reference = compute(there.re, there.im, there.zoom, size, limit)
        grid = grid_of(there, size, whole, 1, reference)
        yield deep(grid, reference, limit)
        yield PlainDeepWork(grid, reference, limit)
    else:
        axes = coordinates(there, size, whole, 1)
        yield compiled(*axes, limit)
        yield PlainWork(*axes, limit)
