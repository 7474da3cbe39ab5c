# SPDX-License-Identifier: GPL-3.0-or-later
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.qt.overlays.scalebar import coordinates, scaleBar


@pytest.mark.parametrize(
    ("spacing", "bar"),
    [("0.0025", (80.0, "0.2")), ("0.01", (100.0, "1")), ("0.05", (100.0, "5")), ("2e-53", (100.0, "2e−51"))],
)
def test_it_is_as_long_as_fits_and_a_round_number(spacing, bar):
    assert scaleBar(Decimal(spacing), 160) == bar


@given(st.decimals("1e-1500", "100", allow_nan=False), st.floats(10, 1000))
def test_at_any_depth_it_fits_and_is_no_dot(spacing, most):
    if not spacing:
        return
    length, told = scaleBar(spacing, most)
    assert most / 2.6 < length <= most * (1 + 1e-12)
    assert told[0] in "1250"


def test_coordinates_have_as_many_digits_as_tell_pixels_apart():
    point = Decimal("-0.743643887037151"), Decimal("0.1318")
    assert coordinates(point, Decimal("0.003")) == "re −0.744   im 0.131"


def test_long_coordinates_are_shortened_in_the_middle():
    point = Decimal("-0.743643887037158704752191506114774"), Decimal(0)
    assert coordinates(point, Decimal("1e-30")) == "re −0.7436438…506115   im 0.00000000…000000"
