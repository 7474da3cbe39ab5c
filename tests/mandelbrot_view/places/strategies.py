# SPDX-License-Identifier: GPL-3.0-or-later
"""Places of all depths, for tests of properties."""

from hypothesis import strategies as st

from mandelbrot_view.places.place import MAX_LIMIT, Place

zooms = st.builds(lambda digits, power: f"{digits}e{power}", st.integers(1, 10**16), st.integers(-20, 1983))
coordinates = st.builds(
    lambda sign, whole, digits: f"{sign}{whole}.{digits}",
    st.sampled_from(["", "-"]),
    st.integers(0, 15),
    st.text("0123456789", min_size=1, max_size=1200),
)
deepPlaces = st.builds(Place.make, coordinates, coordinates, zooms, st.integers(1, MAX_LIMIT))
