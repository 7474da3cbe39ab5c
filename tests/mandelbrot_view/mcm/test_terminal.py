# SPDX-License-Identifier: GPL-3.0-or-later
import io
import os

from mandelbrot_view.mcm.terminal import Terminal


def test_it_writes_at_once():
    reading, writing = os.pipe()
    with open(reading) as ours, open(writing, "w") as theirs:
        Terminal(theirs).write("half done")
        assert os.read(ours.fileno(), 100) == b"half done"


def test_where_there_is_none_nothing_happens():
    nowhere = Terminal(None)
    nowhere.write("unheard")
    assert not nowhere.isatty()


def test_a_stream_that_cannot_be_written_is_no_error_and_is_tried_once():
    tries = []

    class Full(io.StringIO):
        def write(self, text):
            tries.append(text)
            raise OSError(28, "No space left on device")

    terminal = Terminal(Full())
    terminal.write("unheard")
    terminal.write("nor this")
    assert tries == ["unheard"]
