# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports of a window, with workers in memory."""

import os

import numpy as np
import pytest
from PIL import Image
from PyQt5.QtWidgets import QMainWindow, QMessageBox

from aqgui.actions import Actions
from aqgui.window.exportdialog import Asked, ExportDialog
from aqgui.window.exports import RESUME_HINT, Exports
from mandelbrot_view.colour.colouring import Colouring, Scale
from mandelbrot_view.export.movie import Movie
from mandelbrot_view.export.png import PngWriter
from mandelbrot_view.pictures import render
from mandelbrot_view.places.place import Place
from mandelbrot_view.qt.view import MandelbrotView
from tests.mandelbrot_view.export.stage import Stage

PLACE = Place("-0.743643", "0.131825", "8", 150)


@pytest.fixture(autouse=True)
def with_compiled_kernels(compiled, monkeypatch):
    """The workers in memory compute in this process, which starts no compiler that outlives the test."""
    monkeypatch.setattr(render, "start_work", compiled)


@pytest.fixture
def stage():
    return Stage(1)


@pytest.fixture
def said():
    return []


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def actions(window):
    return Actions(window)


@pytest.fixture
def makeExports(stage, said, settings, window, actions, qtbot):
    made = []

    def make():
        view = MandelbrotView(stage.queue, PLACE)
        qtbot.addWidget(view)
        exports = Exports(window, view, stage.queue, actions, settings, said.append)
        made.append(exports)
        return exports

    yield make
    for exports in made:
        exports.stop()


@pytest.fixture
def exports(makeExports):
    return makeExports()


def picture(tmp_path, size=(40, 300)):
    return Asked(tmp_path / "set.png", size, 1, None)


def movie(tmp_path):
    asked = Movie(PLACE, "1", (48, 32), Colouring(), 1, 10, 1.0)
    return Asked(tmp_path / "zoom.mp4", asked.size, 1, asked)


def boxes(window):
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def names(tmp_path):
    return sorted(path.name for path in tmp_path.iterdir() if path.name != "settings.ini")


def test_a_picture_is_written_while_its_progress_is_told(exports, stage, said, tmp_path):
    exports.begin(picture(tmp_path))
    assert exports.isRunning
    assert exports.bar.isVisible()
    stage.finish(stage.workers[0])
    stage.clock.advance(5)
    exports._showProgress()
    assert exports.bar.text.startswith("Exporting set.png: 42 %, ")
    assert exports.bar.text.endswith(" left")
    stage.finishAll()
    assert not exports.isRunning
    assert not exports.bar.isVisible()
    assert said == [f"The picture was written to {tmp_path / 'set.png'}."]
    with Image.open(tmp_path / "set.png") as image:
        assert (image.size, image.info["Place"]) == ((40, 300), PLACE.link)
    assert names(tmp_path) == ["set.png"]


def test_a_cancelled_picture_leaves_nothing(exports, stage, said, tmp_path):
    exports.begin(picture(tmp_path))
    assert names(tmp_path) != []
    exports.bar.cancel.click()
    assert said == ["The export of set.png was cancelled."]
    assert (stage.names, names(tmp_path)) == ([], [])


def test_closing_drops_a_picture_and_says_so_before(exports, stage, tmp_path):
    assert exports.closingNote == ""
    exports.begin(picture(tmp_path))
    assert exports.closingNote == "The picture set.png is not written."
    exports.stop()
    assert (stage.names, names(tmp_path)) == ([], [])


def test_a_folder_that_is_gone_is_told(exports, window, tmp_path):
    exports.begin(picture(tmp_path / "gone"))
    [box] = boxes(window)
    assert box.text() == "The picture could not be exported."
    assert box.informativeText().endswith("No such file or directory. Choose another folder, or make room there.")
    assert not exports.isRunning


def test_a_full_disk_is_told_and_the_older_picture_stays(exports, stage, window, tmp_path, monkeypatch):
    (tmp_path / "set.png").write_bytes(b"older")

    def full(*_):
        raise OSError(28, os.strerror(28))

    exports.begin(picture(tmp_path))
    monkeypatch.setattr(PngWriter, "write", full)
    stage.finishAll()
    [box] = boxes(window)
    assert "No space left on device" in box.informativeText()
    assert names(tmp_path) == ["set.png"]
    assert (tmp_path / "set.png").read_bytes() == b"older"
    assert stage.names == []


