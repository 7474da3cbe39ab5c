# SPDX-License-Identifier: GPL-3.0-or-later
"""Location files of Fraktaler 3, `.toml`: location.real, .imag and .zoom as texts, and bailout.iterations.

Its zoom is ours: at 1 the picture reaches from -2 to 2, so that its height is 4 / zoom. What has its default value
(0, 0 and 1) is not in the file. Its imaginary axis points up, unless the file says transform.reflect = true.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import Any

from .place import Place, PlaceError
from .placefile import PlaceFile, changes, mirrored

NAME = "Fraktaler 3 location"

_DEFAULTS = {"real": "0", "imag": "0", "zoom": "1"}
_PLAIN_FORMULA = {"abs_x": False, "abs_y": False, "neg_x": False, "neg_y": False, "power": 2, "opcodes": "sqr add"}


def isLike(text: str) -> bool:
    """Whether a text is of this kind, right or wrong."""
    return re.search(r"^[ \t]*(location[ \t]*\.|\[location\]|program[ \t]*=)", text, re.MULTILINE) is not None


def read(text: str) -> PlaceFile:
    """The place of a file's text; what it says of colours is ignored. Raises PlaceError."""
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is too long or too deep"
        raise PlaceError(f"it is no valid TOML ({reason})") from error
    location = _table(found, "location")
    if not location.keys() & _DEFAULTS.keys():
        raise PlaceError("location.real, location.imag and location.zoom name a place; none of them is there")
    if not _isPlain(found.get("formula")):
        raise PlaceError("it is a place of another fractal; only the Mandelbrot set, of the power 2, is drawn here")
    real, imag, zoom = (_number(location, key) for key in _DEFAULTS)
    iterations = _table(found, "bailout").get("iterations")
    if iterations is not None and (not isinstance(iterations, int) or isinstance(iterations, bool)):
        raise PlaceError(f"bailout.iterations = {_brief(iterations)} is not a whole number")
    transform = {f"transform.{key}": str(value) for key, value in _table(found, "transform").items()}
    if transform.pop("transform.reflect", "False") == "True":
        imag = mirrored(str(imag))
    ignored = changes(transform, **{"transform.rotate": 0, "transform.stretch_amount": 0})
    if transform.get("transform.exponential_map", "False") == "True":
        ignored += ("transform.exponential_map true",)
    return PlaceFile(Place.make(real, imag, zoom, iterations), ignored)


def write(place: Place) -> str:
    """A file's text. There is no automatic limit there: it becomes the number in force."""
    limit = place.limit or place.autoLimit()
    re, im = (f"{Decimal(part):f}" for part in (place.re, place.im))
    return (
        f'program = "fraktaler-3"\nlocation.real = "{re}"\nlocation.imag = "{im}"\nlocation.zoom = "{place.zoom}"\n'
        f"bailout.iterations = {limit}\nbailout.maximum_reference_iterations = {limit}\n"
    )


def _table(found: dict[str, Any], name: str) -> dict[str, Any]:
    table = found.get(name, {})
    if not isinstance(table, dict):
        raise PlaceError(f"{name} is not a table, but {_brief(table)}")
    return table


def _number(location: dict[str, Any], key: str) -> str | Decimal:
    value = location.get(key, _DEFAULTS[key])
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise PlaceError(f"location.{key} = {_brief(value)} is not a number")
    return Decimal(value) if isinstance(value, int) else value


def _brief(value: object) -> str:
    try:
        return f"{value!r:.40}"
    except ValueError:  # of a whole number with thousands of digits Python makes no text
        return "what it has"


def _isPlain(formula: object) -> bool:
    """Whether the formula is z^2 + c: there is none, or one that changes nothing."""
    if formula is None:
        return True
    if not isinstance(formula, list) or len(formula) > 1:
        return False
    changes = formula[0] if formula else {}
    return isinstance(changes, dict) and all(changes.get(key, plain) == plain for key, plain in _PLAIN_FORMULA.items())
