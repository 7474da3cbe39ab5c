# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.gradient import APART, FEWEST, MOST, Gradient
from mandelbrot_view.colour.oklab import of_hex
from mandelbrot_view.colour.palettes import PALETTES, Palette
from mandelbrot_view.colour.perceptual import perceptual

STOPS = ((0.0, "000000"), (0.25, "ff0000"), (0.5, "ffffff"), (0.75, "0000ff"))


@pytest.fixture
def gradient():
    return Gradient(Palette("four", STOPS))


def lab(palette):
    return of_hex([bytes(colour).hex() for colour in palette.table(512)])


def positions(gradient):
    return [position for position, _ in gradient.stops]


def test_it_has_the_palette_s_stops_and_gives_them_back(gradient):
    assert gradient.palette("new") == Palette("new", STOPS)


def test_another_stop_has_the_colour_that_is_there_and_changes_hardly_anything(gradient):
    before = lab(gradient.palette(""))
    assert gradient.add(0.6) == 3
    assert len(gradient) == 5
    assert np.abs(lab(gradient.palette("")) - before).max() < 0.06


def test_a_place_may_be_a_cycle_on(gradient):
    assert gradient.add(1.1) == 1
    assert positions(gradient)[1] == pytest.approx(0.1)


def test_there_is_no_room_on_another_stop_nor_for_too_many(gradient):
    assert gradient.add(0.25) is None
    assert gradient.add(1 - APART / 2) is None
    for i in range(MOST - len(gradient)):
        assert gradient.add((i + 0.5) / MOST) is not None
    assert gradient.add(0.4) is None


@pytest.mark.parametrize(("after", "where"), [(0, 0.125), (3, 0.875)])
def test_one_can_be_put_after_another(gradient, after, where):
    number = gradient.add_after(after)
    assert gradient.stops[number][0] == pytest.approx(where)


def test_after_the_last_of_two_in_the_middle_of_the_way_around():
    gradient = Gradient(Palette("two", ((0.5, "000000"), (0.7, "ffffff"))))
    assert gradient.add_after(1) == 0
    assert positions(gradient) == pytest.approx([0.1, 0.5, 0.7])


def test_stops_go_until_too_few_are_left(gradient):
    assert gradient.remove(1)
    assert gradient.stops == (STOPS[0], *STOPS[2:])
    assert gradient.remove(2)
    assert not gradient.remove(0)
    assert len(gradient) == FEWEST


@pytest.mark.parametrize(
    ("number", "to", "is_then"),
    [(1, 0.3, 0.3), (1, 0.9, 0.5 - APART), (1, -2, APART), (0, -1, 0.0), (3, 7, 1 - APART)],
)
def test_a_stop_moves_as_far_as_its_neighbours_let_it(gradient, number, to, is_then):
    assert gradient.move(number, to) == pytest.approx(is_then)
    assert positions(gradient)[number] == pytest.approx(is_then)
    assert positions(gradient) == sorted(set(positions(gradient)))


def test_a_stop_gets_another_colour(gradient):
    gradient.recolour(2, "00ff00")
    assert gradient.stops[2] == (0.5, "00ff00")


def test_all_are_turned_around(gradient):
    gradient.reverse()
    assert gradient.stops == ((0.0, "000000"), (0.25, "0000ff"), (0.5, "ffffff"), (0.75, "ff0000"))


def test_all_are_spread_evenly(gradient):
    gradient.move(1, 0.1)
    gradient.move(3, 0.51)
    gradient.spread()
    assert gradient.stops == STOPS


@pytest.mark.parametrize("name", ["CET_C1", "fire", "rainbow4", "kb"])
def test_a_palette_of_hundreds_of_stops_is_thinned_to_a_few_that_look_alike(name):
    palette = perceptual()[name]
    gradient = Gradient(palette)
    assert len(gradient) <= 20
    apart = np.linalg.norm(lab(gradient.palette("")) - lab(palette), axis=1)
    assert apart.max() < 0.04
    assert apart.mean() < 0.01


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_ours_are_as_they_are(palette):
    assert Gradient(palette).stops == palette.stops
