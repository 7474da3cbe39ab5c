# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.ranks import MOST_SAMPLES, Ranks


def deep(shape=(240, 320), seed=1):
    """Counts as of a deep picture: nearly all a little above a high number, a few far higher."""
    return 9000 + np.random.default_rng(seed).pareto(1.2, shape) * 20


def test_each_tenth_of_the_ranks_has_a_tenth_of_the_pixels():
    counts = deep()
    share, _ = np.histogram(Ranks.of(counts)(counts), bins=10, range=(0, 1))
    assert share / counts.size == pytest.approx(np.full(10, 0.1), abs=0.02)


def test_higher_counts_have_higher_ranks_from_0_to_1():
    counts = np.sort(deep((100, 100)).ravel()).reshape(100, 100)
    ranks = Ranks.of(counts)(counts).ravel()
    assert (np.diff(ranks) >= 0).all()
    assert (ranks[0], ranks[-1]) == pytest.approx((0, 1), abs=1e-3)


def test_what_is_inside_or_unknown_does_not_count():
    counts = deep((80, 80))
    more = np.concatenate([counts, np.full((40, 80), -1), np.full((40, 80), np.nan, np.float32)])
    assert Ranks.of(counts).differ(Ranks.of(more)) < 1e-3
    assert np.isfinite(Ranks.of(more)(more)).all()


def test_the_coarse_pass_of_a_picture_ranks_as_the_sharp_picture_does():
    counts = deep((720, 1280))
    coarse = counts[::8, ::8].repeat(8, 0).repeat(8, 1)
    assert counts[::8, ::8].size <= MOST_SAMPLES
    assert Ranks.of(coarse).differ(Ranks.of(counts)) < 1e-3


def test_a_large_picture_ranks_as_a_small_one_of_the_same_does():
    wide = np.tile(np.linspace(10, 500, 4000), (1000, 1))
    assert Ranks.of(wide).differ(Ranks.of(wide[:50, ::20])) < 0.02


@pytest.mark.parametrize("counts", [[[7.0, 7.0]], [[-1.0, np.nan]], [[3.5]], np.empty((0, 4))])
def test_pictures_with_few_counts_have_ranks_too(counts):
    counts = np.array(counts)
    found = Ranks.of(counts)(counts)
    assert ((found >= 0) & (found <= 1)).all()


def test_counts_beyond_those_seen_rank_lowest_and_highest():
    ranks = Ranks.of(np.linspace(100, 200, 1000).reshape(10, 100))
    assert ranks(np.array([5.0, 1e9])).tolist() == [0, 1]


def test_how_much_they_differ_is_the_same_from_both_sides():
    none, some = Ranks.of(np.empty((0, 0))), Ranks.of(deep())
    assert none.differ(some) == some.differ(none) == pytest.approx(1, abs=1e-3)
    assert some.differ(some) < 1e-3
