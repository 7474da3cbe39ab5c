# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QScreen
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QTextBrowser,
    QWidget,
)

from aqgui import theme
from aqgui.models.events import Severity
from aqgui.window.exportdialog import Asked
from aqlib import CancelledError
from mandelbrot_view.colour.colouring import Colouring, Shading
from mandelbrot_view.colour.palettes import PALETTES
from mandelbrot_view.places.place import HOME, Place

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "2000")


def pickedUp(failure):
    failure.trap(CancelledError)


def test_it_begins_at_home_and_later_where_it_was_last(makeWindow):
    first = makeWindow()
    assert first.view.place == HOME
    first.view.setPlace(SEAHORSE)
    first.save()
    assert makeWindow().view.place == SEAHORSE


def test_a_place_that_is_given_comes_first(makeWindow):
    assert makeWindow(SEAHORSE).view.place == SEAHORSE


def test_a_spoiled_place_in_the_settings_is_home(makeWindow, settings):
    settings.set("view/place", "mandelbrot:re=north")
    assert makeWindow().view.place == HOME


def test_the_picture_has_most_of_the_width_at_first(window):
    assert window.view.width() >= 0.6 * window.width()


def test_a_narrow_window_stacks_the_docks_and_a_wide_one_does_not(window, qtbot):
    window.resize(900, 700)
    qtbot.waitUntil(lambda: window.tabifiedDockWidgets(window.docks.queue) == [window.docks.workers])
    window.resize(1400, 900)
    qtbot.waitUntil(lambda: window.tabifiedDockWidgets(window.docks.queue) == [])


@pytest.mark.parametrize("size", [QSize(900, 520), QSize(1010, 480), QSize(1440, 500), QSize(1440, 900)])
def test_resetting_the_layout_leaves_the_window_as_large_as_it_is(window, qtbot, size):
    window.resize(size)
    qtbot.waitUntil(lambda: window.size() == size)
    window.docks.arrange()
    qtbot.wait(50)
    assert window.size() == size


def test_in_a_small_window_the_picture_has_half_of_the_width(window, qtbot):
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.tabifiedDockWidgets(window.docks.queue) == [window.docks.workers])
    qtbot.waitUntil(lambda: window.view.width() >= 0.5 * window.width())


def test_docks_and_colours_are_kept(makeWindow):
    window = makeWindow()
    window.docks.workers.hide()
    window.toolBar.palettes.chosen.emit(PALETTES["Ember"])
    window.toolBar.colours.density.setValue(50)
    window.toolBar.colours.offset.setValue(30)
    window.actions_["shadeRelief"].trigger()
    window.save()
    again = makeWindow()
    assert not again.docks.workers.isVisible()
    assert again.docks.queue.isVisible()
    assert again.view.colouring == Colouring(PALETTES["Ember"], 2.0, 0.15, shading=Shading.RELIEF)
    assert again.toolBar.palettes.currentText() == "Ember"
    assert (again.toolBar.colours.density.density, again.toolBar.colours.offset.offset) == (2.0, 0.15)
    assert again.actions_["shadeRelief"].isChecked()


def test_the_layout_can_be_restored(window):
    window.docks.queue.setFloating(True)
    window.docks.workers.hide()
    window.actions_["restoreLayout"].trigger()
    assert window.docks.workers.isVisible()
    assert not window.docks.queue.isFloating()


def test_in_a_narrow_window_the_restored_layout_is_stacked(window, qtbot):
    window.resize(900, 700)
    window.docks.queue.setFloating(True)
    window.actions_["restoreLayout"].trigger()
    assert window.tabifiedDockWidgets(window.docks.queue) == [window.docks.workers]


def test_a_deep_place_does_not_widen_a_small_window(window):
    window.resize(640, 480)
    window.view.setPlace(Place("-0.743643887037158704752", "0.131825904205311970493", "1e12", 900_000_000))
    QApplication.processEvents()
    assert window.width() == 640


def test_pausing_says_so_over_the_picture(window, queue, qtbot):
    window.actions_["pause"].trigger()
    assert queue.isPaused
    qtbot.waitUntil(lambda: "paused" in (window.notice or ""))
    window.actions_["pause"].trigger()
    assert not queue.isPaused
    assert window.notice is None


