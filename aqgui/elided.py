# SPDX-License-Identifier: GPL-3.0-or-later
"""A label that gives way when there is little room."""

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtGui import QPainter, QPaintEvent
from PyQt5.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """A line of plain text that is cut, with an ellipsis, to the room there is; it asks for little.

    Args:
        takesRest: Take what room the others leave, in place of that of the text.
    """

    def __init__(self, parent: QWidget | None = None, takesRest: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.PlainText)
        self.setSizePolicy(QSizePolicy.Ignored if takesRest else QSizePolicy.Maximum, QSizePolicy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        least = min(self.fontMetrics().averageCharWidth() * 6, super().minimumSizeHint().width())
        return QSize(least, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.ElideRight, room.width())
        painter.drawText(room, int(self.alignment() | Qt.TextSingleLine), text)
