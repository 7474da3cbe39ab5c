# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes in which qt5reactor is at fault: `python -m tests.aqgui.reactor_faults CLASS SCENE` prints what happened.

Each runs in a process of its own, for it may hang, and a process has one reactor. One that hangs is ended with a line.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication, QDialog, QWidget
from qt5reactor.core import QtReactor
from twisted.internet.main import installReactor
from twisted.internet.task import deferLater

from aqgui.reactor import GuardedReactor

HANGS_AFTER = 2.0


class HalfGuardedReactor(QtReactor):
    """The obvious guard against being entered twice, and no more: the timer goes on within a call."""

    isMakingCalls = False

    def runUntilCurrent(self) -> None:
        if not self.isMakingCalls:
            self.isMakingCalls = True
            super().runUntilCurrent()
            self.isMakingCalls = False


CLASSES = {"raw": QtReactor, "half-guarded": HalfGuardedReactor, "guarded": GuardedReactor}


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def closeTheLastWindow(app: QApplication, reactor: Any) -> None:
    window = QWidget()
    window.show()
    app.lastWindowClosed.connect(lambda: say("last window closed"))
    app.aboutToQuit.connect(lambda: say("about to quit"))
    reactor.callLater(0.05, window.close)
    reactor.run()
    say("run() returned")


def quitWhileSomethingMustBeSaved(app: QApplication, reactor: Any) -> None:
    def save() -> Any:
        return deferLater(reactor, 0.1, say, "saved")

    reactor.addSystemEventTrigger("before", "shutdown", save)
    reactor.callInThread(lambda: None)
    reactor.callLater(0.05, app.quit)
    reactor.run()
    say("run() returned")


def stopInASlot(app: QApplication, reactor: Any) -> None:
    QTimer.singleShot(50, reactor.stop)
    reactor.run()
    say("run() returned")


def resetToAnEarlierTime(app: QApplication, reactor: Any) -> None:
    call = reactor.callLater(1.5, say, "the call that was reset")
    QTimer.singleShot(50, lambda: call.reset(0.05))
    QTimer.singleShot(800, lambda: say("what is due later"))
    QTimer.singleShot(1600, app.quit)
    reactor.run()


def modalDialogInACall(app: QApplication, reactor: Any) -> None:
    opened: list[QDialog] = []

    def openDialog() -> None:
        say("dialog opens")
        if not opened:
            dialog = QDialog()
            opened.append(dialog)
            QTimer.singleShot(100, dialog.accept)
            dialog.exec_()
            say("dialog closed")

    reactor.callWhenRunning(reactor.callFromThread, openDialog)
    reactor.callLater(0.8, reactor.stop)
    reactor.run()


def timerWhileAModalDialogIsOpen(app: QApplication, reactor: Any) -> None:
    timeouts: list[None] = []

    def openDialog() -> None:
        dialog = QDialog()
        reactor.callLater(0, lambda: None)
        reactor._timer.timeout.connect(lambda: timeouts.append(None))
        QTimer.singleShot(200, dialog.accept)
        dialog.exec_()
        say("the timer fired often" if len(timeouts) > 20 else "the timer rested")

    reactor.callLater(0, openDialog)
    reactor.callLater(0.4, reactor.stop)
    reactor.run()


def callsAtFractionsOfAMillisecond(app: QApplication, reactor: Any) -> None:
    calls = 30
    turns: list[None] = []
    runUntilCurrent = reactor.runUntilCurrent

    def turn() -> None:
        turns.append(None)
        runUntilCurrent()

    def again(left: int) -> None:
        if left:
            reactor.callLater(0.0105, again, left - 1)
        else:
            reactor.stop()

    reactor.runUntilCurrent = turn
    again(calls)
    reactor.run()
    say("one or two turns a call" if len(turns) <= 3 * calls else "many turns a call")


def theClockThatMayBeSet(app: QApplication, reactor: Any) -> None:
    apart = abs(reactor.seconds() - time.monotonic())
    say("it goes by the wall clock" if apart > 60 else "it goes by the clock that nobody sets")


SCENES: dict[str, Callable[[QApplication, Any], None]] = {
    scene.__name__: scene
    for scene in (
        closeTheLastWindow,
        quitWhileSomethingMustBeSaved,
        stopInASlot,
        resetToAnEarlierTime,
        modalDialogInACall,
        timerWhileAModalDialogIsOpen,
        callsAtFractionsOfAMillisecond,
        theClockThatMayBeSet,
    )
}


def main(kind: str, scene: str) -> None:
    def hang() -> None:
        say("it hangs")
        os._exit(0)

    watchdog = threading.Timer(HANGS_AFTER, hang)
    watchdog.daemon = True
    app = QApplication(["test"])
    reactor: Any = CLASSES[kind]()
    installReactor(reactor)
    watchdog.start()
    # It watches until the process has ended: some hang when the interpreter waits for its threads.
    SCENES[scene](app, reactor)


if __name__ == "__main__":
    main(*sys.argv[1:])
