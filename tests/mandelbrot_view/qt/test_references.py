# SPDX-License-Identifier: GPL-3.0-or-later
"""Deep places: the reference orbit is a task of its own, and pieces wait for it."""

import pytest
from twisted.python.failure import Failure

from aqlib import WorkerLost
from mandelbrot_view.orbits.reference import OrbitError, Reference
from mandelbrot_view.pictures import render as renderModule
from mandelbrot_view.places.place import Place
from mandelbrot_view.qt.references import NAME

from .stage import SIZE, TILES, Stage, framing

DEEP = Place("-1.25066", "0.02012", "1e30")


@pytest.fixture(autouse=True)
def kernels(compiled, deep, monkeypatch):
    monkeypatch.setattr(renderModule, "start_work", compiled)
    monkeypatch.setattr(renderModule, "start_deep_work", deep)
    monkeypatch.setattr(renderModule, "is_deep_kernel_awaited", lambda: False)


@pytest.fixture
def stage():
    return Stage()


def orbits(stage):
    return stage.tasks.named(NAME)


def finishAll(stage):
    """All that there is to do, also after the pause for more clicks."""
    count = stage.finishAll()
    stage.clock.advance(1)
    return count + stage.finishAll()


def zoomedIn(place, factor):
    return place.zoomedBy(factor, 100, 50, SIZE)


class TestADeepPlace:
    def test_first_comes_its_reference_orbit_alone(self, stage):
        stage.show(framing(DEEP))
        assert [task.name for task in stage.tasks.all] == [NAME]
        assert stage.tasks.all[0].doNext
        assert stage.renderer.isBusy

    def test_then_the_pieces_which_are_given_it(self, stage):
        stage.show(framing(DEEP))
        stage.finish(stage.workers[0])
        pieces = stage.tasks.all[1:]
        assert [task.name for task in pieces[:2]] == ["coarse 1/2", "coarse 2/2"]
        references = {task.call.kw["reference"] for task in pieces}
        assert len(references) == 1
        assert isinstance(references.pop(), Reference)

    def test_at_the_end_it_is_sharp(self, stage):
        stage.show(framing(DEEP))
        assert finishAll(stage) == 1 + 2 + TILES
        assert stage.picture.isSharp
        assert stage.listener.idle == 1

    def test_a_shallow_one_needs_none(self, stage):
        stage.show(framing())
        finishAll(stage)
        assert orbits(stage) == []
        assert all(task.call.kw["reference"] is None for task in stage.tasks.all)


class TestGoingOn:
    @pytest.fixture
    def there(self, stage):
        stage.show(framing(DEEP))
        finishAll(stage)
        return stage

    def test_a_pan_and_a_zoom_use_the_same(self, there):
        there.show(framing(DEEP.pannedBy(100, 0, SIZE[1])))
        finishAll(there)
        there.show(framing(zoomedIn(DEEP, 4)))
        finishAll(there)
        assert len(orbits(there)) == 1
        assert there.picture.isSharp

    def test_another_place_needs_another(self, there):
        there.show(framing(Place("-1.3", "0.02012", "1e30")))
        finishAll(there)
        assert len(orbits(there)) == 2

    def test_and_the_way_back_does_not(self, there):
        there.show(framing(Place("-1.3", "0.02012", "1e30")))
        finishAll(there)
        there.show(framing(DEEP))
        finishAll(there)
        assert len(orbits(there)) == 2

    def test_before_its_reach_ends_the_next_is_computed_beside_the_picture(self, there):
        place = DEEP
        while len(orbits(there)) == 1:
            place = zoomedIn(place, 8)
            there.show(framing(place))
            assert there.tasks.all[-1].name.startswith(("coarse", "tile")) or len(orbits(there)) == 2
            finishAll(there)
        # The picture did not wait for it: its coarse pass was queued, too, before anything was done.
        assert not orbits(there)[1].doNext
        assert there.picture.isSharp

    def test_one_for_a_view_that_is_left_is_cancelled(self, stage):
        stage.show(framing(DEEP))
        stage.show(framing())
        assert [task.name for task in stage.tasks.all if task.name == NAME and not task.isRunning] == [NAME]
        finishAll(stage)
        assert stage.picture.isSharp

    def test_one_on_the_way_is_waited_for_by_views_near_by(self, stage):
        stage.show(framing(DEEP))
        stage.show(framing(zoomedIn(DEEP, 1.3)))
        assert len(orbits(stage)) == 1
        finishAll(stage)
        assert stage.picture.isSharp


class TestOnTheWayDown:
    """Just above where a place is deep."""

    SOON = Place(DEEP.re, DEEP.im, "8e9", 500)

    def test_the_orbit_is_computed_before_it_is_needed_and_the_picture_does_not_wait_for_it(self, stage):
        stage.show(framing(self.SOON))
        assert [task.name for task in stage.tasks.all[:3]] == [NAME, "coarse 1/2", "coarse 2/2"]
        assert not orbits(stage)[0].doNext
        assert {task.call.kw["reference"] for task in stage.tasks.all[1:]} == {None}
        finishAll(stage)
        assert stage.picture.isSharp
        stage.show(framing(self.SOON.zoomedBy(30, SIZE[0] / 2, SIZE[1] / 2, SIZE)))
        assert stage.tasks.all[-1].call.kw["reference"] is not None
        finishAll(stage)
        assert len(orbits(stage)) == 1
        assert stage.picture.isSharp

    def test_one_that_cannot_be_had_is_no_matter_yet(self, stage):
        stage.show(framing(self.SOON))
        orbits(stage)[0].cancel()
        finishAll(stage)
        assert stage.listener.hints == []
        assert stage.picture.isSharp


class TestFailures:
    def test_a_worker_that_dies_costs_one_more_try(self, stage):
        stage.show(framing(DEEP))
        stage.workers[0].fail(Failure(WorkerLost(123, signal=9)))
        finishAll(stage)
        assert len(orbits(stage)) == 2
        assert stage.picture.isSharp

    def test_an_orbit_that_cannot_be_had_is_told(self, stage):
        stage.show(framing(DEEP))
        stage.workers[0].fail(Failure(OrbitError("no end within the limit")))
        assert stage.listener.hints == ["The picture cannot be computed: no end within the limit"]
        assert not stage.renderer.isBusy
        assert len(stage.tasks.all) == 1

    def test_another_place_is_computed_after_that(self, stage):
        stage.show(framing(DEEP))
        stage.workers[0].fail(Failure(OrbitError("no end within the limit")))
        stage.show(framing())
        finishAll(stage)
        assert stage.picture.isSharp

    def test_one_that_somebody_cancels_leaves_the_picture_as_it_is(self, stage):
        stage.show(framing(DEEP))
        orbits(stage)[0].cancel()
        assert not stage.renderer.isBusy
        assert stage.listener.hints == []
