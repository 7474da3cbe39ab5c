# SPDX-License-Identifier: GPL-3.0-or-later
"""A place in the plane: exact decimal text, so that pans and zooms lose nothing and a link says all.

One scale: a picture's height in the plane is 4 / zoom. Its pixels are square, its y runs downwards. Pixel (0, 0) has
its centre at (0.5, 0.5), and the place is the middle of the picture.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from decimal import Context, Decimal, InvalidOperation, localcontext
from typing import SupportsIndex

from . import zooming

SCHEME = "mandelbrot:"
# Nothing is to be seen farther out: every point beyond 2 escapes. Room to pan, and no sums of unlike magnitudes.
FARTHEST = Decimal(16)
MAX_LIMIT = 10**9
# Coordinates have so many digits behind the point at most: no text asks for sums of a billion digits.
_MOST_DIGITS = 4000
MIN_ZOOM = Decimal("0.05")
# Half of those digits: the others are room for the pixels, and for centres that were given more exactly.
MAX_ZOOM = Decimal(f"1e{_MOST_DIGITS // 2}")
REASON = f"deepest: places are kept down to a zoom of 1e{_MOST_DIGITS // 2}"

_MOST_CHARACTERS = 2 * _MOST_DIGITS
_LEAST_ZOOM = Decimal("1e-100")
_EXACT = Context(prec=2 * _MOST_DIGITS)
# Digits of a pixel's spacing. Over 10,000 pixels that is a millionth of a pixel, and a centre that has been panned has
# ten digits more than the depth asks for, not fifty.
_SPACING = Context(prec=10)
# What autoLimit() says is never above it.
_MOST_AUTO = 300_000
# The doublings at which double precision ends, a zoom of 2e13.
_DOUBLE_PRECISION = 44
# A position is known to a thousandth of a pixel; a double's binary tail would only add digits.
_POSITION = Decimal("0.001")


class PlaceError(ValueError):
    """Text that names no place. Its message says what is wrong with it, and what is right."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture is, and how far its points are followed.

    re, im: the centre, as decimal text; zoom: 4 / the picture's height in the plane, as decimal text;
    limit: the most iterations of a point, 1 to 10^9, or None for what autoLimit() says.
    Use make(), parse() or load() for text from outside: the constructor checks nothing.
    """

    re: str
    im: str
    zoom: str
    limit: int | None = None

    @staticmethod
    def make(re: str | float | Decimal, im: str | float | Decimal, zoom: str | float | Decimal,
             limit: SupportsIndex | None = None) -> Place:  # fmt: skip
        """A place of checked numbers, in one spelling each; raises PlaceError, and TypeError for what is no number."""
        scale = _number("zoom", zoom)
        if scale <= 0:
            raise PlaceError(f"zoom={_cut(str(zoom))} must be greater than 0")
        if not _LEAST_ZOOM <= scale <= MAX_ZOOM:
            raise PlaceError(f"zoom={_cut(str(zoom))} is out of range; use 1e-100 to 1e{_MOST_DIGITS // 2}")
        most = None if limit is None else whole("limit", limit)
        if most is not None and not 1 <= most <= MAX_LIMIT:
            raise PlaceError(f"limit={_cut(str(Decimal(most)))} is out of range; use 1 to {MAX_LIMIT}, or auto")
        return Place(_text(_coordinate("re", re)), _text(_coordinate("im", im)), _text(zooming.kept(scale)), most)

    @staticmethod
    def parse(text: str) -> Place:
        """The place of a link such as mandelbrot:re=-0.75&im=0.1&zoom=1e3&limit=auto; raises PlaceError.

        The order is free; without a limit it is auto.
        """
        link = text.strip()
        if not link.lower().startswith(SCHEME):
            raise PlaceError(f"{shown(link)} is not a place; write it like {HOME.link}")
        fields: dict[str, str] = {}
        for part in link[len(SCHEME) :].split("&"):
            key, equals, value = (piece.strip() for piece in part.partition("="))
            if key not in ("re", "im", "zoom", "limit") or not equals:
                raise PlaceError(f"{shown(part)} in a place's link is not one of re=, im=, zoom=, limit=")
            if key in fields:
                raise PlaceError(f"{key}= stands twice in {shown(link)}; leave one")
            fields[key] = value
        missing = [f"{key}=" for key in ("re", "im", "zoom") if key not in fields]
        if missing:
            raise PlaceError(f"{shown(link)} lacks {' and '.join(missing)}; a whole link is {HOME.link}")
        return Place.make(fields["re"], fields["im"], fields["zoom"], parseLimit(fields.get("limit", "auto")))

    @staticmethod
    def load(file_or_link: str) -> Place:
        """The place of a link, or of a file of one of the kinds that files.py knows; raises PlaceError."""
        if file_or_link.strip().lower().startswith(SCHEME):
            return Place.parse(file_or_link)
        from . import files  # which know places

        return files.load(file_or_link).place

    @property
    def link(self) -> str:
        """The place as one line of text, which parse() reads."""
        limit = "auto" if self.limit is None else self.limit
        return f"{SCHEME}re={self.re}&im={self.im}&zoom={self.zoom}&limit={limit}"

    @property
    def radius(self) -> Decimal:
        """Half the picture's height in the plane, to ten digits. A float would be 0 from 1e-324 on."""
        return _SPACING.divide(Decimal(2), Decimal(self.zoom))

    def exactSpacing(self, height: int) -> Decimal:
        """Plane units a pixel in a picture of so many lines: 4 / zoom / height, to ten digits."""
        return _SPACING.divide(Decimal(4), _EXACT.multiply(Decimal(self.zoom), Decimal(height)))

    def pointAt(self, x: float, y: float, size: tuple[int, int]) -> tuple[Decimal, Decimal]:
        """The plane's point (re, im) at the position (x, y) of a picture `size` = (width, height), in pixels."""
        width, height = size
        spacing = self.exactSpacing(height)
        with localcontext(_EXACT):
            right, down = _fromMiddle(x, width), _fromMiddle(y, height)
            return Decimal(self.re) + right * spacing, Decimal(self.im) - down * spacing

    def pannedBy(self, dx: int, dy: int, height: int) -> Place:
        """The place whose picture is this one's, moved by whole pixels: dx to the right, dy down.

        Exact: each point of the plane falls on a pixel's centre again, and the pan back gives this very place. At the
        border of the plane (16) it stops.
        """
        spacing = self.exactSpacing(height)
        with localcontext(_EXACT):
            return self._movedTo(Decimal(self.re) - dx * spacing, Decimal(self.im) + dy * spacing)

    def zoomedBy(self, factor: float | Decimal, x: float, y: float, size: tuple[int, int]) -> Place:
        """The place seen `factor` times larger (above 1: closer), with the point at the position (x, y) staying there.

        Stops at MIN_ZOOM and MAX_ZOOM. The inverse factor at the same position leads back.
        """
        width, height = size
        present = Decimal(self.zoom)
        # A place from a link may lie farther out: it is not torn back, it just goes no farther.
        zoom = min(max(zooming.zoomed(present, factor), min(MIN_ZOOM, present)), MAX_ZOOM)
        zoomed = replace(self, zoom=_text(zoom))
        with localcontext(_EXACT):
            gained = self.exactSpacing(height) - zoomed.exactSpacing(height)
            right, down = _fromMiddle(x, width), _fromMiddle(y, height)
            return zoomed._movedTo(Decimal(self.re) + right * gained, Decimal(self.im) - down * gained)

    def canZoomIn(self) -> bool:
        """Whether zoomedBy() can go closer; if not, REASON says why."""
        return Decimal(self.zoom) < MAX_ZOOM

    def autoLimit(self) -> int:
        """The iterations that a picture of this depth needs at first guess.

        The escape counts at the set's border grow with the doublings of the zoom, and faster than that along the
        valleys that people zoom into; the power 1.5 and the factor are fitted to well-known places (about 2700 for
        the seahorse valley at a radius of 1e-5, 9000 at 1e-13). Below that, needs part: 260,000 at a zoom of 1e50 and
        35,000 at 1e113, 210,000 at 1e318 and 32,000 at 1e1000. The guess rises to what suits those, and stays there.
        """
        depth = max(0.0, zooming.doublings(Decimal(self.zoom)))
        deeper = max(1.0, depth / _DOUBLE_PRECISION)
        return min(500 + 10 * round(3 * depth**1.5 * deeper), _MOST_AUTO)

    def _movedTo(self, re: Decimal, im: Decimal) -> Place:
        inside = [min(max(part, -FARTHEST), FARTHEST) for part in (re, im)]
        return replace(self, re=_text(inside[0]), im=_text(inside[1]))


