# SPDX-License-Identifier: GPL-3.0-or-later
"""Location files of other programs: which way up they are, what in them cannot be followed, and what is wrong."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.places import deepdrill, files, fractint, fraktaler, kfr, rustfractal, xaos
from mandelbrot_view.places.place import Place, PlaceError

from .test_files import DEEPDRILL, FRACTINT, RUST_FRACTAL, XAOS

KFR = "Re: -0.5\nIm: 0.25\nZoom: 4\n"
TOML = 'program = "fraktaler-3"\nlocation.real = "-0.5"\nlocation.imag = "0.25"\nlocation.zoom = "4"\n'


# --- which way up


@pytest.mark.parametrize(
    ("text", "im"),
    [
        (KFR, "-0.25"),
        (KFR + "ImagPointsUp: 0\n", "-0.25"),
        (KFR + "ImagPointsUp: 1\n", "0.25"),
        (KFR.replace("0.25", "-0.25"), "0.25"),
        (KFR.replace("0.25", "+2.5E-1"), "-0.25"),
        (KFR.replace("0.25", "0"), "0"),
        (TOML, "0.25"),
        (TOML + "transform.reflect = true\n", "-0.25"),
        (TOML + "[transform]\nreflect = false\n", "0.25"),
    ],
)
def test_the_picture_stands_as_it_does_there(text, im):
    """A set that is mirrored at the real axis is the same set: of a mirrored picture the conjugate place is ours."""
    assert files.parse(text).place == Place("-0.5", im, "4")


# --- what cannot be followed


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (KFR + "RotateAngle: 30\n", "RotateAngle 30"),
        (KFR + "StretchAmount: 0.5\nStretchAngle: 10\n", "StretchAmount 0.5"),
        (KFR + "Ratio: 180\nRotate: 12.5\n", "Rotate 12.5 and Ratio 180"),
        (
            TOML + "transform.rotate = 45\ntransform.stretch_amount = 2.0\n",
            "transform.rotate 45 and transform.stretch_amount 2.0",
        ),
        (TOML + "transform.exponential_map = true\n", "transform.exponential_map true"),
        (RUST_FRACTAL.replace("rotate = 0.0", "rotate = 90.0"), "rotate 90.0"),
        (XAOS + "(angle 33)\n", "angle 33"),
        (XAOS + "(plane 1)\n(perturbation 0.1 0)\n", "plane 1 and perturbation 0.1 0"),
        (FRACTINT.replace("5e3", "5e3/1/30"), "a rotation of 30"),
        (FRACTINT.replace("5e3", f"5e3/{'9' * 500}"), f"a stretch of {'9' * 40}"),
        (FRACTINT.replace("0/0", "0.1/0"), "params=0.1/0"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_one_sentence(text, note):
    assert files.parse(text).note == f"This file also sets {note}, which cannot be drawn here."


@pytest.mark.parametrize(
    "text",
    [
        KFR + "RotateAngle: 0\nStretchAmount: 0.000\nRatio: 360.0\nRotate: 0\n", TOML + "transform.rotate = 0.0\n",
        RUST_FRACTAL, XAOS + "(angle 0)\n(plane 0)\n(perturbation 0 0)\n(juliamode #f)\n", FRACTINT, DEEPDRILL,
        FRACTINT.replace("5e3", "5e3/1/0/0"),
    ],
)  # fmt: skip
def test_settings_that_change_nothing_are_not_mentioned(text):
    assert files.parse(text).note == ""


# --- how large


@pytest.mark.parametrize(
    ("view", "zoom"), [("0.001 0.002", 2000), ("0.002 0.002", 2000), ("1.6 0.1", 4 / 0.9), ("3.2 1.8", 4 / 1.8)]
)
def test_a_view_of_xaos_is_seen_whole(view, zoom):
    place = files.parse(f"(initstate)\n(view 0 0 {view})").place
    assert float(place.zoom) == pytest.approx(zoom)


@pytest.mark.parametrize(
    ("corners", "place"),
    [
        ("-2.5/1.5/-1.5/1.5", Place.make("-0.5", "0", "1.333333333333333333")),
        ("-0.75/-0.74/0.1/0.108", Place.make("-0.745", "0.104", "500")),
        ("-0.75/-0.74/0.108/0.1/-0.75/0.108", Place.make("-0.745", "0.104", "500")),
    ],
)
def test_corners_of_fractint(corners, place):
    found = files.parse(f"Name {{\n  type=mandel corners={corners}\n}}")
    assert (found.place.re, found.place.im) == (place.re, place.im)
    assert float(found.place.zoom) == pytest.approx(float(place.zoom))
    assert found.note == ""


def test_fractint_s_lines_go_on_and_comments_do_not_count():
    text = "One { ; { type=julia }\n type=mandel center-mag=-0.7\\\n  5/0.1\\\n  /2 ; more\n maxiter=300\n}"
    assert files.parse(text).place == Place("-0.75", "0.1", "4", 300)


# --- numbers as people write them


@pytest.mark.parametrize("text", ["1e6", "1000000", "1.0E6", "1000000.0"])
def test_a_limit_is_a_whole_number_in_any_spelling(text):
    assert files.parse(f"{KFR}Iterations: {text}\n").place.limit == 1_000_000


# --- what is wrong


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (KFR + "FractalType: 1", "it is a Kalles Fraktaler location file: it is a place of another fractal"),
        (TOML + "formula = [{power = 3}]", "it is a Fraktaler 3 location file: it is a place of another fractal"),
        ("[location]\nreal = here\n", "it is a DeepDrill location file: re='here' is not"),
        ("[location]\nreal = 0\ndepth = some\n", "it is a DeepDrill location file: depth 'some' is not a whole number"),
        ('real = "x"\n', "it is a rust-fractal location file: re='x' is not"),
        ("real = \n", "it is a rust-fractal location file: it is no valid TOML"),
        ("(initstate)\n(formula 'julia)\n(view 0 0 1 1)", "it is a XaoS position file: its formula is 'julia"),
        ("(initstate)\n(view 0 0 1)", "it is a XaoS position file: .view RE IM WIDTH HEIGHT. names a place"),
        ("(initstate)\n(view 0 0 0 0)", "the width and height of its view"),
        ("J { type=julia center-mag=0/0/1 }", "it is a Fractint parameter file: none of its entries .*they are: julia"),
        ("M { type=mandel center-mag=0/0 }", "it is a Fractint parameter file: the entry 'M' has numbers"),
        ("M { type=mandel corners=1/1/1/1 }", "the entry 'M' has numbers"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_kind_of_file(text, complaint):
    with pytest.raises(PlaceError, match=complaint):
        files.parse(text)


KINDS = [
    (kfr, KFR), (fraktaler, TOML), (deepdrill, DEEPDRILL), (rustfractal, RUST_FRACTAL), (xaos, XAOS),
    (fractint, FRACTINT),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), KINDS)
@given(data=st.data())
def test_damaged_files_are_an_error_and_nothing_else(kind, text, data):
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    damaged = text[:begin] + data.draw(st.text(max_size=20)) + text[end:]
    with suppress(PlaceError):
        assert isinstance(kind.read(damaged).place, Place)
    with suppress(PlaceError):
        assert isinstance(files.parse(damaged, ".ini").place, Place)
