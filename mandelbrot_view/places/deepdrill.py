# SPDX-License-Identifier: GPL-3.0-or-later
"""Location files of DeepDrill, `.ini`: real, imag, zoom and depth in a section [location].

Its zoom is ours, and its imaginary axis points down. What is missing has its default value: 0, 0, 1 and 800 iterations.
"""

from __future__ import annotations

import configparser

from .place import Place, PlaceError
from .placefile import PlaceFile, limit_of, mirrored

NAME = "DeepDrill location"


def isLike(text: str) -> bool:
    """Whether a text is of this kind, right or wrong: only here numbers stand in a section without quotes."""
    location = _sections(text).get("location", {})
    return bool({"real", "imag", "depth"} & location.keys()) and not any(
        value.startswith(('"', "'")) for value in location.values()
    )


def read(text: str) -> PlaceFile:
    """The place of a file's text; what it says of pictures and videos is ignored. Raises PlaceError."""
    location = _sections(text).get("location", {})
    if not {"real", "imag", "zoom"} & location.keys():
        raise PlaceError("real, imag and zoom in a section [location] name a place; none of them is there")
    limit = limit_of("depth", location.get("depth", ""))
    im = mirrored(location.get("imag", "0"))
    return PlaceFile(Place.make(location.get("real", "0"), im, location.get("zoom", "1"), limit))


def _sections(text: str) -> dict[str, dict[str, str]]:
    """The settings in each section; empty for a text that is no INI file."""
    parser = configparser.ConfigParser(
        interpolation=None, strict=False, inline_comment_prefixes=("#", ";"), delimiters=("=",)
    )
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name.lower(): dict(parser[name]) for name in parser.sections()}
