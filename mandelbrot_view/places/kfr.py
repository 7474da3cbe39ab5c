# SPDX-License-Identifier: GPL-3.0-or-later
"""Location files of Kalles Fraktaler, `.kfr`: a line `Key: value` for each of the place's numbers and many settings.

Its zoom is ours: at 1 the picture reaches from -2 to 2, so that its height is 4 / zoom. Its imaginary axis points down,
unless the file says `ImagPointsUp: 1`.
"""

from __future__ import annotations

import re
from decimal import Decimal

from .place import Place, PlaceError
from .placefile import PlaceFile, changes, limit_of, mirrored

NAME = "Kalles Fraktaler location"

_LINE = re.compile(r"^[ \t]*(\w+)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NEEDED = ("Re", "Im", "Zoom")


def isLike(text: str) -> bool:
    """Whether a text is of this kind, right or wrong."""
    return re.search(r"^[ \t]*(Re|Im|Zoom)[ \t]*:", text, re.MULTILINE) is not None


def read(text: str) -> PlaceFile:
    """The place of a file's text; what it says of colours is ignored. Raises PlaceError."""
    fields: dict[str, str] = {}
    for key, value in _LINE.findall(text.replace("\r", "\n")):
        fields.setdefault(key, value)  # the first one counts, as it does there
    missing = [f"{key}:" for key in _NEEDED if not fields.get(key)]
    if missing:
        raise PlaceError(f"the lines {', '.join(f'{key}:' for key in _NEEDED)} name a place; {missing[0]} is missing")
    if fields.get("FractalType", "0") != "0" or fields.get("Power", "2") != "2":
        raise PlaceError("it is a place of another fractal; only the Mandelbrot set, of the power 2, is drawn here")
    im = fields["Im"] if fields.get("ImagPointsUp", "0") == "1" else mirrored(fields["Im"])
    limit = limit_of("Iterations:", fields.get("Iterations", ""))
    # Files of older versions have Rotate and Ratio, newer ones the others.
    ignored = changes(fields, RotateAngle=0, StretchAmount=0, Rotate=0, Ratio=360)
    return PlaceFile(Place.make(fields["Re"], im, fields["Zoom"], limit), ignored)


def write(place: Place) -> str:
    """A file's text. There is no automatic limit there: it becomes the number in force."""
    # Older versions do not know ImagPointsUp.
    re, im = (f"{Decimal(part):f}" for part in (place.re, mirrored(place.im)))
    zoom = f"{Decimal(place.zoom):E}".replace("+", "")
    limit = place.limit or place.autoLimit()
    lines = [f"Re: {re}", f"Im: {im}", f"Zoom: {zoom}", f"Iterations: {limit}", "Power: 2", "FractalType: 0", ""]
    return "\r\n".join(lines)
