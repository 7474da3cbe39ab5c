# SPDX-License-Identifier: GPL-3.0-or-later
"""PlaceFile: what a location file of another program says, and what of it cannot be followed here."""

from __future__ import annotations

from typing import NamedTuple

from .place import Place, PlaceError, shown, wholeNumber


class PlaceFile(NamedTuple):
    """The place in a file, and the settings in it that change the picture there and cannot be followed here."""

    place: Place
    ignored: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """One sentence on what cannot be followed; empty when all can."""
        if not self.ignored:
            return ""
        return f"This file also sets {_listed(self.ignored)}, which cannot be drawn here."


def mirrored(im: str) -> str:
    """The other sign: where a program's imaginary axis points down, its picture is the set's at the conjugate point."""
    text = im.strip().replace("\N{MINUS SIGN}", "-")
    return text[1:] if text.startswith("-") else f"-{text.removeprefix('+')}"


def changes(settings: dict[str, str], **plain: float) -> tuple[str, ...]:
    """The settings that are not what leaves a picture as it is, as `name value`.

    Args:
        settings: The texts of a file by their names.
        plain: By name, the value that changes nothing. What is missing, or no number, changes nothing either.
    """
    found = []
    for name, value in plain.items():
        try:
            isPlain = float(settings.get(name, value)) == value
        except ValueError:
            continue
        if not isPlain:
            found.append(f"{name} {shown(settings[name])[1:-1]}")
    return tuple(found)


def limit_of(name: str, text: str) -> int | None:
    """A file's iteration limit, written in any way that numbers are: 1e6 is a million. None for an empty text.

    Raises: PlaceError for what is no whole number.
    """
    if not text:
        return None
    number = wholeNumber(text)
    if number is None:
        raise PlaceError(f"{name} {shown(text)} is not a whole number")
    return number


def _listed(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
