# SPDX-License-Identifier: GPL-3.0-or-later
import io

import pytest

from mandelbrot_view.mcm.progressbar import ProgressBar, remaining
from mandelbrot_view.mcm.terminal import Terminal


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def time():
    return [100.0]


def test_on_a_terminal_it_stays_on_its_line(time):
    screen = Screen()
    bar = ProgressBar(Terminal(screen), lambda: time[0])
    bar.show(0.5)
    bar.show(0.6, 9.0)  # too soon
    time[0] += 10
    bar.show(0.75, 3.4)
    bar.clear()
    drawn = [line.rstrip() for line in screen.getvalue().split("\r") if line.strip()]
    assert drawn == ["[" + "=" * 20 + "-" * 20 + "]  50%", "[" + "=" * 30 + "-" * 10 + "]  75%  3 s left"]
    assert "\n" not in screen.getvalue()


def test_the_last_one_is_always_drawn(time):
    screen = Screen()
    bar = ProgressBar(Terminal(screen), lambda: time[0])
    bar.show(0.99)
    bar.show(1.0, 0.0)
    assert "100%" in screen.getvalue()


def test_elsewhere_there_is_a_line_for_each_tenth(time):
    output = io.StringIO()
    bar = ProgressBar(Terminal(output), lambda: time[0])
    for hundredth in range(1, 101):
        bar.show(hundredth / 100)
    bar.clear()
    lines = output.getvalue().splitlines()
    assert [line.split("]")[1].strip() for line in lines] == ["1%"] + [f"{tenth}0%" for tenth in range(1, 11)]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")]
)
def test_what_is_left_is_told_in_two_units_at_most(seconds, text):
    assert remaining(seconds) == f"{text} left"