def test_what_fails_in_a_worker_is_told_with_its_details(exports, stage, window, tmp_path):
    exports.begin(picture(tmp_path))
    stage.workers[0].fail(ArithmeticError("it cannot be computed"))
    [box] = boxes(window)
    assert box.informativeText() == "It cannot be computed."
    assert "ArithmeticError" in box.detailedText()
    assert names(tmp_path) == []


def test_a_movie_that_is_cancelled_can_go_on_after_the_next_start(makeExports, actions, stage, said, tmp_path):
    first = makeExports()
    assert not actions["resumeExport"].isEnabled()
    first.begin(movie(tmp_path))
    assert not actions["resumeExport"].isEnabled()
    assert first.closingNote.startswith("The movie zoom.mp4 is kept as far as it is")
    stage.finish(stage.workers[0])
    first.stop()
    assert said[-1].endswith("What is done of it is kept: File, Resume the movie goes on with it.")
    assert names(tmp_path) == ["zoom.mp4.unfinished"]
    again = makeExports()
    assert said[-1] == RESUME_HINT
    assert actions["resumeExport"].isEnabled()
    again.resume()
    assert said[-1] == "The movie resumes: 1 of 7 pieces exist."
    stage.finishAll()
    assert said[-1] == f"The movie was written to {tmp_path / 'zoom.mp4'}."
    assert names(tmp_path) == ["zoom.mp4"]
    assert not actions["resumeExport"].isEnabled()


def test_an_unfinished_movie_that_is_gone_is_told(exports, settings, window, tmp_path):
    settings.set("export/unfinished", str(tmp_path / "gone.mp4"))
    exports.resume()
    [box] = boxes(window)
    assert box.text() == "The movie cannot be resumed."
    assert box.informativeText() == f"Nothing is kept of {tmp_path / 'gone.mp4'}; export it again."


def test_a_movie_whose_folder_cannot_be_made_is_told(exports, window, tmp_path):
    (tmp_path / "zoom.mp4.unfinished").write_text("in the way")
    exports.begin(movie(tmp_path))
    [box] = boxes(window)
    assert box.text() == "The movie cannot be made."
    assert "File exists" in box.informativeText()
    assert not exports.isRunning


def test_one_at_a_time(exports, said, window, tmp_path):
    exports.begin(picture(tmp_path))
    exports.ask()
    exports.begin(movie(tmp_path))
    assert said == ["An export is running. Wait for it, or cancel it."] * 2
    assert window.findChildren(ExportDialog) == []


def test_the_dialog_begins_with_what_the_view_shows(exports, window):
    exports.ask()
    [dialog] = window.findChildren(ExportDialog)
    assert dialog.sizes.itemText(0).startswith("Same as the view (")
    assert dialog.isVisible()


def test_colours_are_those_that_are_shown_where_their_scale_is_automatic(exports, stage, window, tmp_path):
    view = exports._view
    assert view.colouring.scale is Scale.AUTOMATIC
    view.picture.counts[:] = 10_000 + np.arange(view.picture.counts.shape[1]) / 100  # nearly alike, as in the depth
    view.picture.rank()
    assert view.shownColouring.scale is Scale.EQUALISED
    exports.ask()
    [dialog] = window.findChildren(ExportDialog)
    assert dialog._shown.colouring == view.shownColouring
    exports.begin(picture(tmp_path))
    assert stage.workers[0].taskNow.call.args[0].colouring == view.shownColouring


@pytest.mark.parametrize(("factor", "expected"), [(3, lambda guess: 3 * guess), (1, lambda _: None)])
def test_a_movie_has_the_view_s_limit_where_the_guess_is_too_low(makeExports, window, monkeypatch, factor, expected):
    exports = makeExports()
    view, place = exports._view, Place("-0.743643", "0.131825", "8")
    view.setPlace(place)
    guess = place.autoLimit()
    monkeypatch.setattr(MandelbrotView, "limit", property(lambda _: factor * guess))
    exports.ask()
    [dialog] = window.findChildren(ExportDialog)
    dialog.what.setCurrentIndex(1)
    assert dialog.asked().movie.place.limit == expected(guess)
