# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog in which commands are queued: one task per line, or one task for all lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFontDatabase, QKeySequence, QPalette
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QRadioButton,
    QShortcut,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from twisted.internet.task import Cooperator

from aqgui import theme
from aqgui.commands.command import SERIES, Command
from aqgui.dialogs import plainButtons
from aqgui.icons import icon
from aqgui.settings import Settings
from aqgui.texts import plural
from aqgui.window.messages import ask
from aqlib import Task, TaskQueue

from .history import CommandHistory

GROUP = "Commands"
_FOLDER = "commands/folder"
_MENU_CHARACTERS = 70


def queueAll(
    queue: TaskQueue, commands: Iterable[str], folder: str, niceness: int, group: str | None
) -> Iterator[None]:
    """Queue a task for each command, one a step."""
    for command in commands:
        calling = queue.using(niceness=niceness, series=SERIES, name=nameOf(command), group=group)
        # What becomes of it is told in the queue panel.
        calling.call(Command(command, folder)).addErrback(lambda _: None)
        yield


def nameOf(command: str) -> str:
    """What to call the task of a command: its first line that is no comment."""
    lines = [line.strip() for line in command.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("#")] or lines
    return f"{telling[0]} …" if len(telling) > 1 else telling[0]


class AddWorkDialog(QDialog):
    """Asks for commands, and queues them.

    Args:
        queue: Where they go.
        settings: Keep the folder that was used last, and earlier commands.
        again: A task of a command to begin with.
    """

    def __init__(
        self, queue: TaskQueue, settings: Settings, parent: QWidget | None = None, again: Task | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._cooperator = Cooperator(scheduler=lambda step: queue.reactor.callLater(0, step))
        self._settings = settings
        self._history = CommandHistory(settings)
        self.setWindowTitle("Add work")
        self.setAttribute(Qt.WA_DeleteOnClose)
        self.commands = QPlainTextEdit(self)
        self.commands.setFont(QFontDatabase.systemFont(QFontDatabase.FixedFont))
        self.commands.setPlaceholderText("ffmpeg -i one.mov one.mp4\nffmpeg -i two.mov two.mp4")
        self.commands.setTabChangesFocus(True)
        self.commands.setAccessibleName("Commands")
        self.perLine = QRadioButton("One task per &line", self)
        self.asScript = QRadioButton("One task, as a &script", self)
        for button in (self.perLine, self.asScript):
            # Fusion draws the circle in a darker shade of this, which would not be seen on a dark ground.
            palette = QPalette(button.palette())
            palette.setColor(QPalette.Window, theme.current().muted)
            button.setPalette(palette)
        self.folder = QLineEdit(settings.get(_FOLDER, str(Path.home())), self)
        self.group = QLineEdit(GROUP, self)
        self.niceness = QSpinBox(self)
        self.niceness.setRange(-20, 20)
        self.niceness.setToolTip("−20 runs first, 20 last; the picture's tiles have 0")
        self._wrong = QLabel(self)
        self._wrong.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel, parent=self)
        self._begin(again)
        self._connect()
        self._layOut()
        self._count()
        plainButtons(self)
        self.resize(560, 420)

    def accept(self) -> None:
        """Queue the tasks, unless something is wrong."""
        folder = Path(self.folder.text()).expanduser()
        if not folder.is_dir():
            palette = QPalette(self._wrong.palette())
            palette.setColor(QPalette.WindowText, theme.current().bad)
            self._wrong.setPalette(palette)
            self._wrong.setText(f"Folder {str(folder)!r} does not exist.")
            return
        self._settings.set(_FOLDER, str(folder))
        self._history.add(self.commands.toPlainText())
        group = self.group.text().strip() or None
        # In slices: a list of ten thousand lines must not hold the window up.
        self._cooperator.cooperate(queueAll(self._queue, self._texts(), str(folder), self.niceness.value(), group))
        super().accept()

    def reject(self) -> None:
        """Ask first when text would be lost."""
        if self.commands.toPlainText().strip() in ("", self._first):
            super().reject()
            return
        ask(self, "Discard the commands?", "", "&Discard", "&Keep editing", lambda: self.done(QDialog.Rejected))

    def _begin(self, again: Task | None) -> None:
        """Start with the command of a task, or with nothing."""
        self._first = ""
        self.perLine.setChecked(True)
        command = again.call.f if again is not None else None
        if again is None or not isinstance(command, Command):
            return
        self._first = command.text.strip()
        self.commands.setPlainText(command.text)
        self.folder.setText(command.folder)
        self.group.setText(again.group or "")
        self.niceness.setValue(again.niceness)
        self.asScript.setChecked(len(command.text.splitlines()) > 1)

    def _texts(self) -> list[str]:
        """The command of each task."""
        text = self.commands.toPlainText().strip()
        if self.asScript.isChecked():
            return [text] if text else []
        return [line.strip() for line in text.splitlines() if line.strip()]

    def _count(self) -> None:
        number = len(self._texts())
        button = self._buttons.button(QDialogButtonBox.Ok)
        button.setText(f"Queue {plural(number, 'task')}" if number else "Queue")
        button.setEnabled(number > 0)
        self._wrong.setText("")

    def _acceptIfEnabled(self) -> None:
        if self._buttons.button(QDialogButtonBox.Ok).isEnabled():
            self.accept()

    def _chooseFolder(self) -> None:
        dialog = QFileDialog(self, "Folder for the commands", self.folder.text())
        dialog.setAttribute(Qt.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.Directory)
        dialog.setOption(QFileDialog.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _fillHistory(self) -> None:
        """Offer earlier commands."""
        menu = self._historyMenu
        menu.clear()
        for text in self._history.texts:
            name = nameOf(text)
            shown = name if len(name) <= _MENU_CHARACTERS else f"{name[: _MENU_CHARACTERS - 1]}…"
            action = menu.addAction(shown.replace("&", "&&"))
            action.triggered.connect(lambda _=False, text=text: self.commands.setPlainText(text))
        if menu.isEmpty():
            menu.addAction("No earlier commands").setEnabled(False)

    def _connect(self) -> None:
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._acceptIfEnabled)
        self._buttons.button(QDialogButtonBox.Ok).setToolTip("Queue them (Ctrl+Return)")
        self.commands.textChanged.connect(self._count)
        self.perLine.toggled.connect(self._count)

    def _layOut(self) -> None:
        history = QToolButton(self)
        history.setText("Earlier")
        history.setToolTip("Choose from earlier commands")
        history.setPopupMode(QToolButton.InstantPopup)
        history.setAutoRaise(True)
        self._historyMenu = QMenu(history)
        self._historyMenu.aboutToShow.connect(self._fillHistory)
        history.setMenu(self._historyMenu)
        choose = QToolButton(self)
        choose.setIcon(icon("open"))
        choose.setToolTip("Choose the folder")
        choose.setAccessibleName("Choose the folder")
        choose.clicked.connect(lambda _=False: self._chooseFolder())
        label = QLabel("&Commands", self)
        label.setBuddy(self.commands)
        form = QFormLayout()
        form.setSpacing(8)
        folder = QLabel("In the &folder", self)
        folder.setBuddy(self.folder)
        form.addRow(folder, _line(self.folder, choose))
        form.addRow("&Group", self.group)
        form.addRow("&Niceness", self.niceness)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        head = _line(label, history)
        head.insertStretch(1)
        layout.addLayout(head)
        layout.addWidget(self.commands, 1)
        choice = _line(self.perLine, self.asScript)
        choice.addStretch()
        layout.addLayout(choice)
        layout.addLayout(form)
        layout.addWidget(self._wrong)
        layout.addWidget(self._buttons)
        for first, second in (
            (self.commands, self.perLine), (self.perLine, self.asScript), (self.asScript, self.folder),
            (self.folder, choose), (choose, self.group), (self.group, self.niceness), (self.niceness, self._buttons),
            (self._buttons, history),
        ):  # fmt: skip
            QWidget.setTabOrder(first, second)


def _line(*widgets: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
