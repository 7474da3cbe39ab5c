# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QImage, QPixmap
from PyQt5.QtWidgets import QLabel, QMessageBox, QPushButton

from aqgui.window.gallery import Gallery, modelOf
from aqgui.window.gallerymodel import thumbnail
from aqgui.window.keepplace import KeepPlaceDialog
from mandelbrot_view.places.collection import OwnPlaces, shipped
from mandelbrot_view.places.place import HOME, Place

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "2e50", 5000)


@pytest.fixture
def own(tmp_path):
    return OwnPlaces(tmp_path)


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def makeGallery(own, chosen, qtbot):
    def make(start="", keep=lambda: None):
        gallery = Gallery(own, start, chosen.append, keep)
        gallery.setAttribute(Qt.WA_DeleteOnClose, False)
        qtbot.addWidget(gallery)
        gallery.open()
        return gallery

    return make


def button(gallery, text):
    [found] = [one for one in gallery.findChildren(QPushButton) if one.text().replace("&", "").startswith(text)]
    return found


def labels(gallery):
    return [label.text() for label in gallery.findChildren(QLabel) if label.isVisible()]


def named(gallery):
    return [gallery.yours.model().index(row, 0).data() for row in range(gallery.yours.model().rowCount())]


def told(gallery):
    box = gallery.findChild(QMessageBox)
    texts = box.text(), box.informativeText()
    box.done(0)
    return texts


def test_it_shows_the_places_worth_seeing_at_first(makeGallery):
    gallery = makeGallery()
    assert gallery.tabs.currentWidget() is gallery.worthSeeing
    assert gallery.worthSeeing.model().rowCount() == 20
    assert gallery.current == shipped()[0]
    assert shipped()[0].note in labels(gallery)
    assert not button(gallery, "Delete").isVisible()


def test_enter_goes_to_the_chosen_place(makeGallery, chosen, qtbot):
    gallery = makeGallery()
    qtbot.keyClick(gallery.worthSeeing, Qt.Key_Right)
    qtbot.keyClick(gallery.worthSeeing, Qt.Key_Return)
    assert chosen == [shipped()[1]]
    assert not gallery.isVisible()


def test_so_does_a_double_click(makeGallery, chosen, qtbot):
    gallery = makeGallery()
    view = gallery.worthSeeing
    where = view.visualRect(view.model().index(2, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.LeftButton, pos=where)
    qtbot.mouseDClick(view.viewport(), Qt.LeftButton, pos=where)
    assert chosen == [shipped()[2]]


def test_and_the_button(makeGallery, chosen):
    gallery = makeGallery(start=shipped()[7].key)
    button(gallery, "Go there").click()
    assert chosen == [shipped()[7]]


def test_it_begins_at_the_place_of_before(makeGallery, own):
    own.add("one", "", HOME, None)
    two = own.add("two", "", SEAHORSE, None)
    gallery = makeGallery(start=two.key)
    assert gallery.tabs.currentWidget() is gallery.yours
    assert gallery.current == two
    assert "two   (zoom 2.0e50)" in labels(gallery)


def test_where_nothing_is_kept_yet_it_says_how_to(makeGallery):
    gallery = makeGallery()
    gallery.tabs.setCurrentWidget(gallery.yours)
    assert any(text.startswith("No places kept yet.") for text in labels(gallery))
    assert gallery.current is None
    assert not button(gallery, "Go there").isEnabled()
    assert not button(gallery, "Delete").isEnabled()


def test_names_and_notes_are_changed_in_a_dialog(makeGallery, own):
    one = own.add("one", "old", HOME, None)
    gallery = makeGallery(start=one.key)
    button(gallery, "Edit").click()
    dialog = gallery.findChild(KeepPlaceDialog)
    assert (dialog.name.text(), dialog.note.toPlainText()) == ("one", "old")
    dialog.name.setText("  first ")
    dialog.note.setPlainText("new\nnote")
    dialog.accept()
    [entry] = own.entries()
    assert (entry.name, entry.note) == ("first", "new\nnote")
    assert gallery.current == entry


def test_a_place_without_a_name_cannot_be_kept(makeGallery, own):
    gallery = makeGallery(start=own.add("one", "", HOME, None).key)
    button(gallery, "Edit").click()
    dialog = gallery.findChild(KeepPlaceDialog)
    dialog.name.setText("  ")
    [save] = [one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "") == "Save"]
    assert not save.isEnabled()
    dialog.reject()


