# SPDX-License-Identifier: GPL-3.0-or-later
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.places.place import HOME, MAX_ZOOM, MIN_ZOOM, REASON, Place, PlaceError

SIZE = (1280, 720)
SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "200000")

coordinates = st.decimals(-2, 2, places=12).map(str)
# Whole views well within the border of the plane, which stops pans.
zooms = st.builds(lambda digits, power: f"{digits}e{power}", st.integers(4, 10**9), st.integers(0, 3))
places = st.builds(Place.make, coordinates, coordinates, zooms)
pixels = st.integers(-200, 200)


class TestLinks:
    def test_a_link_says_centre_zoom_and_limit(self):
        place = Place.parse("mandelbrot:re=-0.75&im=0.1&zoom=1e3&limit=auto")
        assert place == Place("-0.75", "0.1", "1000", None)

    def test_its_order_is_free_white_space_is_forgiven_and_the_limit_may_be_left_out(self):
        assert Place.parse("  MANDELBROT: zoom = 1e3 & im=.10&re=-7.5e-1 \n") == Place("-0.75", "0.1", "1000")

    @given(places)
    def test_a_place_reads_back_from_its_link(self, place):
        assert Place.parse(place.link) == place

    def test_a_limit_is_kept_in_the_link(self):
        assert Place.make("0", "0", "1", 5000).link.endswith("&limit=5000")

    def test_numbers_have_one_spelling(self):
        assert Place.make("-0.750", "-0", "0.001e6") == Place("-0.75", "0", "1000")

    def test_a_minus_sign_may_be_the_one_that_texts_are_printed_with(self):
        assert Place.parse("mandelbrot:re=\N{MINUS SIGN}0.75&im=0&zoom=1") == Place("-0.75", "0", "1")

    @pytest.mark.parametrize("number", [None, b"0", [], 1j, (0, (1,), 0)])
    def test_what_is_no_number_is_told_apart_by_its_type(self, number):
        with pytest.raises(TypeError, match=rf"im is of the type {type(number).__name__}; give it as decimal text"):
            Place.make("0", number, "1")

    @pytest.mark.parametrize("limit", [2.5, "100"])
    def test_a_limit_is_a_whole_number(self, limit):
        with pytest.raises(TypeError, match=r"limit is of the type .*; give a whole number"):
            Place.make("0", "0", "1", limit)

    @pytest.mark.parametrize(
        ("link", "complaint"),
        [
            ("", "is not a place"),
            ("https://example.org", "is not a place"),
            ("mandelbrot:re=0&im=0", "lacks zoom="),
            ("mandelbrot:re=0&im=0&zoom=1&zoom=2", "zoom= stands twice"),
            ("mandelbrot:re=0&im=0&zoom=1&angle=3", "'angle=3' .* not one of"),
            ("mandelbrot:re=zero&im=0&zoom=1", "re='zero' is not a number"),
            ("mandelbrot:re=nan&im=0&zoom=1", "not a finite number"),
            ("mandelbrot:re=0&im=Infinity&zoom=1", "not a finite number"),
            ("mandelbrot:re=17&im=0&zoom=1", "re='17' is out of range; use -16 to 16"),
            ("mandelbrot:re=1e-999999999&im=0&zoom=1", "digits behind the point"),
            (f"mandelbrot:re=0&im=0&zoom={'1' * 9000}", "has 9,000 characters; a number has 8,000 at most"),
            (f"mandelbrot:re=0.{'1' * 4001}&im=0&zoom=1", "has more than 4000 digits behind the point"),
            ("mandelbrot:re=0&im=0&zoom=0", "zoom=0 must be greater than 0"),
            ("mandelbrot:re=0&im=0&zoom=-1", "must be greater than 0"),
            ("mandelbrot:re=0&im=0&zoom=1e999999", "zoom=1e999999 is out of range; use 1e-100 to 1e2000"),
            ("mandelbrot:re=0&im=0&zoom=1.1e2000", "is out of range"),
            ("mandelbrot:re=0&im=0&zoom=1&limit=0", "limit=0 is out of range"),
            ("mandelbrot:re=0&im=0&zoom=1&limit=1000000001", "is out of range"),
            (f"mandelbrot:re=0&im=0&zoom=1&limit={'9' * 4000}", r"limit=9{60}…9{15} is out of range"),
            ("mandelbrot:re=0&im=0&zoom=1&limit=many", "not a whole number or auto"),
        ],
    )
    def test_what_names_no_place_is_refused_in_words(self, link, complaint):
        with pytest.raises(PlaceError, match=complaint):
            Place.parse(link)


