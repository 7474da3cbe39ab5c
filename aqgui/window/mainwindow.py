# SPDX-License-Identifier: GPL-3.0-or-later
"""The main window: puts the picture, the panels, the tool bar and the menus together, and connects them."""

from __future__ import annotations

from PyQt5.QtCore import QSize, Qt, pyqtSignal
from PyQt5.QtGui import QCloseEvent, QResizeEvent
from PyQt5.QtWidgets import QActionGroup, QApplication, QMainWindow, QUndoStack

from aqgui import theme
from aqgui.actions import Actions
from aqgui.commands.slots import CommandSlots
from aqgui.gathering import Gathering
from aqgui.models.events import Event, EventLog, Severity
from aqgui.models.finished import FinishedTasks
from aqgui.panels.eventspanel import EventsPanel
from aqgui.panels.queuepanel import QueuePanel
from aqgui.panels.workerpanel import WorkerPanel
from aqgui.settings import Settings
from aqgui.texts import count, plural
from aqgui.workerpool import WorkerPool
from aqgui.workloads.adding import AddWorkDialog
from aqlib import ProcessQueue, Task
from mandelbrot_view.export.pump import GROUP as EXPORTS
from mandelbrot_view.places.place import HOME, MAX_LIMIT, Place, PlaceError
from mandelbrot_view.qt.antialiasing import CHOICES
from mandelbrot_view.qt.pieces import GROUP
from mandelbrot_view.qt.view import MandelbrotView

from .colours import Colours
from .docks import Docks
from .exports import Exports
from .helping import showAbout, showKeys
from .messages import ask
from .minibrots import Minibrots
from .overlays import Overlays
from .places import Places
from .statusbar import StatusBar
from .toolbar import ToolBar
from .viewwait import ViewWait

MOST_UNDONE = 100
FIRST_SIZE = QSize(1440, 900)
# What a window manager may put around a window, which is not known before it is shown.
FRAME = QSize(16, 48)
_COMMANDS = "commands/atOnce"
_THEMES = {"themeSystem": theme.SYSTEM, "themeLight": theme.LIGHT_NAME, "themeDark": theme.DARK_NAME}


