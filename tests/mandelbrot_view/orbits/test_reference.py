# SPDX-License-Identifier: GPL-3.0-or-later
import pickle
import random
from decimal import Decimal
from math import hypot, inf, log2

import gmpy2
import numpy as np
import pytest

from aqlib import context
from mandelbrot_view.orbits import reference as module
from mandelbrot_view.orbits.reference import (
    Ending,
    OrbitError,
    Part,
    Reach,
    compute,
    joined,
    offset,
    radius_of,
    reach,
    spacing_of,
    stream,
)
from mandelbrot_view.places.place import MAX_LIMIT, Place
from mandelbrot_view.wanted import Cancelled

from .direct import E14, E112, count, orbit, perturbed_count

SIZE = (1280, 720)


@pytest.fixture(scope="module")
def e112():
    """A reference that wraps."""
    return compute(*E112, SIZE, 250_000)


def test_an_orbit_ends_where_it_returns_to_0(e112):
    assert (e112.steps, e112.wraps, e112.escapes) == (1142, True, False)
    assert e112.limit == MAX_LIMIT
    assert e112.z.shape == (1143, 2)
    assert e112.z.dtype == np.float64
    assert e112.z.flags.c_contiguous
    assert e112.exponents.shape == (1143,)
    assert e112.exponents.dtype == np.int32
    assert e112.z[0].tolist() == [0, 0]
    assert e112.z[1].tolist() == [float(E112[0]), float(E112[1])]
    assert not e112.exponents.any()
    assert (e112.re, e112.im) == E112[:2]


def test_the_digits_suffice_for_every_point_of_the_orbit(e112):
    """The last Z is 1e-90, so that its digits are the first to go."""
    with gmpy2.context(precision=2000):
        for found, (exact, d) in zip(e112.z, orbit(*E112[:2], 2000, 1142), strict=True):
            pixel = abs(d) * gmpy2.mpfr(4) / gmpy2.mpfr(E112[2]) / 720
            assert abs(gmpy2.mpc(*found) - exact) <= 2**-52 * abs(exact) + pixel / 1000


@pytest.mark.parametrize(("place", "limit", "bits"), [(E14, 4036, 160), (E112, 30_000, 520)], ids=["e14", "e112"])
def test_pixels_come_out_right_though_the_orbit_is_short(place, limit, bits):
    reference = compute(place[0], place[1], place[2], SIZE, limit)
    assert reference.steps < limit / 10
    mantissa, exponent = spacing_of(place[2], SIZE)
    dice = random.Random(4)
    for _ in range(12):
        x, y = dice.randrange(SIZE[0]) + 0.5, dice.randrange(SIZE[1]) + 0.5
        re, im = Place(*place).pointAt(x, y, SIZE)
        dc = complex(x - SIZE[0] / 2, SIZE[1] / 2 - y) * mantissa * 2.0**exponent
        assert perturbed_count(reference, dc, limit) == pytest.approx(count(str(re), str(im), bits, limit), abs=1e-4)


def test_an_orbit_that_escapes_serves_any_limit():
    reference = compute("0.26", "1e-20", "1e16", SIZE, 100_000)
    assert (reference.wraps, reference.escapes, reference.limit) == (False, True, MAX_LIMIT)
    assert reference.return_size == inf
    assert hypot(*reference.z[-1]) > 1000 >= hypot(*reference.z[-2])


def test_an_orbit_that_does_neither_is_as_long_as_the_limit():
    reference = compute("-0.1", "0.2", "1e16", SIZE, 1234)
    assert (reference.wraps, reference.escapes) == (False, False)
    assert reference.steps == reference.limit == 1234


def test_a_picture_of_the_whole_set_goes_back_at_once():
    reference = compute("-0.5", "0", "1.6", SIZE, 500)
    assert (reference.steps, reference.wraps) == (1, True)
    assert reference.z.tolist() == [[0, 0], [-0.5, 0]]


@pytest.mark.parametrize("nucleus", ["0", "-1"])
def test_a_centre_on_a_nucleus_goes_back_for_good(nucleus):
    reference = compute(nucleus, "0", "1e400", SIZE, 500)
    assert reference.wraps
    assert reference.z[-1].tolist() == [0, 0]
    assert reach(reference, nucleus, "0", "1e403", SIZE, 500) == Reach.YES


def test_below_the_range_of_doubles_the_return_has_an_exponent():
    near = "-1." + "0" * 399 + "1"
    reference = compute(near, "0", "1e400", SIZE, 500)
    assert reference.steps == 2
    assert reference.exponents.tolist()[:2] == [0, 0]
    assert reference.exponents[2] == pytest.approx(-400 * log2(10), abs=2)
    assert 1 <= reference.z[2, 0] < 2


def test_it_is_the_same_whatever_digits_the_process_works_in(e112):
    with gmpy2.context(precision=20):
        again = compute(*E112, SIZE, 250_000)
        assert gmpy2.get_context().precision == 20
    assert (again.z == e112.z).all()


def test_it_travels_to_workers(e112):
    copy = pickle.loads(pickle.dumps(e112))
    assert (copy.z == e112.z).all()
    assert reach(copy, *E112, SIZE, 250_000) == Reach.YES


# --- as it grows


