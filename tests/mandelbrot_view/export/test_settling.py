# SPDX-License-Identifier: GPL-3.0-or-later
from dataclasses import replace

import pytest

from mandelbrot_view.colour.colouring import Colouring, Scale
from mandelbrot_view.export.movie import Movie
from mandelbrot_view.export.settling import settled
from mandelbrot_view.places.place import Place

from ..truths.judging import load
from .stage import PLACE, Stage

# All its counts are nearly alike.
FLAT = Place.make("0.2500000985", "0", "2e10", 20_000)
DEEP = Place.make("-1.7400623825793399052208441670658256382966417204361718668798624184611829", "0", "1e30", 200)


def movie(place, start, scale=Scale.AUTOMATIC):
    return Movie(place, start, (96, 64), Colouring(scale=scale, density=2.0), 1, 10, 2.0)


@pytest.mark.parametrize(
    ("place", "start", "scale"),
    [(PLACE, "1", Scale.SMOOTH), (FLAT, "1", Scale.EQUALISED), (replace(FLAT, zoom="4"), "2e10", Scale.EQUALISED)],
)
def test_the_deepest_picture_decides(place, start, scale):
    stage, asked = Stage(), movie(place, start)
    stage.run(settled(stage.queue, asked))
    assert stage.names == ["colours"]
    stage.finishAll()
    assert stage.failure is None
    assert stage.result == [asked._replace(colouring=asked.colouring._replace(scale=scale))]


def test_beyond_double_precision_it_takes_an_orbit():
    stage = Stage()
    stage.run(settled(stage.queue, movie(DEEP, "1")))
    assert stage.names == ["reference orbit"]
    assert stage.finishAll() == 2
    assert stage.failure is None
    assert stage.result[0].colouring.scale in (Scale.SMOOTH, Scale.EQUALISED)


@pytest.mark.parametrize("scale", [Scale.SMOOTH, Scale.EQUALISED])
def test_a_scale_that_was_chosen_stays(scale):
    stage, asked = Stage(), movie(FLAT, "1", scale)
    stage.run(settled(stage.queue, asked))
    assert (stage.names, stage.result) == ([], [asked])


def test_a_minibrot_whose_period_is_beyond_the_guess_has_a_higher_limit(monkeypatch):
    place = replace(next(truth.place for truth in load() if truth.name == "minibrot_1e151"), limit=None)
    monkeypatch.setattr(Place, "autoLimit", lambda _: 4000)
    stage = Stage()
    stage.run(settled(stage.queue, movie(place, "1e149")))
    stage.finishAll()
    assert stage.failure is None
    assert stage.result[0].place == replace(place, limit=stage.result[0].place.limit)
    assert 40 * 11_380 < stage.result[0].place.limit < 60 * 11_380
