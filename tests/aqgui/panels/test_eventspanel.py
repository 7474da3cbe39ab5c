# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtWidgets import QLabel, QPlainTextEdit, QToolButton
from twisted.internet.task import Clock

from aqgui.gathering import Gathering
from aqgui.models.events import EventLog, Severity
from aqgui.panels.eventspanel import EventsPanel
from aqlib import TaskQueue


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(clock):
    return EventLog(clock.seconds)


@pytest.fixture
def gathering(clock):
    return Gathering(TaskQueue(reactor=clock), clock)


@pytest.fixture
def panel(log, gathering, qtbot):
    panel = EventsPanel(log, gathering)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def details(panel):
    text = panel.findChild(QPlainTextEdit)
    return text.toPlainText() if text.isVisible() else None


def test_an_empty_one_says_what_will_be_there(panel):
    assert panel.findChild(QLabel).text() == "No events."


def test_events_are_listed_the_newest_in_sight(panel, log):
    for i in range(200):
        log.add(Severity.INFO, f"event {i}")
    panel.refresh()
    assert panel.findChild(QLabel).text() == "200 events"
    last = panel.model.index(199, 1)
    assert panel.view.viewport().rect().intersects(panel.view.visualRect(last))


def test_one_who_reads_older_ones_is_not_carried_away(panel, log):
    for i in range(200):
        log.add(Severity.INFO, f"event {i}")
    panel.refresh()
    panel.view.scrollToTop()
    log.add(Severity.INFO, "another")
    panel.refresh()
    assert panel.view.verticalScrollBar().value() == 0


def test_the_details_are_a_click_away(panel, log):
    log.add(Severity.ERROR, "it broke", "Traceback: here")
    log.add(Severity.INFO, "fine")
    panel.refresh()
    assert details(panel) is None
    panel.view.setCurrentIndex(panel.model.index(0, 1))
    assert details(panel) == "Traceback: here"
    panel.view.setCurrentIndex(panel.model.index(1, 1))
    assert details(panel) is None


def test_all_can_be_forgotten(panel, log):
    log.add(Severity.ERROR, "it broke", "why")
    panel.refresh()
    panel.findChild(QToolButton).click()
    assert panel.model.rowCount() == 0


def test_while_the_panels_are_frozen_it_stands_still(panel, log, gathering):
    gathering.freeze()
    log.add(Severity.INFO, "later")
    panel.refresh()
    assert panel.model.rowCount() == 0
    gathering.thaw()
    assert panel.model.rowCount() == 1
