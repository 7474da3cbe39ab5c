# SPDX-License-Identifier: GPL-3.0-or-later
import io
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mandelbrot_view.export.png import PngWriter, combined, pack


def pixels(height, width, seed=0):
    """Smooth colours with some noise, so that each filter is the best one somewhere."""
    rng = np.random.default_rng(seed)
    slopes = np.add.outer(np.arange(height) * 3, np.arange(width) * 5)[..., None] + np.array([0, 40, 90])
    return (slopes + rng.integers(0, 4, (height, width, 3))).astype(np.uint8)


def written(bands, size, texts):
    file = io.BytesIO()
    writer = PngWriter(file, size, texts)
    for band in bands:
        writer.write(band)
    writer.finish()
    return file.getvalue()


@pytest.mark.parametrize("rows", [1, 7, 16, 17, 40, 100])
def test_bands_that_were_packed_apart_are_one_picture(rows):
    picture = pixels(100, 37)
    bands = [pack(picture[first : first + rows]) for first in range(0, 100, rows)]
    content = written(bands, (37, 100), {"Place": "here"})
    with Image.open(io.BytesIO(content)) as image:
        assert (np.asarray(image) == picture).all()
        assert (image.mode, image.info["Place"]) == ("RGB", "here")


def test_a_strict_reader_finds_the_checksums_right():
    content = written([pack(pixels(20, 9, seed)) for seed in range(3)], (9, 60), {})
    at, stream = 8, b""
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + data) == int.from_bytes(content[at + 8 + length : at + 12 + length], "big")
        stream += data if kind == b"IDAT" else b""
        at += 12 + length
    assert len(zlib.decompress(stream)) == 60 * (3 * 9 + 1)  # it raises when the checksum is wrong


def test_smooth_colours_become_small():
    smooth = np.linspace(0, 255, 300)[:, None, None] + np.linspace(0, 90, 400)[None, :, None] + np.zeros(3)
    assert len(pack((smooth / 2).astype(np.uint8)).data) < 300 * 400 * 3 / 20


def test_a_picture_that_lacks_rows_is_not_finished():
    writer = PngWriter(io.BytesIO(), (9, 30), {})
    writer.write(pack(pixels(20, 9)))
    with pytest.raises(ValueError, match="10 rows"):
        writer.finish()


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_checksums_are_combined(one, other):
    assert combined(zlib.adler32(one), zlib.adler32(other), len(other)) == zlib.adler32(one + other)
