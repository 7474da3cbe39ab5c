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

from ..colour import palettefiles
from ..colour.catalogue import PaletteError, palette_named
from ..colour.colouring import Colouring, Interior, Scale, Shading
from ..colour.palettes import DEFAULT, PALETTES, Palette
from ..export import pictureformat
from ..export.errors import ExportError
from ..export.movie import DEFAULT_FPS, FASTEST, MOST_ANTIALIAS, VIDEOS, WHOLE, Movie, default_seconds
from ..places import files
from ..places.place import MAX_LIMIT, Place, PlaceError, wholeNumber
from ..places.placefile import PlaceFile
from .terminal import Terminal

DEFAULT_LIMIT = 2000
# Below this half width that is too few, and the place's own automatic limit is the default.
DEEP = Decimal("1e-13")
MOST_COLUMNS = 32_768
MOST_PIXELS = 1 << 28
MOST_WORKERS = 256
# What is chosen about colours, as in the window: the option, its choices, and what it says.
_COLOUR_CHOICES = (
    ("scale", Scale, "what a point's place in the palette follows: its count, its rank, or whichever shows more"),
    ("shading", Shading, "darken colours by the distance to the set, or as a landscape in relief"),
    ("interior", Interior, "fill the inside with black, or with a colour for each period"),
)
_NEGATIVE = re.compile(r"-(?:\d|\.\d|inf|nan)")
# Half widths and heights from 1e-2010 to 1e2010: a little more than places have, so that no arithmetic on them
# overflows, and that it is places that say what is too deep for them.
_MOST_DIGITS = 2010
# As exact as a place's zoom is kept.
_ARITHMETIC = Context(prec=18)


@dataclass(frozen=True)
class Job:
    """A picture to compute.

    file: where it goes, None: to stdout; workers: None: one for each core; antialias: samples along a pixel's edges;
    movie: a zoom to the place, None: one picture; note: what of the place's file cannot be followed.
    """

    place: Place
    size: tuple[int, int]
    colouring: Colouring
    file: Path | None
    workers: int | None
    antialias: int = 1
    movie: Movie | None = None
    note: str = ""


def parse(words: Sequence[str], stdoutIsTerminal: bool) -> Job:
    """The job that the command's words ask for. What is wrong is told in one line, and ends the process with 2."""
    parser = _parser()
    # argparse takes -7.4e-1 for an option, but not a word that begins with a space; numbers may have that.
    found = parser.parse_intermixed_args([f" {word}" if _NEGATIVE.match(word) else word for word in words])
    conflict = _conflict(found)
    if conflict:
        parser.error(conflict)
    size = found.Nx, _rows(found)
    if size[1] > MOST_COLUMNS or size[0] * size[1] > MOST_PIXELS:
        parser.error(f"{size[0]} x {_brief(size[1])} pixels are too many; give fewer columns, or a smaller ciPM")
    try:
        place = _place(found, size)
    except PlaceError as error:
        parser.error(str(error))
    if found.o is None and stdoutIsTerminal:
        parser.error("a picture is no text for a terminal: name a file with -o FILE, or send the output on")
    try:
        file = target(found.o, found.movie, size) if found.o is not None else None
        movie = _movie(found, place, size, file) if found.movie else None
    except (ExportError, PlaceError) as error:
        parser.error(str(error))
    note = found.place.note if found.place is not None else ""
    return Job(place, size, _colouring(found), file, found.workers, found.antialias, movie, note)


def _colouring(found: argparse.Namespace) -> Colouring:
    return Colouring(
        found.palette, scale=Scale(found.scale), shading=Shading(found.shading), interior=Interior(found.interior)
    )


def _conflict(found: argparse.Namespace) -> str | None:
    """What two arguments say at once, or none does, in a line."""
    if found.place is not None and found.link is not None:
        return "--place and --link both name a place; give one of them"
    named = "--place" if found.place is not None else "--link" if found.link is not None else None
    if named is not None:
        return f"{named} names the place; leave out cr, ci, crPM and ciPM" if found.cr is not None else None
    missing = [name for name in ("cr", "ci", "crPM") if getattr(found, name) is None]
    if found.zoom is not None:
        if found.crPM is not None:
            return "--zoom and crPM both say how much is seen; give one of them"
        missing = [name for name in missing if name != "crPM"]
    if missing:
        return f"the following arguments are required: {', '.join(missing)} (or a place, by --place or --link)"
    if not found.movie and (found.from_zoom, found.seconds, found.fps) != (None, None, None):
        return "--from-zoom, --seconds and --fps are for movies; add --movie"
    if found.rows is not None and found.ciPM is not None:
        return "--rows and ciPM both say how high the picture is; give one of them"
    return None


