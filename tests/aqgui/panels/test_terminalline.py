# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aqgui.panels.terminalline import Span, plainText, render


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"", ""),
        (b"plain", "plain"),
        ("äöü €".encode(), "äöü €"),
        (b"a\tb", "a       b"),
        (b"windows\r", "windows"),
        (b" 10%\r 20%\r100%", "100%"),
        (b"long line\rshort", "shortline"),
        (b"abc\x08d", "abd"),
        (b"\x1b[2K\rnew", "new"),
        (b"old\x1b[2K\rnew", "new"),
        (b"abcdef\r\x1b[Kx", "x"),
    ],
)
def test_control_characters_act_as_in_a_terminal(line, shown):
    assert plainText(render(line)) == shown


def test_colours_are_spans():
    assert render(b"\x1b[31mred\x1b[0m plain \x1b[1;38;5;208mbold\x1b[m") == [
        Span("red", "red"), Span(" plain "), Span("bold", "ff8700", isBold=True),
    ]  # fmt: skip


def test_reversed_colours_are_swapped():
    assert render(b"\x1b[7mx\x1b[0m") == [Span("x", "inverse", "inverse")]
    assert render(b"\x1b[7;31mx\x1b[0m") == [Span("x", "inverse", "red")]


def test_a_line_of_many_updates_is_as_wide_as_the_widest():
    line = b"\r".join(b"%3d%%" % n for n in range(101))
    assert plainText(render(line)) == "100%"


@given(st.binary(max_size=200))
def test_whatever_comes_is_shown(line):
    assert "\n" not in plainText(render(line.replace(b"\n", b"")))
