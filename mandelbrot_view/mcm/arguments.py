# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the command `mcm`, checked."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

from ..colour.palettes import DEFAULT, PALETTES, Palette
from ..places.place import MAX_LIMIT, Place, PlaceError

DEFAULT_LIMIT = 2000
MOST_COLUMNS = 32_768
MOST_PIXELS = 1 << 28
MOST_WORKERS = 256
_NEGATIVE = re.compile(r"-(?:\d|\.\d|inf|nan)")
# Half widths and heights from 1e-2010 to 1e2010: a little more than places have, so that no arithmetic on them
# overflows, and that it is places that say what is too deep for them.
_MOST_DIGITS = 2010
# As exact as a place's zoom is kept.
_ARITHMETIC = Context(prec=18)


@dataclass(frozen=True)
class Job:
    """A picture to compute. `file`: where its PNG goes, None: to stdout; `workers`: None: one for each core."""

    place: Place
    size: tuple[int, int]
    palette: Palette
    file: Path | None
    workers: int | None


def parse(words: Sequence[str], stdoutIsTerminal: bool) -> Job:
    """The job that the command's words ask for. What is wrong is told in one line, and ends the process with 2."""
    parser = _parser()
    # argparse takes -7.4e-1 for an option, but not a word that begins with a space; numbers may have that.
    found = parser.parse_args([f" {word}" if _NEGATIVE.match(word) else word for word in words])
    width, radius = found.Nx, found.crPM
    height = max(1, round(width * (found.ciPM or radius) / radius))
    if height > MOST_COLUMNS or width * height > MOST_PIXELS:
        parser.error(f"{width} x {height:.6g} pixels are too many; give fewer columns, or a smaller ciPM")
    try:
        # The picture's height is 4 / zoom, and ciPM is half of it; pixels are square, so crPM has the last word.
        zoom = _ARITHMETIC.divide(Decimal(2) * width, _ARITHMETIC.multiply(radius, Decimal(height)))
        place = Place.make(found.cr, found.ci, zoom, found.N)
    except PlaceError as error:
        parser.error(str(error))
    if found.o is None and stdoutIsTerminal:
        parser.error("a picture is no text for a terminal: name a file with -o FILE, or send the output on")
    return Job(place, (width, height), PALETTES[found.palette], found.o, found.workers)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        self.exit(2, f"mcm: {message}\n")


def _parser() -> _Parser:
    parser = _Parser(
        prog="mcm",
        usage="%(prog)s Nx cr ci crPM [ciPM] [-N VALUES] [-o FILE] [--palette NAME] [--workers N]",
        description="Compute a picture of the Mandelbrot set with a queue of worker processes, and write it as PNG.",
        epilog="Example: mcm 1000 -0.743643887 0.131825904 1e-5 -N 5000 -o seahorse.png",
        allow_abbrev=False,
    )
    parser.add_argument("Nx", type=_whole(1, MOST_COLUMNS), help="columns of pixels")
    parser.add_argument("cr", type=_decimal, help="real part of the centre")
    parser.add_argument("ci", type=_decimal, help="imaginary part of the centre")
    parser.add_argument("crPM", type=_positive, help="half the width in the plane")
    parser.add_argument("ciPM", type=_positive, nargs="?", help="half the height; that of the width when not given")
    parser.add_argument(
        "-N", metavar="VALUES", type=_whole(1, MAX_LIMIT), default=DEFAULT_LIMIT,
        help=f"the most iterations of a point (default: {DEFAULT_LIMIT})",
    )  # fmt: skip
    parser.add_argument("-o", metavar="FILE", type=_file, help="where the PNG goes; to stdout when not given")
    parser.add_argument(
        "--palette", metavar="NAME", type=_paletteName, default=DEFAULT,
        help=f"one of {', '.join(PALETTES)} (default: {DEFAULT})",
    )  # fmt: skip
    parser.add_argument(
        "--workers", metavar="N", type=_whole(1, MOST_WORKERS), help="worker processes; one for each core by default"
    )
    return parser


def _whole(least: int, most: int):  # type: ignore[no-untyped-def]  # a converter, as argparse has them
    def convert(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"give a whole number from {least} to {most}, not {text.strip()!r}")
        return number

    return convert


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace("\N{MINUS SIGN}", "-"))  # as printed texts have it
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is not a number such as -0.75 or -7.5e-1")
    return number


def _positive(text: str) -> Decimal:
    number = _decimal(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"half a width or height is above 0, not {text.strip()}")
    if abs(number.adjusted()) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text.strip()} is out of range; give 1e-{_MOST_DIGITS} to 1e{_MOST_DIGITS}")
    return number


def _paletteName(text: str) -> str:
    for name in PALETTES:
        if name.lower() == text.lower():
            return name
    raise argparse.ArgumentTypeError(f"there is no palette {text!r}; there are: {', '.join(PALETTES)}")


def _file(text: str) -> Path:
    path = Path(text.lstrip() if _NEGATIVE.match(text.lstrip()) else text)  # see parse()
    folder = path.absolute().parent
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is a folder; name a file in it")
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(folder)!r}; make it, or name another file")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text!r} cannot be written; name a file in a folder of your own")
    return path


def stdoutIsTerminal() -> bool:
    """Whether the picture would be shown as text. Without a stdout it has nowhere to go either."""
    return sys.stdout is None or sys.stdout.isatty()