def _rows(found: argparse.Namespace) -> int:
    if found.rows is not None:
        return int(found.rows)
    return max(1, round(found.Nx * found.ciPM / found.crPM)) if found.ciPM is not None else int(found.Nx)


def _place(found: argparse.Namespace, size: tuple[int, int]) -> Place:
    named: Place | None = found.place.place if found.place is not None else found.link
    if named is not None:
        return Place.make(named.re, named.im, found.zoom or named.zoom, found.N or named.limit)
    if found.zoom is not None:
        return Place.make(found.cr, found.ci, found.zoom, found.N)
    # The picture's height is 4 / zoom, and ciPM is half of it; pixels are square, so crPM has the last word.
    width, height = (Decimal(length) for length in size)
    zoom = _ARITHMETIC.divide(2 * width, _ARITHMETIC.multiply(found.crPM, height))
    return Place.make(found.cr, found.ci, zoom, found.N or (None if found.crPM < DEEP else DEFAULT_LIMIT))


def _movie(found: argparse.Namespace, place: Place, size: tuple[int, int], file: Path | None) -> Movie:
    start = Place.make(0, 0, found.from_zoom if found.from_zoom is not None else WHOLE).zoom
    seconds = found.seconds if found.seconds is not None else default_seconds(start, place.zoom)
    movie = Movie(place, start, size, _colouring(found), found.antialias, found.fps or DEFAULT_FPS, seconds)
    movie.check(file or Path("zoom.mp4"))
    return movie


def _brief(number: int) -> str:
    return str(number) if number < 10**9 else f"{Decimal(number):.0e}"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        # argparse's own way fails on some versions of Python when stderr cannot be written.
        Terminal(sys.stderr).write(f"mcm: {message}\n")
        sys.exit(2)


