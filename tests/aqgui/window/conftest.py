# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui import theme
from aqgui.models.events import EventLog
from aqgui.settings import Settings
from aqgui.window.mainwindow import MainWindow
from aqlib import ProcessQueue


@pytest.fixture(autouse=True)
def dark(qapp):
    theme.themes.choose("dark", qapp.palette())


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def queue(reactor, wait):
    queue = ProcessQueue(1, reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


@pytest.fixture
def makeWindow(queue, settings, qtbot, wait):
    """Makes and shows a window; all are gone before the queue is."""
    windows = []

    def make(place=None):
        window = MainWindow(queue, settings, EventLog(queue.reactor.seconds), place)
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        window.stopTaking()
        wait(window.colours.close())
        window.deleteLater()


@pytest.fixture
def window(makeWindow):
    return makeWindow()
