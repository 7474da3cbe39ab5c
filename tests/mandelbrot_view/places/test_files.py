# SPDX-License-Identifier: GPL-3.0-or-later
import codecs
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.places import files
from mandelbrot_view.places.place import Place, PlaceError

from .strategies import deepPlaces
from .test_fraktaler import FILE as TOML
from .test_fraktaler import PLACE as TOML_PLACE
from .test_kfr import FILE as KFR
from .test_kfr import PLACE
from .test_pictureplace import png

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "200000")


def load(folder, content, name="place"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Place.load(str(path))


def test_a_location_file_holds_the_link_in_its_first_line(tmp_path):
    assert load(tmp_path, SEAHORSE.link + "\nthe seahorse valley\n") == SEAHORSE


def test_a_link_serves_in_place_of_a_file():
    assert Place.load(SEAHORSE.link) == SEAHORSE


DEEPDRILL = "[location]\nreal = -0.7\nimag = 0.2\nzoom = 1.7e3 # deep\ndepth = 1000\n\n[image]\nwidth = 960\n"
RUST_FRACTAL = 'real = "-1.5"\nimag = "-0.25"\nzoom = "5.00E113"\niterations = 35494\nrotate = 0.0\n'
XAOS = "; a position\n(initstate)\n(formula 'mandel)\n(maxiter 1000)\n(view -1.5 0.5 1E-3 2E-3)\n"
FRACTINT = """frm:other { z = c }
Seahorse { ; by somebody
  reset=1960 type=mandel passes=1 \\
  center-mag=-0.75/0.1/5e3 params=0/0 maxiter=5000 inside=0
}
"""
TEXTS = {
    "link": (PLACE.link, PLACE),
    "kfr": (KFR, PLACE),
    "toml": (TOML, TOML_PLACE),
    "ini": (DEEPDRILL, Place.make("-0.7", "-0.2", "1.7e3", 1000)),
    "rust-fractal": (RUST_FRACTAL, Place.make("-1.5", "0.25", "5e113", 35494)),
    "xpf": (XAOS, Place.make("-1.5", "-0.5", "2e3", 1000)),
    "par": (FRACTINT, Place.make("-0.75", "0.1", "1e4", 5000)),
}


@pytest.mark.parametrize("name", [f"place{suffix}" for suffix in ("", ".TXT", *files.SUFFIXES)])
@pytest.mark.parametrize(("text", "place"), TEXTS.values(), ids=TEXTS)
def test_the_kind_is_found_by_what_is_in_it_whatever_it_is_called(tmp_path, name, text, place):
    assert load(tmp_path, text, name) == place


def test_a_picture_is_a_place(tmp_path):
    assert load(tmp_path, png(PLACE), "picture") == PLACE


@pytest.mark.parametrize(("text", "place"), TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_mark_of_the_encoding_is_no_part_of_the_text(tmp_path, text, place, mark, encoding):
    assert load(tmp_path, mark + text.replace("\n", "\r\n").encode(encoding)) == place


def test_comments_in_latin_1_do_no_harm(tmp_path):
    assert load(tmp_path, KFR.encode() + "Comment: à côté\n".encode("latin-1")) == PLACE


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PlaceError, match=r"nowhere\.txt.*No such file"):
        Place.load(str(tmp_path / "nowhere.txt"))


@pytest.mark.parametrize("name", ["other.bin", "other.kfr", "other.toml"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\0\0\0", b"a shopping list", "Äpfel".encode("latin-1")])
def test_a_file_with_something_else_is_named(content, name, tmp_path):
    with pytest.raises(PlaceError, match=name):
        load(tmp_path, content, name)


def test_a_text_that_cannot_be_a_path_is_refused():
    with pytest.raises(PlaceError, match="cannot read"):
        Place.load("a\0b")


@given(st.binary(max_size=200))
def test_nonsense_is_an_error_and_nothing_else(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    with pytest.raises(PlaceError):
        load(folder, content, "nonsense")


@pytest.mark.parametrize("name", ["place", "place.mandelbrot", "place.txt", "place.kfr", "PLACE.KFR", "place.toml"])
@given(place=deepPlaces)
def test_what_is_saved_is_the_very_place_in_each_kind(tmp_path_factory, name, place):
    path = str(tmp_path_factory.getbasetemp() / name)
    files.save(place, path)
    assert Place.load(path) == place


def test_the_kind_follows_the_name(tmp_path):
    for name, beginning in (("a.kfr", "Re: "), ("a.toml", "program = "), ("a.mandelbrot", "mandelbrot:")):
        files.save(SEAHORSE, str(tmp_path / name))
        assert (tmp_path / name).read_text().startswith(beginning)


def test_what_cannot_be_saved_leaves_the_older_file(tmp_path, monkeypatch):
    path = tmp_path / "a.kfr"
    path.write_text("older")

    def refuse(*_):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="no room"):
        files.save(SEAHORSE, str(path))
    assert path.read_text() == "older"
    assert os.listdir(tmp_path) == ["a.kfr"]
