# SPDX-License-Identifier: GPL-3.0-or-later
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mandelbrot_view.export import pictureformat
from mandelbrot_view.export.errors import ExportError

FORMATS = {
    "a": "PNG", "a.png": "PNG", "a.PNG": "PNG", "a.jpg": "JPEG", "a.JPEG": "JPEG", "a.webp": "WEBP", "a.tif": "TIFF",
    "a.tiff": "TIFF",
}  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), FORMATS.items())
def test_a_file_has_the_format_that_its_name_says(tmp_path, name, kind):
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20] = 200, 100, 50
    pictureformat.check(Path(name), (60, 40))
    with (tmp_path / name).open("wb") as file, pictureformat.written(Path(name), file) as png:
        Image.fromarray(pixels).save(png, "PNG")
    with Image.open(tmp_path / name) as picture:
        assert picture.format == kind
        found = np.asarray(picture.convert("RGB")).astype(int)
    assert np.abs(found - pixels).max() <= (0 if kind in ("PNG", "TIFF") else 24)


@pytest.mark.parametrize("name", ["a.bmp", "a.gif", "a.pngx", "archive.tar.gz"])
def test_other_names_are_refused_with_those_that_are_not(name):
    with pytest.raises(ExportError, match=r"names no format that can be written; use \.png, \.jpg"):
        pictureformat.check(Path(name))


@pytest.mark.parametrize(("name", "longest"), [("a.jpg", 65_500), ("a.webp", 16_383)])
def test_a_picture_that_is_too_large_for_a_format_is_refused_before_it_is_computed(name, longest):
    pictureformat.check(Path(name), (longest, 1))
    with pytest.raises(ExportError, match="pixels along an edge; write PNG or TIFF"):
        pictureformat.check(Path(name), (1, longest + 1))


def test_what_fails_in_the_middle_writes_nothing(tmp_path):
    def fail():
        with (tmp_path / "a.jpg").open("wb") as file, pictureformat.written(Path("a.jpg"), file) as png:
            png.write(b"half")
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        fail()
    assert (tmp_path / "a.jpg").read_bytes() == b""
