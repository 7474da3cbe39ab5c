# SPDX-License-Identifier: GPL-3.0-or-later
from decimal import Context, Decimal
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.places.zooming import doublings, kept, zoomed

EXACT = Context(prec=60)
# As links and files have them: up to 17 digits, from far out to the depth of 1e1999.
written = st.builds(
    lambda digits, power: Decimal(digits).scaleb(power), st.integers(1, 10**17 - 1), st.integers(-40, 1982)
)
factors = st.floats(1.001, 1000) | st.sampled_from([2**0.4, 2**0.25, 2.0, 3.0])


@given(written, st.lists(factors, min_size=1, max_size=6))
def test_the_inverse_factors_lead_back_to_the_very_number(zoom, steps):
    there = zoom
    for factor in steps:
        there = zoomed(there, factor)
    for factor in steps:
        there = zoomed(there, 1 / factor)
    assert there == zoom


@given(written, factors)
def test_it_is_larger_by_the_factor(zoom, factor):
    exact = EXACT.multiply(zoom, Decimal(factor))
    assert abs(EXACT.subtract(zoomed(zoom, factor), exact)) <= exact * Decimal("1e-11")


@given(written, factors)
def test_what_it_gives_is_kept_as_it_is(zoom, factor):
    once = zoomed(zoom, factor)
    assert kept(once) == once
    assert len(once.as_tuple().digits) <= 20


@given(written)
def test_what_people_write_is_kept_as_it_is(zoom):
    assert kept(zoom) == zoom


def test_more_digits_than_can_be_seen_are_not_kept():
    long = Decimal("1.23456789012345678901234567890")
    assert abs(kept(long) - long) < Decimal("1e-17")
    assert len(str(kept(long))) <= 21


@pytest.mark.parametrize(
    ("zoom", "factor", "result"), [("1.6", 2, "3.2"), ("1", 1e30, "1e30"), ("1e50", 0.5, "5e49"), ("1", 3, "3")]
)
def test_plain_numbers_stay_plain(zoom, factor, result):
    assert zoomed(Decimal(zoom), factor) == Decimal(result)


@pytest.mark.parametrize("text", ["1.6", "0.05", "3.7e12"])
def test_doublings_are_the_logarithm(text):
    assert doublings(Decimal(text)) == pytest.approx(log2(float(text)))


def test_five_clicks_of_the_wheel_are_four_times():
    zoom = Decimal("1.6")
    for _ in range(5):
        zoom = zoomed(zoom, 2**0.4)
    assert zoom == Decimal("6.4")


def test_doublings_of_what_no_float_can_hold():
    assert doublings(Decimal("1e1000")) == pytest.approx(1000 * log2(10))
