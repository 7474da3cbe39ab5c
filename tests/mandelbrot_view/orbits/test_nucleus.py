# SPDX-License-Identifier: GPL-3.0-or-later
from decimal import Decimal

import gmpy2
import pytest

from aqlib import context
from mandelbrot_view.orbits import nucleus as module
from mandelbrot_view.orbits.nucleus import NucleusError, nucleus
from mandelbrot_view.wanted import Cancelled

from .direct import E112, orbit
from .test_period import NUCLEUS_3


@pytest.mark.parametrize(
    ("re", "im", "period", "expected"),
    [
        ("0.1", "-0.1", 1, ("0", "0")),
        ("-0.9", "0.1", 2, ("-1", "0")),
        ("-1", "0", 2, ("-1", "0")),
        ("-1.75", "0.001", 3, (NUCLEUS_3, "0")),
        ("-0.13", "0.74", 3, ("-0.12256116687665361997524", "0.74486176661974423659317")),
        ("-0.13", "-0.74", 3, ("-0.12256116687665361997524", "-0.74486176661974423659317")),
        ("-1.31", "0", 4, ("-1.31070264133683288354651", "0")),
    ],
)
def test_known_nuclei(re, im, period, expected):
    found = nucleus(re, im, period, -4.0, 0.0)
    assert found.period == period
    for part, exact in zip(found.text(), expected, strict=True):
        assert abs(Decimal(part) - Decimal(exact)) < Decimal("1e-12")


def test_it_is_right_to_far_below_its_minibrots_size():
    found = nucleus(*E112[:2], 1142, -375.0, -370.0)
    re, im = found.text()
    # The minibrot is 1e-114 in size.
    assert 123 < len(re.partition(".")[2]) < 135
    z, d = orbit(re, im, 2000, 1142)[-1]
    with gmpy2.context(precision=2000):
        assert abs(z / d) < gmpy2.mpfr("1e-123")
        assert gmpy2.log2(abs(z / d)) < found.precision + 2


@pytest.mark.slow
def test_a_nucleus_of_a_great_period():
    re = "-0.0494700290631040937516922267273536301187457124882248793181049402326421947726869034279915499747594190"
    im = "-0.6747875758446753640113920531305976563347707068224034806979997947909941983454845111514208499540310300"
    found = nucleus(re, im, 86614, -165.0, -160.0)
    z, d = orbit(*found.text(), bits=500, steps=86614)[-1]
    with gmpy2.context(precision=500):
        assert gmpy2.log2(abs(z / d)) < found.precision + 2


def test_what_is_too_far_away_is_not_taken():
    with pytest.raises(NucleusError, match="no nucleus of period 3 so near"):
        nucleus("-1.7", "0", 3, -8.0, -8.0)


@pytest.mark.parametrize(("re", "im", "period"), [("16", "16", 300), ("-0.1", "0.2", 40)])
def test_newton_that_leads_nowhere_is_told(re, im, period):
    with pytest.raises(NucleusError, match=f"period {period}"):
        nucleus(re, im, period, -20.0, -10.0)


def test_where_the_derivative_is_0_there_is_no_way():
    # d_2 = 2 c + 1.
    with pytest.raises(NucleusError, match="does not come to a nucleus of period 2"):
        nucleus("-0.5", "0", 2, -2.0, 2.0)


def test_it_is_the_same_whatever_digits_the_process_works_in():
    with gmpy2.context(precision=20):
        found = nucleus("-1.75", "0.001", 3, -4.0, 0.0)
        assert gmpy2.get_context().precision == 20
    assert found == nucleus("-1.75", "0.001", 3, -4.0, 0.0)


def test_it_tells_its_progress(monkeypatch):
    monkeypatch.setattr(module, "_TELL_EVERY", 0.0)
    told: list[context.Progress] = []
    with context.running(context.Context(told.append, lambda: False)):
        nucleus(*E112[:2], 1142, -375.0, -370.0)
    assert told[:3] == [(0, 1142, "nucleus, step 1"), (256, 1142, "nucleus, step 1"), (512, 1142, "nucleus, step 1")]
    assert told[5] == (0, 1142, "nucleus, step 2")


def test_it_ends_when_it_is_no_longer_wanted():
    with context.running(context.Context(lambda progress: None, lambda: True)):
        with pytest.raises(Cancelled, match="nucleus"):
            nucleus(*E112[:2], 10**9, -375.0, -370.0)