class TestScale:
    def test_a_picture_is_4_by_zoom_high(self):
        assert Place("0", "0", "1000").exactSpacing(500) * 500 == Decimal(4) / 1000
        assert Place("0", "0", "1000").radius == Decimal("0.002")

    def test_depth_is_told_beyond_what_a_float_can_hold(self):
        place = Place("0", "0", "1e1000")
        assert place.radius == Decimal("2e-1000")
        assert place.exactSpacing(400) == Decimal("1e-1002")

    def test_the_middle_of_the_picture_is_the_centre(self):
        assert SEAHORSE.pointAt(640, 360, SIZE) == (Decimal(SEAHORSE.re), Decimal(SEAHORSE.im))

    def test_x_runs_to_the_right_and_y_runs_down(self):
        place = Place("0", "0", "1")
        assert place.pointAt(75, 25, (100, 100)) == (Decimal(1), Decimal(1))

    def test_home_shows_the_whole_set(self):
        left, top = HOME.pointAt(0, 0, (800, 600))
        right, bottom = HOME.pointAt(800, 600, (800, 600))
        assert (left < -2, right > 0.5, top > 1.2, bottom < -1.2) == (True, True, True, True)


class TestPan:
    @given(places, pixels, pixels)
    def test_the_picture_moves_with_the_hand(self, place, dx, dy):
        assert place.pannedBy(dx, dy, 720).pointAt(100.5 + dx, 50.5 + dy, SIZE) == place.pointAt(100.5, 50.5, SIZE)

    @given(places, st.lists(st.tuples(pixels, pixels), max_size=20))
    def test_pans_are_exact_and_lead_back(self, place, pans):
        moved = place
        for dx, dy in pans:
            moved = moved.pannedBy(dx, dy, 720)
        for dx, dy in pans:
            moved = moved.pannedBy(-dx, -dy, 720)
        assert moved == place

    def test_the_border_of_the_plane_stops_it(self):
        assert Place("15", "0", "1").pannedBy(-10000, 0, 100).re == "16"


