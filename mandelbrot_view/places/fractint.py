# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter files of Fractint, `.par`: entries `name { key=value ... }`, of which those of type mandel name a place.

center-mag=RE/IM/MAG has a picture of height 2 / MAG, corners=LEFT/RIGHT/BOTTOM/TOP says it directly. Its imaginary axis
points up. The first Mandelbrot entry is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal

from .place import Place, PlaceError
from .placefile import PlaceFile, limit_of

NAME = "Fractint parameter"
_COMMENT = re.compile(r";[^\n]*")
_ENTRY = re.compile(r"^[ \t]*([^\s{}][^{}\n]*?)\s*\{([^{}]*)\}", re.MULTILINE)
_CONTINUED = re.compile(r"\\[ \t]*\r?\n[ \t]*")
_KEYS = ("type", "center-mag", "corners", "maxiter", "reset")
# Differences of corners that have as many digits as a place.
_EXACT = Context(prec=4200)


def isLike(text: str) -> bool:
    """Whether a text is of this kind, right or wrong: an entry in braces with one of the keys."""
    return any(key in settings for _, settings in _entries(text) for key in _KEYS)


def read(text: str) -> PlaceFile:
    """The place of a file's text. Raises PlaceError."""
    types = []
    for name, settings in _entries(text):
        kind = settings.get("type", "mandel").lower()
        if kind == "mandel" and ("center-mag" in settings or "corners" in settings):
            return _place(name, settings)
        types.append(kind)
    kinds = ", ".join(sorted(set(types)))[:80]
    raise PlaceError(f"none of its entries is a place of the Mandelbrot set, of type mandel (they are: {kinds})")


def _entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    joined = _CONTINUED.sub("", _COMMENT.sub("", text).replace("\r\n", "\n"))
    for name, body in _ENTRY.findall(joined):
        pairs = (word.partition("=") for word in body.split())
        yield name, {key.lower(): value for key, equals, value in pairs if equals}


def _place(name: str, settings: dict[str, str]) -> PlaceFile:
    ignored = []
    try:
        if "center-mag" in settings:
            re_, im, magnification, *turned = settings["center-mag"].split("/")
            zoom = 2 * Decimal(magnification)
            for what, value, plain in zip(("a stretch", "a rotation", "a skew"), turned, (1, 0, 0), strict=False):
                if value and Decimal(value) not in (plain, 0):
                    ignored.append(f"{what} of {value[:40]}")
        else:
            left, right, bottom, top, *third = map(Decimal, settings["corners"].split("/"))
            re_, im = (str(_EXACT.divide(_EXACT.add(a, b), Decimal(2))) for a, b in ((left, right), (bottom, top)))
            zoom = 4 / abs(_EXACT.subtract(top, bottom))
            if third and third != [left, bottom]:
                ignored.append("a third corner, that is a rotation or skew")
    except (ArithmeticError, ValueError) as error:
        raise PlaceError(f"the entry {name[:40]!r} has numbers for its place that cannot be read") from error
    if any(part.strip("0.+-") for part in settings.get("params", "").split("/")):
        ignored.append(f"params={settings['params'][:40]}")
    return PlaceFile(Place.make(re_, im, zoom, limit_of("maxiter", settings.get("maxiter", ""))), tuple(ignored))
