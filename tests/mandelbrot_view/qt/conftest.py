# SPDX-License-Identifier: GPL-3.0-or-later
"""A real view on a real queue with two worker processes."""

import pytest
from twisted.internet.defer import Deferred

from aqlib import ProcessQueue
from mandelbrot_view.kernels.warmup import prepare
from mandelbrot_view.pictures import render as renderModule
from mandelbrot_view.qt.view import MandelbrotView

SIZE = (480, 300)


@pytest.fixture
def direct(compiled, monkeypatch):
    """Direct computation in this process is by the compiled kernel."""
    monkeypatch.setattr(renderModule, "start_work", compiled)


@pytest.fixture
def queue(reactor, wait, warm_cache, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(warm_cache))
    theQueue = ProcessQueue(2, reactor=reactor)
    wait(theQueue.update(prepare))
    yield theQueue
    wait(theQueue.shutdown(cancel=True))


@pytest.fixture
def view(queue, qtbot):
    """A view of 480 x 300 pixels, that is shown and has begun to compute."""
    theView = MandelbrotView(queue)
    qtbot.addWidget(theView)
    theView.resize(*SIZE)
    with qtbot.waitExposed(theView):
        theView.show()
    yield theView
    theView.stop()


def becomesSharp(view):
    """A Deferred that fires when the picture is sharp."""
    sharp: Deferred[None] = Deferred()

    def became():
        view.pictureSharp.disconnect(became)
        sharp.callback(None)

    if view.isSharp:
        sharp.callback(None)
    else:
        view.pictureSharp.connect(became)
    return sharp
