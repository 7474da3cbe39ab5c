# SPDX-License-Identifier: GPL-3.0-or-later
import json
from decimal import Decimal
from itertools import pairwise
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.colour.colouring import Colouring, Scale, Shading
from mandelbrot_view.colour.palettes import PALETTES
from mandelbrot_view.export.errors import ExportError
from mandelbrot_view.export.movie import Movie, Plan, described, eased, read
from mandelbrot_view.places.place import Place

VIDEO = Path("zoom.mp4")


def movie(start="1", zoom="100", size=(64, 48), fps=30, seconds=4.0, limit=None, **more):
    place = Place.make("-0.743643887", "0.131825904", zoom, limit)
    return Movie(place, start, size, more.pop("colouring", Colouring()), more.pop("antialias", 1), fps, seconds)


def heights(plan):
    return [chunk.key + share for chunk in plan.chunks for share in chunk.between]


def test_the_last_key_frame_is_the_deepest_picture_and_the_first_reaches_the_widest():
    plan = Plan(movie("1", "100"))
    assert plan.octaves == 7
    assert plan.place(7) == plan.movie.place
    assert Decimal(plan.place(6).zoom) == 50
    assert Decimal(plan.place(0).zoom) <= 1 < Decimal(plan.place(1).zoom)


def test_frames_go_from_the_one_zoom_to_the_other():
    plan = Plan(movie("1", "100"))
    found = heights(plan)
    assert len(found) == 120
    assert Decimal(plan.place(found[-1]).zoom) == 100
    assert float(plan.place(found[0]).zoom) == pytest.approx(1)
    assert found == sorted(found)


def test_and_away_from_a_point_as_well():
    plan = Plan(movie("100", "1"))
    found = heights(plan)
    assert found == sorted(found, reverse=True)
    assert found == pytest.approx(heights(Plan(movie("1", "100")))[::-1])
    assert Decimal(plan.place(found[0]).zoom) == 100


def test_chunks_have_all_frames_in_order_and_none_has_many():
    plan = Plan(movie("1", "3", fps=60, seconds=20.0))
    frames = [chunk.first + i for chunk in plan.chunks for i in range(len(chunk.between))]
    assert frames == list(range(1200))
    assert [chunk.number for chunk in plan.chunks] == list(range(len(plan.chunks)))
    assert max(len(chunk.between) for chunk in plan.chunks) <= 48
    assert all(0 <= share <= 1 for chunk in plan.chunks for share in chunk.between)


def test_a_zoom_by_less_than_two_has_two_key_frames():
    plan = Plan(movie("2", "3"))
    assert plan.octaves == 1
    assert {chunk.key for chunk in plan.chunks} == {0}


def test_depths_that_no_double_has_are_no_matter():
    plan = Plan(movie("1e400", "1e410", seconds=1.0))
    assert plan.octaves == 34
    assert Decimal(plan.place(34).zoom) == Decimal("1e410")
    assert Decimal(plan.place(0).zoom) <= Decimal("1e400")


def test_a_key_frame_is_twice_as_large_and_has_the_limit_that_suits_it():
    plan = Plan(movie(size=(64, 48), antialias=2))
    assert plan.scene(3).size == (128, 96)
    assert plan.scene(3).antialias == 2
    assert plan.scene(1).limit < plan.scene(7).limit
    assert Plan(movie(limit=777)).scene(1).limit == 777


@given(st.floats(0, 1), st.floats(0.1, 100))
def test_the_way_is_the_same_from_both_ends(share, seconds):
    assert 0 <= eased(share, seconds) <= 1
    assert eased(1 - share, seconds) == pytest.approx(1 - eased(share, seconds), abs=1e-12)


def test_between_its_ends_the_speed_is_one_and_it_never_jumps():
    steps = [eased((i + 1) / 600, 20.0) - eased(i / 600, 20.0) for i in range(600)]
    assert min(steps) >= 0
    assert max(steps[60:540]) == pytest.approx(min(steps[60:540]))
    assert steps[0] < max(steps) / 20
    assert max(abs(b - a) for a, b in pairwise(steps)) < max(steps) / 20


def test_a_description_says_all():
    colouring = Colouring(PALETTES["Ember"], 1.5, 0.25, Scale.EQUALISED, Shading.RELIEF)
    one = movie("0.5", "1e60", colouring=colouring, antialias=3, limit=5000)
    text = json.dumps(described(one))
    assert read(json.loads(text)) == one
    assert json.dumps(described(read(json.loads(text)))) == text


@pytest.mark.parametrize(
    "change",
    [
        {"size": [3]}, {"scale": "strange"}, {"place": "north"}, {"place": 5}, {"fps": None}, {"fps": inf},
        {"start": "x"}, {"palette": {}}, {"palette": {"name": "a", "stops": []}},
        {"palette": {"name": "a", "stops": [[0, "red"], [1, 5]]}},
        {"antialias": 0}, {"antialias": 10**9}, {"density": nan}, {"offset": 10**400}, {"seconds": 10**400},
    ],
)  # fmt: skip
def test_a_damaged_description_is_told(change):
    with pytest.raises(ExportError, match="begin it anew"):
        read(described(movie()) | change)


def test_what_can_be_made_is_fine():
    movie().check(VIDEO)
    movie(size=(65, 49)).check(Path("frames"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (movie(size=(65, 48)), "even"),
        (movie(size=(8, 8)), "16 to 8192"),
        (movie(size=(9000, 48)), "16 to 8192"),
        (movie(fps=0), "frames a second"),
        (movie(fps=500), "frames a second"),
        (movie(seconds=0.0), "up to 86400"),
        (movie(seconds=float("nan")), "up to 86400"),
        (movie(seconds=80_000.0), "too many"),
        (movie("100", "1e2"), "both ends"),
    ],
)
def test_what_cannot_is_told_in_a_sentence(wrong, told):
    with pytest.raises(ExportError, match=told):
        wrong.check(VIDEO)
