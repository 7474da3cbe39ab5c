# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.window.viewwait import NOTICE_SECONDS, ViewWait
from aqlib.testing import MemoryWorker

from ..tasks import PausableWorker, Tasks


class Scene:
    """Two workers, and a picture of whose pieces some wait (None) and some run (their worker's number)."""

    def __init__(self) -> None:
        self.tasks = Tasks(2, PausableWorker)
        self.pieces: list[int | None] = []
        self.shown: list[str | None] = []
        self.wait = ViewWait(self.tasks.queue, lambda: self.pieces, lambda: self.shown.append(self.wait.reason))

    def after(self, seconds: float = NOTICE_SECONDS) -> str | None:
        self.wait.refresh()
        self.tasks.clock.advance(seconds)
        return self.wait.reason


@pytest.fixture
def scene():
    return Scene()


def test_other_tasks_that_have_all_workers_are_named_after_a_while(scene):
    scene.tasks.add("key frame 1", "key frame 2")
    scene.pieces = [None, None]
    assert scene.after(NOTICE_SECONDS / 2) is None
    told = "The picture waits: all 2 workers run key frame 1, key frame 2. Cancel a task, or add a worker."
    assert scene.after(NOTICE_SECONDS / 2) == told
    assert scene.shown == [told]


def test_it_goes_when_a_piece_runs(scene):
    scene.tasks.add("one", "two")
    scene.pieces = [None]
    assert scene.after() is not None
    scene.pieces = [1, None]
    scene.wait.refresh()
    assert scene.wait.reason is None
    scene.pieces = [None]
    assert scene.after(NOTICE_SECONDS / 2) is None  # it begins again


@pytest.mark.parametrize("pieces", [[], [1], [None, 2]])
def test_a_picture_that_needs_nothing_or_is_computed_has_no_reason(scene, pieces):
    scene.tasks.add("one", "two")
    scene.pieces = pieces
    assert scene.after() is None
    assert scene.tasks.clock.getDelayedCalls() == []


def test_while_a_worker_is_idle_there_is_no_reason(scene):
    scene.tasks.add("one")
    scene.pieces = [None]
    assert scene.after() is None


def test_paused_workers_are_told(scene):
    for task in scene.tasks.add("one", "two"):
        assert task.pause()
    scene.pieces = [None]
    assert scene.after() == "The picture waits: all 2 workers are paused. Resume a task, or add a worker."


def test_workers_for_commands_are_none_for_the_picture(scene):
    scene.tasks.add("one", "two")
    other = MemoryWorker()
    other.cQualified = ["command"]
    scene.tasks.queue.attachWorker(other)
    scene.pieces = [None]
    assert "all 2 workers run one, two" in (scene.after() or "")


def test_without_a_worker_that_is_told(scene):
    for worker in scene.tasks.workers:
        scene.tasks.queue.detachWorker(worker)
    scene.pieces = [None]
    assert scene.after() == "The picture waits: there is no worker. Add one (Ctrl+Shift+N)."
