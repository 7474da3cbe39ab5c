# SPDX-License-Identifier: GPL-3.0-or-later
from dataclasses import replace

import pytest
from PIL import Image
from PyQt5.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PyQt5.QtGui import QDragEnterEvent, QDropEvent
from PyQt5.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton

from aqgui.window.gallery import Gallery
from aqgui.window.keepplace import KeepPlaceDialog
from mandelbrot_view.places import fraktaler, kfr
from mandelbrot_view.places.collection import shipped
from mandelbrot_view.places.place import HOME, Place

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "2000")
DEEP = Place("-0.1" + "618" * 400, "0." + "1234567" * 180, "1e1200", 5)


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
    assert text == "This file has no place that can be read."
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


@pytest.mark.parametrize("place", [SEAHORSE, DEEP])
def test_a_picture_that_was_saved_opens_as_its_place(window, places, place, tmp_path):
    window.view.setPlace(place)
    places.writePicture(str(tmp_path / "a.png"))
    window.view.setPlace(HOME)
    places.load(str(tmp_path / "a.png"))
    assert window.view.place == place


@pytest.mark.parametrize("name", ["a.kfr", "a.toml"])
def test_a_place_is_written_for_other_programs_too(window, places, name, tmp_path):
    window.view.setPlace(SEAHORSE)
    places.write(str(tmp_path / name))
    assert not (tmp_path / name).read_text().startswith("mandelbrot:")
    assert Place.load(str(tmp_path / name)) == replace(SEAHORSE, limit=SEAHORSE.autoLimit())


def test_the_name_follows_the_kind_that_is_chosen(window, places, tmp_path):
    places.write(str(tmp_path / "place"))
    window.actions_["savePlace"].trigger()
    dialog = window.findChild(QFileDialog)
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    assert dialog.selectedFiles() == [str(tmp_path / "place.kfr")]
    assert dialog.defaultSuffix() == "kfr"
    dialog.close()


def offered(text="", urls=()):
    data = QMimeData()
    if text:
        data.setText(text)
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    return data


def drop(widget, data):
    """Drag data over a widget and let go; whether it was taken."""
    point = widget.rect().center()
    enter = QDragEnterEvent(point, Qt.CopyAction | Qt.MoveAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    let = QDropEvent(QPointF(point), Qt.CopyAction | Qt.MoveAction, data, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(widget, let)
    return let.isAccepted() and let.dropAction() == Qt.CopyAction


@pytest.mark.parametrize("name", ["a.kfr", "a.toml", "a.mandelbrot", "a.png"])
def test_a_file_that_is_dropped_opens_as_its_place(window, places, name, tmp_path):
    window.view.setPlace(replace(SEAHORSE, limit=700))
    path = str(tmp_path / name)
    (places.writePicture if name.endswith("png") else places.write)(path)
    window.view.setPlace(HOME)
    assert drop(window, offered(urls=[QUrl.fromLocalFile(path).toString()]))
    assert window.view.place == replace(SEAHORSE, limit=700)


@pytest.mark.parametrize(
    "data",
    [offered(SEAHORSE.link), offered(f"\n {SEAHORSE.link}\nseen"), offered(kfr.write(SEAHORSE)),
     offered(urls=[SEAHORSE.link])],
    ids=["link", "line", "kfr", "url"],
)  # fmt: skip
def test_a_text_that_is_dropped_opens_as_its_place(window, data):
    assert drop(window, data)
    assert window.view.place.re == SEAHORSE.re


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (offered("once upon a time"), "'once upon a time' is not a place"),
        (offered(urls=["file:///nowhere/a.kfr"]), "/nowhere/a.kfr': No such file or directory"),
        (offered(urls=["file:///a", "file:///b"]), "These are 2 files; one place can be shown at a time."),
    ],
    ids=["text", "file", "two"],
)
def test_what_names_no_place_is_told_when_it_is_dropped(window, data, complaint):
    assert drop(window, data)
    text, more = told(window)
    assert text == "What was dropped is not a place."
    assert complaint in more
    assert window.view.place == HOME


def test_what_can_be_no_place_is_not_taken(window):
    picture = QMimeData()
    picture.setData("image/png", b"x")
    assert not drop(window, picture)


def test_a_text_of_a_location_file_can_be_pasted(window, places):
    QApplication.clipboard().setText(fraktaler.write(SEAHORSE))
    places.paste()
    assert window.view.place.re == SEAHORSE.re


def test_the_gallery_leads_to_its_places_and_begins_there_the_next_time(window, places):
    window.actions_["gallery"].trigger()
    gallery = window.findChild(Gallery)
    gallery.worthSeeing.setCurrentIndex(gallery.worthSeeing.model().index(19, 0))
    gallery.worthSeeing.activated.emit(gallery.worthSeeing.currentIndex())
    assert window.view.place == shipped()[19].place
    QApplication.sendPostedEvents(None, QEvent.DeferredDelete)
    window.actions_["gallery"].trigger()
    gallery = window.findChild(Gallery)
    assert gallery.current == shipped()[19]
    gallery.reject()
    window.actions_["back"].trigger()
    assert window.view.place == HOME


def test_the_place_that_is_shown_is_kept_with_its_picture(window, places):
    window.view.setPlace(SEAHORSE)
    window.actions_["keepPlace"].trigger()
    dialog = window.findChild(KeepPlaceDialog)
    assert dialog.name.text() == "Zoom 2.0e3"
    dialog.name.setText("Valley")
    dialog.accept()
    [entry] = places.own.entries()
    assert (entry.name, entry.place) == ("Valley", SEAHORSE)
    assert places.own.pictureOf(entry).read_bytes().startswith(b"\x89PNG")
    assert hint(window) == "Valley is kept among your places."


def test_it_is_kept_from_within_the_gallery_too(window, places):
    window.actions_["gallery"].trigger()
    gallery = window.findChild(Gallery)
    [keep] = [one for one in gallery.findChildren(QPushButton) if one.text().startswith("&Keep")]
    keep.click()
    gallery.findChild(KeepPlaceDialog).accept()
    [entry] = places.own.entries()
    assert gallery.current == entry
    gallery.reject()


def test_a_place_that_cannot_be_kept_is_told(window, places, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(places.own, "add", refuse)
    places.keep()
    window.findChild(KeepPlaceDialog).accept()
    text, more = told(window)
    assert text == "The place could not be kept."
    assert "No space left on device" in more


@pytest.mark.parametrize("action", ["openPlace", "savePlace", "savePicture"])
def test_files_are_asked_for_where_the_last_one_was(window, places, action, tmp_path):
    places.write(str(tmp_path / "place"))
    window.actions_[action].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog.directory().absolutePath() == str(tmp_path)
    assert dialog.isModal()
    dialog.close()
