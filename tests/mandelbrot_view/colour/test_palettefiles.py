# SPDX-License-Identifier: GPL-3.0-or-later
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.colour import palettefiles
from mandelbrot_view.colour.catalogue import PaletteError
from mandelbrot_view.colour.ownpalettes import parse

MAP = "  0   0 128 a comment\n255 128 0\n\n1 2 3\n0 255 0\n"
KFR = "Re: 0\nIm: 0\nZoom: 1\nColors: 0,0,255,255,128,0,\n"
GPL = "GIMP Palette\nName: Two\nColumns: 2\n#\n255   0   0\tred\n  0   0 255\tblue\n"
UGR = """Blues {
gradient:
  title="Blues" smooth=no
  index=0 color=6555392
  index=100 color=13331232
  index=-100 color=16777215
opacity:
  smooth=no index=0 opacity=255
}
"""
GGR = """GIMP Gradient
Name: Test
2
0.000000 0.250000 0.500000 1.0 0.0 0.0 1.0 0.0 1.0 0.0 1.0 0 0 0 0
0.500000 0.750000 1.000000 0.0 0.0 1.0 1.0 1.0 1.0 1.0 1.0 0 0 0 0
"""
FILES = {".map": MAP, ".kfr": KFR, ".kfp": KFR, ".gpl": GPL, ".ugr": UGR, ".ggr": GGR}


@pytest.fixture
def load(tmp_path):
    def load(suffix, text):
        path = tmp_path / f"Sunset{suffix}"
        path.write_text(text)
        return palettefiles.load(path)

    return load


@pytest.mark.parametrize(
    ("suffix", "stops"),
    [
        (".map", [(0, "000080"), (0.25, "ff8000"), (0.5, "010203"), (0.75, "00ff00")]),
        (".kfr", [(0, "ff0000"), (0.5, "0080ff")]),
        (".kfp", [(0, "ff0000"), (0.5, "0080ff")]),
        (".gpl", [(0, "ff0000"), (0.5, "0000ff")]),
        (".ugr", [(0, "000764"), (0.25, "206bcb"), (0.75, "ffffff")]),
    ],
)
def test_its_colours_are_the_file_s(load, suffix, stops):
    palette = load(suffix, FILES[suffix])
    assert palette.name == "Sunset"
    assert list(palette.stops) == stops


def test_a_gradient_of_gimp_has_its_colours_and_its_steps(load):
    table = load(".ggr", GGR).table(1000).astype(int)
    for place, colour in ((0, (255, 0, 0)), (499, (0, 255, 0)), (501, (0, 0, 255)), (998, (255, 255, 255))):
        assert abs(table[place] - colour).max() < 30, place


@pytest.mark.parametrize("curve", range(5))
@pytest.mark.parametrize("model", range(3))
def test_all_curves_and_models_of_gimp_begin_and_end_with_their_colours(load, curve, model):
    line = f"0.0 0.3 1.0 1.0 0.0 0.0 1.0 0.0 1.0 0.0 1.0 {curve} {model} 0 0"
    stops = load(".ggr", f"GIMP Gradient\nName: x\n1\n{line}\n").stops
    assert (stops[0], stops[-1][1]) == ((0.0, "ff0000"), "00ff00")
    assert [place for place, _ in stops] == sorted({place for place, _ in stops})


def test_hues_go_around_the_circle_in_the_way_that_is_asked_for(load):
    line = "0.0 0.5 1.0 1.0 0.0 0.0 1.0 0.0 1.0 0.0 1.0 0 {} 0 0"
    middles = {
        model: dict(load(".ggr", f"GIMP Gradient\nName: x\n1\n{line.format(model)}\n").stops)[0.5] for model in (1, 2)
    }
    assert middles == {1: "ffff00", 2: "0000ff"}


def test_more_colours_than_a_palette_holds_are_thinned(load):
    palette = load(".map", "".join(f"{i % 256} 0 0\n" for i in range(5000)))
    assert parse({"name": "x", "stops": [list(stop) for stop in palette.stops]}).stops == palette.stops


@pytest.mark.parametrize(
    ("suffix", "text", "complaint"),
    [
        (".map", "300 0 0\n0 0 0\n", "above 255"),
        (".map", "one colour\n", "fewer than two colours"),
        (".kfr", "Re: 0\n", "a line Colors: .* is missing"),
        (".kfr", "Colors: 1,2,3,4\n", "a line Colors:"),
        (".gpl", "255 0 0\n0 0 0\n", "no GIMP palette"),
        (".ggr", "0 0 0\n", "no GIMP gradient"),
        (".ggr", "GIMP Gradient\n0 0.9 0.5 1 1 1 1 1 1 1 1 0 0\n", "cannot be read"),
        (".ggr", "GIMP Gradient\n0 nan 0.5 1 1 1 1 1 1 1 1 0 0\n", "cannot be read"),
        (".ggr", "GIMP Gradient\n0 0.2 0.5 1 1 1 1 nan 1 1 1 0 0\n", "cannot be read"),
        (".kfr", "Colors: 1,2 3,4\n", "a number that cannot be read"),
        (".kfp", f"Colors: 1,2,{'9' * 5000}\n", "a number that cannot be read"),
        (".ugr", f"a {{\ngradient: index=0 color={'9' * 5000}\n}}", "a number that cannot be read"),
        (".ugr", "{ }", "no gradient of Ultra Fractal"),
        (".txt", "", "palette files end in"),
    ],
)
def test_what_is_wrong_is_told_with_the_file_s_name(load, suffix, text, complaint):
    with pytest.raises(PaletteError, match=rf"Sunset{re.escape(suffix)}: .*{complaint}"):
        load(suffix, text)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(PaletteError, match="No such file"):
        palettefiles.load(tmp_path / "a.map")


@pytest.mark.parametrize("suffix", palettefiles.SUFFIXES)
@given(data=st.data())
def test_damaged_files_are_an_error_and_nothing_else(tmp_path_factory, suffix, data):
    text = FILES[suffix]
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    path = tmp_path_factory.getbasetemp() / f"damaged{suffix}"
    damage = data.draw(st.text(max_size=20) | st.sampled_from(["nan", "inf", "1 2", "-1", "1e999", "9" * 5000]))
    path.write_text(text[:begin] + damage + text[end:], encoding="utf-8", errors="replace")
    with suppress(PaletteError):
        assert palettefiles.load(path).table(16).shape == (16, 3)
