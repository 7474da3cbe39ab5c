# SPDX-License-Identifier: GPL-3.0-or-later
from io import StringIO

import numpy as np
import pytest

from mandelbrot_view.kernels.plain import PlainWork
from mandelbrot_view.kernels.plaindeep import DepthError
from mandelbrot_view.pictures.meanwhile import NOTICE, Meanwhile

GRID = np.linspace(-2, 1, 8), np.linspace(-1, 1, 8), 50


class Kernel:
    """A kernel that is there after some looks."""

    def __init__(self, looks, plain=None):
        self.looks = looks
        self.plain = plain

    def look(self):
        self.looks -= 1

    @property
    def isAwaited(self):
        return self.looks > 0


class Endless(PlainWork):
    """Work that gets nowhere."""

    def run(self, seconds):
        pass


class Terminal(StringIO):
    def isatty(self):
        return True


def too_deep(*arguments):
    raise DepthError("too deep")


def test_what_is_soon_done_does_not_wait():
    kernel = Kernel(10**9, PlainWork)
    counts = Meanwhile(kernel, None, cores=2).counts(*GRID)
    assert counts is not None
    assert counts.shape == (8, 8)
    assert kernel.isAwaited


@pytest.mark.parametrize("start", [Endless, too_deep])
def test_what_is_not_is_left_to_the_compiled_kernel(start):
    kernel = Kernel(5, start)
    assert Meanwhile(kernel, None, cores=2).counts(*GRID) is None
    assert not kernel.isAwaited


def test_a_compiled_kernel_is_left_its_work():
    assert Meanwhile(Kernel(0, pytest.fail), None, cores=2).counts(*GRID) is None


def test_on_a_single_core_the_compiler_has_it_to_itself():
    assert Meanwhile(Kernel(3, pytest.fail), None, cores=1).counts(*GRID) is None


@pytest.mark.parametrize(("terminal", "said"), [(Terminal(), NOTICE), (StringIO(), "")])
def test_a_wait_of_a_second_is_explained_once_on_a_terminal(terminal, said):
    times = iter([0.0, 0.9, 1.0])
    meanwhile = Meanwhile(Kernel(7, Endless), terminal, clock=lambda: next(times, 100.0), cores=2)
    meanwhile.counts(*GRID)
    meanwhile.counts(*GRID)
    assert terminal.getvalue() == said


def test_a_short_wait_needs_no_notice():
    terminal = Terminal()
    Meanwhile(Kernel(7, Endless), terminal, clock=lambda: 5.0, cores=2).counts(*GRID)
    assert terminal.getvalue() == ""
