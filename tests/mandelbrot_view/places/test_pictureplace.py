# SPDX-License-Identifier: GPL-3.0-or-later
import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mandelbrot_view.places import files, pictureplace
from mandelbrot_view.places.place import HOME, Place, PlaceError

DEEP = Place("-0.1" + "618" * 600, "0." + "1234567" * 280, "1e1900", 1_000_000)


def png(place, **options):
    notes = PngInfo()
    notes.add_text("Software", "something")
    notes.add_text("Place", place.link, **options)
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2)).save(buffer, "PNG", pnginfo=notes)
    return buffer.getvalue()


def read(content):
    return files.read(io.BytesIO(content)).place


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize("place", [HOME, DEEP])
@pytest.mark.parametrize("isCompressed", [False, True])
def test_the_place_in_a_text_chunk_is_read(place, isCompressed):
    assert read(png(place, zip=isCompressed)) == place


@pytest.mark.parametrize("isCompressed", [False, True])
def test_an_international_text_serves_as_well(isCompressed):
    notes = PngInfo()
    notes.add_itxt("Place", DEEP.link, zip=isCompressed)
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2)).save(buffer, "PNG", pnginfo=notes)
    assert read(buffer.getvalue()) == DEEP


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (pictureplace.SIGNATURE, "does not say where it is"),
        (pictureplace.SIGNATURE + chunk(b"tEXt", b"Places\0x"), "does not say where it is"),
        (pictureplace.SIGNATURE + chunk(b"tEXt", b"Place\0x"), "'x' is not a place"),
        (pictureplace.SIGNATURE + chunk(b"zTXt", b"Place\0\0x"), "damaged"),
        (pictureplace.SIGNATURE + chunk(b"zTXt", b"Place\0\0" + zlib.compress(bytes(10**7))), "damaged"),
        (pictureplace.SIGNATURE + chunk(b"iTXt", b"Place\0\0\0x"), "damaged"),
    ],
)
def test_what_is_wrong_is_told(content, complaint):
    with pytest.raises(PlaceError, match=complaint):
        read(content)


@given(st.data())
def test_a_damaged_file_is_an_error_and_nothing_else(data):
    content = bytearray(png(HOME, zip=True))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    with suppress(PlaceError):
        assert isinstance(read(bytes(content)), Place)
