# SPDX-License-Identifier: GPL-3.0-or-later
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QDialogButtonBox, QWidget

from aqgui.window.exportdialog import ExportDialog, Shown
from mandelbrot_view.colour.colouring import Colouring
from mandelbrot_view.export.movie import Movie, described
from mandelbrot_view.export.workfolder import WorkFolder
from mandelbrot_view.places.place import Place

PLACE = Place("-0.743643887037151", "0.13182590420533", "1024", 700)
SHOWN = Shown(PLACE, 700, (641, 401), Colouring(), 2e6)


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def resumed():
    return []


@pytest.fixture
def makeDialog(settings, qtbot, tmp_path, chosen, resumed):
    settings.set("places/folder", str(tmp_path))
    parent = QWidget()
    qtbot.addWidget(parent)

    def make(shown=SHOWN):
        dialog = ExportDialog(shown, settings, chosen.append, resumed.append, parent)
        dialog.open()
        return dialog

    return make


@pytest.fixture
def dialog(makeDialog):
    return makeDialog()


def exportButton(dialog):
    [box] = dialog.findChildren(QDialogButtonBox)
    return box.button(QDialogButtonBox.Ok)


def test_a_picture_as_the_view_is_the_first_choice(dialog, chosen, tmp_path):
    assert dialog.estimate.startswith("1.0 million samples. Takes about 0.7 s, about 0.386 MB.")
    exportButton(dialog).click()
    [asked] = chosen
    assert asked == (tmp_path / "mandelbrot.png", (641, 401), 2, None)


def test_sizes_come_by_name_or_by_number(dialog):
    dialog.sizes.setCurrentIndex(dialog.sizes.findText("16384 × 16384"))
    dialog.sizes.activated.emit(dialog.sizes.currentIndex())
    assert dialog.asked().size == (16384, 16384)
    dialog.width_.setValue(1920)
    assert dialog.sizes.currentText() == "Other"
    dialog.height_.setValue(1080)
    assert dialog.sizes.currentText() == "1920 × 1080"


def test_a_movie_has_fields_of_its_own(dialog, chosen, tmp_path):
    assert not dialog.start.isVisible()
    dialog.what.setCurrentIndex(1)
    assert dialog.start.isVisible()
    assert dialog.fps.isVisible()
    dialog.start.setText("4")
    dialog.seconds.setValue(2)
    dialog.fps.setValue(25)
    dialog.antialias.setCurrentIndex(0)
    assert dialog.estimate.startswith("50 frames from 9 key frames, zoom doubling 4 times per second. Takes about ")
    exportButton(dialog).click()
    movie = Movie(PLACE, "4", (640, 400), Colouring(), 1, 25, 2.0)  # a video's sides are even
    assert chosen == [(tmp_path / "mandelbrot.mp4", (640, 400), 1, movie)]


def test_what_was_chosen_last_is_there_again(makeDialog, tmp_path):
    first = makeDialog()
    first.what.setCurrentIndex(1)
    first.antialias.setCurrentIndex(2)
    first.fps.setValue(60)
    first.width_.setValue(320)
    exportButton(first).click()
    again = makeDialog()
    assert (again.isMovie, again.antialias.currentIndex(), again.fps.value()) == (True, 2, 60)
    assert again.width_.value() == 320
    assert again.file.text() == str(tmp_path / "mandelbrot.mp4")


def test_spoiled_settings_are_no_matter(makeDialog, settings):
    for key in ("what", "antialias", "fps", "width"):
        settings.set(f"export/{key}", 10**6)
    settings.set("export/start", "north")
    dialog = makeDialog()
    assert "north" in dialog.problem
    dialog.start.setText("1")
    assert dialog.problem == ""


@pytest.mark.parametrize(
    ("start", "file", "told"),
    [
        ("-3", "a.mp4", "zoom=-3 must be greater than 0"),
        ("1024", "a.mp4", "The zoom is 1024 at both ends"),
        ("1", "", "There is no such folder"),
        ("1", "no/such/folder/a.mp4", "There is no such folder"),
        ("1", "folder.mp4", "That is a folder"),
        ("1", "notes.txt", "End the name in .mp4 or .webm"),
    ],
)
def test_what_cannot_be_is_said_before_it_is_tried(dialog, chosen, tmp_path, start, file, told):
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    dialog.what.setCurrentIndex(1)
    dialog.start.setText(start)
    dialog.file.setText(str(tmp_path / file) if file else "")
    assert dialog.problem.startswith(told)
    assert not exportButton(dialog).isEnabled()
    dialog.accept()
    assert chosen == []


def test_a_file_that_would_be_replaced_is_told(dialog, tmp_path):
    assert dialog.note == ""
    (tmp_path / "set.png").write_bytes(b"older")
    dialog.file.setText(str(tmp_path / "set.png"))
    assert dialog.note == "set.png exists and will be replaced."


def test_an_unfinished_movie_of_the_name_goes_on_or_is_taken_up(dialog, tmp_path, resumed, chosen):
    target = tmp_path / "zoom.mp4"
    dialog.what.setCurrentIndex(1)
    dialog.start.setText("2")
    dialog.file.setText(str(target))
    asked = dialog.asked().movie
    WorkFolder(target, {"movie": described(asked)}).close()
    dialog.file.setText(str(tmp_path / "other.mp4"))
    assert dialog.note == ""
    dialog.file.setText(str(target))
    assert dialog.note.endswith("The export continues it.")
    assert not dialog.goOn.isVisible()
    dialog.fps.setValue(24)
    assert dialog.note.endswith("The export starts over.")
    dialog.goOn.click()
    assert (resumed, chosen) == ([target], [])


def test_a_home_folder_may_be_written_as_a_tilde(dialog):
    dialog.file.setText("~/set.png")
    assert dialog.asked().target == Path.home() / "set.png"
