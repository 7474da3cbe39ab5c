# SPDX-License-Identifier: GPL-3.0-or-later
from itertools import pairwise
from math import inf, log2

import pytest

from aqlib import context
from mandelbrot_view.orbits import period as module
from mandelbrot_view.orbits.period import Return, period_in_disc, returns
from mandelbrot_view.wanted import Cancelled

from .direct import E14, E112

NUCLEUS_3 = "-1.754877666246692760049508896358528691894606617772793143989283970646080655920"


@pytest.mark.parametrize(
    ("re", "im", "radius", "period"),
    [
        ("0.01", "0.02", 0.05, 1),
        ("-0.9", "0.1", 0.2, 2),
        ("-1.754", "0", 0.01, 3),
        ("-0.12", "0.745", 0.01, 3),
        ("-0.12", "-0.745", 0.01, 3),
        ("-1.3107", "0", 0.001, 4),
        ("0.282", "0.53", 0.002, 4),
        ("0.379", "0.335", 0.002, 5),
        (NUCLEUS_3, "0", 1e-50, 3),
    ],
)
def test_known_periods(re, im, radius, period):
    assert period_in_disc(re, im, log2(radius), 1000) == period


def test_periods_of_deep_places():
    assert period_in_disc(E14[0], E14[1], log2(2e-14), 4036) == 252
    assert period_in_disc(E112[0], E112[1], log2(4e-113), 20_000) == 1142


def test_a_disc_without_a_nucleus_has_no_period():
    # Outside, and a point of the period-2 disc that is not near its nucleus.
    assert period_in_disc("0.5", "0.6", -20, 10_000) is None
    assert period_in_disc("-1.1", "0.1", -20, 10_000) is None


def test_a_period_above_the_limit_is_not_found():
    assert period_in_disc(E14[0], E14[1], log2(2e-14), 252) == 252
    assert period_in_disc(E14[0], E14[1], log2(2e-14), 251) is None


def test_returns_come_nearer_and_nearer():
    found = list(returns(*E112[:2], -400.0, 3000))
    assert found[0].period == 1
    assert found[0].distance == pytest.approx(log2(abs(complex(float(E112[0]), float(E112[1])))))
    assert {there.period for there in found} > {1, 2, 3, 1142}
    assert all(a.period < b.period and a.distance > b.distance for a, b in pairwise(found))


def test_on_a_nucleus_the_last_return_is_nearest_of_all():
    assert list(returns("-1", "0", -100.0, 3000)) == [Return(1, 0.0), Return(2, -inf)]


def test_it_tells_its_progress(monkeypatch):
    monkeypatch.setattr(module, "_TELL_EVERY", 0.0)
    monkeypatch.setattr(module, "BLOCK", 400)
    told: list[context.Progress] = []
    with context.running(context.Context(told.append, lambda: False)):
        list(returns("-1.1", "0.1", -20, 1000))
    assert told == [(400, 1000, "period"), (800, 1000, "period"), (1000, 1000, "period")]


def test_it_ends_when_it_is_no_longer_wanted():
    with context.running(context.Context(lambda progress: None, lambda: True)):
        with pytest.raises(Cancelled, match="period"):
            period_in_disc("-1.1", "0.1", -20, 10**9)