def test_a_degraded_queue_says_so_over_the_picture(window, queue, loggedErrors):
    queue.degrade("They die.")
    assert window.notice == "The queue gave up on its workers. Add one to try again. They die."
    queue.recover()
    loggedErrors.flush()


def test_what_goes_wrong_is_said_in_the_status_bar(window, qtbot):
    window.eventsPanel.log.add(Severity.ERROR, "it broke")
    window.eventsPanel.log.add(Severity.INFO, "fine")
    qtbot.waitUntil(lambda: window.hint == "it broke")


def test_why_there_is_no_picture_is_said_over_it_until_there_is_one(window):
    window.setTrouble("The workers cannot compute.")
    assert window.notice == "The workers cannot compute."
    window.view.pictureSharp.emit()
    assert window.notice is None


def test_cancelled_pieces_are_said_over_the_picture_and_computed_by_f5(window, queue, qtbot):
    assert not window.actions_["computeAgain"].isEnabled()
    pieces = [task for task in queue.running() + list(queue.schedule) if task.group == window.view.GROUP]
    queue.cancel(pieces)
    qtbot.waitUntil(lambda: window.view.isCancelled)
    assert window.notice == "Pieces of the picture were cancelled. Press F5 to compute them."
    window.actions_["computeAgain"].trigger()
    assert window.notice is None
    assert not window.actions_["computeAgain"].isEnabled()
    qtbot.waitUntil(lambda: window.view.isSharp, timeout=30_000)


def test_freezing_holds_the_panels(window, queue, qtbot):
    window.actions_["freeze"].trigger()
    queue.pause()
    task = queue.submit(str, 1, niceness=-20)
    task.deferred.addErrback(pickedUp)
    qtbot.wait(100)
    assert task not in [shown for shown, _ in window.queuePanel.view.visibleRows()]
    window.actions_["freeze"].trigger()
    qtbot.waitUntil(lambda: task in [shown for shown, _ in window.queuePanel.view.visibleRows()])
    task.cancel()
    queue.resume()


def test_a_place_is_copied_and_pasted_as_its_link(window):
    window.view.setPlace(SEAHORSE)
    window.actions_["copyPlace"].trigger()
    assert QApplication.clipboard().text() == SEAHORSE.link
    window.view.setPlace(HOME)
    window.actions_["pastePlace"].trigger()
    assert window.view.place == SEAHORSE


def test_pasting_what_is_no_place_says_so_and_changes_nothing(window):
    QApplication.clipboard().setText("mandelbrot:re=0&im=0&zoom=0")
    window.actions_["pastePlace"].trigger()
    box = window.findChild(QMessageBox)
    assert box.text() == "There is no place on the clipboard."
    assert box.informativeText().startswith("zoom=0 must be greater than 0")
    assert window.view.place == HOME
    box.close()


def test_back_and_forward_are_there_when_there_is_somewhere_to_go(window):
    assert not window.actions_["back"].isEnabled()
    window.view.setPlace(SEAHORSE)
    assert window.actions_["back"].isEnabled()
    window.actions_["back"].trigger()
    assert window.view.place == HOME
    assert window.actions_["forward"].isEnabled()


def test_the_limit_is_raised_and_goes_back_to_auto(window):
    before = window.view.limit
    window.actions_["raiseLimit"].trigger()
    assert window.view.limit == 2 * before
    assert window.toolBar.limit.value() == 2 * before
    window.actions_["autoLimit"].trigger()
    assert window.view.limit == before
    assert window.toolBar.limit.text() == f"auto {before:,}"


def test_closing_without_work_of_ones_own_asks_nothing(window, qtbot):
    with qtbot.waitSignal(window.closeAsked):
        window.close()
    assert window.isVisible()  # it goes when the workers have gone


def test_closing_with_work_of_ones_own_asks_first(window, queue, qtbot):
    queue.pause()
    task = queue.submit(str, 1)
    task.deferred.addErrback(pickedUp)
    with qtbot.assertNotEmitted(window.closeAsked):
        window.close()
    box = window.findChild(QMessageBox)
    assert box.text() == "Close and cancel 1 task?"
    assert box.informativeText() == "1 is waiting."
    buttons = {button.text(): button for button in box.findChildren(QPushButton)}
    with qtbot.waitSignal(window.closeAsked):
        buttons["&Close and cancel"].click()