def test_a_stream_has_the_orbit_in_parts_and_then_its_ending(monkeypatch, e112):
    monkeypatch.setattr(module, "_SLICE", 1e-9)
    monkeypatch.setattr(module, "BLOCK", 100)
    items = list(stream(*E112, SIZE, 250_000))
    parts = [item for item in items if isinstance(item, Part)]
    ending = items[-1]
    assert len(parts) == len(items) - 1 == 1 + 12
    assert [part.first for part in parts] == [0, 1, *range(101, 1143, 100)]
    assert (np.concatenate([part.z for part in parts]) == e112.z).all()
    assert ending == Ending(True, False, e112.bits, e112.return_size)
    whole = joined(*E112, SIZE, items)
    assert (whole.z == e112.z).all()
    assert whole.radius == e112.radius


def test_a_stream_without_its_end_is_no_reference():
    *parts, _ = stream(*E14, SIZE, 5000)
    with pytest.raises(ValueError, match="last item"):
        joined(*E14, SIZE, parts)


def test_it_tells_its_progress(monkeypatch):
    monkeypatch.setattr(module, "_SLICE", 1e-9)
    monkeypatch.setattr(module, "BLOCK", 500)
    told: list[context.Progress] = []
    with context.running(context.Context(told.append, lambda: False)):
        compute(*E112, SIZE, 2000)
    assert told == [(500, 2000, "reference orbit"), (1000, 2000, "reference orbit"), (1142, 2000, "reference orbit")]


def test_it_ends_when_it_is_no_longer_wanted():
    looks = iter([False, False, True])
    with context.running(context.Context(lambda progress: None, lambda: next(looks))):
        with pytest.raises(Cancelled, match="reference orbit"):
            compute("-0.1", "0.2", "1e16", SIZE, MAX_LIMIT)


def test_an_orbit_too_long_for_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_STEPS", 10_000)
    with pytest.raises(OrbitError, match="within 10000 steps; give a limit"):
        compute("-0.1", "0.2", "1e16", SIZE, MAX_LIMIT)
    assert compute("-0.1", "0.2", "1e16", SIZE, 10_000).steps == 10_000


# --- what it serves


def moved(place, right, up):
    """The place so many pixels away."""
    re, im = Place(*place).pointAt(SIZE[0] / 2 + right, SIZE[1] / 2 - up, SIZE)
    return str(re), str(im)


def zoomed(place, factor):
    return f"{Decimal(place[2]) * Decimal(factor):e}"


@pytest.mark.parametrize(
    ("pixels", "expected"), [(0, "yes"), (2000, "yes"), (2100, "ending"), (32_000, "ending"), (33_000, "no")]
)
def test_a_reference_serves_pictures_about_it(e112, pixels, expected):
    for right, up in ((pixels, 0), (0, -pixels)):
        re, im = moved(E112, right, up)
        assert reach(e112, re, im, E112[2], SIZE, 1000).value == expected


@pytest.mark.parametrize(
    ("factor", "expected"), [("1e-60", "yes"), ("1e5", "yes"), ("2e6", "ending"), ("1e7", "ending"), ("4e7", "no")]
)
def test_zooming_in_ends_with_the_digits(factor, expected):
    """On a nucleus, where the return is as near as can be."""
    reference = compute("-1", "0", "1e100", SIZE, 1000)
    assert reach(reference, "-1", "0", zoomed(("", "", "1e100"), factor), SIZE, 1000).value == expected


@pytest.mark.parametrize(
    ("factor", "expected"), [("1e-60", "yes"), ("600", "yes"), ("700", "ending"), ("1e4", "ending"), ("2e4", "no")]
)
def test_zooming_in_ends_where_the_return_is_too_far_away(factor, expected):
    # It returns to within the picture's radius, by construction.
    place = ("-1." + "0" * 100 + "1", "0", "4e101")
    reference = compute(*place, SIZE, 1000)
    assert reference.wraps
    assert reach(reference, place[0], place[1], zoomed(place, factor), SIZE, 1000).value == expected


def test_a_reference_as_long_as_its_limit_serves_no_higher_one():
    place = ("-0.1", "0.2", "1e16")
    reference = compute(*place, SIZE, 1000)
    assert reach(reference, *place, SIZE, 1000) == Reach.YES
    assert reach(reference, *place, SIZE, 1001) == Reach.NO


def test_more_lines_are_a_finer_picture():
    reference = compute("-1", "0", "1e100", SIZE, 1000)
    assert reach(reference, "-1", "0", "1e100", (1280 * 16, 720 * 16), 1000) == Reach.YES
    assert reach(reference, "-1", "0", "1e107", (1280 * 4, 720 * 4), 1000) == Reach.NO


def test_the_offset_of_a_picture_is_in_the_plane(e112):
    re, im, exponent = offset(e112, *moved(E112, 100, -50))
    mantissa, spacing = spacing_of(E112[2], SIZE)
    assert re * 2.0 ** (exponent - spacing) / mantissa == pytest.approx(100, rel=1e-9)
    assert im * 2.0 ** (exponent - spacing) / mantissa == pytest.approx(-50, rel=1e-9)
    assert offset(e112, *E112[:2]) == (0, 0, 0)


def test_scales_of_a_picture():
    mantissa, exponent = spacing_of("1e400", SIZE)
    assert log2(mantissa) + exponent == pytest.approx(2 - 400 * log2(10) - log2(720))
    assert 1 <= mantissa < 2
    mantissa, exponent = radius_of("1e400", SIZE)
    assert log2(mantissa) + exponent == pytest.approx(1 - 400 * log2(10) + log2(hypot(1, 1280 / 720)))
    assert 1 <= mantissa < 2
