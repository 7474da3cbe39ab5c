# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of options."""

import math

import pytest

from aqlib.checks import checkCount, checkSeconds


@pytest.mark.parametrize("count", [1, 2, 10**30])
def test_a_count(count):
    checkCount("N", count, 1)


@pytest.mark.parametrize("wrong", [0, -1, 1.0, "2", None, True, [1]])
def test_no_count(wrong):
    with pytest.raises(ValueError, match=r"'N' is a whole number of bytes, 1 or more, not"):
        checkCount("N", wrong, 1, "bytes")


@pytest.mark.parametrize("seconds", [1, 0.001, 10**9])
def test_a_time(seconds):
    checkSeconds("timeout", seconds)


@pytest.mark.parametrize("wrong", [0, -1, math.inf, math.nan, "2", None, True])
def test_no_time(wrong):
    with pytest.raises(ValueError, match=r"'timeout' is a number of seconds above 0, not"):
        checkSeconds("timeout", wrong)
