# SPDX-License-Identifier: GPL-3.0-or-later
from cmath import exp
from decimal import Decimal, localcontext
from math import pi

import pytest

from aqlib import context
from mandelbrot_view.orbits import minibrot as module
from mandelbrot_view.orbits.minibrot import NoMinibrot, nearest_minibrot
from mandelbrot_view.orbits.nucleus import NucleusError, nucleus
from mandelbrot_view.wanted import Cancelled

from ..truths.judging import load
from .direct import E14, E112, count

SIZE = (1280, 720)
SEAHORSE = ("-0.743643887037151", "0.131825904205330", "1e6")


@pytest.mark.parametrize(
    ("place", "period", "centre", "size"),
    [
        (("-0.5", "0", "1.6"), 1, ("0", "0"), 1.0),
        (("-1.05", "0.05", "20"), 2, ("-1", "0"), 0.5),
        (("-1.75", "0", "20"), 3, ("-1.75487766624669", "0"), 0.0190355),
        (("-0.12", "0.75", "10"), 3, ("-0.12256116687665", "0.74486176661974"), 0.188914),
        (SEAHORSE, 39, ("-0.74364230165786", "0.13182651981260"), 2.16583e-6),
    ],
)
def test_known_minibrots(place, period, centre, size):
    re, im, zoom = place
    found = nearest_minibrot(re, im, zoom, SIZE, 5000)
    assert found.period == period
    assert float(found.re) == pytest.approx(float(centre[0]), abs=1e-11)
    assert float(found.im) == pytest.approx(float(centre[1]), abs=1e-11)
    assert float(found.size) == pytest.approx(size, rel=1e-5)
    assert float(found.zoom) == pytest.approx(0.8 / size, rel=1e-5)


@pytest.mark.parametrize(
    ("place", "period", "size"),
    [
        # In the seahorse valley, beside the great discs; in the elephants' one, with the whole set as near.
        (("-0.75", "0.1", "20"), 32, 1.99973e-5),
        (("0.3", "0.03", "20"), 11, 1.55801e-4),
        (("-1.25", "0.05", "30"), 36, 8.81272e-6),
    ],
)
def test_a_minibrot_in_the_picture_is_better_than_a_disc_or_one_that_is_not_in_it(place, period, size):
    re, im, zoom = place
    found = nearest_minibrot(re, im, zoom, SIZE, 1000)
    assert (found.period, found.is_disc) == (period, False)
    assert float(found.size) == pytest.approx(size, rel=1e-5)
    assert abs(complex(float(found.re), float(found.im)) - complex(float(re), float(im))) < 4 / float(zoom)


def test_among_discs_alone_it_is_a_disc():
    found = nearest_minibrot("-1.401155189", "0", "1e6", SIZE, 3000)  # Feigenbaum's point, where they end
    assert (found.period, found.is_disc) == (512, True)


@pytest.mark.parametrize(
    ("place", "period"),
    [(SEAHORSE, 39), (E14, 252), (E112, 1142)],
    ids=["seahorse", "e14", "e112"],
)
def test_size_and_angle_are_those_of_a_small_copy(place, period):
    """What is inside and outside about the whole set, is so about the copy."""
    re, im, zoom = place
    found = nearest_minibrot(re, im, zoom, SIZE, 5000)
    assert found.period == period
    assert -pi <= found.angle <= pi
    inside = (0.24, 0.1 + 0.4j, 0.1 - 0.4j, -0.7, -1.0 + 0.22j, -1.0 - 0.22j, -1.3)
    outside = (0.28, 0.45 + 0.5j, 0.45 - 0.5j, -0.75 + 0.3j, -0.75 - 0.3j, -1.0 + 0.4j, -2.1)
    for points, expected in ((inside, True), (outside, False)):
        for point in points:
            offset = point * exp(1j * found.angle)
            with localcontext(prec=400):
                right, up = (Decimal(part) * Decimal(found.size) for part in (offset.real, offset.imag))
                re, im = str(Decimal(found.re) + right), str(Decimal(found.im) + up)
            assert (count(re, im, 500, period * 60) < 0) == expected, point


def test_a_picture_without_one_leads_to_the_nearest():
    # Inside the period-2 disc, far from its nucleus; inside the great cardioid; and far outside.
    assert nearest_minibrot("-1.1", "0.1", "1e10", SIZE, 1000).period == 2
    assert nearest_minibrot("-0.1", "0.1", "1e10", SIZE, 1000).re == "0"
    assert nearest_minibrot("2", "2", "100", SIZE, 1000).period == 1
    assert nearest_minibrot("16", "-16", "1e30", SIZE, 1000).period == 1


def test_a_limit_below_the_period_leads_to_a_larger_one():
    assert nearest_minibrot(*E14, SIZE, 252).period == 252
    assert nearest_minibrot(*E14, SIZE, 251).period < 252


def test_its_picture_leads_to_itself():
    found = nearest_minibrot(*SEAHORSE, SIZE, 5000)
    again = nearest_minibrot(found.re, found.im, found.zoom, SIZE, 5000)
    assert (again.period, again.size, again.zoom) == (found.period, found.size, found.zoom)


@pytest.mark.parametrize(
    ("name", "period", "size"),
    [
        ("e1000", 4498, "5.79365e-1098"),
        pytest.param("e50", 86614, "1.80337e-60", marks=pytest.mark.slow),
        ("e318", 53756, "3.63338e-425"),
    ],
)
def test_minibrots_of_deep_places(name, period, size):
    truth = next(truth for truth in load() if truth.name == name)
    place = truth.place
    found = nearest_minibrot(place.re, place.im, place.zoom, SIZE, truth.limit)
    assert (found.period, found.size) == (period, size)
    # Digits enough for its picture, and to spare.
    assert len(found.re.partition(".")[2]) > Decimal(found.zoom).adjusted() + 8
    # The nucleus is in the picture.
    with localcontext(prec=2000):
        for mine, middle in ((found.re, place.re), (found.im, place.im)):
            assert abs(Decimal(mine) - Decimal(middle)) < 4 / Decimal(place.zoom)


def test_a_nucleus_of_a_multiple_of_its_period_is_told_with_its_own():
    found = nucleus("-1.754", "0.001", 6, -9.0, -4.0)
    minibrot = module._minibrot(found)
    assert (found.period, minibrot.period) == (6, 3)
    assert minibrot.size == nearest_minibrot("-1.75", "0", "20", SIZE, 5000).size


def test_where_nothing_is_found_it_says_what_to_do(monkeypatch):
    tried = []

    def nowhere(*arguments):
        tried.append(arguments)
        raise NucleusError("nowhere")

    monkeypatch.setattr(module, "nucleus", nowhere)
    with pytest.raises(NoMinibrot, match="period of at most 5000 was found near here; try a higher limit"):
        nearest_minibrot(*E14, SIZE, 5000)
    assert len(tried) > 1
    assert sum(period for _, _, period, _, _ in tried) <= 2 * 5000 + module._LEAST_STEPS


def test_it_tells_its_progress_and_ends_when_it_is_no_longer_wanted():
    told: list[context.Progress] = []
    with context.running(context.Context(told.append, lambda: bool(told))):
        with pytest.raises(Cancelled):
            nearest_minibrot("-0.1", "0.2", "1e16", SIZE, 10**9)
    assert told[0].total == 10**9