def test_a_deletion_can_be_undone(makeGallery, own):
    entries = [own.add(name, "", HOME, None) for name in ("one", "two", "three")]
    gallery = makeGallery(start=entries[1].key)
    button(gallery, "Delete").click()
    assert named(gallery) == ["one", "three"]
    assert gallery.current == entries[2]
    assert "two was deleted." in labels(gallery)
    button(gallery, "Undo").click()
    assert named(gallery) == ["one", "two", "three"]
    assert gallery.current == entries[1]
    assert not button(gallery, "Undo").isVisible()


def test_a_deletion_makes_the_gallery_no_wider(makeGallery, own):
    gallery = makeGallery(start=own.add("a long name " * 8, "", HOME, None).key)
    gallery.resize(600, 500)
    before = gallery.width()
    button(gallery, "Delete").click()
    gallery.layout().activate()
    assert gallery.width() == before


def test_del_deletes_the_users_own_and_no_other(makeGallery, own, qtbot):
    own.add("one", "", HOME, None)
    gallery = makeGallery()
    qtbot.keyClick(gallery.worthSeeing, Qt.Key_Delete)
    assert len(own.entries()) == 1
    gallery.tabs.setCurrentWidget(gallery.yours)
    qtbot.keyClick(gallery.yours, Qt.Key_Delete)
    assert own.entries() == []


def test_a_damaged_file_is_told(makeGallery, tmp_path):
    (tmp_path / "places.json").write_text("{")
    text, more = told(makeGallery())
    assert text == "Your places could not be read: their file is damaged."
    assert more == f"The file as it was is kept as {tmp_path / 'places-damaged-1.json'}."


def test_what_cannot_be_written_is_told_and_changes_nothing(makeGallery, own, monkeypatch):
    gallery = makeGallery(start=own.add("one", "", HOME, None).key)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own, "remove", refuse)
    button(gallery, "Delete").click()
    text, more = told(gallery)
    assert text == "The place could not be deleted."
    assert "No space left on device" in more
    assert named(gallery) == ["one"]


def test_it_draws_what_it_has_and_a_calm_field_where_there_is_no_picture(makeGallery, own, qtbot):
    image = QImage(800, 500, QImage.Format_RGB32)
    image.fill(Qt.red)
    own.add("red", "", HOME, thumbnail(image))
    own.add("none", "", HOME, None)
    gallery = makeGallery(start=own.entries()[0].key)
    qtbot.waitExposed(gallery)
    view = gallery.yours
    shown = view.viewport().grab().toImage()
    red, none = (view.visualRect(view.model().index(row, 0)).center() for row in (0, 1))
    assert shown.pixelColor(red.x() + 60, red.y()) == Qt.red
    assert shown.pixelColor(none.x() + 60, none.y()).name() == gallery.palette().mid().color().name()


@pytest.mark.parametrize("size", [(1920, 1080), (480, 900), (384, 240), (50, 40)])
def test_a_thumbnail_is_the_middle_of_a_picture(size):
    image = QImage(QSize(*size), QImage.Format_RGB32)
    image.fill(Qt.black)
    image.setPixelColor(size[0] // 2, size[1] // 2, Qt.white)
    picture = QPixmap()
    assert picture.loadFromData(thumbnail(image))
    assert picture.size() == QSize(384, 240)


def test_readers_for_the_blind_get_names_and_notes(makeGallery):
    gallery = makeGallery()
    assert gallery.worthSeeing.accessibleName() == "Places worth seeing"
    index = gallery.worthSeeing.model().index(0, 0)
    assert index.data() == shipped()[0].name
    assert shipped()[0].note in index.data(Qt.AccessibleDescriptionRole)
    assert modelOf(gallery.worthSeeing).entryAt(99) is None
