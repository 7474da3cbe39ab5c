# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest
from numba import njit

from mandelbrot_view.kernels.vectors import Lanes, bits, from_bits, load, lowest, some, store, to_bits


@pytest.fixture(params=[(8, 6), (4, 4), (2, 3), (1, 1)], ids=str)
def lanes(request):
    return Lanes(*request.param)


def number_of(mask) -> int:
    return sum(int(yes) << i for i, yes in enumerate(mask))


def test_a_formula_is_computed_in_all_lanes(lanes):
    @njit
    def formula(x, y, result):
        a, b = load(x, lanes), load(y, lanes)
        store((a + b) * a - 0.5 * b, result)

    x, y, result = np.arange(lanes.lanes) / 4, np.arange(lanes.lanes) / 8 - 2, np.empty(lanes.lanes)
    formula(x, y, result)
    assert (result == (x + y) * x - 0.5 * y).all()  # exact in binary: the order of rounding does not show


def test_comparisons_give_masks_that_can_be_combined(lanes):
    @njit
    def compare(x, y):
        a, b = load(x, lanes), load(y, lanes)
        return bits(a <= b), bits(a == b), bits(~(a <= b)), bits((a <= b) & ~(a == b)), bits((a == b) | (b <= a))

    x, y = np.arange(lanes.lanes) % 3.0, np.arange(lanes.lanes) % 2.0
    expected = x <= y, x == y, x > y, x < y, x >= y
    assert compare(x, y) == tuple(map(number_of, expected))


def test_no_number_is_less_or_equal_or_more(lanes):
    @njit
    def compare(x):
        a = load(x, lanes)
        return some(a <= 1.0), some(a == a), some(~(a <= 1.0))

    assert compare(np.full(lanes.lanes, np.nan)) == (False, False, True)


def test_some_finds_a_single_yes(lanes):
    @njit
    def above(x):
        return some(~(load(x, lanes) <= 1.0))

    x = np.zeros(lanes.lanes)
    assert not above(x)
    for lane in range(lanes.lanes):
        x[lane] = 2
        assert above(x)
        x[lane] = 0


def test_the_lowest_bit_is_the_first_lane():
    @njit
    def found(number):
        return lowest(number)

    assert [found(number) for number in (1, 2, 12, 1 << 47)] == [0, 1, 2, 47]


def test_a_double_and_its_bits():
    @njit
    def there(number):
        return to_bits(number)

    @njit
    def back(number):
        return from_bits(number)

    assert there(1.0) == 0x3FF0000000000000
    assert back(0x4000000000000000) == 2.0


def test_more_lanes_than_a_mask_has_bits_are_refused():
    with pytest.raises(ValueError, match="63"):
        Lanes(8, 8)
