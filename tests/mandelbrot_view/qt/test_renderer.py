# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tasks are queued and cancelled: workers in memory and a clock, both stepped by hand."""

import numpy as np
import pytest
from twisted.python.failure import Failure

from aqlib import TaskState, WorkerLost
from mandelbrot_view.kernels.escape import INSIDE
from mandelbrot_view.pictures import render as renderModule
from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt.pieces import GROUP
from mandelbrot_view.qt.renderer import QUIET, SUCCESSION

from .stage import SIZE, TILES, Stage, framing, zoomed


@pytest.fixture(autouse=True)
def kernel(compiled, monkeypatch):
    monkeypatch.setattr(renderModule, "start_work", compiled)


@pytest.fixture
def stage():
    return Stage()


class TestANewView:
    def test_first_comes_the_coarse_pass_a_task_a_worker_then_the_tiles(self, stage):
        stage.show(framing())
        assert [worker.taskNow.name for worker in stage.workers] == ["coarse 1/2", "coarse 2/2"]
        assert all(task.doNext for task in stage.tasks.named("coarse"))
        assert len(stage.tasks.named("tile")) == TILES
        assert {task.group for task in stage.tasks.all} == {GROUP}
        assert {task.series for task in stage.tasks.all} == {None}

    def test_all_of_the_coarse_pass_is_to_be_seen_at_once(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        assert stage.picture.isWholeKnown
        assert stage.listener.coarsePasses == 1

    def test_at_the_end_it_is_sharp(self, stage):
        stage.show(framing())
        assert stage.finishAll() == 2 + TILES
        assert stage.picture.isSharp
        assert stage.listener.idle == 1
        assert not stage.renderer.isBusy
        assert stage.clock.getDelayedCalls() == []

    def test_the_tile_at_the_focus_comes_first(self, stage):
        stage.show(framing(), focus=(590.0, 290.0))
        assert stage.tasks.named("tile")[0].name == "tile 3,2"

    def test_while_the_queue_is_paused_nothing_begins_and_nothing_is_lost(self, stage):
        stage.queue.pause()
        stage.show(framing())
        assert stage.finishAll() == 0
        stage.queue.resume()
        stage.finishAll()
        assert stage.picture.isSharp


class TestAZoom:
    def test_tiles_that_are_no_longer_wanted_are_cancelled(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        stage.show(zoomed(1))
        assert len(stage.tasks.inState(TaskState.CANCELLED)) == TILES
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp

    def test_a_cancelled_one_that_waits_never_begins(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        stage.show(zoomed(1))
        assert len([task for task in stage.tasks.named("tile") if task.startedAt is not None]) == 2

    def test_the_coarse_pass_goes_on_and_is_shown_scaled(self, stage):
        stage.show(framing())
        stage.show(zoomed(1))
        stage.show(zoomed(2))
        assert len(stage.tasks.named("coarse")) == 2
        for worker in stage.workers:
            stage.finish(worker)
        assert stage.picture.isWholeKnown
        assert {task.state for task in stage.tasks.named("coarse")[:2]} == {TaskState.DONE}

    def test_then_only_the_newest_place_has_its_coarse_pass(self, stage):
        stage.show(framing())
        for clicks in range(1, 6):
            stage.show(zoomed(clicks))
        stage.finishCoarsePass()
        places = [task.call.args[0] for task in stage.tasks.named("coarse")]
        assert places == [HOME] * 2 + [zoomed(5).place] * 2
        assert stage.listener.coarsePasses == 0
        stage.finishCoarsePass()
        assert stage.listener.coarsePasses == 1

    def test_a_coarse_pass_of_which_nothing_would_be_seen_is_cancelled(self, stage):
        stage.show(framing())
        stage.show(framing(HOME.zoomedBy(1e6, 10, 10, SIZE)))
        assert {task.state for task in stage.tasks.named("coarse")[:2]} == {TaskState.CANCELLED}
        assert [worker.taskNow.name for worker in stage.workers] == ["coarse 1/2", "coarse 2/2"]

    def test_a_coarse_pass_to_another_limit_is_cancelled(self, stage):
        stage.show(framing())
        stage.show(framing(limit=30))
        assert {task.state for task in stage.tasks.named("coarse")[:2]} == {TaskState.CANCELLED}
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp

    def test_another_limit_of_a_sharp_picture_needs_no_coarse_pass(self, stage):
        stage.show(framing())
        stage.finishAll()
        for limit, isSharp in ((30, True), (90, False)):
            stage.clock.advance(1)
            stage.show(framing(limit=limit))
            assert stage.picture.isSharp is isSharp
            stage.finishAll()
            assert stage.picture.isSharp
        assert len(stage.tasks.named("coarse")) == 2

    def test_while_the_wheel_turns_no_tiles_are_queued(self, stage):
        stage.show(framing())
        for clicks in range(1, 20):
            stage.clock.advance(SUCCESSION / 4)
            stage.show(zoomed(clicks))
            stage.finishCoarsePass()
        assert len(stage.tasks.named("tile")) == TILES
        stage.clock.advance(QUIET)
        assert len(stage.tasks.named("tile")) == 2 * TILES
        stage.finishAll()
        assert stage.picture.isSharp

    def test_while_the_wheel_turns_a_pass_comes_in_one_piece_and_is_as_fine_as_there_is_time_for(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        for clicks in range(1, 7):
            stage.clock.advance(SUCCESSION / 4)
            stage.show(zoomed(clicks))
            stage.finishCoarsePass()
        assert [len(steps) for steps in stage.listener.passes] == [2] * 6
        assert all(step in (1, 2, 4, 8, 16) for steps in stage.listener.passes for step in steps)

    def test_when_it_has_come_to_rest_tiles_are_of_where_it_is(self, stage):
        stage.show(framing())
        stage.finishAll()
        for clicks in range(1, 4):
            stage.clock.advance(SUCCESSION / 4)
            stage.show(zoomed(clicks))
            stage.finishCoarsePass()
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp
        expected = Stage()
        expected.show(zoomed(3))
        expected.finishAll()
        # Whether a point's cycle was found may depend on the points beside it.
        assert (np.maximum(stage.picture.counts, INSIDE) == np.maximum(expected.picture.counts, INSIDE)).all()

    def test_of_a_pass_of_which_a_part_fails_the_rest_is_shown(self, stage):
        stage.show(framing())
        stage.finishAll()
        stage.show(zoomed(1))
        for _ in range(2):
            stage.finishUntil("coarse 2/2").fail(Failure(ZeroDivisionError("division by zero")))
        stage.finishCoarsePass()
        assert [len(steps) for steps in stage.listener.passes] == [1]
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp

    def test_after_a_pause_tiles_come_with_the_coarse_pass(self, stage):
        stage.show(framing())
        stage.finishAll()
        stage.clock.advance(SUCCESSION)
        stage.show(zoomed(1))
        assert len(stage.tasks.named("tile")) == 2 * TILES


class TestAPan:
    def panned(self, dx, dy):
        return framing(HOME.pannedBy(dx, dy, SIZE[1]))

    def test_only_what_came_into_the_picture_is_computed(self, stage):
        stage.show(framing())
        stage.finishAll()
        before = len(stage.tasks.all)
        stage.clock.advance(1)
        stage.show(self.panned(-40, 0))
        stage.finishAll()
        assert stage.picture.isSharp
        tiles = [task.call.args[2] for task in stage.tasks.all[before:]]
        assert {(tile.x, tile.width) for tile in tiles} == {(560, 40)}

    def test_tiles_that_are_still_to_be_seen_go_on_and_land_at_their_place(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        stage.show(self.panned(-40, 17))
        stage.clock.advance(QUIET)
        assert stage.tasks.inState(TaskState.CANCELLED) == []
        stage.finishAll()
        assert stage.picture.isSharp
        expected = Stage()
        expected.show(self.panned(-40, 17))
        expected.finishAll()
        assert (stage.picture.counts == expected.picture.counts).all()

    def test_nothing_is_computed_twice(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        for i in range(1, 5):
            stage.show(self.panned(-30 * i, 10 * i))
            stage.clock.advance(QUIET)
            stage.finishCoarsePass()
        stage.finishAll()
        assert stage.picture.isSharp
        sizes = [task.call.args[2] for task in stage.tasks.named("tile") if task.state is TaskState.DONE]
        assert sum(tile.width * tile.height for tile in sizes) <= (600 + 120) * (300 + 40)

    def test_tiles_out_of_sight_are_cancelled(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        stage.show(self.panned(-520, 0))
        assert len(stage.tasks.inState(TaskState.CANCELLED)) == 4
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp

    def test_while_the_picture_is_dragged_tiles_are_queued_now_and_then(self, stage):
        stage.show(framing())
        stage.finishAll()
        before = len(stage.tasks.named("tile"))
        stage.clock.advance(1)
        for i in range(1, 101):
            stage.show(self.panned(-i, 0))
            stage.finishAll()
            stage.clock.advance(QUIET / 10)
        # Two for each strip: one is at the left end of a row of tiles.
        assert 2 <= (len(stage.tasks.named("tile")) - before) / 2 <= 12


class TestFaults:
    def test_a_tile_whose_worker_dies_is_queued_again_for_what_is_missing(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        [worker, _] = stage.workers
        task = worker.taskNow
        *items, (step, first, rows) = task.call.f(*task.call.args, **task.call.kw)
        worker.stream().feed([*items, (step, first, rows[:-7])])
        worker.fail(Failure(WorkerLost(123, signal=9)))
        again = stage.tasks.all[-1]
        assert again.name == task.name
        assert again.call.args[2] == task.call.args[2]._replace(y=249, height=7)
        stage.finishAll()
        assert stage.picture.isSharp
        assert stage.listener.hints == []

    def test_a_tile_that_fails_twice_stays_coarse_and_the_rest_goes_on(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        name = stage.workers[0].taskNow.name
        for _ in range(2):
            stage.finishUntil(name).fail(Failure(ZeroDivisionError("division by zero")))
        stage.finishAll()
        assert stage.listener.hints == [f"{name.capitalize()} failed twice and stays coarse: division by zero"]
        assert not stage.picture.isSharp
        assert stage.picture.isWholeKnown
        assert not stage.renderer.isBusy

    def test_a_coarse_band_whose_worker_dies_is_queued_again(self, stage):
        stage.show(framing())
        stage.workers[0].fail(Failure(WorkerLost(123, signal=9)))
        stage.finishAll()
        assert len(stage.tasks.named("coarse")) == 3
        assert stage.picture.isSharp

    def test_a_tile_that_the_user_cancels_stays_coarse(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        waiting = [task for task in stage.tasks.named("tile") if task.isWaiting]
        waiting[-1].cancel()
        stage.finishAll()
        assert len(stage.tasks.named("tile")) == TILES
        assert not stage.picture.isSharp
        assert stage.listener.hints == []
        assert not stage.renderer.isBusy

    def test_a_coarse_pass_that_the_user_cancels_does_not_hold_up_the_next_place(self, stage):
        stage.show(framing())
        for task in stage.tasks.named("coarse"):
            task.cancel()
        stage.show(zoomed(1))
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp

    @pytest.mark.parametrize("seed", range(6))
    def test_whatever_the_user_cancels_is_reported_and_computed_on_request(self, stage, seed):
        random = np.random.default_rng(seed)
        stage.show(framing())
        for _ in range(int(random.integers(0, TILES))):
            if stage.workers[0].task is not None:
                stage.finish(stage.workers[0])
        pending = [task for task in stage.tasks.all if not task.isFinished]
        for number in random.permutation(len(pending))[: int(random.integers(1, len(pending) + 1))]:
            pending[number].cancel()
        stage.finishAll()
        assert stage.renderer.isCancelled is not stage.picture.isSharp
        stage.renderer.computeAgain()
        assert not stage.renderer.isCancelled
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp
        assert stage.listener.cancellations in (0, 2)

    def test_cancelled_pieces_may_be_requested_while_others_run(self, stage):
        stage.show(framing())
        stage.tasks.named("coarse")[0].cancel()
        stage.tasks.named("tile")[-1].cancel()
        stage.renderer.computeAgain()
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp
        assert stage.listener.coarsePasses == 1

    def test_what_the_renderer_cancels_itself_is_not_reported(self, stage):
        stage.show(framing())
        stage.finishCoarsePass()
        stage.show(zoomed(1))
        assert stage.listener.cancellations == 0

    def test_another_place_ends_the_report(self, stage):
        stage.show(framing())
        stage.tasks.named("tile")[-1].cancel()
        assert stage.renderer.isCancelled
        stage.show(zoomed(1))
        assert not stage.renderer.isCancelled

    def test_nothing_is_queued_on_request_when_nothing_was_cancelled(self, stage):
        stage.show(framing())
        stage.finishAll()
        before = len(stage.tasks.all)
        stage.renderer.computeAgain()
        assert len(stage.tasks.all) == before

    def test_a_queue_that_takes_no_calls_says_why(self, stage, loggedErrors):
        stage.queue.degrade("All workers die.")
        loggedErrors.flush()
        stage.show(framing())
        assert set(stage.listener.hints) == {"The picture cannot be computed: All workers die."}
        assert not stage.renderer.isBusy
        assert stage.tasks.all == []

    def test_a_queue_that_has_recovered_goes_on(self, stage, loggedErrors):
        stage.show(framing())
        stage.finishCoarsePass()
        stage.queue.degrade("All workers die.")
        loggedErrors.flush()
        stage.queue.recover()
        stage.clock.advance(QUIET)
        stage.finishAll()
        assert stage.picture.isSharp
        assert stage.listener.hints[-1] == ""


class TestStop:
    def test_all_is_cancelled_and_nothing_comes_any_more(self, stage, loggedErrors):
        stage.show(framing())
        stage.renderer.stop()
        assert {task.state for task in stage.tasks.all} == {TaskState.CANCELLED}
        stage.clock.advance(1)
        assert stage.finishAll() == 0
        assert stage.clock.getDelayedCalls() == []
        assert loggedErrors.flush() == []

    def test_tiles_that_were_to_be_queued_are_not(self, stage):
        stage.show(framing())
        stage.show(zoomed(1))
        stage.renderer.stop()
        assert stage.clock.getDelayedCalls() == []
        assert not stage.renderer.isBusy
