# SPDX-License-Identifier: GPL-3.0-or-later
import sys
from decimal import Decimal

import pytest

from mandelbrot_view.colour.colouring import Colouring
from mandelbrot_view.colour.palettes import DEFAULT
from mandelbrot_view.mcm.arguments import parse
from mandelbrot_view.places.place import Place

LINK = "mandelbrot:re=0&im=0&zoom=1"


def job(*words):
    return parse(words, stdoutIsTerminal=False)


def test_five_numbers_name_the_picture():
    found = job("300", "-0.5", "0.25", "1.5", "1.0")
    assert found.size == (300, 200)
    assert (found.place.re, found.place.im, found.place.limit) == ("-0.5", "0.25", 2000)
    assert Decimal(found.place.zoom) == 2  # half the height is 1, and the height is 4 / zoom
    assert (found.colouring.palette.name, found.file, found.workers) == (DEFAULT, None, None)


def test_without_a_half_height_the_picture_is_square():
    found = job("300", "0", "0", "2")
    assert found.size == (300, 300)
    assert found.place.zoom == "1"


def test_pixels_are_square_and_the_half_width_is_exact():
    found = job("301", "0", "0", "1.7", "0.9")
    width, height = found.size
    assert float(found.place.exactSpacing(height)) * width / 2 == pytest.approx(1.7, rel=1e-9)


@pytest.mark.parametrize(
    "number", ["-0.74", "-7.4e-1", "-7.4E-01", "-.74", "-74e-2", "-0.740000", "\N{MINUS SIGN}0.74"]
)
def test_negative_numbers_in_any_notation_are_numbers(number):
    assert job("100", number, number, "1").place.re == "-0.74"
    assert job("100", number, number, "1").place.im == "-0.74"


def test_centres_keep_all_their_digits():
    digits = "-0.7436438870371515234567890123456789"
    assert job("100", digits, "0", "1").place.re == digits


def test_half_widths_may_be_as_small_as_places_are_deep():
    found = job("300", "-0.7", "0.1", "3e-1500", "2e-1500")
    assert found.size == (300, 200)
    assert found.place.zoom == "1e1500"


DIGITS = "-1." + "7598" * 300


@pytest.fixture
def deep(tmp_path):
    """A file with a deep place."""
    path = tmp_path / "deep.kfr"
    path.write_text(f"Re: {DIGITS}\nIm: -0.0125\nZoom: 1E1000\nIterations: 32000\n")
    return str(path)


def test_a_file_names_the_place(deep):
    found = job("320", "--place", deep, "--rows", "200")
    assert found.place == Place(DIGITS, "0.0125", "1e1000", 32000)
    assert found.size == (320, 200)


def test_so_does_a_link_and_options_have_the_last_word():
    link = "mandelbrot:re=-0.5&im=.1&zoom=10&limit=auto"
    assert job("320", "--link", link).place == Place("-0.5", "0.1", "10")
    assert job("320", "--link", link, "--zoom", "2e50", "-N", "700").place == Place("-0.5", "0.1", "2e50", 700)


def test_the_standard_input_may_name_the_place(deep, monkeypatch):
    with open(deep) as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert job("320", "--place", "-").place.zoom == "1e1000"


def test_a_zoom_serves_in_place_of_half_widths():
    found = job("320", DIGITS, "-0.25", "--zoom", "1e1000")
    assert found.place == Place(DIGITS, "-0.25", "1e1000")
    assert found.size == (320, 320)


def test_rows_may_be_given_with_the_half_width():
    found = job("300", "0", "0", "3", "--rows", "200")
    assert (found.size, found.place.zoom) == ((300, 200), "1")


def test_where_2000_iterations_are_too_few_the_depth_decides():
    assert job("300", "0", "0", "1e-13").place.limit == 2000
    assert job("300", "0", "0", "0.9e-13").place.limit is None
    assert job("300", "0", "0", "1e-50", "-N", "7").place.limit == 7


def test_antialiasing_is_by_choice():
    assert job("300", "0", "0", "2").antialias == 1
    assert job("300", "0", "0", "2", "--antialias", "3").antialias == 3


def test_options_may_stand_anywhere(tmp_path):
    file = tmp_path / "a.png"
    found = job("-N", "50", "100", "--palette", "ember", "-0.5", "-o", str(file), "0", "1", "--workers", "3")
    assert (found.place.limit, found.colouring.palette.name, found.file, found.workers) == (50, "Ember", file, 3)


