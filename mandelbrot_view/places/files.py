# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that name a place: a link in the first line, our own PNGs, and the location files of other programs."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any, BinaryIO

from .. import wholefile
from . import deepdrill, fractint, fraktaler, kfr, pictureplace, rustfractal, xaos
from .place import HOME, Place, PlaceError, shown
from .placefile import PlaceFile

SUFFIXES = (".mandelbrot", ".txt", ".kfr", ".toml", ".ini", ".xpf", ".par", ".png")
# In the order in which a text is tried, and what its name says where the text does not.
_KINDS = (kfr, deepdrill, rustfractal, fraktaler, xaos, fractint)
_BY_SUFFIX = {".kfr": kfr, ".ini": deepdrill, ".toml": fraktaler, ".xpf": xaos, ".par": fractint}
# A place of 4000 digits with a palette of a thousand colours has 30 kB.
_MOST_BYTES = 1 << 22
_RIGHT = (
    "a file that names a place (a link in its first line, .kfr, .toml, .ini, .xpf, .par, or a PNG that was saved "
    f"here), or a link such as {HOME.link}"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def load(path: str) -> PlaceFile:
    """The place in a file of any of these kinds, whatever it is called; raises PlaceError, which names the file."""
    try:
        with Path(path).open("rb") as file:
            return read(file, Path(path).suffix)
    except PlaceError as error:
        raise PlaceError(f"{path}: {error}") from error
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or "that cannot be a file's name"
        raise PlaceError(f"cannot read the place in {shown(path)}: {reason}; give {_RIGHT}") from error


def read(file: BinaryIO, suffix: str = "") -> PlaceFile:
    """The place in an open file. suffix: of its name. Raises PlaceError, and OSError where it cannot be read."""
    beginning = file.read(len(pictureplace.SIGNATURE))
    if beginning == pictureplace.SIGNATURE:
        return PlaceFile(pictureplace.read(file))
    return parse(_decoded(beginning + file.read(_MOST_BYTES)), suffix)


def parse(text: str, suffix: str = "") -> PlaceFile:
    """The place that a text names: a link in its first line, or what a location file has. Raises PlaceError.

    suffix: of the file's name, which decides where the text itself does not.
    """
    first = text.strip().partition("\n")[0].strip()
    if first.lower().startswith("mandelbrot:"):
        return PlaceFile(Place.parse(first))
    for kind in _KINDS:
        if kind.isLike(text):
            return _read(kind, text)
    named = _BY_SUFFIX.get(suffix.lower())
    return _read(named, text) if named is not None else PlaceFile(Place.parse(first))


def _read(kind: Any, text: str) -> PlaceFile:
    try:
        found: PlaceFile = kind.read(text)
    except PlaceError as error:
        article = "an" if kind.NAME[0] in "aeiouAEIOU" else "a"
        raise PlaceError(f"it is {article} {kind.NAME} file: {error}") from error
    return found


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
