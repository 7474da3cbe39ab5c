# SPDX-License-Identifier: GPL-3.0-or-later
"""Where messages go: warnings and worse to the events log and to the terminal, Qt's and those of slots among them."""

import sys
from types import TracebackType
from typing import TextIO

from PyQt5.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from twisted.logger import (
    FilteringLogObserver,
    ILogObserver,
    Logger,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogBeginner,
    textFileLogObserver,
)
from twisted.python.failure import Failure

_LEVELS = {
    QtMsgType.QtDebugMsg: LogLevel.debug,
    QtMsgType.QtInfoMsg: LogLevel.info,
    QtMsgType.QtWarningMsg: LogLevel.warn,
    QtMsgType.QtCriticalMsg: LogLevel.error,
    QtMsgType.QtFatalMsg: LogLevel.critical,
}
# What Qt says of a machine without a login or a screen; there it is as it should be, and nobody can do anything.
_IDLE_TALK = ("XDG_RUNTIME_DIR not set", "does not support propagateSizeHints")


def beginLogging(events: ILogObserver, terminal: TextIO | None) -> None:
    """Begin to log, for the whole process. `terminal`: None when there is none, as in a start from a menu."""
    observers = [events]
    if terminal is not None:
        severe = LogLevelFilterPredicate(LogLevel.warn)
        observers.append(FilteringLogObserver(textFileLogObserver(terminal), [severe]))
    globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False)
    logger = Logger(namespace="aqgui")

    def excepthook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        # Without it, PyQt aborts the process when a slot raises.
        logger.failure("An error in the window: {error}", Failure(error, kind, traceback), error=error)

    sys.excepthook = excepthook


def logQtMessages() -> None:
    """Have Qt's messages logged, from before the QApplication is made."""
    logger = Logger(namespace="qt")

    def handle(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
        if not any(talk in text for talk in _IDLE_TALK):
            logger.emit(_LEVELS[kind], "{text}", text=text)

    qInstallMessageHandler(handle)