def test_a_file_may_be_named_like_a_negative_number(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(job("100", "0", "0", "1", "-o", "-5.png").file) == "-5.png"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["0", "0", "0", "1"], "Nx: give a whole number from 1 to 32768, not '0'"),
        (["x", "0", "0", "1"], "Nx: give a whole number"),
        (["32768", "0", "0", "1"], "32768 x 32768 pixels are too many"),
        (["100", "zero", "0", "1"], "cr: 'zero' is not a number such as"),
        (["100", "nan", "0", "1"], "cr: 'nan' is not a number"),
        (["100", "-inf", "0", "1"], "cr: '-inf' is not a number"),
        (["100", "-5x", "0", "1"], "cr: '-5x' is not a number"),
        (["100", "17", "0", "1"], "re='17' is out of range"),
        (["100", "0", "0", "0"], "crPM: half a width or height is above 0, not 0"),
        (["100", "0", "0", "-1"], "crPM: half a width or height is above 0, not -1"),
        (["100", "0", "0", "1e-999999999"], "crPM: 1e-999999999 is out of range; give 1e-2010 to 1e2010"),
        (["100", "0", "0", "1", "1e999999999"], "ciPM: 1e999999999 is out of range"),
        (["100", "0", "0", "1e-99", "1e99"], "100 x 1e+200 pixels are too many"),
        (["100", "0", "0", "1e-2005"], "is out of range; use 1e-100 to 1e2000"),
        (["100", "0", "0", "1e300"], "is out of range; use 1e-100 to 1e2000"),
        (["100", "0", "0"], "the following arguments are required: crPM"),
        (["100"], "the following arguments are required: cr, ci, crPM (or a place, by --place or --link)"),
        (["100", "--zoom", "3"], "the following arguments are required: cr, ci"),
        ([], "the following arguments are required: Nx"),
        (["100", "0", "0", "1", "--zoom", "3"], "--zoom and crPM both say how much is seen; give one of them"),
        (["100", "0", "0", "--zoom", "-3"], "zoom=-3 must be greater than 0"),
        (["100", "0", "0", "--zoom", "deep"], "--zoom: 'deep' is not a number"),
        (["100", "0", "0", "1", "1", "--rows", "3"], "--rows and ciPM both say how high the picture is"),
        (["100", "0", "--link", LINK], "--link names the place; leave out cr, ci, crPM and ciPM"),
        (["100", "--place", "a", "--link", LINK], "--place: cannot read the place in 'a': No such file"),
        (["100", "--place", "/dev/null"], "--place: /dev/null: '' is not a place"),
        (["100", "--link", "elsewhere"], "--link: 'elsewhere' is not a place"),
        (["100", "0", "0", "1", "--antialias", "4"], "--antialias: give a whole number from 1 to 3, not '4'"),
        (["100", "0", "0", "1", "-N", "0"], "-N: give a whole number from 1"),
        (["100", "0", "0", "1", "--palette", "mud"], "there is no palette 'mud'; there are: "),
        (["100", "0", "0", "1", "--workers", "0"], "--workers: give a whole number from 1"),
        (["100", "0", "0", "1", "-o", "/"], "is a folder; name a file in it"),
        (["100", "0", "0", "1", "-o", "/no/such/folder/a.png"], "there is no folder '/no/such/folder'"),
        (["100", "0", "0", "1", "--seconds", "3"], "--from-zoom, --seconds and --fps are for movies; add --movie"),
        (["100", "0", "0", "1", "--movie", "--seconds", "0"], "a movie of 0 s cannot be made"),
        (["100", "0", "0", "1", "--movie", "--seconds", "long"], "--seconds: 'long' is not a number"),
        (["100", "0", "0", "1", "--movie", "--fps", "1000"], "--fps: give a whole number from 1 to 120"),
        (["100", "0", "0", "1", "--movie", "--from-zoom", "-1"], "zoom=-1 must be greater than 0"),
        (["100", "0", "0", "1", "--movie", "--from-zoom", "2"], "the zoom is 2 at both ends"),
        (["101", "0", "0", "1", "--movie"], "are even numbers, and 101 x 101 is not"),
        (["9000", "0", "0", "1", "--movie"], "a movie of 9000 x 9000 pixels cannot be made"),
        (
            ["100", "0", "0", "1", "--movie", "-o", "zoom.avi"],
            "'zoom.avi' is no movie; name a file .mp4 or .webm, or a",
        ),
        (["100", "0", "0", "1", "--movie", "-o", "/no/such/zoom.mp4"], "there is no folder '/no/such'"),
        (["100", "0", "0", "1", "--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(capsys, words, complaint):
    with pytest.raises(SystemExit) as ended:
        job(*words)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("mcm: ")
    assert complaint in err


def test_a_place_by_file_and_by_link_is_one_too_many(capsys, deep):
    with pytest.raises(SystemExit):
        job("100", "--place", deep, "--link", LINK)
    assert capsys.readouterr().err == "mcm: --place and --link both name a place; give one of them\n"


def test_a_picture_is_not_written_to_a_terminal(capsys, tmp_path):
    with pytest.raises(SystemExit):
        parse(["100", "0", "0", "1"], stdoutIsTerminal=True)
    assert capsys.readouterr().err.startswith("mcm: a picture is no text for a terminal: name a file with -o FILE")
    assert parse(["100", "0", "0", "1", "-o", str(tmp_path / "a.png")], stdoutIsTerminal=True).file is not None


def test_a_movie_is_asked_for_by_its_ends_and_its_length(tmp_path):
    found = job("320", "-0.5", "0.25", "--zoom", "1e20", "--rows", "180", "--movie", "-o", str(tmp_path / "a.MP4"))
    assert found.movie is not None
    assert (found.movie.start, found.movie.place, found.movie.size) == ("0.5", found.place, (320, 180))
    assert (found.movie.fps, found.movie.seconds) == (30, 34.0)  # 67.4 doublings, two a second
    words = (
        "320",
        "--link",
        LINK,
        "--movie",
        "--from-zoom",
        "8",
        "--seconds",
        "2.5",
        "--fps",
        "60",
        "--antialias",
        "2",
    )
    found = job(*words, "-o", str(tmp_path))
    assert found.movie is not None
    assert (found.movie.start, found.movie.fps, found.movie.seconds, found.movie.antialias) == ("8", 60, 2.5, 2)
    assert found.movie.frames == 150
    assert found.file == tmp_path


def test_without_a_movie_there_is_none():
    assert job("100", "0", "0", "1").movie is None


def test_palettes_of_colorcet_have_names_too():
    assert job("100", "0", "0", "1", "--palette", "fire").colouring.palette.name == "fire"


# --- colours


def test_colours_are_chosen_as_in_the_window(tmp_path):
    (tmp_path / "Sunset.map").write_text("0 0 0\n255 128 0\n")
    chosen = job(
        "100", "0", "0", "1", "--palette", str(tmp_path / "Sunset.map"), "--scale", "equalised", "--shading", "relief",
        "--interior", "period", "-o", str(tmp_path / "a.png"),
    ).colouring  # fmt: skip
    assert (chosen.palette.name, *chosen[3:]) == ("Sunset", "equalised", "relief", "period")


def test_colours_are_those_of_the_window_when_not_chosen(tmp_path):
    assert job("100", "0", "0", "1").colouring == Colouring()


def test_a_movie_has_them_too(tmp_path):
    made = job("100", "0", "0", "--zoom", "4", "--movie", "--shading", "distance", "-o", str(tmp_path / "a.mp4"))
    assert made.movie.colouring.shading == "distance"


def test_what_a_file_asks_for_in_vain_is_noted(tmp_path):
    (tmp_path / "turned.kfr").write_text("Re: 0\nIm: 0\nZoom: 4\nRotateAngle: 30\n")
    assert job("100", "--place", str(tmp_path / "turned.kfr")).note.startswith("This file also sets RotateAngle 30")


@pytest.mark.parametrize(("name", "complaint"), [("a.bmp", "names no format"), ("a.webp", "at most 16,383 pixels")])
def test_a_format_that_cannot_be_written_is_refused_before_anything_is_computed(tmp_path, name, complaint, capsys):
    with pytest.raises(SystemExit):
        job("17000", "0", "0", "1", "--rows", "10", "-o", str(tmp_path / name))
    assert complaint in capsys.readouterr().err


def test_a_number_of_iterations_may_have_an_exponent():
    assert job("100", "0", "0", "1", "-N", "1e5").place.limit == 100_000
