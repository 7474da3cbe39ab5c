# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtWidgets import QApplication

from aqgui.models.describing import Column
from aqgui.panels.columns import FittingColumns
from aqgui.panels.queuepanel import COLUMNS


def shown(bench, width):
    bench.panel.resize(width, 400)
    QApplication.processEvents()
    return bench.panel.columns.shown()


def test_every_column_has_its_importance():
    assert sorted(COLUMNS.importance) == list(Column)


def test_where_there_is_room_all_show(bench):
    bench.show(width=1600)
    assert bench.panel.columns.shown() == list(Column)


def test_the_least_important_hide_first(bench):
    bench.show(width=1600)
    for width in range(1600, 100, -50):
        assert set(shown(bench, width)) == set(COLUMNS.importance[: len(bench.panel.columns.shown())])
    assert bench.panel.columns.shown() == [Column.NAME]
    assert shown(bench, 1600) == list(Column)


def test_what_shows_fits(bench):
    bench.show(width=1600)
    for width in range(1600, 400, -50):
        shown(bench, width)
        header = bench.view.header()
        assert header.length() <= bench.view.viewport().width()
        assert header.sectionSize(Column.NAME) >= 100


def test_what_the_user_has_chosen_shows_in_any_width(bench):
    bench.show(width=1600)
    bench.panel.columns.choose(frozenset((Column.GROUP, Column.SERIES)))
    assert shown(bench, 300) == [Column.NAME, Column.GROUP, Column.SERIES]
    bench.panel.columns.choose(None)
    assert shown(bench, 1600) == list(Column)


def test_the_menu_chooses(bench, qtbot):
    bench.show(width=1600)
    menu = bench.panel.columns.menu()
    qtbot.addWidget(menu)
    actions = {action.text(): action for action in menu.actions()}
    assert actions["Automatic"].isChecked()
    actions["Series"].trigger()
    assert bench.panel.columns.shown() == [column for column in Column if column is not Column.SERIES]
    assert bench.panel.columns.chosen == frozenset(Column) - {Column.SERIES}


@pytest.fixture
def another(bench):
    """The columns as the next run of the application has them."""
    return lambda: FittingColumns(bench.view, COLUMNS, bench.settings, "queue")


def test_the_choice_is_kept(bench, another):
    bench.panel.columns.choose(frozenset((Column.GROUP,)))
    assert another().chosen == {Column.NAME, Column.GROUP}
    bench.panel.columns.choose(None)
    assert another().chosen is None


def test_widths_are_kept(bench, another):
    bench.show(width=1600)
    bench.view.header().resizeSection(Column.GROUP, 222)
    bench.view.header().resizeSection(Column.GROUP, 210)
    another()
    assert bench.view.columnWidth(Column.GROUP) == 210


@pytest.mark.parametrize("text", ["nonsense", "group=x state=-5", "group=999999", "="])
def test_widths_that_make_no_sense_are_passed_over(text, bench, another):
    bench.show(width=1600)
    before = [bench.view.columnWidth(column) for column in Column]
    bench.settings.set("queue/widths", text)
    bench.settings.set("queue/columns", text)
    another()
    assert [bench.view.columnWidth(column) for column in Column] == before


def test_when_the_scroll_bar_comes_the_columns_stay(bench):
    bench.show(width=1600)
    for width in range(1600, 400, -10):
        before = shown(bench, width)
        bench.view.bar.setVisible(not bench.view.bar.isVisible())
        QApplication.processEvents()
        assert bench.panel.columns.shown() == before