@pytest.mark.parametrize(
    ("action", "title"), [("keys", "Keys and gestures"), ("about", "About aqgui"), ("addWork", "Add work")]
)
def test_dialogs_open_without_holding_the_event_loop(window, action, title):
    window.actions_[action].trigger()
    dialog = window.findChild(QDialog)
    assert dialog.windowTitle() == title
    dialog.close()


def test_a_theme_is_chosen_in_the_menu(window, qtbot):
    with qtbot.waitSignal(window.themeChosen) as told:
        window.actions_["themeLight"].trigger()
    assert told.args == [theme.LIGHT_NAME]
    assert not window.actions_["themeSystem"].isChecked()


def test_every_action_of_the_menus_has_a_shortcut_of_its_own_and_a_tool_tip(window):
    menus = window.menuBar().findChildren(QMenu)
    actions = {action for menu in menus for action in menu.actions() if not action.menu() and not action.isSeparator()}
    assert [action.text() for action in actions if action.shortcut().isEmpty() or not action.toolTip()] == []
    assert len({action.shortcut().toString() for action in actions}) == len(actions)


def test_the_help_lists_the_keys_of_the_panels_too(window):
    window.actions_["keys"].trigger()
    text = window.findChild(QTextBrowser).toPlainText()
    for keys in ("F8", "Alt+Up", "Ctrl+Shift+K", "Wheel", "Ctrl+P", "Shift+F1"):
        assert f"\n{keys}\n" in text
    dialog = window.findChild(QDialog)
    assert dialog.height() < window.height()
    assert dialog.width() > 400
    dialog.close()


def test_tab_goes_from_the_tool_bar_over_the_picture_to_the_panels_as_the_eye_does(window):
    window.toolBar.workers.setFocus()
    window.queuePanel._summaries._add("pieces")
    names = []
    for _ in range(11):
        names.append(window.focusWidget().accessibleName())
        QTest.keyClick(window.focusWidget(), Qt.Key_Tab)
    assert names == [
        "Number of workers", "Commands at once", "Iteration limit", "Palette", "Colours", "Mandelbrot set",
        "Search the tasks", "Which states to show", "Tasks", "Add work",
            "Stop a worker when its task has finished",
    ]  # fmt: skip


def test_every_widget_that_takes_the_focus_has_a_name_for_screen_readers(window):
    def isNamed(widget):
        return bool(widget.accessibleName() or widget.toolTip() or getattr(widget, "text", str)())

    kinds = (QAbstractButton, QComboBox, QLineEdit, QSpinBox)
    candidates = [widget for widget in window.findChildren(QWidget) if isinstance(widget, kinds)]
    visible = [widget for widget in candidates if widget.isVisible() and widget.focusPolicy() != Qt.NoFocus]
    assert [widget for widget in visible if not isNamed(widget) and widget.objectName() != "qt_spinbox_lineedit"] == []


def test_the_docks_have_their_own_titles(window):
    assert {dock.windowTitle() for dock in window.findChildren(QDockWidget)} == {"Queue", "Workers", "Events"}


def test_at_first_it_fits_on_a_small_screen_with_its_frame(makeWindow, monkeypatch):
    monkeypatch.setattr(QScreen, "availableSize", lambda _: QSize(1366, 768))
    assert makeWindow().size() == QSize(1350, 720)


def test_closing_during_an_export_asks_and_says_what_becomes_of_it(window, tmp_path):
    window.exports.begin(Asked(tmp_path / "set.png", (4000, 3000), 3, None))
    asked = []
    window.closeAsked.connect(lambda: asked.append(True))
    window.close()
    [box] = window.findChildren(QMessageBox)
    assert box.text() == "Close and cancel the export?"
    assert box.informativeText() == "The picture set.png is not written."
    assert asked == []
    box.reject()
    window.exports.cancel()
    window.close()
    assert asked == [True]