class TestZoom:
    @given(places, st.integers(0, 1280), st.integers(0, 720), st.floats(0.5, 100))
    def test_the_point_under_the_pointer_stays_there(self, place, x, y, factor):
        assert place.zoomedBy(factor, x, y, SIZE).pointAt(x, y, SIZE) == place.pointAt(x, y, SIZE)

    @given(places, st.integers(0, 1280), st.integers(0, 720), st.integers(1, 60))
    def test_the_inverse_factors_lead_back(self, place, x, y, clicks):
        zoomed = place
        for _ in range(clicks):
            zoomed = zoomed.zoomedBy(2**0.25, x, y, SIZE)
        for _ in range(clicks):
            zoomed = zoomed.zoomedBy(2**-0.25, x, y, SIZE)
        assert zoomed == place

    def test_a_centre_with_more_digits_than_the_depth_asks_for_keeps_them(self):
        digits = "-0.74364388703715104752191506114774"
        assert Place.make(digits, "0.1", "1").zoomedBy(1000, 640, 360, SIZE).re == digits

    def test_a_centre_gets_no_more_digits_than_the_depth_asks_for(self):
        place = HOME
        for _ in range(200):
            place = place.zoomedBy(1.25, 731, 113, SIZE).pannedBy(3, 5, SIZE[1])
        depth = Decimal(place.zoom).adjusted()
        assert max(len(place.re), len(place.im)) < depth + 22

    @pytest.mark.parametrize("zoom", ["1.6", "2.56203307883E157", "5.9680811401822433E112", "2e13"])
    def test_500_clicks_of_the_wheel_and_500_back_lead_to_the_very_place(self, zoom):
        start = Place.make("-1.25066", "0.02012", zoom, 777)
        place = start
        for _ in range(500):
            place = place.zoomedBy(2**0.4, 731.25, 113.5, SIZE)
        assert Decimal(place.zoom) > Decimal(zoom) * Decimal("1e60")
        for _ in range(500):
            place = place.zoomedBy(2**-0.4, 731.25, 113.5, SIZE)
        assert place == start

    def test_and_so_do_3000_clicks_below_1e300(self):
        place = start = SEAHORSE.zoomedBy(1.7, 3, 5, SIZE)
        for _ in range(3000):
            place = place.zoomedBy(2**0.4, 17.125, 700, SIZE)
        assert Decimal(place.zoom) > Decimal("1e360")
        for _ in range(3000):
            place = place.zoomedBy(2**-0.4, 17.125, 700, SIZE)
        assert place == start

    @pytest.mark.parametrize("zoom", ["1e50", "1e300", "3e330", "1e1000", "1e1999"])
    def test_at_any_depth_the_point_under_the_pointer_stays_and_pans_are_exact(self, zoom):
        deep = Place.make("-0.1" + "618" * 300, "0." + "1234567" * 200, zoom)
        point = deep.pointAt(100.5, 600.25, SIZE)
        place = deep
        for factor in (2**0.4, 1.7, 2**0.4, 0.3):
            place = place.zoomedBy(factor, 100.5, 600.25, SIZE)
            assert place.pointAt(100.5, 600.25, SIZE) == point
        panned = place.pannedBy(333, -77, SIZE[1])
        assert panned != place
        assert panned.pointAt(433.5, 523.25, SIZE) == point
        assert panned.pannedBy(-333, 77, SIZE[1]) == place

    def test_it_stops_at_the_deepest_place_and_says_why(self):
        deepest = SEAHORSE.zoomedBy(1e300, 640, 360, SIZE)
        for _ in range(8):
            deepest = deepest.zoomedBy(1e300, 640, 360, SIZE)
        assert Decimal(deepest.zoom) == MAX_ZOOM
        assert not deepest.canZoomIn()
        assert deepest.zoomedBy(2, 10, 10, SIZE) == deepest
        assert "1e2000" in REASON

    def test_it_stops_far_out(self):
        assert Decimal(HOME.zoomedBy(1e-9, 0, 0, SIZE).zoom) == MIN_ZOOM

    def test_a_link_may_lie_farther_out_and_can_be_left(self):
        far = Place.make("-1.25", "0", "1e-50")
        assert far.zoomedBy(0.5, 0, 0, SIZE).zoom == far.zoom
        assert Decimal(far.zoomedBy(2, 640, 360, SIZE).zoom) == Decimal("2e-50")


class TestLimit:
    def test_the_automatic_limit_grows_with_the_depth_and_is_bounded(self):
        zooms = ("0.1", "1.6", "1e3", "1e6", "1e12", "1e14", "1e20", "1e30", "1e50", "1e500", "1e2000")
        limits = [Place("0", "0", zoom).autoLimit() for zoom in zooms]
        assert limits == sorted(limits)
        assert limits[0] >= 500
        assert limits[4] < 20_000
        assert limits[-1] <= 300_000

    @pytest.mark.parametrize(
        ("zoom", "need"), [("1e14", 4036), ("1e50", 230_000), ("5e113", 35_494), ("4e318", 212_138), ("1e1000", 32_000)]
    )
    def test_it_suits_well_known_places(self, zoom, need):
        assert need <= Place("0", "0", zoom).autoLimit() <= 10 * need