class MainWindow(QMainWindow):
    """The window on one queue.

    Args:
        queue: What is shown and steered.
        settings: Give what was chosen last, and keep what is chosen.
        log: The events.
        place: Where to begin; where it was last when not given.

    Signals: `closeAsked`, when the user wants to end the application; `themeChosen(name)`.
    """

    closeAsked = pyqtSignal()
    themeChosen = pyqtSignal(str)

    def __init__(self, queue: ProcessQueue, settings: Settings, log: EventLog, place: Place | None = None) -> None:
        super().__init__()
        self.setWindowTitle("aqgui")
        self.queue = queue
        self._settings = settings
        self._unsaid = ""
        self._trouble = ""
        self._gathering = Gathering(queue, queue.reactor)
        self._finished = FinishedTasks(
            queue, [GROUP, EXPORTS], outputBytes=max(settings.get("output/limitMB", 100), 1) * 1_000_000
        )
        self._undoStack = QUndoStack(self)
        # Commands keep their tasks alive, and those their arguments.
        self._undoStack.setUndoLimit(MOST_UNDONE)
        self._pool = WorkerPool(queue, self.say)
        self.commandSlots = CommandSlots(queue, settings.get(_COMMANDS, queue.cores()))
        self.actions_ = Actions(self)
        self.view = MandelbrotView(queue, place or self._lastPlace())
        self._viewWait = ViewWait(
            queue, lambda: [busy.worker for busy in self.view.busyTiles()], lambda: self.view.setNotice(self.notice)
        )
        self.queuePanel = QueuePanel(queue, self._gathering, self._finished, self._undoStack, settings, self)
        self.workerPanel = WorkerPanel(queue, self._gathering, self._pool, settings, self)
        self.eventsPanel = EventsPanel(log, self._gathering, self)
        log.added = self._noted
        self.places = Places(self, self.view, settings, self.say)
        self.setCentralWidget(self.view)
        self.toolBar = ToolBar(self.actions_, self)
        self.addToolBar(self.toolBar)
        self.colours = Colours(
            self, self.view, self.toolBar.palettes, self.toolBar.colours, self.actions_, settings, queue.reactor,
            self.say, lambda text: log.add(Severity.WARNING, text),
        )  # fmt: skip
        self._statusBar = StatusBar(self)
        self.setStatusBar(self._statusBar)
        self.exports = Exports(self, self.view, queue, self.actions_, settings, self.say)
        self.overlays = Overlays(self.view, queue, self.actions_, settings)
        self.minibrots = Minibrots(self.view, queue, self.say)
        self.docks = Docks(self, self.queuePanel, self.workerPanel, self.eventsPanel)
        self._makeMenus()
        self._connect()
        self._restore()

    def say(self, text: str) -> None:
        """Show a sentence in the status bar."""
        self._statusBar.showHint(text)

    @property
    def hint(self) -> str:
        """The sentence in the status bar."""
        return self._statusBar.hint

    def setTrouble(self, text: str) -> None:
        """Say over the picture why there is none, until there is one; an empty text says no more."""
        self._trouble = text
        self.view.setNotice(self.notice)

    def save(self) -> None:
        """Keep the layout, the place and what was chosen."""
        for key, value in (
            ("window/geometry", bytes(self.saveGeometry())),
            ("window/docks", self.docks.state()),
            ("view/place", self.view.place.link),
            ("view/antialias", self.view.antialias),
        ):
            self._settings.set(key, value)
        self.colours.save()

    def stopTaking(self) -> None:
        """Queue nothing more, and show nothing more: the application ends."""
        self.hide()
        self.exports.stop()
        self.minibrots.stop()
        self.overlays.stop()
        self.view.stop()
        self.colours.close()
        self._gathering.close()
        self._viewWait.stop()
        self._finished.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first when work of the user's own would be lost; the window goes when the workers have."""
        event.ignore()
        running, number = self._ownTasks()
        if number == 0 and not self.exports.isRunning:
            self.closeAsked.emit()
            return
        question = f"Close and cancel {plural(number, 'task')}?" if number else "Close and cancel the export?"
        lost = f"{_countText(running, number - running)} " if number else ""
        ask(
            self, question, f"{lost}{self.exports.closingNote}".rstrip(),
            "&Close and cancel", "&Keep open", self.closeAsked.emit,
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """QWidget: adapt the docks."""
        super().resizeEvent(event)
        self.docks.fit()

    def _ownTasks(self) -> tuple[int, int]:
        """How many tasks are no pieces of the picture or of an export: those that run, and all unfinished ones."""
        running, waiting = (
            sum(task.group not in (GROUP, EXPORTS) for task in tasks)
            for tasks in (self.queue.running(), [*self.queue.schedule, *self.queue.held()])
        )
        return running, running + waiting

    # Putting it together.

    def _makeMenus(self) -> None:
        self.actions_.adopt(self.queuePanel.actions())
        self.actions_.adopt(self.workerPanel.actions())
        self.actions_.adopt(self.docks.actions())
        self.actions_.fill(self.menuBar())
        group = QActionGroup(self)
        chosen = self._settings.get("theme", theme.SYSTEM)
        for actionName, name in _THEMES.items():
            action = group.addAction(self.actions_[actionName])
            action.setChecked(name == chosen)
            action.triggered.connect(lambda _, name=name: self.themeChosen.emit(name))

        smoothing = QActionGroup(self)
        for n in CHOICES:
            action = smoothing.addAction(self.actions_[f"antialias{n}"])
            action.triggered.connect(lambda _, n=n: self.view.setAntialias(n))

    def _connect(self) -> None:
        view, toolBar, status = self.view, self.toolBar, self._statusBar
        self.actions_.connect(
            {
                "openPlace": self.places.open, "savePlace": self.places.save, "savePicture": self.places.savePicture,
                "export": self.exports.ask, "resumeExport": self.exports.resume,
                "copyPlace": self.places.copy, "pastePlace": self.places.paste, "quit": self.close,
                "gallery": self.places.showGallery, "keepPlace": self.places.keep,
                "minibrot": self.minibrots.find,
                "back": view.goBack, "forward": view.goForward, "home": view.goHome,
                "zoomIn": view.zoomIn, "zoomOut": view.zoomOut,
                "raiseLimit": lambda: view.setLimit(min(view.limit * 2, MAX_LIMIT)),
                "lowerLimit": lambda: view.setLimit(max(1, view.limit // 2)),
                "autoLimit": lambda: view.setLimit(None),
                "computeAgain": view.computeAgain,
                "freeze": self._freeze, "fullScreen": self._showFullScreen, "restoreLayout": self.docks.arrange,
                "addWork": self._addWork,
                "pause": self._pause, "undo": self._undoStack.undo, "redo": self._undoStack.redo,
                "search": self._search,
                "addWorker": self._pool.add, "removeWorker": self._pool.remove,
                "keys": lambda: showKeys(self, self.actions_), "about": lambda: showAbout(self),
            }
        )  # fmt: skip
        self._undoStack.canUndoChanged.connect(self.actions_["undo"].setEnabled)
        self._undoStack.canRedoChanged.connect(self.actions_["redo"].setEnabled)
        self._undoStack.undoTextChanged.connect(lambda text: self.actions_["undo"].setText(f"&Undo {text}".rstrip()))
        self._undoStack.redoTextChanged.connect(lambda text: self.actions_["redo"].setText(f"&Redo {text}".rstrip()))
        view.placeChanged.connect(self._showPlace)
        view.historyChanged.connect(self._showHistory)
        view.progressChanged.connect(status.showProgress)
        view.speedChanged.connect(status.showSpeed)
        view.cancelledChanged.connect(self._showCancelled)
        view.hinted.connect(status.showHint)
        view.pictureSharp.connect(lambda: self.setTrouble(""))
        toolBar.workersChosen.connect(self._pool.setNumber)
        toolBar.commandsChosen.connect(self._setCommands)
        self.queuePanel.addWanted.connect(self._addWork)
        self.queuePanel.editWanted.connect(self._addWork)
        toolBar.limitChosen.connect(view.setLimit)
        self._gathering.listen(self._refresh)
        theme.themes.changed.connect(self.update)

    def _restore(self) -> None:
        self.resize(_firstSize())
        settings = self._settings
        self.restoreGeometry(settings.get("window/geometry", b""))
        if not self.docks.restore(settings.get("window/docks", b"")):
            self.docks.arrange()
        self.colours.restore()
        kept = settings.get("view/antialias", 1)
        self.actions_[f"antialias{kept if kept in CHOICES else 1}"].trigger()
        for name in ("undo", "redo"):
            self.actions_[name].setEnabled(False)
        self._showPlace(self.view.place)
        self._showHistory(False, False)
        self._showCancelled()
        self._refresh()
        self.setTabOrder(self.toolBar.colours, self.view)
        self.view.setFocus(Qt.OtherFocusReason)

    def _lastPlace(self) -> Place:
        try:
            return Place.parse(self._settings.get("view/place", HOME.link))
        except PlaceError:
            return HOME

    # What has changed.

    def _noted(self, event: Event) -> None:
        """An event has come. What is bad is said in the status bar, too, but not for each of a thousand."""
        if event.severity >= Severity.WARNING:
            self._unsaid = event.text
        self._gathering.mark()

    def _refresh(self) -> None:
        queue = self.queue
        if self._unsaid:
            self.say(self._unsaid)
            self._unsaid = ""
        self.toolBar.showWorkers(max(self._pool.number, 1))
        self.toolBar.showCommands(self.commandSlots.number)
        pause = self.actions_["pause"]
        pause.setChecked(queue.isPaused)
        self.actions_["removeWorker"].setEnabled(self._pool.number > 1)
        self._viewWait.refresh()
        self.view.setNotice(self.notice)

    @property
    def notice(self) -> str | None:
        """What is said over the picture: why nothing goes on, and what can be done."""
        if self.queue.isDegraded:
            return f"The queue gave up on its workers. Add one to try again. {self.queue.degradedReason}"
        if self._trouble:
            return self._trouble
        if self.queue.isPaused:
            keys = self.actions_["pause"].shortcut().toString()
            return f"The queue is paused. Press {keys} to resume."
        if self.view.isCancelled:
            keys = self.actions_["computeAgain"].shortcut().toString()
            return f"Pieces of the picture were cancelled. Press {keys} to compute them."
        return self._viewWait.reason

    def _showPlace(self, place: Place) -> None:
        self._statusBar.showPlace(place, self.view.limit, max(self.view.height(), 1))
        self.toolBar.showLimit(place.limit, self.view.limit)
        self.actions_["zoomIn"].setEnabled(place.canZoomIn())

    def _showCancelled(self) -> None:
        self.actions_["computeAgain"].setEnabled(self.view.isCancelled)
        self.view.setNotice(self.notice)

    def _showHistory(self, canGoBack: bool, canGoForward: bool) -> None:
        self.actions_["back"].setEnabled(canGoBack)
        self.actions_["forward"].setEnabled(canGoForward)

    # What the user asks for.

    def _addWork(self, again: Task | None = None) -> None:
        AddWorkDialog(self.queue, self._settings, self, again).open()

    def _setCommands(self, number: int) -> None:
        self.commandSlots.setNumber(number)
        self._settings.set(_COMMANDS, number)

    def _pause(self) -> None:
        if self.queue.isPaused:
            self.queue.resume()
        else:
            self.queue.pause()

    def _freeze(self) -> None:
        if self.actions_["freeze"].isChecked():
            self._gathering.freeze()
        else:
            self._gathering.thaw()

    def _showFullScreen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _search(self) -> None:
        self.docks.queue.show()
        self.docks.queue.raise_()
        self.queuePanel.search()


def _countText(running: int, waiting: int) -> str:
    parts = [(running, "running"), (waiting, "waiting")]
    texts = [f"{count(number)} {'is' if number == 1 else 'are'} {state}" for number, state in parts if number]
    return f"{' and '.join(texts)}."


def _firstSize() -> QSize:
    """As large as a small screen allows. Qt's offscreen screen is tiny, and no measure: nobody looks at it."""
    if QApplication.platformName() == "offscreen":
        return FIRST_SIZE
    return FIRST_SIZE.boundedTo(QApplication.primaryScreen().availableSize() - FRAME)