HOME = Place("-0.5", "0", "1.6")


def _fromMiddle(position: float, length: int) -> Decimal:
    return Decimal(position).quantize(_POSITION) - Decimal(length) / 2


def _number(name: str, value: str | float | Decimal) -> Decimal:
    if isinstance(value, str) and len(value) > _MOST_CHARACTERS:
        raise PlaceError(
            f"{name}={shown(value)} has {len(value):,} characters; a number has {_MOST_CHARACTERS:,} at most"
        )
    if not isinstance(value, str | int | float | Decimal):
        raise TypeError(f"{name} is of the type {type(value).__name__}; give it as decimal text, such as '-0.75'")
    try:
        number = Decimal(value.strip().replace("\N{MINUS SIGN}", "-") if isinstance(value, str) else value)
    except InvalidOperation:
        raise PlaceError(f"{name}={shown(str(value))} is not a number; write it as -0.75 or 1e3") from None
    if not number.is_finite():
        raise PlaceError(f"{name}={number} is not a finite number")
    return number


def _coordinate(name: str, value: str | float | Decimal) -> Decimal:
    number = _number(name, value)
    if number.copy_abs() > FARTHEST:
        raise PlaceError(f"{name}={shown(str(value))} is out of range; use -{FARTHEST} to {FARTHEST}")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_MOST_DIGITS:
        raise PlaceError(f"{name}={shown(str(value))} has more than {_MOST_DIGITS} digits behind the point")
    return number


def whole(name: str, value: SupportsIndex) -> int:
    """A whole number as an int, of whatever type it is. Raises TypeError for what is none, calling it by this name."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is of the type {type(value).__name__}; give a whole number, such as 1000") from None


def parseLimit(text: str) -> int | None:
    """The limit that a text names, None for `auto`. Raises PlaceError, but not for one out of range."""
    if text.lower() == "auto":
        return None
    number = wholeNumber(text)
    if number is None:
        raise PlaceError(f"limit={shown(text)} is not a whole number or auto")
    return number


def wholeNumber(text: str) -> int | None:
    """The whole number that a text names, also as 1e6; None when it names none."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    # An exponent beyond this is out of any range, and such a number takes long to make.
    isWhole = number.is_finite() and abs(number.adjusted()) < 30 and number == number.to_integral_value()
    return int(number) if isWhole else None


def _text(number: Decimal) -> str:
    """The one spelling of a number: plain where that is short, else with an exponent; without idle zeros."""
    plain = number.normalize(_EXACT)
    if not plain:
        return "0"
    return f"{plain:f}" if -8 <= plain.adjusted() < 12 else f"{plain:e}".replace("+", "")


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:60]}…{text[-15:]}"


def shown(text: str) -> str:
    """A text in a message: in quotes, and of readable length."""
    return repr(_cut(text))
