# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that name a place: a link in the first line, Kalles Fraktaler's .kfr, Fraktaler 3's .toml, our own PNGs."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import BinaryIO

from .. import wholefile
from . import fraktaler, kfr, pictureplace
from .place import HOME, Place, PlaceError, shown

SUFFIXES = (".mandelbrot", ".txt", ".kfr", ".toml", ".png")
# A place of 4000 digits with a palette of a thousand colours has 30 kB.
_MOST_BYTES = 1 << 22
_RIGHT = (
    "a file that names a place (a link in its first line, .kfr, .toml, or a PNG that was saved here), "
    f"or a link such as {HOME.link}"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def load(path: str) -> Place:
    """The place in a file of any of these kinds, whatever it is called; raises PlaceError, which names the file."""
    try:
        with Path(path).open("rb") as file:
            return read(file, Path(path).suffix)
    except PlaceError as error:
        raise PlaceError(f"{path}: {error}") from error
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or "that cannot be a file's name"
        raise PlaceError(f"cannot read the place in {shown(path)}: {reason}; give {_RIGHT}") from error


def read(file: BinaryIO, suffix: str = "") -> Place:
    """The place in an open file. suffix: of its name. Raises PlaceError, and OSError where it cannot be read."""
    beginning = file.read(len(pictureplace.SIGNATURE))
    if beginning == pictureplace.SIGNATURE:
        return pictureplace.read(file)
    return parse(_decoded(beginning + file.read(_MOST_BYTES)), suffix)


def parse(text: str, suffix: str = "") -> Place:
    """The place that a text names: a link in its first line, or what a .kfr or .toml file has. Raises PlaceError.

    suffix: of the file's name, which decides where the text itself does not.
    """
    first = text.strip().partition("\n")[0].strip()
    if first.lower().startswith("mandelbrot:"):
        return Place.parse(first)
    if kfr.isLike(text):
        return kfr.read(text)
    if fraktaler.isLike(text):
        return fraktaler.read(text)
    if suffix.lower() == ".kfr":
        return kfr.read(text)
    if suffix.lower() == ".toml":
        return fraktaler.read(text)
    return Place.parse(first)


def save(place: Place, path: str) -> None:
    """Write a place to a file, whole or not at all, in the way that its name asks for. Raises OSError."""
    writer = {".kfr": kfr.write, ".toml": fraktaler.write}.get(Path(path).suffix.lower(), _link)
    wholefile.replace(Path(path), writer(place).encode("ascii"))


def _link(place: Place) -> str:
    return f"{place.link}\n"


def _decoded(content: bytes) -> str:
    try:
        for mark, encoding in _MARKS:
            if content.startswith(mark):
                return content.decode(encoding)
        if b"\0" not in content:
            return _text(content)
    except UnicodeDecodeError:
        pass
    raise PlaceError(f"it is not text; give {_RIGHT}")


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")  # as older programs write comments
