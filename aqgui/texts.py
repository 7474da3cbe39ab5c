# SPDX-License-Identifier: GPL-3.0-or-later
"""How the application writes times, numbers and sizes."""

_UNITS = (("G", 1e9), ("M", 1e6), ("k", 1e3))


def duration(seconds: float) -> str:
    """A time, in two units at most: '0.4 s', '12 s', '3 min 05 s', '2 h 10 min'."""
    if seconds < 9.95:
        return f"{max(seconds, 0.0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min"


def count(number: int) -> str:
    """A whole number, with commas between the thousands: '1,234'."""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """So many of something: '1 task', '3 tasks'."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


def sentence(text: str) -> str:
    """A message as a sentence. A key at its beginning (`zoom=-3 ...`) keeps its case."""
    first, _, _ = text.partition(" ")
    head = text[:1] if "=" in first else text[:1].upper()
    return f"{head}{text[1:].rstrip('.')}."


def megabytes(size: int) -> str:
    """A number of bytes in MB, without the unit, which stands in the header."""
    return f"{size / 1e6:,.0f}"


def rate(per_second: float, unit: str) -> str:
    """So many of something a second, with a prefix: '18.3 Mpx/s'."""
    for prefix, factor in _UNITS:
        if per_second >= factor:
            return f"{per_second / factor:.1f} {prefix}{unit}/s"
    return f"{per_second:.0f} {unit}/s"
