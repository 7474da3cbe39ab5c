# SPDX-License-Identifier: GPL-3.0-or-later
"""OutputView: the whole output of a task, of which only the visible lines are read and painted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from PyQt5.QtCore import QPoint, QRect, Qt
from PyQt5.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PyQt5.QtWidgets import QAbstractScrollArea, QWidget

from aqgui import theme
from aqgui.models.taskoutput import TaskOutput

from .terminalline import Span, plainText, render

# What is copied from it, in lines.
MAX_COPIED_LINES = 100_000
# Lines that one step of a search looks at.
SEARCH_LINES = 500
_MARGIN = 4
_CUT_COLOUR = "brown"
_ROLES = {
    "red": "bad", "green": "good", "brown": "warn", "blue": "accent", "magenta": "bad", "cyan": "accent",
    "brightred": "bad", "brightgreen": "good", "brightbrown": "warn", "brightblue": "accent",
    "brightmagenta": "bad", "brightcyan": "accent", "black": "muted", "white": "text",
    "brightblack": "muted", "brightwhite": "text",
}  # fmt: skip
Position = tuple[int, int]  # row and column


class OutputView(QAbstractScrollArea):
    """Shows a TaskOutput. It follows the end while it is scrolled to the end.

    Rows are the kept lines; one row stands for the lines that were cut.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._output: TaskOutput | None = None
        self._cut = range(0)
        self._anchor: Position = (0, 0)
        self._cursor: Position = (0, 0)
        self._widest = 0
        self.setFont(QFontDatabase.systemFont(QFontDatabase.FixedFont))
        self.setAccessibleName("Output")
        self.setFocusPolicy(Qt.StrongFocus)
        self.viewport().setCursor(Qt.IBeamCursor)
        self.setMinimumHeight(self.fontMetrics().height() * 6)

    @property
    def rowCount(self) -> int:
        """How many rows there are."""
        if self._output is None:
            return 0
        return self._output.lineCount - len(self._cut) + (len(self._cut) > 0)

    def show_(self, output: TaskOutput | None) -> None:
        """Show it, or what has been added to it."""
        isAtEnd = self.isAtEnd
        self._output = output
        self._cut = output.cutLines if output is not None else range(0)
        self._setRanges()
        if isAtEnd:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self.viewport().update()

    @property
    def isAtEnd(self) -> bool:
        """Whether the last row is in sight, so that the view follows what comes."""
        return self.verticalScrollBar().value() == self.verticalScrollBar().maximum()

    def rows(self, first: int, count: int) -> list[list[Span]]:
        """What stands in some rows."""
        output = self._output
        if output is None:
            return []
        if not self._cut:
            return [render(line) for line in output.lines(first, count)]
        found: list[list[Span]] = []
        last = min(first + count, self.rowCount)
        if first < self._cut.start:
            found += [render(line) for line in output.lines(first, min(last, self._cut.start) - first)]
        if first <= self._cut.start < last:
            found.append([Span(output.cutText, _CUT_COLOUR)])
        start = max(first, self._cut.start + 1)
        if start < last:
            line = start - 1 - self._cut.start + self._cut.stop
            found += [render(each) for each in output.lines(line, last - start)]
        return found

    # Selecting and finding.

    @property
    def selectedText(self) -> str:
        """What is selected."""
        (firstRow, firstColumn), (lastRow, lastColumn) = sorted((self._anchor, self._cursor))
        texts = [plainText(row) for row in self.rows(firstRow, min(lastRow - firstRow + 1, MAX_COPIED_LINES))]
        if not texts:
            return ""
        if len(texts) == lastRow - firstRow + 1:
            texts[-1] = texts[-1][:lastColumn]
        texts[0] = texts[0][firstColumn:]
        return "\n".join(texts)

    def selectAll(self) -> None:
        """Select everything."""
        self._anchor, self._cursor = (0, 0), (self.rowCount, 0)
        self.viewport().update()

    def searchSteps(self, text: str, isBackward: bool = False) -> Iterator[bool]:
        """Select the next place of a text, whatever its case, from the selection on and round the end.

        Yields: After each step whether the text has been found, which ends the search.
        """
        wanted = text.lower()
        total = self.rowCount
        if not wanted or not total:
            return
        here = sorted((self._anchor, self._cursor))[0 if isBackward else 1]
        row = min(here[0], total - 1)
        if self._findIn(wanted, row, here[1], isBackward):
            yield True
            return
        # All rows once, the present one at the end again: the part of it that was not searched.
        if isBackward:
            blocks = chain(_blocksBackward(0, row), _blocksBackward(row, total))
        else:
            blocks = chain(_blocks(row + 1, total), _blocks(0, row + 1))
        for start, stop in blocks:
            isFound = self._mayHave(wanted, start, stop) and self._findInBlock(wanted, start, stop, isBackward)
            yield isFound
            if isFound:
                return

    def _findInBlock(self, wanted: str, start: int, stop: int, isBackward: bool) -> bool:
        """Look in some rows."""
        texts = [plainText(spans).lower() for spans in self.rows(start, stop - start)]
        numbers = range(len(texts) - 1, -1, -1) if isBackward else range(len(texts))
        for number in numbers:
            column = texts[number].rfind(wanted) if isBackward else texts[number].find(wanted)
            if column >= 0:
                self._select(start + number, column, len(wanted))
                return True
        return False

    def _mayHave(self, wanted: str, start: int, stop: int) -> bool:
        """Whether rows may have a text: a quick look at their bytes, which need not be rendered for it."""
        if self._output is None or self._cut or not wanted.isascii():
            return True
        raw = b"\n".join(self._output.lines(start, stop - start)).lower()
        return wanted.encode() in raw or b"\x1b" in raw or b"\b" in raw

    def _findIn(self, wanted: str, row: int, column: int, isBackward: bool) -> bool:
        """Look in the rest of one row."""
        spans = self.rows(row, 1)
        text = plainText(spans[0]).lower() if spans else ""
        found = text.rfind(wanted, 0, column) if isBackward else text.find(wanted, column)
        if found >= 0:
            self._select(row, found, len(wanted))
        return found >= 0

    def _select(self, row: int, column: int, length: int) -> None:
        self._anchor, self._cursor = (row, column), (row, column + length)
        bar, page = self.verticalScrollBar(), self._page()
        if not bar.value() <= row < bar.value() + page:
            bar.setValue(row - page // 2)
        across = self.horizontalScrollBar()
        left, right = column * self._advance(), (column + length) * self._advance()
        if not across.value() <= left <= right <= across.value() + self.viewport().width():
            across.setMaximum(max(across.maximum(), right - self.viewport().width() + 2 * _MARGIN))
            across.setValue(left - self.viewport().width() // 2)
        self.viewport().update()

    # Qt's events.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self.viewport())
        metrics, first = self.fontMetrics(), self.verticalScrollBar().value()
        rows = self.rows(first, self._page() + 1)
        widest = max((len(plainText(spans)) for spans in rows), default=0)
        if widest > self._widest:
            self._widest = widest
            self._setRanges()
        for number, spans in enumerate(rows):
            self._paintRow(painter, metrics, first + number, number * metrics.height() + _MARGIN, spans)

    def _paintRow(self, painter: QPainter, metrics: QFontMetrics, row: int, y: int, spans: list[Span]) -> None:
        x = _MARGIN - self.horizontalScrollBar().value()
        current = theme.current()
        selected = self._selectedIn(row, len(plainText(spans)))
        if selected:
            left, width = x + selected.start * self._advance(), max(len(selected), 1) * self._advance()
            ground = QColor(current.accent)
            ground.setAlpha(90)
            painter.fillRect(QRect(left, y, width, metrics.height()), ground)
        for span in spans:
            width = len(span.text) * self._advance()
            font = QFont(self.font())
            font.setBold(span.isBold)
            painter.setFont(font)
            if span.ground != "default":
                painter.fillRect(QRect(x, y, width, metrics.height()), self._colour(span.ground, isGround=True))
            painter.setPen(self._colour(span.colour))
            painter.drawText(x, y + metrics.ascent(), span.text)
            x += width

    def _colour(self, name: str, isGround: bool = False) -> QColor:
        palette = self.palette()
        if name == "inverse":
            return palette.color(QPalette.Text if isGround else QPalette.Base)
        if name == "default":
            return palette.color(QPalette.Text)
        if name in _ROLES:
            colour: QColor = getattr(theme.current(), _ROLES[name])
            return colour
        return QColor(f"#{name}")

    def _selectedIn(self, row: int, length: int) -> range:
        (firstRow, firstColumn), (lastRow, lastColumn) = sorted((self._anchor, self._cursor))
        if not firstRow <= row <= lastRow or self._anchor == self._cursor:
            return range(0)
        return range(firstColumn if row == firstRow else 0, lastColumn if row == lastRow else max(length, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The end stays in sight."""
        isAtEnd = self.isAtEnd
        super().resizeEvent(event)
        self._setRanges()
        if isAtEnd:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection."""
        if event.button() == Qt.LeftButton:
            self._anchor = self._cursor = self._positionAt(event.pos())
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend it."""
        if event.buttons() & Qt.LeftButton:
            self._cursor = self._positionAt(event.pos())
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, select all, and go."""
        bar = self.verticalScrollBar()
        if event.matches(QKeySequence.Copy):
            QGuiApplication.clipboard().setText(self.selectedText)
        elif event.matches(QKeySequence.SelectAll):
            self.selectAll()
        elif event.key() == Qt.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def _positionAt(self, point: QPoint) -> Position:
        row = (point.y() - _MARGIN) // self.fontMetrics().height() + self.verticalScrollBar().value()
        column = round((point.x() - _MARGIN + self.horizontalScrollBar().value()) / self._advance())
        return min(max(row, 0), max(self.rowCount - 1, 0)), max(column, 0)

    def _advance(self) -> int:
        return self.fontMetrics().horizontalAdvance("0")

    def _page(self) -> int:
        """How many whole rows are in sight."""
        return max((self.viewport().height() - 2 * _MARGIN) // self.fontMetrics().height(), 1)

    def _setRanges(self) -> None:
        page = self._page()
        self.verticalScrollBar().setRange(0, max(self.rowCount - page, 0))
        self.verticalScrollBar().setPageStep(page)
        width = self._widest * self._advance() + 2 * _MARGIN
        self.horizontalScrollBar().setRange(0, max(width - self.viewport().width(), 0))
        self.horizontalScrollBar().setPageStep(self.viewport().width())
        self.horizontalScrollBar().setSingleStep(self._advance())


def _blocks(start: int, stop: int) -> Iterator[tuple[int, int]]:
    for first in range(start, stop, SEARCH_LINES):
        yield first, min(first + SEARCH_LINES, stop)


def _blocksBackward(start: int, stop: int) -> Iterator[tuple[int, int]]:
    for last in range(stop, start, -SEARCH_LINES):
        yield max(last - SEARCH_LINES, start), last
