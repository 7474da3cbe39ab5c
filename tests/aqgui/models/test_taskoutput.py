# SPDX-License-Identifier: GPL-3.0-or-later
from aqgui.models.taskoutput import TaskOutput


def test_it_keeps_what_was_printed():
    output = TaskOutput()
    output.add("one\n")
    output.add("two\n")
    assert output.text == "one\ntwo\n"


def test_the_newest_is_kept_and_the_first_line_tells_how_much_was_dropped():
    output = TaskOutput(limit=8)
    for text in ("1111", "2222", "3333"):
        output.add(text)
    assert output.text == "[4 characters of earlier output were dropped]\n22223333"


def test_one_long_text_is_cut():
    output = TaskOutput(limit=4)
    output.add("x" * 1000 + "last")
    assert output.text == "[1,000 characters of earlier output were dropped]\nlast"
