# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys are in the order of the places that they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from aqlib.naturalorder import LAST, NEXT, NORMAL, keyOf, placeOf

COUNTS = st.integers(0, (1 << 48) - 1)
PLACES = st.tuples(st.sampled_from([NEXT, NORMAL, LAST]), st.integers(-20, 20), COUNTS, COUNTS)


@given(PLACES)
def test_a_key_has_all_of_its_place(place):
    assert placeOf(keyOf(*place)) == place


@given(PLACES, PLACES)
def test_keys_are_ordered_as_places_are(one, other):
    assert (keyOf(*one) < keyOf(*other)) == (one < other)
