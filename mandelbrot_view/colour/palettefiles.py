# SPDX-License-Identifier: GPL-3.0-or-later
"""Palette files of other programs: Fractint's .map, Kalles Fraktaler's .kfp and .kfr, GIMP's .ggr and .gpl, and Ultra
Fractal's .ugr. Each becomes a cyclic palette of stops.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable
from math import isfinite, log, pi, sin, sqrt
from pathlib import Path

from .catalogue import PaletteError
from .ownpalettes import LONGEST_NAME, MAX_STOPS
from .palettes import Palette, Stop

SUFFIXES = (".map", ".kfp", ".kfr", ".ggr", ".gpl", ".ugr")
_MAX_BYTES = 1 << 22
_RGB_LINE = re.compile(r"^[ \t]*(\d{1,3})[ \t]+(\d{1,3})[ \t]+(\d{1,3})(?:[ \t].*)?$", re.MULTILINE)
_KFR_COLOURS = re.compile(r"^[ \t]*Colors[ \t]*:[ \t]*([\d, \t]*)", re.MULTILINE)
_UGR_GRADIENT = re.compile(r"^[ \t]*([^\s{}][^{}\n]*?)\s*\{\s*gradient:([^{}]*)\}", re.MULTILINE)
_UGR_STOP = re.compile(r"index=(-?\d+)\s+color=(\d+)")
_UGR_CYCLE = 400  # positions in one cycle of an Ultra Fractal gradient
# Stops into which a curve between two colours of a GIMP gradient is divided.
_CURVE_STOPS = 8
# How much of a segment lies between its last stop and the next segment.
_STEP = 1e-4

Colour = tuple[float, float, float]


def load(path: Path) -> Palette:
    """The palette in a file, named after it.

    Raises: PaletteError, which names the file and what is wrong with it.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise PaletteError(f"{path}: palette files end in {', '.join(SUFFIXES)}")
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise PaletteError("it is too large for a palette")
        stops = read(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise PaletteError(f"{path}: it cannot be read: {error.strerror or error}") from error
    except PaletteError as error:
        raise PaletteError(f"{path}: {error}") from error
    except ValueError as error:
        # Two numbers without a comma between them, or one of thousands of digits.
        raise PaletteError(f"{path}: it has a number that cannot be read") from error
    if len(stops) < 2:
        raise PaletteError(f"{path}: it has fewer than two colours")
    name = "".join(letter for letter in path.stem if letter.isprintable()).strip()[:LONGEST_NAME] or "Palette"
    return Palette(name, tuple(stops))


def _map(text: str) -> list[Stop]:
    """Fractint: a line `red green blue` for each colour."""
    return _even(_rgb_lines(text))


def _gpl(text: str) -> list[Stop]:
    """GIMP's palettes: the same, after a head."""
    if not text.lstrip().startswith("GIMP Palette"):
        raise PaletteError("it is no GIMP palette: its first line is another one")
    return _even(_rgb_lines(text))


def _rgb_lines(text: str) -> list[Colour]:
    colours = [tuple(int(part) for part in match) for match in _RGB_LINE.findall(text)]
    if any(part > 255 for colour in colours for part in colour):
        raise PaletteError("it has a part of a colour above 255")
    return [(red / 255, green / 255, blue / 255) for red, green, blue in colours]


def _kfr(text: str) -> list[Stop]:
    """Kalles Fraktaler: a line `Colors: blue,green,red,...`, the parts of each colour in this order."""
    match = _KFR_COLOURS.search(text.replace("\r", "\n"))
    parts = [int(part) for part in match[1].split(",") if part.strip()] if match else []
    if not parts or len(parts) % 3 or max(parts) > 255:
        raise PaletteError("a line Colors: with three numbers from 0 to 255 for each colour is missing")
    blue, green, red = parts[::3], parts[1::3], parts[2::3]
    return _even([(r / 255, g / 255, b / 255) for r, g, b in zip(red, green, blue, strict=True)])


def _ugr(text: str) -> list[Stop]:
    """Ultra Fractal: gradients with `index=` in 400ths of a cycle and `color=` blue x 65536 + green x 256 + red."""
    gradient = _UGR_GRADIENT.search(text)
    if gradient is None:
        raise PaletteError("it has no gradient of Ultra Fractal")
    stops: dict[float, Colour] = {}
    for index, colour in _UGR_STOP.findall(gradient[2]):
        value = int(colour)
        if value >= 1 << 24:
            raise PaletteError(f"its color={colour[:20]} is out of range")
        stops[int(index) % _UGR_CYCLE / _UGR_CYCLE] = (value % 256 / 255, (value >> 8) % 256 / 255, (value >> 16) / 255)
    return _stops(stops)


def _ggr(text: str) -> list[Stop]:
    """GIMP's gradients: lines of a left, middle and right place, two colours with alpha, a curve and a model."""
    lines = text.strip().splitlines()
    if not lines or lines[0].strip() != "GIMP Gradient":
        raise PaletteError("it is no GIMP gradient: its first line is another one")
    stops: dict[float, Colour] = {}
    for line in lines[1:]:
        words = line.split()
        if len(words) >= 13:
            try:
                stops |= _segment([float(word) for word in words[:11]], int(words[11]), int(words[12]))
            except (ValueError, ArithmeticError) as error:
                raise PaletteError(f"the segment {line.strip()[:60]!r} cannot be read") from error
    return _stops(stops)


def _segment(numbers: list[float], curve: int, model: int) -> dict[float, Colour]:
    """The stops of a segment of a GIMP gradient."""
    left, middle, right = numbers[:3]
    one, two = (numbers[3], numbers[4], numbers[5]), (numbers[7], numbers[8], numbers[9])
    if (
        not all(map(isfinite, numbers))
        or not 0 <= left <= middle <= right <= 1
        or curve not in range(len(_CURVES))
        or model not in (0, 1, 2)
    ):
        raise ValueError
    if right == left:
        return {}
    share = (middle - left) / (right - left)
    # A straight blend bends at its middle alone.
    places = [0.0, share] if curve == 0 and model == 0 else [i / _CURVE_STOPS for i in range(_CURVE_STOPS)]
    stops = {left + place * (right - left): _blend(one, two, _CURVES[curve](place, share), model) for place in places}
    # Its end stands just before the beginning of the next segment, which may have another colour.
    stops[right - _STEP * (right - left)] = two
    return stops


def _straight(place: float, middle: float) -> float:
    if place <= middle:
        return 0.5 * place / middle if middle else 0.5
    return 0.5 + 0.5 * (place - middle) / (1 - middle)


def _power(place: float, middle: float) -> float:
    if not 0 < middle < 1:
        return _straight(place, middle)
    return float(place ** (log(0.5) / log(middle))) if place else 0.0


_CURVES: tuple[Callable[[float, float], float], ...] = (
    _straight,
    _power,
    lambda place, middle: (sin(-pi / 2 + pi * _straight(place, middle)) + 1) / 2,
    lambda place, middle: sqrt(max(0.0, 1 - (_straight(place, middle) - 1) ** 2)),
    lambda place, middle: 1 - sqrt(max(0.0, 1 - _straight(place, middle) ** 2)),
)


def _blend(one: Colour, two: Colour, share: float, model: int) -> Colour:
    if model == 0:
        return tuple(a + (b - a) * share for a, b in zip(one, two, strict=True))  # type: ignore[return-value]
    (hue, *first), (other, *second) = colorsys.rgb_to_hsv(*one), colorsys.rgb_to_hsv(*two)
    # 1 goes around the circle of hues counter-clockwise, to larger ones, and 2 clockwise.
    way = (other - hue) % 1.0 if model == 1 else -((hue - other) % 1.0)
    rest = [a + (b - a) * share for a, b in zip(first, second, strict=True)]
    return colorsys.hsv_to_rgb((hue + way * share) % 1.0, *rest)


def _even(colours: list[Colour]) -> list[Stop]:
    return _stops({number / len(colours): colour for number, colour in enumerate(colours)})


def _stops(colours: dict[float, Colour]) -> list[Stop]:
    """In rising order, with the end of the cycle at its beginning, and thinned where a palette cannot hold them."""
    rising = sorted((place, colour) for place, colour in colours.items() if place < 1)
    if len(rising) > MAX_STOPS:
        rising = [rising[number * len(rising) // MAX_STOPS] for number in range(MAX_STOPS)]
    return [(place, "".join(map(_hex, colour))) for place, colour in rising]


def _hex(part: float) -> str:
    return f"{round(255 * min(max(part, 0.0), 1.0)):02x}"


_READERS = {".map": _map, ".kfp": _kfr, ".kfr": _kfr, ".ggr": _ggr, ".gpl": _gpl, ".ugr": _ugr}
