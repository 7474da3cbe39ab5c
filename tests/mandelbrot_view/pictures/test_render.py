# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from aqlib import context
from mandelbrot_view.kernels.plain import PlainWork
from mandelbrot_view.pictures import render as module
from mandelbrot_view.pictures.grid import coordinates
from mandelbrot_view.pictures.render import coarse_bands, render_in_time, render_picture, render_tile, stream_tile
from mandelbrot_view.pictures.tiles import ROUGHEST, Tile, bandsOf, tilesOf
from mandelbrot_view.places.place import HOME, Place
from mandelbrot_view.wanted import Cancelled

from ..kernels.direct import disagreement, smooth_counts

SIZE = (150, 110)
WHOLE = Tile(0, 0, *SIZE)
SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "2000", 800)


@pytest.fixture(autouse=True, params=["compiled", "plain"])
def kernel(request, monkeypatch):
    """Both kernels in turn; gives the works that were begun."""
    start = PlainWork if request.param == "plain" else request.getfixturevalue("compiled")
    begun = []

    def start_work(*args):
        begun.append(start(*args))
        return begun[-1]

    monkeypatch.setattr(module, "start_work", start_work)
    return begun


def assembled(items, tile):
    """The passes of a stream, put together from their rows, in the order in which they came."""
    passes: dict[int, np.ndarray] = {}
    for step, first, rows in items:
        shape = (-(-tile.height // step), -(-tile.width // step))
        passes.setdefault(step, np.full(shape, np.nan))[first : first + len(rows)] = rows
    return passes


def test_a_tile_has_the_counts_of_its_pixels():
    tile = Tile(64, 32, 30, 20)
    re, im = coordinates(SEAHORSE, SIZE, tile, 1)
    found = render_tile(SEAHORSE, SIZE, tile)
    assert found.dtype == np.float64
    assert found.shape == (20, 30)
    assert disagreement(found, smooth_counts(re, im, 800)) < 0.02


@pytest.mark.parametrize("step", [1, 2, 4, 8])
def test_a_step_takes_every_so_many_th_pixel(step):
    whole = render_tile(SEAHORSE, SIZE, WHOLE)
    assert (render_tile(SEAHORSE, SIZE, WHOLE, step) == whole[::step, ::step]).all()


@pytest.mark.parametrize("edge", [8, 64, 256])
def test_any_cut_into_tiles_gives_the_same_picture(edge):
    whole = render_picture(SEAHORSE, SIZE)
    for tile in tilesOf(SIZE, edge):
        there = whole[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width]
        assert (render_tile(SEAHORSE, SIZE, tile) == there).all()


def test_bands_make_up_the_first_pass():
    whole = render_tile(SEAHORSE, SIZE, WHOLE, 8)
    assert (np.concatenate([coarse_bands(SEAHORSE, SIZE, band) for band in bandsOf(SIZE, 3)]) == whole).all()


@pytest.mark.parametrize("tile", [WHOLE, Tile(128, 64, 22, 46), Tile(0, 0, 1, 1), Tile(8, 0, 3, 7)])
def test_a_stream_s_passes_equal_direct_computation_to_the_bit(tile):
    passes = assembled(stream_tile(SEAHORSE, SIZE, tile), tile)
    assert list(passes) == [4, 2, 1]
    for step, counts in passes.items():
        assert (counts == render_tile(SEAHORSE, SIZE, tile, step)).all()


def test_a_pass_computes_only_what_is_new(kernel):
    list(stream_tile(SEAHORSE, SIZE, WHOLE))
    assert [work.known is None for work in kernel] == [True, False, False]
    coarser = render_tile(SEAHORSE, SIZE, WHOLE, 2)
    assert (render_tile(SEAHORSE, SIZE, WHOLE, 1, coarser=coarser + 5)[::2, ::2] == coarser + 5).all()


def test_a_pass_is_whole_before_the_next_begins():
    steps = [step for step, _, _ in stream_tile(SEAHORSE, SIZE, WHOLE)]
    assert steps == sorted(steps, reverse=True)


def test_items_come_though_no_row_gets_done():
    # On the antenna orbits are chaotic: they take all the steps that there are.
    hard = Place("-1.85", "0", "1e12", 10**9)
    stream = stream_tile(hard, (4, 1), Tile(0, 0, 4, 1))
    step, first, rows = next(stream)
    assert (step, first, rows.shape) == (4, 0, (0, 1))
    stream.close()


def test_a_tile_that_is_no_longer_wanted_is_left(kernel):
    hard = Place("-1.85", "0", "1e12", 10**9)
    looks = iter([False, False, False, True])
    with context.running(context.Context(print, lambda: next(looks))):
        with pytest.raises(Cancelled):
            render_tile(hard, (4, 1), Tile(0, 0, 4, 1))
    assert not kernel[0].is_done


def test_the_limit_is_the_one_given_else_the_place_s_else_automatic(kernel):
    render_tile(SEAHORSE, SIZE, Tile(0, 0, 8, 8), limit=123)
    render_tile(SEAHORSE, SIZE, Tile(0, 0, 8, 8))
    render_tile(HOME, SIZE, Tile(0, 0, 8, 8))
    assert [work.limit for work in kernel] == [123, 800, HOME.autoLimit()]


def test_a_whole_picture_is_an_array_of_doubles():
    picture = render_picture(HOME, (40, 30), 100)
    assert picture.dtype == np.float64
    assert picture.shape == (30, 40)
    assert picture[15, 20] == -1 - 1  # in the main cardioid, of period 1
    assert picture[0, 0] > 0


class TestInTime:
    """A coarse pass of a picture that zooms."""

    def test_with_much_time_it_is_sharp(self):
        step, counts = render_in_time(SEAHORSE, SIZE, WHOLE, 1e9)
        assert step == 1
        assert (counts == render_tile(SEAHORSE, SIZE, WHOLE)).all()

    def test_without_time_it_is_as_rough_as_can_be(self):
        step, counts = render_in_time(SEAHORSE, SIZE, WHOLE, 0.0)
        assert step == ROUGHEST
        assert (counts == render_tile(SEAHORSE, SIZE, WHOLE, ROUGHEST)).all()

    def test_where_work_takes_longer_it_is_coarser(self, monkeypatch):
        now, cost = [0.0], [0.0]
        monkeypatch.setattr(module, "perf_counter", lambda: now[0])
        real = module.render_tile

        def slow(place, size, tile, step, limit, coarser, reference, by_eye):
            now[0] += tile.width * tile.height / step**2 * cost[0]
            return real(place, size, tile, step, limit, coarser, reference)

        monkeypatch.setattr(module, "render_tile", slow)
        steps = []
        for of_a_pixel in (1e-9, 1e-7, 3e-7, 1e-6, 1e-4):
            begin, cost[0] = now[0], of_a_pixel
            steps.append(render_in_time(SEAHORSE, SIZE, WHOLE, 0.01)[0])
            assert now[0] - begin <= 0.02 or steps[-1] == ROUGHEST
        assert steps == sorted(steps)
        assert (steps[0], steps[-1]) == (1, ROUGHEST)
