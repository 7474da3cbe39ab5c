# SPDX-License-Identifier: GPL-3.0-or-later
import numpy as np
import pytest

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.palettes import PALETTES
from mandelbrot_view.kernels.escape import INSIDE
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt.framing import Framing
from mandelbrot_view.qt.picture import UNKNOWN, Band, Colouring, Picture

SIZE = (40, 24)
WHOLE = Tile(0, 0, *SIZE)
BACKGROUND = 0xFF15181D


def framing(place=HOME, size=SIZE, limit=500):
    return Framing(place, size, limit)


def grid(tile, step, seed=1):
    shape = -(-tile.height // step), -(-tile.width // step)
    return np.random.default_rng(seed).uniform(1, 400, shape)


def fill(picture, tile=WHOLE, step=1):
    counts = grid(tile, step)
    picture.take(picture.framing, tile, step, 0, counts)
    return counts


def coloursOf(counts, colouring=None):
    return colour(counts, *(colouring or Colouring())).view(np.uint32)[..., 0]


def fillBrightest(source, target, where, within):
    """As a scaler does it, in short."""
    target[within.y : within.y + within.height, within.x : within.x + within.width] = source.max()


@pytest.fixture
def picture():
    return Picture(framing(), BACKGROUND)


class TestWhatComes:
    def test_nothing_is_known_at_first_and_it_is_not_the_inside_s_black(self, picture):
        assert (picture.fineness == UNKNOWN).all()
        assert (picture.pixels == BACKGROUND).all()
        assert picture.sharpShare == 0

    def test_sharp_pixels_have_their_counts_and_colours(self, picture):
        counts = fill(picture)
        assert (picture.counts == counts).all()
        assert (picture.pixels == coloursOf(counts)).all()
        assert picture.isSharp

    def test_a_sample_of_a_coarse_pass_fills_its_block(self, picture):
        counts = fill(picture, step=8)
        assert (picture.counts == counts.repeat(8, 0).repeat(8, 1)).all()
        assert (picture.fineness == 8).all()
        assert picture.isWholeKnown
        assert not picture.sharp

    def test_blocks_at_the_border_are_cut_off(self, picture):
        tile = Tile(30, 20, 10, 4)
        counts = fill(picture, tile, 8)
        assert (picture.counts[20:24, 30:38] == counts[0, 0]).all()
        assert (picture.counts[20:24, 38:40] == counts[0, 1]).all()
        assert np.count_nonzero(picture.fineness == 8) == 40

    def test_rows_of_a_pass_come_in_batches(self, picture):
        tile = Tile(8, 0, 16, 16)
        counts = grid(tile, 4)
        where = [picture.take(picture.framing, tile, 4, first, counts[first : first + 2]) for first in (0, 2)]
        assert where == [Tile(8, 0, 16, 8), Tile(8, 8, 16, 8)]
        assert (picture.counts[0:16, 8:24] == counts.repeat(4, 0).repeat(4, 1)).all()

    def test_only_what_is_finer_is_let_in(self, picture):
        left = Tile(0, 0, 20, 24)
        sharp = fill(picture, left)
        coarse = fill(picture, step=4)
        assert (picture.counts[:, :20] == sharp).all()
        assert (picture.counts[:, 20:] == coarse.repeat(4, 0).repeat(4, 1)[:, 20:]).all()
        assert picture.take(picture.framing, WHOLE, 8, 0, grid(WHOLE, 8)) is None

    def test_a_batch_without_rows_changes_nothing(self, picture):
        assert picture.take(picture.framing, WHOLE, 4, 0, np.empty((0, 10))) is None


class TestAnotherFraming:
    def test_what_was_computed_before_a_pan_lands_where_it_is_now(self, picture):
        before = picture.framing
        picture.moveTo(framing(HOME.pannedBy(-5, -3, SIZE[1])))
        counts = grid(WHOLE, 1)
        assert picture.take(before, WHOLE, 1, 0, counts) == Tile(0, 0, 35, 21)
        assert (picture.counts[:21, :35] == counts[3:, 5:]).all()
        assert picture.sharp == 21 * 35

    def test_a_coarse_pass_of_before_a_zoom_lands_larger(self, picture):
        before = picture.framing
        picture.moveTo(framing(HOME.zoomedBy(2, 20, 12, SIZE)))
        counts = grid(WHOLE, 8)
        assert picture.take(before, WHOLE, 8, 0, counts) == WHOLE
        assert (picture.fineness == 16).all()
        # The middle stayed: pixel (20, 12), of the block (2, 1), is the upper left one of four now.
        assert (picture.counts[12:20, 20:28] == counts[1, 2]).all()

    def test_and_is_not_let_in_where_finer_is_known(self, picture):
        before = picture.framing
        picture.moveTo(framing(HOME.zoomedBy(2, 20, 12, SIZE)))
        fill(picture, step=8)
        assert picture.take(before, WHOLE, 8, 0, grid(WHOLE, 8)) is None

    def test_what_lies_outside_is_nothing(self, picture):
        before = picture.framing
        picture.moveTo(framing(HOME.pannedBy(100, 0, SIZE[1])))
        assert picture.take(before, WHOLE, 1, 0, grid(WHOLE, 1)) is None

    def test_counts_to_another_limit_are_not_taken_for_sharp(self, picture):
        picture.take(framing(limit=400), WHOLE, 1, 0, grid(WHOLE, 1))
        assert (picture.fineness == 2).all()


class TestMoving:
    def test_a_pan_keeps_what_is_sharp(self, picture):
        counts = fill(picture)
        picture.moveTo(framing(HOME.pannedBy(4, -6, SIZE[1])))
        assert (picture.counts[:18, 4:] == counts[6:, :-4]).all()
        assert (picture.pixels[:18, 4:] == coloursOf(counts)[6:, :-4]).all()
        assert picture.sharp == 18 * 36
        outside = np.ones(SIZE[::-1], bool)
        outside[:18, 4:] = False
        assert (picture.fineness[outside] == UNKNOWN).all()
        assert (picture.pixels[outside] == BACKGROUND).all()
        assert np.isnan(picture.counts[outside]).all()

    def test_closer_everything_is_larger_and_nothing_sharp(self, picture):
        counts = fill(picture)
        picture.moveTo(framing(HOME.zoomedBy(2, 0, 0, SIZE)))
        assert (picture.counts == counts[:12, :20].repeat(2, 0).repeat(2, 1)).all()
        assert (picture.fineness == 2).all()
        assert not picture.sharp

    def test_the_finer_half_of_a_step_counts_as_a_whole_one(self, picture):
        fill(picture, step=4)
        picture.moveTo(framing(HOME.zoomedBy(1.3, 20, 12, SIZE)))
        assert (picture.fineness == 6).all()

    def test_farther_away_there_is_a_frame_of_which_nothing_is_known(self, picture):
        fill(picture)
        picture.moveTo(framing(HOME.zoomedBy(0.5, 20, 12, SIZE)))
        assert (picture.fineness[6:18, 10:30] == 2).all()
        assert np.count_nonzero(picture.fineness != UNKNOWN) == 20 * 12
        assert not picture.isWholeKnown

    def test_around_what_is_drawn_smoothly_are_its_own_colours_and_far_away_the_background(self):
        picture = Picture(framing(), BACKGROUND, fillBrightest)
        fill(picture)
        picture.pixels[:] = 0xFF102030
        for place in (HOME.zoomedBy(0.5, 20, 12, SIZE), HOME.zoomedBy(0.5, 20, 12, SIZE).pannedBy(9, -7, SIZE[1])):
            picture.moveTo(framing(place))
            assert (picture.fineness == UNKNOWN).any()
            assert (picture.pixels == 0xFF102030).all()
        picture.moveTo(framing(HOME.zoomedBy(0.01, 20, 12, SIZE)))
        assert (picture.pixels[0] == BACKGROUND).all()

    def test_how_coarse_it_is_has_a_bound_below_unknown(self, picture):
        fill(picture, step=8)
        picture.moveTo(framing(HOME.zoomedBy(1000, 20, 12, SIZE)))
        assert (picture.fineness == 254).all()

    def test_far_away_nothing_is_known_and_back_again_it_is(self, picture):
        counts = fill(picture)
        picture.moveTo(framing(HOME.zoomedBy(1e12, 0, 0, SIZE).pannedBy(10**6, 0, SIZE[1])))
        assert (picture.fineness == UNKNOWN).all()
        assert (picture.pixels == BACKGROUND).all()
        picture.moveTo(framing())
        assert picture.isSharp
        assert (picture.counts == counts).all()

    def test_a_wider_picture_keeps_what_is_sharp(self, picture):
        counts = fill(picture)
        picture.moveTo(framing(size=(60, 24)))
        assert (picture.counts[:, 10:50] == counts).all()
        assert picture.sharp == 40 * 24

    def test_a_higher_picture_is_scaled(self, picture):
        counts = fill(picture)
        picture.moveTo(framing(size=(80, 48)))
        assert (picture.counts == counts.repeat(2, 0).repeat(2, 1)).all()
        assert (picture.fineness == 2).all()

    def test_moves_in_quick_succession_carry_the_counts_along(self, picture):
        counts = fill(picture)
        picture.moveTo(framing(HOME.zoomedBy(2, 0, 0, SIZE)))
        picture.moveTo(framing(HOME.zoomedBy(4, 0, 0, SIZE)))
        picture.moveTo(framing(HOME.zoomedBy(4, 0, 0, SIZE).pannedBy(3, 0, SIZE[1])))
        assert (picture.counts[:, 3:] == counts[:6, :10].repeat(4, 0).repeat(4, 1)[:, :-3]).all()
        assert np.isnan(picture.counts[:, :3]).all()

    def test_it_knows_all_of_what_lies_within_it(self, picture):
        within, around = framing(HOME.zoomedBy(2, 5, 5, SIZE)), framing(HOME.zoomedBy(0.5, 5, 5, SIZE))
        assert not picture.knowsAllOf(within)
        fill(picture, step=8)
        assert picture.knowsAllOf(within)
        assert not picture.knowsAllOf(around)

    def test_a_scaler_draws_what_is_scaled_and_only_that(self):
        drawn = []
        picture = Picture(framing(), BACKGROUND, lambda *args: drawn.append(args[2:]))
        fill(picture)
        picture.moveTo(framing(HOME.pannedBy(1, 0, SIZE[1])))
        assert [within for _, within in drawn] == [Tile(0, 0, 1, SIZE[1])]  # what has come into it
        drawn.clear()
        picture.moveTo(framing(HOME.pannedBy(1, 0, SIZE[1]).zoomedBy(0.5, 20, 12, SIZE)))
        (where, there), *around = drawn
        assert where == pytest.approx((0.5, 10.0, 6.0))
        assert there == Tile(10, 6, 20, 12)
        assert sum(tile.width * tile.height for _, tile in around) == 40 * 24 - 20 * 12


class TestASuccessionOfZooms:
    """Each picture is made of what was sharp, and of the newest pass: not of one that was made so."""

    def zoomed(self, doublings):
        return framing(HOME.zoomedBy(2**doublings, 20, 12, SIZE))

    def test_what_was_sharp_is_as_coarse_as_its_pixels_are_large(self, picture):
        fill(picture)
        for i in range(1, 21):
            picture.moveTo(self.zoomed(i / 10))
        assert (picture.fineness == 4).all()

    def test_there_and_back_it_is_sharp_still(self, picture):
        counts = fill(picture)
        for i in (1, 2, 3, 2, 1, 0):
            picture.moveTo(self.zoomed(i))
        assert picture.isSharp
        assert (picture.counts == counts).all()
        assert (picture.pixels == coloursOf(counts)).all()

    def test_a_pass_fills_in_what_is_finer_in_it(self, picture):
        sharp = fill(picture)
        counts = grid(WHOLE, 4)
        picture.takePass(self.zoomed(1), [Band(WHOLE, 4, counts)], self.zoomed(1))
        assert (picture.counts == sharp[6:18, 10:30].repeat(2, 0).repeat(2, 1)).all()
        picture.takePass(self.zoomed(3), [Band(WHOLE, 4, counts)], self.zoomed(3))
        assert (picture.counts == counts.repeat(4, 0).repeat(4, 1)).all()

    def test_a_newer_pass_replaces_the_last_one(self, picture):
        fill(picture)
        for doublings in (3, 3.1, 3.2):
            counts = grid(WHOLE, 4, seed=doublings > 3.15)
            picture.takePass(self.zoomed(doublings), [Band(WHOLE, 4, counts)], self.zoomed(doublings))
        assert (picture.counts == counts.repeat(4, 0).repeat(4, 1)).all()

    def test_the_pass_goes_along_to_the_next_framing(self, picture):
        fill(picture)
        counts = grid(WHOLE, 4)
        away = self.zoomed(-1)
        picture.takePass(away, [Band(WHOLE, 4, counts)], away)
        picture.moveTo(self.zoomed(-1.01))
        known = picture.fineness != UNKNOWN
        assert known[1:-1, 1:-1].all()
        assert picture.fineness[12, 20] == 2
        assert picture.fineness[2, 2] == 4

    def test_a_pan_between_keeps_all_there_is(self, picture):
        fill(picture)
        counts = grid(WHOLE, 4)
        picture.takePass(self.zoomed(4), [Band(WHOLE, 4, counts)], self.zoomed(4))
        picture.moveTo(framing(self.zoomed(4).place.pannedBy(4, 0, SIZE[1])))
        assert (picture.counts[:, 4:] == counts.repeat(4, 0).repeat(4, 1)[:, :-4]).all()

    def test_what_has_become_sharp_meanwhile_is_not_lost(self, picture):
        fill(picture, step=8)
        picture.moveTo(self.zoomed(0.5))
        sharp = fill(picture, Tile(0, 0, 20, 24))
        picture.moveTo(self.zoomed(1.5))
        assert (picture.counts[:, :20] == sharp[6:18, 10:20].repeat(2, 0).repeat(2, 1)).all()

    def test_other_colours_hold_for_what_is_carried_along(self, picture):
        sharp = fill(picture)
        picture.moveTo(self.zoomed(1))
        other = Colouring(list(PALETTES.values())[1])
        picture.setColouring(other)
        picture.recolour(10**6)
        picture.moveTo(self.zoomed(2))
        assert (picture.pixels == coloursOf(sharp[9:15, 15:25], other).repeat(4, 0).repeat(4, 1)).all()


class TestLimit:
    def test_with_a_higher_limit_only_what_was_inside_is_to_be_computed(self, picture):
        counts = grid(WHOLE, 1)
        counts[3:6, 4:9] = INSIDE
        picture.take(picture.framing, WHOLE, 1, 0, counts)
        picture.moveTo(framing(limit=1000))
        assert (picture.fineness[3:6, 4:9] == 2).all()
        assert picture.sharp == SIZE[0] * SIZE[1] - 15
        assert (picture.counts == counts).all()

    def test_with_a_lower_limit_what_escapes_later_is_inside(self, picture):
        counts = fill(picture)
        picture.moveTo(framing(limit=200))
        assert picture.isSharp
        assert (picture.counts == np.where(counts >= 201, INSIDE, counts)).all()
        picture.recolour(10**6)
        assert (picture.pixels == coloursOf(picture.counts)).all()


class TestColours:
    OTHER = Colouring(list(PALETTES.values())[1], 2.0, 0.25)

    def test_other_colours_need_no_computing(self, picture):
        counts = fill(picture)
        picture.setColouring(self.OTHER)
        assert picture.isStale
        assert picture.recolour(10**6) == WHOLE
        assert not picture.isStale
        assert (picture.pixels == coloursOf(counts, self.OTHER)).all()

    def test_what_is_not_known_keeps_the_background(self, picture):
        fill(picture, Tile(0, 0, 40, 8))
        picture.setColouring(self.OTHER)
        picture.recolour(10**6)
        assert (picture.pixels[8:] == BACKGROUND).all()

    def test_a_large_picture_is_coloured_in_slices(self, picture):
        counts = fill(picture)
        picture.setColouring(self.OTHER)
        slices = []
        while picture.isStale:
            slices.append(picture.recolour(400))
        assert slices == [Tile(0, 0, 40, 10), Tile(0, 10, 40, 10), Tile(0, 20, 40, 4)]
        assert (picture.pixels == coloursOf(counts, self.OTHER)).all()

    def test_while_a_slider_moves_all_rows_have_their_turn(self, picture):
        fill(picture)
        rows = set()
        for i in range(3):
            picture.setColouring(self.OTHER._replace(offset=i / 10))
            _, y, _, height = picture.recolour(400)
            rows |= set(range(y, y + height))
        assert rows == set(range(24))

    def test_the_same_colours_cost_nothing(self, picture):
        picture.setColouring(Colouring())
        assert not picture.isStale

    def test_a_picture_that_moves_meanwhile_gets_all_its_colours(self, picture):
        fill(picture)
        picture.setColouring(self.OTHER)
        picture.recolour(400)
        picture.moveTo(framing(HOME.pannedBy(0, 12, SIZE[1])))
        while picture.isStale:
            picture.recolour(400)
        assert (picture.pixels[12:] == coloursOf(picture.counts, self.OTHER)[12:]).all()
