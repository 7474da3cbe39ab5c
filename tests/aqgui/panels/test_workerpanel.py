# SPDX-License-Identifier: GPL-3.0-or-later
import os
import time

import pytest
from PyQt5.QtCore import QItemSelectionModel, QPoint, Qt
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QLabel, QMenu, QToolButton
from twisted.internet.task import deferLater

from aqgui import theme
from aqgui.gathering import Gathering
from aqgui.models.utilisation import Utilisation
from aqgui.models.workermodel import Column
from aqgui.panels.utilisationplot import UtilisationPlot
from aqgui.panels.workerpanel import WorkerPanel
from aqgui.settings import Settings
from aqgui.workerpool import WorkerPool
from aqlib import CancelledError, ProcessQueue, WorkerLost, WorkerState


@pytest.fixture
def queue(reactor, wait):
    queue = ProcessQueue(2, reactor=reactor)
    yield queue
    wait(queue.shutdown(cancel=True))


@pytest.fixture
def gathering(queue, reactor):
    gathering = Gathering(queue, reactor)
    yield gathering
    gathering.close()


@pytest.fixture
def panel(queue, gathering, qtbot, qapp, tmp_path):
    theme.themes.choose("dark", qapp.palette())
    panel = WorkerPanel(queue, gathering, WorkerPool(queue, pytest.fail), Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(panel)
    panel.resize(500, 400)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def summary(panel):
    return panel.findChild(QLabel).text()


def select(panel, *rows):
    for row in rows:
        flags = QItemSelectionModel.Select | QItemSelectionModel.Rows
        panel.view.selectionModel().select(panel.model.index(row, 0), flags)


def button(panel, text):
    return next(button for button in panel.findChildren(QToolButton) if text in button.toolTip())


def test_a_row_a_worker_and_how_many_run(panel):
    assert panel.model.rowCount() == 2
    assert summary(panel) == "2 workers, 0 running"


async def test_one_whose_task_is_paused_is_counted_as_such(panel, queue, gathering):
    task = queue.submit(time.sleep, 1000)
    while not task.isRunning:
        await deferLater(queue.reactor, 0.01)
    assert task.pause()
    panel.refresh()
    assert summary(panel) == "2 workers, 0 running, 1 paused"
    assert panel.model.index(task.worker.ID - 1, Column.WORKER).data() == f"{task.worker.ID}  paused"
    task.cancel()
    with pytest.raises(CancelledError):
        await task.deferred


def test_while_nothing_happens_the_curve_is_not_drawn_anew(panel, monkeypatch):
    drawn = []
    monkeypatch.setattr(panel.plot._all, "setData", lambda *_: drawn.append(1))
    for isFlat, number in ((False, 1), (False, 2), (True, 3), (True, 3), (False, 4)):
        monkeypatch.setattr(Utilisation, "isFlat", isFlat)
        panel.plot.refresh([1, 2])
        assert len(drawn) == number


class _Steady(Utilisation):
    """Workers whose share of time busy is the same all the time."""

    def __init__(self, share):
        super().__init__(None)
        self._share = share

    def curve(self, ID=None):
        return [-i / 4 for i in range(239, -1, -1)], [self._share] * 240


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_grid_never_hides_the_curve_of_a_worker(qtbot, share):
    plot = UtilisationPlot(_Steady(share))
    qtbot.addWidget(plot)
    plot.refresh([1])
    colour = theme.workerColour(1)
    for height in range(96, 140):
        plot.resize(400, height)
        image = plot.grab().toImage().convertToFormat(QImage.Format_RGB32)
        column = [image.pixelColor(200, y) for y in range(image.height())]
        assert min(_distance(pixel, colour) for pixel in column) < 60, height


def _distance(one, other):
    return sum(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


def test_the_share_of_time_busy_has_a_header_that_is_read_whole(panel):
    title = panel.model.headerData(Column.BUSY, Qt.Horizontal)
    assert "10 s" in title
    assert panel.view.fontMetrics().horizontalAdvance(title) < panel.view.columnWidth(Column.BUSY)


def test_all_states_of_a_worker_are_read_whole(panel):
    metrics = panel.view.fontMetrics()
    room = panel.view.columnWidth(Column.WORKER)
    assert all(metrics.horizontalAdvance(f"||888 ▸ {state.value}") < room for state in WorkerState)


def test_in_a_narrow_panel_the_least_important_columns_hide(panel, qtbot):
    assert not any(panel.view.isColumnHidden(column) for column in Column)
    panel.resize(330, 400)
    qtbot.waitUntil(lambda: panel.view.isColumnHidden(Column.DONE))
    assert panel.columns.shown()[:3] == [Column.WORKER, Column.TASK, Column.BUSY]
    assert panel.view.header().length() <= panel.view.viewport().width()


def test_cpu_and_memory_are_seen(panel, qtbot):
    qtbot.waitUntil(lambda: panel.model.index(0, Column.MEMORY).data() != "–")
    assert int(panel.model.index(0, Column.MEMORY).data()) > 1
    assert panel.model.index(0, Column.CPU).data().isdigit()


def test_workers_are_added_and_removed(panel, queue, qtbot):
    button(panel, "Start one more").click()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    button(panel, "Stop a worker").click()
    button(panel, "Stop a worker").click()
    qtbot.waitUntil(lambda: summary(panel) == "1 worker, 0 running")


async def test_a_killed_worker_goes_on_in_a_new_process(panel, queue):
    pid = await queue.call(os.getpid)
    row = [worker.pid for worker in queue.workers()].index(pid)
    select(panel, row)
    task = queue.submit(exec, "import aqlib, time; aqlib.progress(1); time.sleep(1000)")
    while task.progress is None:
        await queue.call(abs, -1)
    panel.actions()["killWorker"].trigger()
    other = queue.workers()[1 - row]
    select(panel, 1 - row)
    panel.actions()["killWorker"].trigger()
    with pytest.raises(WorkerLost):
        await task.deferred
    assert await queue.call(abs, -1) == 1
    assert pid not in [worker.pid for worker in queue.workers()]
    assert other in queue.workers()


async def test_a_restarted_worker_loses_no_task(panel, queue):
    await queue.call(abs, -1)
    pids = [worker.pid for worker in queue.workers()]
    select(panel, 0, 1)
    panel.actions()["restartWorker"].trigger()
    assert await queue.call(abs, -2) == 2
    while set(pids) & {worker.pid for worker in queue.workers()}:
        await queue.call(abs, -1)


def test_actions_say_how_many_workers_they_touch(panel):
    kill = panel.actions()["killWorker"]
    panel.refresh()
    assert not kill.isEnabled()
    select(panel, 0)
    assert (kill.isEnabled(), kill.text()) == (True, "&Kill the worker")
    select(panel, 1)
    assert kill.text() == "&Kill 2 workers"


def test_the_context_menu_has_them_too(panel):
    panel.view.customContextMenuRequested.emit(QPoint(10, 10))
    [menu] = panel.findChildren(QMenu)
    assert menu.actions() == list(panel.actions().values())
    menu.close()


def test_while_the_panels_are_frozen_it_stands_still(panel, queue, gathering, qtbot):
    gathering.freeze()
    queue.addWorkers(1)
    qtbot.wait(50)
    assert panel.model.rowCount() == 2
    gathering.thaw()
    assert panel.model.rowCount() == 3


def test_a_worker_has_its_colour_and_the_curve_has_it_too(panel, queue, qtbot):
    qtbot.waitUntil(lambda: len(panel.plot._lines) == 2)
    image = panel.view.grab().toImage().convertToFormat(QImage.Format_RGB32)
    colours = {image.pixelColor(x, y).name() for x in range(40) for y in range(image.height())}
    assert {theme.workerColour(1).name(), theme.workerColour(2).name()} <= colours
    assert panel.plot._lines[2].opts["pen"].color() == theme.workerColour(2)


def test_the_curves_of_workers_that_left_go(panel, queue, qtbot):
    qtbot.waitUntil(lambda: len(panel.plot._lines) == 2)
    queue.detachWorker(1)
    qtbot.waitUntil(lambda: set(panel.plot._lines) == {2})


def test_another_theme_dresses_the_curve(panel, qapp):
    theme.themes.choose("light", qapp.palette())
    axis = panel.plot.getPlotItem().getAxis("left")
    assert axis.textPen().color() == theme.LIGHT.muted
    assert panel.plot.grab().toImage().pixelColor(2, 2) == theme.LIGHT.window
    theme.themes.choose("dark", qapp.palette())
