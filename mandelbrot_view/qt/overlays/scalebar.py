# SPDX-License-Identifier: GPL-3.0-or-later
"""A bar that tells how long something is in the plane, and where the pointer is."""

from decimal import ROUND_FLOOR, Context, Decimal

_STEPS = (Decimal(5), Decimal(2), Decimal(1))
_CONTEXT = Context(prec=20)
# Digits of a coordinate that are shown at either end of a long one.
_HEAD, _TAIL = 10, 6


def scaleBar(spacing: Decimal, most: float) -> tuple[float, str]:
    """The longest bar of 1, 2 or 5 times a power of ten, as (its length in pixels, what that is in the plane).

    spacing: plane units a pixel; most: pixels that it may have, at least 1.
    """
    longest = _CONTEXT.multiply(spacing, Decimal(most))
    power = Decimal(1).scaleb(longest.adjusted())
    length = next(step * power for step in _STEPS if step * power <= longest)
    return float(_CONTEXT.divide(length, spacing)), _told(length)


def coordinates(point: tuple[Decimal, Decimal], spacing: Decimal) -> str:
    """A point in as many digits as tell pixels apart; in the middle of long numbers some are left out."""
    last = Decimal(1).scaleb(min(spacing.adjusted(), -1))
    re, im = (_shortened(f"{part.quantize(last, ROUND_FLOOR, _wide(part, last)):f}") for part in point)
    return f"re {re}   im {im}"


def _wide(part: Decimal, last: Decimal) -> Context:
    return Context(prec=max(part.adjusted() - last.adjusted(), 0) + 4)


def _told(length: Decimal) -> str:
    exponent = length.adjusted()
    if -3 <= exponent <= 3:
        return f"{length.normalize():f}"
    return f"{int(length.scaleb(-exponent))}e{exponent}".replace("-", "−")


def _shortened(number: str) -> str:
    number = number.replace("-", "−")
    return number if len(number) <= _HEAD + _TAIL + 4 else f"{number[:_HEAD]}…{number[-_TAIL:]}"
