# SPDX-License-Identifier: GPL-3.0-or-later
"""The nearest minibrot: the search is a task, by a worker in memory."""

import pytest
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from aqgui.window.minibrots import LOOKING, NAME, Minibrots
from aqlib import TaskQueue, WorkerLost
from aqlib.testing import MemoryWorker
from mandelbrot_view.orbits.minibrot import Minibrot, NoMinibrot
from mandelbrot_view.places.place import MAX_ZOOM, Place
from mandelbrot_view.qt.view import MandelbrotView

NEAR = Place("-1.755", "0.001", "20")


@pytest.fixture
def queue():
    queue = TaskQueue(reactor=Clock())
    queue.attachWorker(MemoryWorker())
    return queue


@pytest.fixture
def view(queue, qtbot):
    view = MandelbrotView(queue, NEAR)
    qtbot.addWidget(view)
    view.resize(320, 240)
    return view


@pytest.fixture
def said():
    return []


@pytest.fixture
def minibrots(view, queue, said):
    return Minibrots(view, queue, said.append)


@pytest.fixture
def worker(queue):
    return queue.workers()[0]


def test_it_is_found_and_gone_to_and_its_period_is_told(minibrots, view, worker, said):
    minibrots.find()
    assert said == [LOOKING]
    assert worker.taskNow.name == NAME
    worker.step()
    assert view.place.re.startswith("-1.75487766624669")
    assert float(view.place.zoom) > 20
    assert said[-1].startswith("Minibrot of period 3, ")
    view.goBack()
    assert view.place == NEAR


def test_one_that_is_too_small_is_gone_to_as_far_as_it_goes(minibrots, view, worker):
    minibrots.find()
    worker.succeed(Minibrot("-1.75", "0", 9, "1e-2100", 0.0, "1e2100", False))
    assert view.place == Place.make("-1.75", "0", MAX_ZOOM)


def test_a_disc_and_the_whole_set_are_told_as_what_they_are(minibrots, worker, said):
    minibrots.find()
    worker.succeed(Minibrot("-1", "0", 2, "5e-1", 0.0, "1.6", True))
    assert said[-1] == "Nearest is a disc of period 2, not a minibrot."
    minibrots.find()
    worker.succeed(Minibrot("0", "0", 1, "1e+0", 0.0, "0.8", False))
    assert said[-1] == "The nearest minibrot is the set itself."


def test_another_search_takes_the_place_of_the_first(minibrots, view, worker):
    minibrots.find()
    first = worker.taskNow
    minibrots.find()
    assert not first.isRunning
    worker.step()
    assert view.place != NEAR


def test_where_there_is_none_it_says_what_to_do(minibrots, view, worker, said):
    minibrots.find()
    worker.fail(Failure(NoMinibrot("no minibrot was found near here; try a higher limit")))
    assert said[-1] == "No minibrot was found near here; try a higher limit."
    assert view.place == NEAR


def test_one_that_is_cancelled_in_the_queue_panel_is_told(minibrots, worker, said):
    minibrots.find()
    worker.taskNow.cancel()
    assert said[-1] == "The search for a minibrot was cancelled."


def test_a_worker_that_dies_is_told(minibrots, worker, said):
    minibrots.find()
    worker.fail(Failure(WorkerLost(123, signal=9)))
    assert said[-1] == "The search for a minibrot failed; see the events log."


def test_at_the_end_it_is_given_up(minibrots, view, worker):
    minibrots.find()
    task = worker.taskNow
    minibrots.stop()
    assert not task.isRunning
    assert view.place == NEAR
