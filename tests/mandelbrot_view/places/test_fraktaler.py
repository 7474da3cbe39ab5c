# SPDX-License-Identifier: GPL-3.0-or-later
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.places import fraktaler
from mandelbrot_view.places.place import HOME, Place, PlaceError

from .strategies import deepPlaces

# In the manner of the program's own files, which break long numbers.
FILE = '''program = "fraktaler-3"
version = "3.1"
location.real = """\\
-1.7598171308048478138\\
10625"""
location.imag = "-0.012593310799749865383746"
location.zoom = "1e14"
bailout.iterations = 4036
bailout.escape_radius = 625.0
transform.rotate = 0.5
'''
PLACE = Place("-1.759817130804847813810625", "-0.012593310799749865383746", "1e14", 4036)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_whatever_ends_its_lines(end):
    assert fraktaler.read(FILE.replace("\n", end)).place == PLACE


def test_tables_and_plain_numbers_serve_as_well():
    text = "[bailout]\niterations = 500\n[location]\nreal = -0.12345678901234567890123\nzoom = 3\nimag = 1e-2\n"
    assert fraktaler.read(text).place == Place("-0.12345678901234567890123", "0.01", "3", 500)


def test_what_is_not_there_has_its_default_value():
    assert fraktaler.read('location.zoom = "5"').place == Place("0", "0", "5")


@given(deepPlaces)
def test_what_is_written_is_read_as_the_very_place(place):
    assert fraktaler.read(fraktaler.write(place)).place == place


def test_an_automatic_limit_becomes_a_number():
    assert fraktaler.read(fraktaler.write(HOME)).place.limit == HOME.autoLimit()


@pytest.mark.parametrize("formula", ["[[formula]]\npower = 2\n", "[[formula]]\n", "formula = []"])
def test_the_formula_of_the_mandelbrot_set_may_be_said(formula):
    assert fraktaler.read(f"location.zoom = '5'\n{formula}").place == Place("0", "0", "5")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("location.real = ", r"no valid TOML \(Invalid value"),
        ("a = " + "[" * 100_000, "no valid TOML"),
        ('program = "fraktaler-3"', "none of them is there"),
        ("location = 5", "location is not a table, but 5"),
        ("location.zoom = true", "location.zoom = True is not a number"),
        ("location.zoom = [1]", r"location.zoom = \[1\] is not a number"),
        ("location.zoom = 'deep'", "zoom='deep' is not a number"),
        ("location.zoom = nan", "not a finite number"),
        ("location.zoom = 0", "zoom=0 must be greater than 0"),
        ("location.real = 20", "re='20' is out of range"),
        (f"location.real = 1e{'9' * 30}", "no valid TOML"),
        (f"location.real = [0x{'f' * 5000}]", "location.real = .* is not a number"),
        (f"location.zoom = 1\nbailout.iterations = 0x{'f' * 5000}", r"limit=\d{60}…\d{15} is out of range"),
        ("location.zoom = 1\nbailout.iterations = 1.5", "bailout.iterations = .* is not a whole number"),
        ("location.zoom = 1\nbailout.iterations = 0", "limit=0 is out of range"),
        ("location.zoom = 1\n[[formula]]\nabs_x = true", "another fractal"),
        ("location.zoom = 1\n[[formula]]\npower = 3", "another fractal"),
        ("location.zoom = 1\n[[formula]]\n[[formula]]", "another fractal"),
    ],
)
def test_what_is_wrong_is_told(text, complaint):
    with pytest.raises(PlaceError, match=complaint):
        fraktaler.read(text)


values = st.recursive(
    st.text(max_size=20).map(repr) | st.integers().map(str) | st.floats().map(str) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
)


@given(st.sampled_from(["location", "location.real", "location.zoom", "bailout.iterations", "formula"]), values)
def test_nonsense_is_an_error_and_nothing_else(key, value):
    with suppress(PlaceError):
        assert isinstance(fraktaler.read(f'{key} = {value}\nlocation.imag = "0.5"\n').place, Place)
