# SPDX-License-Identifier: GPL-3.0-or-later
"""The notice of a wait for the compiler."""

from io import StringIO

import pytest
from twisted.internet.defer import Deferred, succeed

from mandelbrot_view.colour.colouring import Colouring
from mandelbrot_view.export.movie import Movie
from mandelbrot_view.mcm.arguments import Job
from mandelbrot_view.mcm.running import noticeCompiler
from mandelbrot_view.mcm.terminal import Terminal
from mandelbrot_view.pictures.meanwhile import NOTICE
from mandelbrot_view.places.place import Place

SHALLOW, DEEP = (Place.make("-1.74", "0", zoom, 200) for zoom in ("10", "1e20"))
SIZE = (16, 9)


def job(place, movie=None):
    return Job(place, SIZE, Colouring(), None, None, movie=movie)


def zoom(place, start):
    return job(place, Movie(place, start, SIZE, Colouring(), 1, 10, 1.0))


class Tty(StringIO):
    def isatty(self):
        return True


class Workers:
    """A queue whose workers know whether the kernel of deep places is awaited."""

    def __init__(self, *awaited):
        self.awaited = awaited

    def update(self, f, ephemeral):
        assert ephemeral
        return succeed(list(self.awaited))


def notice(theJob, workers, stream):
    done = Deferred.fromCoroutine(noticeCompiler(workers, theJob, Terminal(stream)))
    assert done.called
    return stream.getvalue()


@pytest.mark.parametrize("theJob", [job(DEEP), zoom(DEEP, "1"), zoom(SHALLOW, "1e20")])
def test_a_deep_job_that_waits_for_the_compiler_says_so_once(theJob):
    assert notice(theJob, Workers(True, True), Tty()) == NOTICE


@pytest.mark.parametrize(
    ("theJob", "workers", "stream"),
    [
        (job(SHALLOW), Workers(True), Tty()),
        (zoom(SHALLOW, "1"), Workers(True), Tty()),
        (job(DEEP), Workers(False, False), Tty()),
        (job(DEEP), Workers(True), StringIO()),
    ],
)
def test_what_does_not_wait_or_is_no_terminal_gets_no_notice(theJob, workers, stream):
    assert notice(theJob, workers, stream) == ""
