# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: makes the QApplication, the reactor, the queue and the window, in this order, and runs them."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QIcon, QPalette
from PyQt5.QtWidgets import QApplication
from twisted.python.failure import Failure

from aqlib import ProcessQueue, endBySignal
from mandelbrot_view.kernels.warmup import prepare
from mandelbrot_view.resources import resource

from . import reactor as guarded
from . import theme
from .arguments import Arguments
from .closing import Closing
from .desktopchoice import DesktopChoice
from .display import whyNoDisplay
from .garbage import Garbage
from .logging import beginLogging, logQtMessages
from .models.events import EventLog, Severity
from .models.failures import explain
from .settings import Settings
from .terminal import say
from .unattended import Unattended
from .window.layoutfile import LayoutFile
from .window.mainwindow import MainWindow

# The workers leave the processor to what the user does.
OS_NICENESS = 5
OFFSCREEN_FILE = "aqgui-screenshot.png"


def run(arguments: Arguments) -> int:
    """Run the application to its end. Returns the exit status of the process."""
    reason = whyNoDisplay()
    if reason is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        say(f"there is no display ({reason}): drawing offscreen, for 30 s at most")
    logQtMessages()
    qtApplication = makeQtApplication()
    application = Application(qtApplication, arguments, guarded.install())
    path = arguments.screenshot or (Path(OFFSCREEN_FILE) if reason is not None else None)
    return application.run(path)


class Application:
    """All parts of the running application.

    Args:
        qtApplication: The one there is.
        arguments: Those of the command.
        reactor: The installed one.
    """

    def __init__(self, qtApplication: QApplication, arguments: Arguments, reactor: Any) -> None:
        self._arguments = arguments
        self._reactor = reactor
        self._system = QPalette(qtApplication.palette())
        self._qtApplication = qtApplication
        self._status = 0
        self.settings = Settings(arguments.settings)
        self.log = EventLog(time.time)
        beginLogging(self.log, sys.stderr)
        if arguments.theme is not None:
            self.settings.set("theme", arguments.theme)
        self._desktop = DesktopChoice()
        self._desktop.changed.connect(self._dress)
        self._dress()
        self.queue = ProcessQueue(arguments.workers, reactor=reactor, osNiceness=OS_NICENESS)
        self.queue.addObserver(self.log)
        self.queue.update(prepare).addErrback(self._kernelFailed)
        self.window = MainWindow(self.queue, self.settings, self.log, arguments.place)
        self.window.themeChosen.connect(self._chooseTheme)
        self._garbage = Garbage(self.queue, lambda: qtApplication.applicationState() == Qt.ApplicationActive)
        self.closing = Closing(
            self.queue,
            self._stopTaking,
            self._save,
            self.window.commandSlots.endAll,
            self.window.deleteLater,
            reactor.stop,
        )
        self.window.closeAsked.connect(self.closing.begin)

    def run(self, screenshot: Path | None) -> int:
        """Show the window, and run until it has been closed. `screenshot`: write the window there, and end."""
        # The workers are gone then, and the rest takes an instant: one more Ctrl-C must not tear it.
        endBySignal(self.queue, self._interrupted).addCallback(lambda _: signal.signal(signal.SIGINT, signal.SIG_IGN))
        if self._arguments.size is not None:
            self.window.resize(*self._arguments.size)
            self.window.docks.share()
        self.window.show()
        if screenshot is not None:
            Unattended(self._reactor, self.window, screenshot, self._arguments.after, self._end)
        if self._arguments.layout is not None:
            LayoutFile(self._arguments.layout, self.window)
        self._reactor.run(installSignalHandlers=False)
        return self._status

    def _end(self, status: int) -> None:
        self._status = status
        self.closing.begin()

    def _interrupted(self, count: int) -> None:
        """Ctrl-C in the terminal: what runs is finished, unless it comes again."""
        self.closing.prepare()
        running = len(self.queue.running())
        if count == 1 and running:
            say(f"finishing running tasks ({running}); press Ctrl-C again to cancel them")

    def _stopTaking(self) -> None:
        self._garbage.close()
        self.window.stopTaking()

    def _save(self) -> None:
        self.window.save()
        wrong = self.settings.save()
        if wrong is not None:
            say(wrong)

    def _chooseTheme(self, name: str) -> None:
        self.settings.set("theme", name)
        self._dress()

    def _dress(self) -> None:
        name = self.settings.get("theme", theme.SYSTEM)
        if name == theme.SYSTEM and self._desktop.isDark is not None:
            name = theme.DARK_NAME if self._desktop.isDark else theme.LIGHT_NAME
        theme.themes.choose(name, self._system)
        self._qtApplication.setPalette(theme.current().palette())

    def _kernelFailed(self, failure: Failure) -> None:
        # A window that is closed at once has workers that never came to it.
        if self.queue.isRunning():
            text = f"The workers cannot compute the picture: {failure.value}. Repair the installation and start again."
            say(text)
            self.log.add(Severity.ERROR, text, explain(failure))
            self.window.setTrouble(text)


def makeQtApplication() -> QApplication:
    """The QApplication, in the style that light and dark are made for."""
    QApplication.setAttribute(Qt.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.AA_UseHighDpiPixmaps)
    application = QApplication(["aqgui"])
    application.setApplicationName("aqgui")
    application.setApplicationDisplayName("aqgui")
    application.setDesktopFileName("aqgui")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resource("aqgui.svg"))))
    # The window is gone before the last worker is.
    application.setQuitOnLastWindowClosed(False)
    return application
