# SPDX-License-Identifier: GPL-3.0-or-later
"""Location files of rust-fractal, `.toml`: real, imag, zoom, iterations and rotate at the top level.

Its zoom is ours, and its imaginary axis points down. What is missing has its default value: -0.75, 0, 1 and 1000
iterations.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal, InvalidOperation

from .place import Place, PlaceError
from .placefile import PlaceFile, changes, limit_of, mirrored

NAME = "rust-fractal location"
_FIRST_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_KEY = re.compile(r"^[ \t]*(real|imag)[ \t]*=", re.MULTILINE)


def isLike(text: str) -> bool:
    """Whether a text is of this kind, right or wrong: real or imag stands before any table."""
    table = _FIRST_TABLE.search(text)
    return _KEY.search(text, 0, table.start() if table else len(text)) is not None


def read(text: str) -> PlaceFile:
    """The place of a file's text; what it says of colours and animations is ignored. Raises PlaceError."""
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it is too long or too deep"
        raise PlaceError(f"it is no valid TOML ({reason})") from error
    values = {
        key: str(value).strip()
        for key, value in found.items()
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    }
    place = Place.make(
        values.get("real", "-0.75"), mirrored(values.get("imag", "0")), values.get("zoom", "1"),
        limit_of("iterations", values.get("iterations", "")),
    )  # fmt: skip
    return PlaceFile(place, changes(values, rotate=0))
