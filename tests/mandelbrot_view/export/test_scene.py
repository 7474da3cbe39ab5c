# SPDX-License-Identifier: GPL-3.0-or-later
import subprocess
import sys

import numpy as np
import pytest

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Colouring, Interior, Scale, Shading
from mandelbrot_view.colour.ranks import Ranks
from mandelbrot_view.export.averaging import averaged, screen_values
from mandelbrot_view.export.png import Packed
from mandelbrot_view.export.scene import bands, draw, packed_band, ranks_of
from mandelbrot_view.pictures.render import render_picture
from mandelbrot_view.places.place import Place

from .stage import PLACE, scene

SIZE = (300, 70)


def drawn(theScene, first, rows, ranks=None):
    pixels = np.empty((rows, theScene.size[0], 3), np.uint8)
    done = sum(draw(pixels, theScene, first, ranks))
    return pixels, done


def expected(theScene, ranks=None):
    """All of it at once."""
    counts = render_picture(PLACE, theScene.fine)
    n = theScene.antialias
    return averaged(colour(counts, *theScene.colouring, ranks=ranks, spacing=1 / n)[..., 2::-1], n)


@pytest.mark.parametrize("antialias", [1, 2, 3])
@pytest.mark.parametrize("shading", list(Shading))
def test_however_it_is_cut_the_picture_is_the_same(antialias, shading):
    theScene = scene(SIZE, antialias, Colouring(shading=shading))
    pieces = [drawn(theScene, first, 35)[0] for first in (0, 35)]
    assert (np.concatenate(pieces) == expected(theScene)).all()


def test_a_gradient_of_high_counts_keeps_its_colours():
    place = Place("-0.75", "1e-6", "1e14", 4_000_000)
    theScene = scene((32, 18), 1, Colouring(scale=Scale.EQUALISED), place=place)
    [ranks] = [item for item in ranks_of(theScene) if isinstance(item, Ranks)]
    assert len(np.unique(drawn(theScene, 0, 18, ranks)[0].reshape(-1, 3), axis=0)) > 100


def test_what_is_done_adds_up_to_its_samples():
    theScene = scene(SIZE, 2)
    assert drawn(theScene, 10, 20)[1] == 20 * 2 * 2 * 300


def test_ranks_of_a_small_picture_are_those_of_the_large_one():
    theScene = scene((600, 400), colouring=Colouring(scale=Scale.EQUALISED, interior=Interior.PERIOD))
    assert theScene.isEqualised
    [ranks] = [item for item in ranks_of(theScene) if isinstance(item, Ranks)]
    assert ranks.differ(Ranks.of(render_picture(PLACE, theScene.size))) < 0.05


def test_colours_by_ranks_are_the_same_in_all_bands():
    theScene = scene(SIZE, 2, Colouring(scale=Scale.EQUALISED))
    ranks = Ranks.of(render_picture(PLACE, SIZE))
    assert (drawn(theScene, 20, 30, ranks)[0] == expected(theScene, ranks)[20:50]).all()


@pytest.mark.parametrize("antialias", [1, 2, 3])
def test_bands_are_all_of_a_picture(antialias):
    ends = [0]
    for first, rows in bands(scene((10, 1000), antialias)):
        assert first == ends[-1]
        ends.append(first + rows)
    assert ends[-1] == 1000


def test_a_band_comes_packed_at_the_end():
    *progress, packed = packed_band(scene(), 0, 40)
    assert isinstance(packed, Packed)
    assert sum(item for item in progress if isinstance(item, int)) == 60 * 40
    assert (packed.rows, packed.length) == (40, 40 * (3 * 60 + 1))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_what_is_of_one_colour_keeps_it(n):
    plain = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None, None], (256, 6, 3)).repeat(n, axis=0)
    assert (averaged(plain, n)[:, 0, 0] == np.arange(256)).all()


def test_light_is_averaged_and_not_numbers():
    board = np.array([[0, 255], [255, 0]], np.uint8)[..., None].repeat(3, axis=2)
    assert averaged(board, 2).tolist() == [[[188, 188, 188]]]


def test_light_beyond_white_and_black_is_cut_off():
    assert screen_values(np.array([-0.1, 0, 1, 1.2], np.float32)).tolist() == [0, 0, 255, 255]


@pytest.mark.parametrize("module", ["scene", "movietasks"])
def test_what_runs_in_workers_knows_neither_twisted_nor_qt(module):
    code = f"import sys, mandelbrot_view.export.{module}; print([n for n in ('twisted', 'PyQt5') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
