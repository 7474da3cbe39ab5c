# SPDX-License-Identifier: GPL-3.0-or-later
"""One line of output as a terminal shows it: a carriage return overwrites, escape sequences give colours."""

from __future__ import annotations

from typing import NamedTuple

import pyte
from pyte import modes

# A terminal of more columns is not emulated: what stands beyond them overwrites the last one.
_MAX_COLUMNS = 2000
_FIRST_PRINTABLE = 32


class Span(NamedTuple):
    """Neighbouring characters that look alike.

    colour, ground: a name of pyte's ("red", "brown", "brightblue"), six hexadecimal digits, or "default".
    """

    text: str
    colour: str = "default"
    ground: str = "default"
    isBold: bool = False


def render(line: bytes) -> list[Span]:
    """The spans of a line that is given without its newline."""
    text = line.decode("utf-8", "replace").removesuffix("\r")
    if all(ord(character) >= _FIRST_PRINTABLE for character in text):
        return [Span(text)] if text else []
    columns = max(len(part.expandtabs(8)) for part in text.split("\r"))
    screen = pyte.Screen(max(min(columns, _MAX_COLUMNS), 1), 1)
    screen.reset_mode(modes.DECAWM)
    pyte.Stream(screen).feed(text)
    return _spans(screen)


def plainText(spans: list[Span]) -> str:
    """What stands in a line."""
    return "".join(span.text for span in spans)


def _spans(screen: pyte.Screen) -> list[Span]:
    row = screen.buffer[0]
    spans: list[Span] = []
    for column in range(max(row, default=-1) + 1):
        cell = row[column]
        colour, ground = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
        if cell.reverse and colour == "default":
            colour = "inverse"
        if cell.reverse and ground == "default":
            ground = "inverse"
        span = Span(cell.data, colour, ground, cell.bold)
        if spans and spans[-1][1:] == span[1:]:
            spans[-1] = spans[-1]._replace(text=spans[-1].text + span.text)
        else:
            spans.append(span)
    if spans and spans[-1].ground == "default":
        spans[-1] = spans[-1]._replace(text=spans[-1].text.rstrip(" "))
    return [span for span in spans if span.text]
