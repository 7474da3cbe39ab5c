# SPDX-License-Identifier: GPL-3.0-or-later
"""What the status bar tells of an export: how far it is, the time left, and a button that cancels it."""

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from aqgui.elided import ElidedLabel
from aqgui.icons import icon
from aqgui.texts import duration


class ExportBar(QWidget):
    """Stands at the left end of the status bar, only while something is exported."""

    cancelAsked = pyqtSignal()

    def __init__(self, status: QStatusBar) -> None:
        super().__init__(status)
        self._name = ElidedLabel(self)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(QSize(72, 6))
        self._bar.setAccessibleName("Progress of the export")
        self._left = QLabel(self)
        # The room of a long text, so that nothing moves while figures change.
        self._left.setMinimumWidth(self.fontMetrics().horizontalAdvance("88 %, 88 min 88 s left"))
        self.cancel = QToolButton(self)
        self.cancel.setIcon(icon("cancel"))
        self.cancel.setIconSize(QSize(14, 14))
        self.cancel.setAutoRaise(True)
        self.cancel.setFocusPolicy(Qt.TabFocus)
        self.cancel.setAccessibleName("Cancel the export")
        self.cancel.setToolTip("Cancel the export")
        self.cancel.clicked.connect(self.cancelAsked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(8)
        for widget in (self._name, self._bar, self._left, self.cancel):
            layout.addWidget(widget)
        status.insertWidget(0, self)
        self.hide()

    def begin(self, name: str) -> None:
        """Something is exported now."""
        self._name.setText(f"Exporting {name}")
        self._name.setToolTip(name)
        self.showProgress(0.0, None)
        self.show()

    def showProgress(self, share: float, left: float | None) -> None:
        """So much of it is done, 0 to 1, and so many seconds are left, None: not known."""
        self._bar.setValue(int(share * 1000))
        rest = f", {duration(left)} left" if left is not None else ""
        self._left.setText(f"{int(share * 100)} %{rest}")

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._name.text()}: {self._left.text()}"
