# SPDX-License-Identifier: GPL-3.0-or-later
"""What is learned from pictures whose escapes are known."""

import numpy as np
import pytest

from mandelbrot_view.kernels.escape import INSIDE
from mandelbrot_view.places.place import HOME, MAX_LIMIT, Place
from mandelbrot_view.qt.autolimit import AutoLimit

PLACE = Place("-0.74", "0.13", "1e5")
GUESS = PLACE.autoLimit()


@pytest.fixture
def auto():
    theLimit = AutoLimit()
    theLimit.of(PLACE)
    return theLimit


def to(escapes, limit):
    """What a picture of points that escape so shows with a limit."""
    return np.where(escapes < limit + 1, escapes, INSIDE)


def settle(auto, escapes, place=PLACE, seconds=0.01):
    """Look at the picture until the limit stays; gives how often it was raised."""
    for count in range(50):
        limit = auto.of(place)
        if not auto.see(place, limit, [to(escapes, limit)], seconds):
            return count
    raise AssertionError("it never ends")


def spread(lowest, highest, size=20_000):
    return np.random.default_rng(1).uniform(lowest, highest, size)


def test_at_first_it_is_the_guess(auto):
    assert auto.of(PLACE) == GUESS
    assert auto.of(HOME) == HOME.autoLimit()


def test_a_limit_that_the_user_has_set_stays(auto):
    mine = Place(PLACE.re, PLACE.im, PLACE.zoom, 70)
    assert not auto.see(mine, 70, [to(spread(10, 500), 70)], 0.01)
    assert auto.of(mine) == 70


def test_where_points_escape_up_to_the_limit_it_is_raised_until_they_do_not(auto):
    assert settle(auto, spread(100, 9 * GUESS)) == 4
    assert auto.of(PLACE) == 16 * GUESS


def test_what_goes_on_without_an_end_is_not_worth_ever_longer_pictures(auto):
    """Beside a disc's root: each doubling shows half as many points as the one before."""
    settle(auto, 0.03 * GUESS / np.random.default_rng(1).uniform(1e-6, 1, 200_000))
    assert 4 * GUESS <= auto.of(PLACE) <= 16 * GUESS


def test_the_inside_does_not_raise_it(auto):
    escapes = spread(100, GUESS / 3)
    escapes[:9000] = np.inf
    assert settle(auto, escapes) == 0


def test_neither_do_points_of_which_a_cycle_was_found(auto):
    counts = spread(100, GUESS)
    counts[:9000] = INSIDE - 3
    assert not auto.see(PLACE, GUESS, [counts], 0.01)


def test_where_nothing_escapes_it_leaps_and_finds_what_is_there(auto):
    settle(auto, spread(50 * GUESS, 55 * GUESS))
    assert auto.of(PLACE) == 64 * GUESS


def test_where_nothing_ever_escapes_there_is_an_end(auto):
    settle(auto, np.full(1000, np.inf))
    assert auto.of(PLACE) <= 64 * GUESS


@pytest.mark.parametrize(("escapes", "seconds"), [(np.full(1000, np.inf), 20), (spread(100, 9 * GUESS), 2)])
def test_there_is_an_end_to_patience(auto, escapes, seconds):
    assert settle(auto, escapes, seconds=seconds) == 0


def test_it_is_bounded(auto):
    deep = Place("0", "1", "1e300")
    auto.of(deep)
    assert auto.seeOrbit(deep, auto.of(deep), 700_000_000)
    assert auto.of(deep) == MAX_LIMIT


def test_an_orbit_that_returns_says_when_points_begin_to_escape(auto):
    assert not auto.seeOrbit(PLACE, GUESS, GUESS // 2 - 1)
    assert auto.seeOrbit(PLACE, GUESS, GUESS)
    assert auto.of(PLACE) == 4 * GUESS


def test_an_old_picture_does_not_raise_it_twice(auto):
    counts = to(spread(100, 9 * GUESS), GUESS)
    assert auto.see(PLACE, GUESS, [counts], 0.01)
    assert not auto.see(PLACE, GUESS, [counts], 0.01)


def test_what_was_learned_holds_nearby_and_on_the_way_back_and_not_far_away(auto):
    settle(auto, spread(100, 3 * GUESS))
    assert auto.of(PLACE) == 4 * GUESS
    closer = Place(PLACE.re, PLACE.im, "2e5")
    assert auto.of(closer) == 2 * closer.autoLimit()
    assert auto.of(PLACE) == 4 * GUESS
    beside = Place("-0.7401", PLACE.im, PLACE.zoom)
    assert auto.of(beside) == auto.of(PLACE) == 4 * GUESS
    assert auto.of(HOME) == HOME.autoLimit()
    assert auto.of(PLACE) == 4 * GUESS


def test_all_that_an_orbit_says_holds_on_the_way(auto):
    auto.seeOrbit(PLACE, GUESS, 2 * GUESS)
    closer = Place(PLACE.re, PLACE.im, "2e5")
    assert auto.of(closer) == pytest.approx(8 * closer.autoLimit(), rel=0.001)


def test_pictures_that_pass_by_do_not_raise_it_far(auto):
    counts = [to(spread(100, 90 * GUESS), 8 * GUESS)]
    assert auto.see(PLACE, GUESS, counts, 0.01, isPassing=True)
    assert auto.of(PLACE) == 2 * GUESS
    assert not auto.see(PLACE, 2 * GUESS, counts, 0.01, isPassing=True)


def test_where_counts_are_far_below_later_pictures_have_a_lower_one(auto):
    escapes = spread(40, 60)
    assert settle(auto, escapes) == 0
    assert auto.of(PLACE) == GUESS
    closer = Place(PLACE.re, PLACE.im, "2e5")
    assert 60 * 4 <= auto.of(closer) < GUESS / 4
    assert auto.of(PLACE) == GUESS


def test_up_and_down_it_does_not_swing(auto):
    """A limit that was brought down is not raised again by a picture of the same counts."""
    escapes = spread(100, 150)
    zooms = [Place(PLACE.re, PLACE.im, f"{1 + i / 10}e5") for i in range(1, 20)]
    raised = [settle(auto, escapes, place) for place in zooms]
    assert raised == [0] * len(zooms)
