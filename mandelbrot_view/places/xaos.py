# SPDX-License-Identifier: GPL-3.0-or-later
"""Positions of XaoS, `.xpf`: commands in parentheses, of which (view RE IM WIDTH HEIGHT) names the place.

Its imaginary axis points down, and its picture shows at least that width and height, in proportion to the window.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from .place import Place, PlaceError
from .placefile import PlaceFile, limit_of, mirrored

NAME = "XaoS position"
_COMMENT = re.compile(r";[^\n]*")
_COMMAND = re.compile(r"\(\s*([\w-]+)\s*([^()]*)\)")
# Of a window, as most are.
_ASPECT = Decimal(16) / 9
# What changes the picture, and the value of it that does not.
_PLAIN = {"angle": "0", "plane": "0", "perturbation": "0 0", "juliamode": "#f"}


def isLike(text: str) -> bool:
    """Whether a text is of this kind, right or wrong: it begins with a command."""
    return re.match(r"\s*\(\s*(initstate|[\w-]+\s[^()]*)\)", _COMMENT.sub("", text[:100_000])) is not None


def read(text: str) -> PlaceFile:
    """The place of a file's text. Raises PlaceError."""
    commands = {name.lower(): rest.split() for name, rest in _COMMAND.findall(_COMMENT.sub("", text))}
    formula = commands.get("formula", ["'mandel"])
    if formula[:1] != ["'mandel"]:
        raise PlaceError(f"its formula is {' '.join(formula)[:40]}, and only 'mandel is drawn here")
    view = commands.get("view", [])
    if len(view) != 4:
        raise PlaceError("(view RE IM WIDTH HEIGHT) names a place; it is missing, or has not four numbers")
    try:
        height = max(abs(Decimal(view[3])), abs(Decimal(view[2])) / _ASPECT)
        zoom = 4 / height
    except ArithmeticError as error:
        raise PlaceError("the width and height of its view are not two numbers above 0") from error
    limit = limit_of("maxiter", " ".join(commands.get("maxiter", [])))
    turned = [name for name, plain in _PLAIN.items() if not _isPlain(commands, name, plain)]
    ignored = tuple(f"{name} {' '.join(commands[name])[:40]}" for name in turned)
    return PlaceFile(Place.make(view[0], mirrored(view[1]), zoom, limit), ignored)


def _isPlain(commands: dict[str, list[str]], name: str, plain: str) -> bool:
    words = commands.get(name)
    if words is None or " ".join(words) == plain:
        return True
    try:
        return all(Decimal(word) == 0 for word in words)
    except InvalidOperation:
        return False
