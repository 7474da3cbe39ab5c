# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from twisted.internet.task import Clock

from aqgui.models.utilisation import KEPT, SAMPLE_EVERY, Utilisation
from aqlib import TaskQueue
from aqlib.testing import MemoryWorker

from ..tasks import PausableWorker


@pytest.fixture
def workers():
    return [MemoryWorker(), MemoryWorker()]


@pytest.fixture
def queue(workers):
    return TaskQueue(*workers, reactor=Clock())


@pytest.fixture
def utilisation(queue):
    utilisation = Utilisation(queue)
    utilisation.sample()
    return utilisation


def go(queue, utilisation, seconds):
    for _ in range(round(seconds / SAMPLE_EVERY)):
        queue.reactor.advance(SAMPLE_EVERY)
        utilisation.sample()


def test_the_share_is_that_of_the_last_seconds(queue, workers, utilisation):
    queue.call(str, 1)
    go(queue, utilisation, 3)
    workers[0].step()
    go(queue, utilisation, 9)
    assert utilisation.share(1) == pytest.approx(0.1, abs=0.03)  # busy 1 of the last 10 s
    assert utilisation.share(1, seconds=12) == pytest.approx(0.25, abs=0.03)
    assert utilisation.share(2) == 0


def test_a_new_worker_is_judged_since_it_came(queue, workers, utilisation):
    go(queue, utilisation, 5)
    queue.attachWorker(late := MemoryWorker())
    for _ in range(3):
        queue.call(str, 1)
    assert late.task is not None
    utilisation.sample()
    go(queue, utilisation, 1)
    assert utilisation.share(3) == pytest.approx(1)


def test_who_is_not_there_is_not_busy(utilisation, queue):
    assert utilisation.share(7) == 0
    assert Utilisation(queue).share(1) == 0
    assert Utilisation(queue).curve() == ([], [])


def test_it_is_flat_when_nothing_was_done_for_as_long_as_it_goes_back(queue, workers, utilisation):
    queue.call(str, 1)
    go(queue, utilisation, 5)
    workers[0].step()
    go(queue, utilisation, KEPT - 1)
    assert not utilisation.isFlat
    go(queue, utilisation, 2)
    assert utilisation.isFlat
    queue.attachWorker(MemoryWorker())
    utilisation.sample()
    assert not utilisation.isFlat


def test_the_curve_goes_back_a_minute(queue, workers, utilisation):
    queue.call(str, 1)
    go(queue, utilisation, KEPT + 5)
    times, shares = utilisation.curve(1)
    assert times[0] == pytest.approx(-KEPT + SAMPLE_EVERY)
    assert times[-1] == 0
    assert set(shares) == {1.0}
    assert utilisation.curve()[1] == pytest.approx([0.5] * len(times))


def test_a_worker_that_is_paused_is_not_busy():
    queue = TaskQueue(PausableWorker(), reactor=Clock())
    utilisation = Utilisation(queue)
    utilisation.sample()
    task = queue.submit(str, 1)
    go(queue, utilisation, 5)
    task.pause()
    go(queue, utilisation, 5)
    assert utilisation.share(1) == pytest.approx(0.5)
    go(queue, utilisation, 10)
    assert utilisation.share(1) == 0
    task.resume()
    go(queue, utilisation, 5)
    assert utilisation.share(1) == pytest.approx(0.5)
    task.pause()
    go(queue, utilisation, KEPT + 1)
    assert utilisation.isFlat
