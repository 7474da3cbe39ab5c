# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtGui import QPalette

from aqgui import theme
from aqgui.models.describing import Column


def picture(bench, row, column):
    """A cell as it is painted."""
    rect = bench.view.visualRect(bench.model.index(row, column))
    return bench.view.viewport().grab(rect).toImage()


def isNear(one, other):
    """Whether two colours are alike, but for the smoothing of edges."""
    return all(abs(a - b) < 40 for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


def has(image, colour):
    pixels = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(isNear(image.pixelColor(*pixel), colour) for pixel in pixels)


@pytest.fixture
def bench(bench):
    before = theme.current().name
    theme.themes.choose("light", QPalette())
    bench.panel.setPalette(theme.current().palette())
    yield bench
    theme.themes.choose(before, QPalette())


def test_each_state_has_a_shape_before_the_name(bench):
    bench.tasks.end("same", f=int, args=("x",))
    bench.tasks.end("same")
    bench.tasks.add("same", "same")
    bench.show()
    pictures = [picture(bench, row, Column.NAME) for row in range(4)]
    for number, one in enumerate(pictures):
        for other in pictures[number + 1 :]:
            assert one != other


def test_progress_is_a_bar_of_its_length(bench):
    bench.tasks.add("runs")
    bench.show(width=1200)
    accent = theme.current().accent

    def length():
        image = picture(bench, 0, Column.PROGRESS)
        middle = image.height() // 2 + 1
        return sum(isNear(image.pixelColor(x, middle), accent) for x in range(image.width()))

    assert length() == 0
    bench.tasks.workers[0].progress(1, 4)
    bench.settle()
    quarter = length()
    bench.tasks.workers[0].progress(4, 4)
    bench.settle()
    # Each end may be smoothed away.
    assert abs(length() - 4 * quarter) <= 8


def test_the_worker_that_runs_a_task_has_its_colour(bench):
    bench.tasks.add("runs")
    bench.show(width=1200)
    assert has(picture(bench, 0, Column.WORKER), theme.workerColour(1))


def test_what_has_ended_is_muted(bench):
    bench.tasks.end("done")
    bench.tasks.add("runs")
    bench.show(width=1200)
    assert has(picture(bench, 0, Column.NAME), theme.current().text)
    assert not has(picture(bench, 1, Column.NAME), theme.current().text)


def test_a_row_that_is_painted_late_is_painted_as_it_was_described(bench):
    bench.tasks.add("runs", "waits")
    bench.show(width=1200)
    before = [picture(bench, row, column) for row in (0, 1) for column in Column]
    bench.tasks.workers[0].step()
    assert bench.model.windowTasks()[1].isRunning
    assert [picture(bench, row, column) for row in (0, 1) for column in Column] == before


def test_a_selected_row_is_filled_and_readable(bench):
    bench.tasks.add("runs")
    bench.show(width=1200)
    bench.click(0)
    palette = theme.current().palette()
    assert has(picture(bench, 0, Column.NAME), palette.color(QPalette.Highlight))
    assert has(picture(bench, 0, Column.NAME), palette.color(QPalette.HighlightedText))
