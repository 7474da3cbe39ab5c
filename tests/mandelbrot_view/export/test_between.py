# SPDX-License-Identifier: GPL-3.0-or-later
from itertools import pairwise

import numpy as np
import pytest

from mandelbrot_view.colour.colouring import Colouring
from mandelbrot_view.export.between import Between
from mandelbrot_view.export.scene import Scene, draw
from mandelbrot_view.places.place import Place

SIZE = WIDTH, HEIGHT = 160, 120


def made(place, size, antialias=1):
    scene = Scene(place, size, Colouring(), antialias, 300)
    pixels = np.empty((size[1], size[0], 3), np.uint8)
    for _ in draw(pixels, scene, 0):
        pass
    return pixels


@pytest.fixture(scope="module")
def keys():
    """Three key frames, each twice as deep as the one before."""
    return [made(place(key), (2 * WIDTH, 2 * HEIGHT)) for key in range(3)]


def place(height):
    return Place.make("-0.74364388", "0.13182590", f"{20 * 2**height:.12f}", 300)


def frame(outer, inner, share):
    pixels = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    for _ in Between([(outer, inner)], SIZE).frame(share, pixels):
        pass
    return pixels


def differ(one, other):
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_a_frame_is_what_would_be_computed_for_its_place(keys, share):
    computed = made(place(share), SIZE, 3)
    found = frame(keys[0], keys[1], share)
    assert differ(found, computed) < 7
    # It lies where it should, to less than half a pixel.
    aside = [np.roll(found, shift, axis) for axis in (0, 1) for shift in (-1, 1)]
    assert all(differ(found, computed) < differ(moved, computed) for moved in aside)


def test_nothing_changes_where_one_pair_of_key_frames_follows_the_other(keys):
    assert (frame(keys[0], keys[1], 1.0) == frame(keys[1], keys[2], 0.0)).all()


def test_nothing_pops(keys):
    """Frames that follow each other differ by about as much wherever they are between key frames."""
    steps = [i / 12 for i in range(13)]
    frames = [frame(keys[0], keys[1], share) for share in steps] + [
        frame(keys[1], keys[2], share) for share in steps[1:]
    ]
    changes = [differ(one, other) for one, other in pairwise(frames)]
    assert max(abs(b - a) for a, b in pairwise(changes)) < 0.2 * np.mean(changes)


def test_key_frames_of_other_colours_come_in_by_degrees_and_without_a_seam():
    dark, bright = (np.full((2 * HEIGHT, 2 * WIDTH, 3), value, np.uint8) for value in (0, 255))
    middle = [int(frame(dark, bright, share)[HEIGHT // 2, WIDTH // 2, 0]) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert middle == sorted(middle)
    assert (middle[0], middle[-1]) == (0, 255)
    row = frame(dark, bright, 0.5)[HEIGHT // 2, :, 0].astype(int)
    assert np.abs(np.diff(row)).max() < 60
    assert (frame(dark, bright, 1.0) == 255).all()


def test_where_colours_are_others_at_the_end_they_pass_over_all_over_alike():
    red, green = (np.full((2 * HEIGHT, 2 * WIDTH, 3), colour, np.uint8) for colour in ((200, 0, 0), (0, 200, 0)))
    between, pixels = Between([(red, red), (green, green)], SIZE), np.empty((HEIGHT, WIDTH, 3), np.uint8)
    for share in (0.0, 0.3, 1.0):
        for _ in between.frame(share, pixels):
            pass
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) == 1
    assert tuple(pixels[0, 0]) == (0, 200, 0)
