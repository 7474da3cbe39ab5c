# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PIL import Image
from PyQt5.QtWidgets import QFileDialog, QMessageBox

from mandelbrot_view.places.place import HOME, Place

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "2000")


@pytest.fixture
def places(window):
    return window.places


def told(window):
    """The texts of the message that is shown; it is closed."""
    box = window.findChild(QMessageBox)
    box.close()
    return box.text(), box.informativeText()


def hint(window):
    return window.hint


def test_a_place_is_written_to_a_file_and_read_from_it(window, places, tmp_path):
    window.view.setPlace(SEAHORSE)
    places.write(str(tmp_path / "place"))
    assert hint(window) == f"The place was written to {tmp_path / 'place'}."
    window.view.setPlace(HOME)
    places.load(str(tmp_path / "place"))
    assert window.view.place == SEAHORSE


def test_a_file_without_a_place_is_told_and_changes_nothing(window, places, tmp_path):
    (tmp_path / "place").write_text("once upon a time")
    places.load(str(tmp_path / "place"))
    text, more = told(window)
    assert text == "No place could be read from this file."
    assert "'once upon a time' is not a place" in more
    assert window.view.place == HOME


def test_a_place_that_cannot_be_written_is_told(window, places, tmp_path):
    places.write(str(tmp_path / "no" / "place"))
    text, more = told(window)
    assert text == "The place could not be saved."
    assert more == f"{tmp_path / 'no' / 'place'}: No such file or directory. Choose another folder, or make room there."


def test_a_picture_is_written_as_png(window, places, tmp_path):
    places.writePicture(str(tmp_path / "a.png"))
    assert hint(window).startswith(f"The picture was written to {tmp_path / 'a.png'}.")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == window.view.deviceSize


def test_a_picture_that_cannot_be_written_is_told(window, places, tmp_path):
    places.writePicture(str(tmp_path / "no" / "a.png"))
    text, _ = told(window)
    assert text.startswith(f"The picture could not be saved as {tmp_path / 'no' / 'a.png'}: No such file or directory.")


@pytest.mark.parametrize("action", ["openPlace", "savePlace", "savePicture"])
def test_files_are_asked_for_where_the_last_one_was(window, places, action, tmp_path):
    places.write(str(tmp_path / "place"))
    window.actions_[action].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog.directory().absolutePath() == str(tmp_path)
    assert dialog.isModal()
    dialog.close()
