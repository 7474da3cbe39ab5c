# SPDX-License-Identifier: GPL-3.0-or-later
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.orbits.numbers import difference, fixed, normal, scaled


@pytest.mark.parametrize(
    ("text", "bits", "units"),
    [("0.5", 1, 1), ("-1.25", 2, -5), ("0.3", 4, 5), ("-0.3", 4, -5), ("16", 0, 16), ("1e-4000", 64, 0), ("0", 9, 0)],
)
def test_fixed_point_is_rounded_to_the_nearest(text, bits, units):
    assert fixed(text, bits) == units


def test_fixed_point_keeps_any_number_of_digits():
    text = "-1." + "4159" * 500
    assert abs(Fraction(int(fixed(text, 8000)), 2**8000) - Fraction(text)) <= Fraction(1, 2**8001)


def value(mantissa: float, exponent: int) -> Fraction:
    return Fraction(mantissa) * Fraction(2) ** exponent


decimals = st.builds(
    lambda digits, exponent: Decimal(f"{digits}e{exponent}"), st.integers(-(10**40), 10**40), st.integers(-2100, 10)
)


@given(decimals)
def test_a_decimal_of_any_size_is_scaled_to_double_precision(number):
    mantissa, exponent = scaled(number)
    if number:
        assert 1 <= abs(mantissa) < 2
        assert abs(value(mantissa, exponent) / Fraction(number) - 1) < 2**-52
    else:
        assert (mantissa, exponent) == (0.0, 0)


def test_what_a_double_holds_is_scaled_exactly():
    assert scaled("0.75") == (1.5, -1)
    assert scaled(Decimal(-1024)) == (-1.0, 10)


@pytest.mark.parametrize(("mantissa", "result"), [(3.0, (1.5, 8)), (-0.25, (-1.0, 5)), (1.0, (1.0, 7))])
def test_a_mantissa_is_brought_to_between_1_and_2(mantissa, result):
    assert normal(mantissa, 7) == result


@given(st.tuples(decimals, decimals), st.tuples(decimals, decimals))
def test_a_difference_is_exact_to_double_precision(minuend, subtrahend):
    (a, b), (c, d) = minuend, subtrahend
    re, im, exponent = difference((str(a), str(b)), (str(c), str(d)))
    exact = [Fraction(a) - Fraction(c), Fraction(b) - Fraction(d)]
    larger = max(map(abs, exact))
    if larger:
        assert 1 <= max(abs(re), abs(im)) < 2
        assert all(
            abs(value(part, exponent) - wanted) <= larger / 2**52 for part, wanted in zip((re, im), exact, strict=True)
        )
    else:
        assert (re, im, exponent) == (0.0, 0.0, 0)


def test_a_difference_below_the_range_of_doubles_is_kept():
    re, im, exponent = difference(("1." + "0" * 1000 + "3", "2"), ("1", "2"))
    assert im == 0
    assert abs(value(re, exponent) / Fraction("3e-1001") - 1) < 2**-52
