# SPDX-License-Identifier: GPL-3.0-or-later
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.places import kfr
from mandelbrot_view.places.place import HOME, Place, PlaceError

from .strategies import deepPlaces

# In the manner of the program's own files.
FILE = """Re: -1.759817130804847813810625
Im: -0.012593310799749865383746
Zoom: 1.00e014
Iterations: 4036
IterDiv: 1.000000
Colors: 0,0,0,41,35,190,
MultiColors:
Power: 2
FractalType: 0
imag: 1
real: 1
"""
PLACE = Place("-1.759817130804847813810625", "0.012593310799749865383746", "1e14", 4036)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_whatever_ends_its_lines(end):
    assert kfr.read(FILE.replace("\n", end)).place == PLACE


@given(deepPlaces)
def test_what_is_written_is_read_as_the_very_place(place):
    assert kfr.read(kfr.write(place)).place == place


def test_numbers_are_written_as_older_readers_want_them():
    text = kfr.write(Place("1e-20", "-0.5", "1.5e1000", 700))
    assert text.splitlines()[:4] == ["Re: 0.00000000000000000001", "Im: 0.5", "Zoom: 1.5E1000", "Iterations: 700"]


def test_an_automatic_limit_becomes_a_number():
    assert kfr.read(kfr.write(HOME)).place.limit == HOME.autoLimit()


def test_without_iterations_the_limit_is_automatic():
    assert kfr.read("Re: 0\nIm: 1\nZoom: 2").place == Place("0", "-1", "2")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Re: 1\nZoom: 3", "Im: is missing"),
        ("Re:\nIm: 1\nZoom: 3", "Re: is missing"),
        ("Re: one\nIm: 1\nZoom: 3", "re='one' is not a number"),
        ("Re: 1\nIm: 1\nZoom: -3", "zoom=-3 must be greater than 0"),
        ("Re: 1\nIm: 1\nZoom: 1e5000", "zoom=1e5000 is out of range"),
        ("Re: 1\nIm: 1\nZoom: 3\nIterations: 1.5", "Iterations: '1.5' is not a whole number"),
        ("Re: 1\nIm: 1\nZoom: 3\nIterations: 10000000000", "limit=10000000000 is out of range"),
        ("Re: 1\nIm: 1\nZoom: 3\nFractalType: 1", "another fractal"),
        ("Re: 1\nIm: 1\nZoom: 3\nPower: 3", "another fractal"),
    ],
)
def test_what_is_wrong_is_told(text, complaint):
    with pytest.raises(PlaceError, match=complaint):
        kfr.read(text)


@given(st.text(), st.sampled_from(["Re: ", "Im: ", "Zoom: ", "Iterations: "]))
def test_nonsense_is_an_error_and_nothing_else(junk, key):
    with suppress(PlaceError):
        assert isinstance(kfr.read(FILE.replace(key, f"{key}{junk}", 1)).place, Place)