def _parser() -> _Parser:
    parser = _Parser(
        prog="mcm",
        usage="%(prog)s Nx cr ci crPM [ciPM] [options]\n"
        "       %(prog)s Nx cr ci --zoom Z [options]\n"
        "       %(prog)s Nx --place FILE | --link LINK [--zoom Z] [options]",
        description="Compute a picture of the Mandelbrot set with a queue of worker processes, and write it as PNG; "
        "with --movie, a zoom to it, as MP4, WebM or PNG frames.",
        epilog="Examples: mcm 1000 -0.743643887 0.131825904 1e-5 -N 5000 --antialias 2 -o seahorse.png; "
        "mcm 1280 --rows 720 --place deep.kfr --movie --seconds 60 -o zoom.mp4",
        allow_abbrev=False,
    )
    parser.add_argument("Nx", type=_whole(1, MOST_COLUMNS), help="columns of pixels")
    parser.add_argument("cr", type=_decimal, nargs="?", help="real part of the centre, in any number of digits")
    parser.add_argument("ci", type=_decimal, nargs="?", help="imaginary part of the centre")
    parser.add_argument("crPM", type=_positive, nargs="?", help="half the width in the plane")
    parser.add_argument("ciPM", type=_positive, nargs="?", help="half the height in the plane (default: as crPM)")
    parser.add_argument(
        "--place", metavar="FILE", type=_file_place,
        help="a file that names the place: a link in its first line, .kfr, .toml, or a PNG that was saved by mcm or "
        "the application; - reads it from the standard input",
    )  # fmt: skip
    parser.add_argument("--link", type=_link, help="a place's link, such as mandelbrot:re=-0.75&im=0.1&zoom=1e3")
    parser.add_argument("--zoom", metavar="Z", type=_decimal, help="4 / the picture's height in the plane")
    parser.add_argument(
        "--rows", metavar="NY", type=_whole(1, MOST_COLUMNS), help="rows of pixels (default: as many as columns)"
    )
    parser.add_argument(
        "-N", metavar="VALUES", type=_whole(1, MAX_LIMIT),
        help=f"the most iterations of a point (default: {DEFAULT_LIMIT}; the place's own one with --place and --link, "
        f"and what suits the depth with --zoom and with a crPM below {DEEP})",
    )  # fmt: skip
    parser.add_argument(
        "-o", metavar="FILE",
        help=f"where the picture goes, as its name says ({', '.join(pictureformat.SUFFIXES)}); for a movie a file .mp4 "
        "or .webm, or a folder for PNG frames; to stdout when not given, a picture as PNG and a movie as MP4",
    )  # fmt: skip
    parser.add_argument(
        "--antialias", metavar="N", type=_whole(1, MOST_ANTIALIAS), default=1,
        help=f"samples along a pixel's edges, 1 to {MOST_ANTIALIAS}: each takes N x N times as long (default: 1)",
    )  # fmt: skip
    parser.add_argument(
        "--palette", metavar="NAME-OR-FILE", type=_palette, default=PALETTES[DEFAULT],
        help=f"one of {', '.join(PALETTES)}, any of colorcet's, or a file ({', '.join(palettefiles.SUFFIXES)}) "
        f"(default: {DEFAULT})",
    )  # fmt: skip
    for name, kinds, text in _COLOUR_CHOICES:
        default = next(iter(kinds)) if kinds is not Scale else Scale.AUTOMATIC
        parser.add_argument(f"--{name}", choices=[*kinds], default=default, help=f"{text} (default: {default})")
    parser.add_argument(
        "--workers", metavar="N", type=_whole(1, MOST_WORKERS), help="worker processes (default: one per core)"
    )
    movies = parser.add_argument_group("movies, which go on where they were interrupted when the command is repeated")
    movies.add_argument("--movie", action="store_true", help="make a zoom movie that ends at the place")
    movies.add_argument(
        "--from-zoom", metavar="Z", type=_decimal, help=f"zoom of the first frame (default: {WHOLE}, the whole set)"
    )
    movies.add_argument(
        "--seconds", metavar="S", type=_seconds, help="duration (default: two zoom doublings per second)"
    )
    movies.add_argument("--fps", metavar="N", type=_whole(1, FASTEST), help=f"frame rate (default: {DEFAULT_FPS})")
    return parser


def _whole(least: int, most: int):  # type: ignore[no-untyped-def]  # a converter, as argparse has them
    def convert(text: str) -> int:
        number = wholeNumber(text)
        if number is None or not least <= number <= most:
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


def _file_place(text: str) -> PlaceFile:
    try:
        return files.read(sys.stdin.buffer) if text == "-" and sys.stdin is not None else files.load(text.lstrip())
    except PlaceError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _link(text: str) -> Place:
    try:
        return Place.parse(text)
    except PlaceError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _seconds(text: str) -> float:
    return float(_decimal(text))


def _palette(text: str) -> Palette:
    path = Path(text.lstrip())
    try:
        return palettefiles.load(path) if path.suffix.lower() in palettefiles.SUFFIXES else palette_named(text)
    except PaletteError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def target(text: str, isMovie: bool, size: tuple[int, int] = (1, 1)) -> Path:
    """Where the output goes, of this size in pixels. Raises ExportError where that cannot be."""
    path = Path(text.lstrip() if _NEGATIVE.match(text.lstrip()) else text)  # see parse()
    folder = path.absolute().parent
    if not isMovie and not path.is_dir():
        pictureformat.check(path, size)
    if isMovie and path.suffix and path.suffix.lower() not in VIDEOS and not path.is_dir():
        raise ExportError(f"argument -o: {text!r} is no movie; name a file {' or '.join(VIDEOS)}, or a folder")
    if path.is_dir() and not (isMovie and path.suffix.lower() not in VIDEOS):
        raise ExportError(f"argument -o: {text!r} is a folder; name a file in it")
    if not folder.is_dir():
        raise ExportError(f"argument -o: there is no folder {str(folder)!r}; make it, or name another file")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise ExportError(f"argument -o: {text!r} cannot be written; name a file in a folder of your own")
    return path


def stdoutIsTerminal() -> bool:
    """Whether the picture would be shown as text. Without a stdout it has nowhere to go either."""
    return sys.stdout is None or sys.stdout.isatty()
