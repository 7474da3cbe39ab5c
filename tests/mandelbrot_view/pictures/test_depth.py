# SPDX-License-Identifier: GPL-3.0-or-later
from types import SimpleNamespace

import numpy as np
import pytest

from mandelbrot_view import render
from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Scale, Shading
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES
from mandelbrot_view.pictures import depth
from mandelbrot_view.pictures import render as module
from mandelbrot_view.pictures.depth import isDeep
from mandelbrot_view.pictures.render import coarse_bands, render_in_time, render_picture, render_tile, stream_tile
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME, Place, PlaceError

from ..truths.judging import SIZE, judge, load
from ..truths.locations import location, locations_of
from ..truths.making import make

# All that are computed in doubles, and one of each perturbation: by doubles, and by numbers with own exponents.
TRUTHS = [truth for truth in load() if not isDeep(truth.place, SIZE) or truth.name in ("e113", "e1000")]
# For what `./test --locations FILE` adds places to; each takes as long as its direct iteration, up to half an hour.
LOCATIONS = [location("feigenbaum", "-1.40115518909205", "0", "1e15", 4000)]
DEEP = Place("-1.25066", "0.02012", "1e30", 500)
HIGH = Place("-0.75", "1e-6", "1e14", 4_000_000)


def pytest_generate_tests(metafunc):
    if "named" in metafunc.fixturenames:
        file = metafunc.config.getoption("locations")
        try:
            places = [*LOCATIONS, *(locations_of(file) if file else ())]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise pytest.UsageError(f"--locations {file} has no such places: {error!r}") from error
        metafunc.parametrize("named", places, ids=[name for name, _, _ in places])


@pytest.fixture(autouse=True)
def kernels(deep, compiled, monkeypatch):
    """The compiled kernels, which are not waited for."""
    monkeypatch.setattr(module, "start_deep_work", deep)
    monkeypatch.setattr(module, "start_work", compiled)
    monkeypatch.setattr(module, "warmup", lambda kind: SimpleNamespace(look=lambda: None, isAwaited=False))


class TestTheLibrary:
    def test_a_shallow_picture_from_text(self):
        counts = render("-0.5", "0", "1.6", (40, 30), 100)
        assert counts.dtype == np.float64
        assert counts.shape == (30, 40)
        assert counts[15, 20] == -1

    @pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.name)
    def test_a_picture_of_any_depth_is_what_direct_iteration_finds(self, truth):
        place = truth.place
        counts = render(place.re, place.im, place.zoom, SIZE, truth.limit)
        assert judge(truth, [counts[pixel.row, pixel.column] for pixel in truth.pixels]) == []

    def test_a_place_from_a_file_is_what_direct_iteration_finds(self, named):
        name, place, limit = named
        truth = make(name, place, limit)
        counts = render(place.re, place.im, place.zoom, SIZE, limit)
        assert judge(truth, [counts[pixel.row, pixel.column] for pixel in truth.pixels]) == []

    def test_text_that_is_no_place_is_told(self):
        with pytest.raises(PlaceError, match="zoom=-1 must be greater than 0"):
            render("0", "0", "-1")

    @pytest.mark.parametrize("size", [None, 5, "ab", (1,), (1, 2, 3), (2.5, 3), ("4", "3")], ids=repr)
    def test_a_size_that_is_none_is_told(self, size):
        with pytest.raises(TypeError, match=r"size=.* is no \(width, height\) of whole numbers"):
            render("0", "0", "1", size, 10)

    @pytest.mark.parametrize("size", [(0, 0), (0, 5), (5, -1)])
    def test_a_size_without_pixels_is_told(self, size):
        with pytest.raises(ValueError, match="has no pixels; give 1 or more each way"):
            render("0", "0", "1", size, 10)

    def test_whole_numbers_of_any_type_make_a_size_and_a_limit(self):
        counts = render("-0.5", "0", "1.6", (np.int64(4), np.int32(3)), np.int64(10))
        assert (counts == render("-0.5", "0", "1.6", (4, 3), 10)).all()


class TestTheSwitch:
    def test_it_is_the_distance_of_pixels_that_decides(self):
        assert not depth.isDeep(HOME, SIZE)
        assert not depth.isDeep(Place("0", "0", "1e10"), SIZE)
        assert depth.isDeep(Place("0", "0", "1e11"), SIZE)
        assert depth.isDeep(Place("0", "0", "1e10"), (12800, 7200))

    def test_pictures_on_both_sides_of_it_agree(self, monkeypatch):
        place = Place("-1.25066", "0.02012", "3e10", 3000)
        direct = render_picture(place, (128, 72))
        monkeypatch.setattr(module, "isDeep", lambda place, size: True)
        difference = np.abs(render_picture(place, (128, 72)) - direct)
        assert np.median(difference) < 1e-3
        assert difference.max() < 0.1


