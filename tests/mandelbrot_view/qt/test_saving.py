# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtGui import QColor, QImage, QImageReader

from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt.saving import savePicture


@pytest.fixture
def image():
    theImage = QImage(30, 20, QImage.Format_RGB32)
    theImage.fill(QColor(10, 20, 30))
    theImage.setPixelColor(7, 8, QColor(200, 100, 50))
    return theImage


def test_a_png_has_the_picture_and_its_place(image, tmp_path):
    path = str(tmp_path / "picture.png")
    savePicture(image, HOME, path)
    reader = QImageReader(path)
    assert bytes(reader.format()) == b"png"
    assert reader.text("Place") == HOME.link
    assert reader.read().convertToFormat(image.format()) == image


def test_it_is_a_png_whatever_its_name(image, tmp_path):
    path = str(tmp_path / "picture")
    savePicture(image, HOME, path)
    assert (tmp_path / "picture").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_is_not_there_is_told(image, tmp_path):
    path = str(tmp_path / "nowhere" / "picture.png")
    with pytest.raises(OSError, match=r"could not be saved as .*nowhere/picture.png: .+ Choose another"):
        savePicture(image, HOME, path)


def test_what_cannot_be_saved_leaves_the_older_file(image, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"older")
    with pytest.raises(OSError, match="could not be saved"):
        savePicture(QImage(), HOME, str(path))
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", b"jpeg"), ("a.webp", b"webp"), ("a.TIFF", b"tiff")])
def test_other_formats_are_what_their_names_say(image, tmp_path, name, kind):
    savePicture(image, HOME, str(tmp_path / name))
    reader = QImageReader(str(tmp_path / name))
    reader.setDecideFormatFromContent(True)
    assert bytes(reader.format()) == kind
    assert reader.size() == image.size()


def test_a_name_of_no_format_is_refused(image, tmp_path):
    with pytest.raises(OSError, match=r"names no format that can be written; use \.png"):
        savePicture(image, HOME, str(tmp_path / "a.xyz"))
    assert list(tmp_path.iterdir()) == []
