# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PIL import Image
from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QWidget
from twisted.internet.task import Clock

from aqgui.unattended import LONGEST, Unattended


class View(QObject):
    pictureSharp = pyqtSignal()


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.view = View()


@pytest.fixture
def window(qtbot):
    window = Window()
    qtbot.addWidget(window)
    window.resize(200, 100)
    return window


@pytest.fixture
def watch(window):
    """watch(path, after): a clock, and the exit statuses that were told."""

    def watch(path, after=None):
        clock = Clock()
        ended: list[int] = []
        Unattended(clock, window, path, after, ended.append)
        return clock, ended

    return watch


def test_the_window_is_written_when_the_picture_is_sharp(window, watch, tmp_path, capsys):
    clock, ended = watch(tmp_path / "a.png")
    clock.advance(1)
    window.view.pictureSharp.emit()
    clock.advance(1)
    assert ended == [0]
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (200, 100)
    assert str(tmp_path / "a.png") in capsys.readouterr().err


def test_a_picture_that_does_not_come_is_not_waited_for_for_ever(watch, tmp_path):
    clock, ended = watch(tmp_path / "a.png")
    clock.advance(LONGEST)
    assert ended == [0]


def test_at_a_time_of_ones_own_it_is_written_sharp_or_not(window, watch, tmp_path):
    clock, ended = watch(tmp_path / "a.png", after=2)
    window.view.pictureSharp.emit()
    clock.advance(1.9)
    assert ended == []
    clock.advance(0.2)
    assert ended == [0]


def test_a_file_that_cannot_be_written_is_told_and_is_a_failure(watch, tmp_path, capsys):
    clock, ended = watch(tmp_path / "no" / "a.png", after=0)
    clock.advance(0)
    assert ended == [1]
    said = capsys.readouterr().err
    assert said == f"aqgui: {tmp_path / 'no' / 'a.png'}: the window could not be written there; name another file\n"