class TestBeforeTheDeepKernelIsThere:
    """Doubles serve the view where a pixel has 100 units in the last place, at limits below 10,000."""

    @pytest.fixture
    def begun(self, monkeypatch, deep, compiled):
        """The kinds of the works that were begun while the deep kernel is awaited."""
        kinds = []

        def noting(kind, start):
            def begin(*args):
                kinds.append(kind)
                return start(*args)

            return begin

        monkeypatch.setattr(module, "start_deep_work", noting("deep", deep))
        monkeypatch.setattr(module, "start_work", noting("direct", compiled))
        monkeypatch.setattr(module, "is_deep_kernel_awaited", lambda: True)
        return kinds

    @pytest.mark.parametrize("re", ["-1.25066", "0.25066", "0"])
    def test_a_pixel_of_100_units_is_right_to_the_eye(self, re):
        unit = max(2.0**-53, np.spacing(abs(float(re))))

        def place(units):
            return Place(re, "0.02012", str(4 / SIZE[1] / (units * unit)))

        assert depth.is_right_to_the_eye(place(100.1), SIZE, 9999)
        assert not depth.is_right_to_the_eye(place(99.9), SIZE, 9999)
        assert not depth.is_right_to_the_eye(place(100.1), SIZE, 10_000)

    def test_all_that_the_view_asks_for_is_done_in_doubles(self, begun):
        place, size, tile = Place("-1.25066", "0.02012", "5e11", 3000), (128, 72), Tile(0, 0, 16, 16)
        coarse = coarse_bands(place, size, tile)
        render_in_time(place, size, tile, 1e-9)
        assert [rows.shape for _, _, rows in stream_tile(place, size, tile, passes=(8,), by_eye=True)] == [(2, 2)]
        assert set(begun) == {"direct"}
        exact = render_tile(place, size, tile, 8)
        assert begun[-1] == "deep"
        assert np.median(np.abs(exact - coarse)) < 0.01

    def test_what_is_too_deep_or_to_be_exact_waits(self, begun):
        for place in (Place("-1.25066", "0.02012", "1e14", 3000), Place("-1.25066", "0.02012", "5e11", 20_000)):
            coarse_bands(place, (128, 72), Tile(0, 0, 16, 16))
        list(stream_tile(Place("-1.25066", "0.02012", "5e11", 3000), (128, 72), Tile(0, 0, 16, 16)))
        assert set(begun) == {"deep"}

    def test_perturbation_takes_over_as_soon_as_it_can(self, begun, monkeypatch):
        monkeypatch.setattr(module, "is_deep_kernel_awaited", lambda: False)
        coarse_bands(Place("-1.25066", "0.02012", "5e11", 3000), (128, 72), Tile(0, 0, 16, 16))
        assert begun == ["deep"]


@pytest.fixture(scope="module")
def high_counts(deep):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "start_deep_work", deep)
        return render_tile(HIGH, (32, 18), Tile(0, 0, 32, 18))


class TestHighCounts:
    """All counts of a picture lie between 3,141,596 and 3,141,597, where a float32 has steps of 1/4."""

    @pytest.fixture
    def counts(self, high_counts):
        return high_counts

    def test_are_smooth(self, counts):
        assert counts.dtype == np.float64
        assert len(np.unique(counts)) == counts.size
        assert (np.abs(np.diff(counts, 2, axis=1)) < 0.01 * np.ptp(counts)).all()
        assert (np.abs(np.diff(counts, 2, axis=0)) < 0.01 * np.ptp(counts)).all()

    def test_come_so_through_streams_and_passes(self, counts):
        rows = [item[2] for item in stream_tile(HIGH, (32, 18), Tile(0, 0, 32, 18)) if item[0] == 1]
        assert np.abs(np.concatenate(rows) - counts).max() < 0.01 * np.abs(np.diff(counts, axis=0)).min()

    @pytest.mark.parametrize("shading", list(Shading))
    @pytest.mark.parametrize("offset", [0, 5_000_000, 900_000_000])
    def test_have_the_colours_and_slopes_of_low_ones(self, counts, offset, shading):
        low, high = (
            colour(some, PALETTES[DEFAULT], scale=Scale.EQUALISED, shading=shading).astype(int)
            for some in (counts - 3_141_000, counts + offset)
        )
        assert len(np.unique(high.reshape(-1, 4), axis=0)) > 100
        assert np.abs(high - low).max() <= 2


class TestReferences:
    def test_a_tile_takes_the_one_that_it_is_given(self, monkeypatch):
        reference = depth.reference_for(DEEP, SIZE, 500)
        monkeypatch.setattr(module, "reference_for", None)
        tile = Tile(16, 8, 32, 24)
        given = render_tile(DEEP, SIZE, tile, reference=reference)
        rows = [rows for _, _, rows in stream_tile(DEEP, SIZE, tile, passes=(1,), reference=reference)]
        assert np.array_equal(np.concatenate(rows), given)

    def test_the_last_one_serves_as_long_as_it_reaches(self):
        reference = depth.reference_for(DEEP, SIZE, 500)
        assert depth.reference_for(DEEP.pannedBy(100, 50, SIZE[1]), SIZE, 500) is reference
        assert depth.reference_for(Place("-1.3", "0.02012", "1e30"), SIZE, 500) is not reference

    def test_a_pan_leaves_counts_as_they_were(self):
        reference = depth.reference_for(DEEP, SIZE, 500)
        before = render_tile(DEEP, SIZE, Tile(64, 64, 64, 64), reference=reference)
        panned = render_tile(DEEP.pannedBy(-16, 8, SIZE[1]), SIZE, Tile(48, 72, 64, 64), reference=reference)
        assert np.abs(panned - before).max() < 1e-3
