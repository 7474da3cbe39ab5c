# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog in which commands are queued, one task a line."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFontDatabase, QKeySequence
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QShortcut,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from twisted.internet.task import Cooperator

from aqgui.commands.command import SERIES, Command
from aqgui.dialogs import plainButtons
from aqgui.settings import Settings
from aqgui.texts import plural
from aqlib import TaskQueue

GROUP = "Commands"
_FOLDER = "commands/folder"


def queueAll(
    queue: TaskQueue, commands: Iterable[str], folder: str, niceness: int, group: str | None
) -> Iterator[None]:
    """Queue a task for each command, one a step."""
    for command in commands:
        calling = queue.using(niceness=niceness, series=SERIES, name=command, group=group)
        # What becomes of it is told in the queue panel.
        calling.call(Command(command, folder)).addErrback(lambda _: None)
        yield


class AddWorkDialog(QDialog):
    """Asks for commands, and queues them.

    Args:
        queue: Where they go.
        settings: Keep the folder that was used last.
    """

    def __init__(self, queue: TaskQueue, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._cooperator = Cooperator(scheduler=lambda step: queue.reactor.callLater(0, step))
        self._settings = settings
        self.setWindowTitle("Add work")
        self.setAttribute(Qt.WA_DeleteOnClose)
        self.commands = QPlainTextEdit(self)
        self.commands.setFont(QFontDatabase.systemFont(QFontDatabase.FixedFont))
        self.commands.setPlaceholderText("ffmpeg -i one.mov one.mp4\nffmpeg -i two.mov two.mp4")
        self.commands.setTabChangesFocus(True)
        self.commands.setAccessibleName("Commands")
        self.folder = QLineEdit(settings.get(_FOLDER, str(Path.home())), self)
        self.group = QLineEdit(GROUP, self)
        self.niceness = QSpinBox(self)
        self.niceness.setRange(-20, 20)
        self.niceness.setToolTip("−20 runs first, 20 last; the picture's tiles have 0")
        self._wrong = QLabel(self)
        self._wrong.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel, parent=self)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._acceptIfEnabled)
        self.commands.textChanged.connect(self._count)
        self._layOut()
        self._count()
        plainButtons(self)
        self.resize(520, 380)

    def accept(self) -> None:
        """Queue a task for each line, unless something is wrong."""
        folder = Path(self.folder.text()).expanduser()
        if not folder.is_dir():
            self._wrong.setText(f"There is no folder {str(folder)!r} to run the commands in; name another one.")
            return
        self._settings.set(_FOLDER, str(folder))
        group = self.group.text().strip() or None
        # In slices: a list of ten thousand lines must not hold the window up.
        self._cooperator.cooperate(queueAll(self._queue, self._lines(), str(folder), self.niceness.value(), group))
        super().accept()

    def _acceptIfEnabled(self) -> None:
        if self._buttons.button(QDialogButtonBox.Ok).isEnabled():
            self.accept()

    def _lines(self) -> list[str]:
        return [line.strip() for line in self.commands.toPlainText().splitlines() if line.strip()]

    def _count(self) -> None:
        number = len(self._lines())
        button = self._buttons.button(QDialogButtonBox.Ok)
        button.setText(f"Queue {plural(number, 'task')}" if number else "Queue")
        button.setEnabled(number > 0)
        self._wrong.setText("")

    def _layOut(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("In the &folder", self.folder)
        form.addRow("&Group", self.group)
        form.addRow("&Niceness", self.niceness)
        label = QLabel("&Commands, one a line; each is a task of its own:", self)
        label.setBuddy(self.commands)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(label)
        layout.addWidget(self.commands, 1)
        layout.addLayout(form)
        layout.addWidget(self._wrong)
        layout.addWidget(self._buttons)
