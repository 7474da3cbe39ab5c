# SPDX-License-Identifier: GPL-3.0-or-later
"""The tool bar: where to go, pause, how many workers, the iteration limit, colours, freeze, search."""

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtGui import QPainter, QPaintEvent, QPalette, QValidator
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QToolBar, QWidget

from aqgui.actions import Actions
from aqgui.arguments import MOST_WORKERS
from aqgui.commands.slots import MAX_SLOTS
from mandelbrot_view.places.place import MAX_LIMIT

from .colourbox import ColourButton, PaletteBox

_AUTO = "auto"


class ToolBar(QToolBar):
    """The main tool bar."""

    workersChosen = pyqtSignal(int)
    commandsChosen = pyqtSignal(int)
    limitChosen = pyqtSignal(object)  # an int, or None for auto

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Tool bar", parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.setContextMenuPolicy(Qt.PreventContextMenu)
        self.workers = _NumberBox(MOST_WORKERS, "Number of workers", "Worker processes that compute the picture")
        self.commands = _NumberBox(MAX_SLOTS, "Commands at once", "Commands that run at once, beside the workers")
        self.limit = _LimitBox()
        self.palettes = PaletteBox()
        self.colours = ColourButton()
        for name in ("back", "forward", "home"):
            self.addAction(actions[name])
        self.addSeparator()
        self.addAction(actions["addWork"])
        self.addAction(actions["pause"])
        self.addWidget(_labelled("workers", self.workers))
        self.addWidget(_labelled("commands", self.commands))
        self.addSeparator()
        self.addWidget(_labelled("limit", self.limit))
        self.addSeparator()
        self.addWidget(_labelled("palette", self.palettes))
        self.addWidget(self.colours)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Preferred)
        self.addWidget(spring)
        self.addAction(actions["freeze"])
        self.addAction(actions["search"])
        self.workers.valueChanged.connect(self.workersChosen)
        self.commands.valueChanged.connect(self.commandsChosen)
        self.limit.valueChanged.connect(lambda value: self.limitChosen.emit(value or None))

    def showWorkers(self, number: int) -> None:
        """Show how many workers there are."""
        self.workers.show_(number)

    def showCommands(self, number: int) -> None:
        """Show how many commands run at once."""
        self.commands.show_(number)

    def showLimit(self, limit: int | None, inForce: int) -> None:
        """Show the limit that was chosen, or None for auto, and the one in force."""
        self.limit.blockSignals(True)
        self.limit.showInForce(inForce)
        self.limit.setValue(limit or 0)
        self.limit.blockSignals(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plain ground and a thin line: Fusion would draw white ones, in the dark theme too."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        painter.setPen(self.palette().color(QPalette.Mid))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())


class _NumberBox(QSpinBox):
    def __init__(self, most: int, name: str, tip: str) -> None:
        super().__init__()
        self.setRange(1, most)
        self.setKeyboardTracking(False)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setAlignment(Qt.AlignRight)

    def show_(self, number: int) -> None:
        """Show a number that was not typed here."""
        self.blockSignals(True)
        self.setValue(number)
        self.blockSignals(False)


class _LimitBox(QSpinBox):
    """The iteration limit; 0 stands for auto. Its steps double and halve, from the limit in force."""

    def __init__(self) -> None:
        super().__init__()
        self.inForce = 500
        self.setRange(0, MAX_LIMIT)
        self.setSpecialValueText(_AUTO)
        self.setKeyboardTracking(False)
        self.setGroupSeparatorShown(True)
        self.setAccessibleName("Iteration limit")
        self.setToolTip("Iteration limit; 0 or 'auto' adapts it to the picture")
        self.setAlignment(Qt.AlignRight)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("1,000,000,000") + 36)

    def showInForce(self, limit: int) -> None:
        """Show which limit `auto` stands for now."""
        if limit != self.inForce or self.specialValueText() == _AUTO:
            self.inForce = limit
            self.setSpecialValueText(f"{_AUTO} {limit:,}")

    def validate(self, text: str | None, position: int) -> tuple[QValidator.State, str, int]:
        """QSpinBox: a number, or `auto`."""
        typed = (text or "").strip().lower()
        if typed and _AUTO.startswith(typed):
            return QValidator.Acceptable if typed == _AUTO else QValidator.Intermediate, text or "", position
        return super().validate(text or "", position)

    def valueFromText(self, text: str | None) -> int:
        """QSpinBox: 0 for `auto`."""
        typed = (text or "").strip().lower()
        return 0 if typed.startswith(_AUTO) else super().valueFromText(text or "")

    def stepBy(self, steps: int) -> None:
        """Double or halve it so many times."""
        value = self.value() or self.inForce
        self.setValue(max(1, min(MAX_LIMIT, round(value * 2.0**steps))))

    def stepEnabled(self) -> QSpinBox.StepEnabled:
        """Both ways, at auto too."""
        return QSpinBox.StepEnabled(QSpinBox.StepUpEnabled | QSpinBox.StepDownEnabled)


def _labelled(text: str, field: QWidget) -> QWidget:
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(8, 0, 8, 0)
    layout.setSpacing(8)
    label = QLabel(text)
    label.setBuddy(field)
    layout.addWidget(label)
    layout.addWidget(field)
    return box
