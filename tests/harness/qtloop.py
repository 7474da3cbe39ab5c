# SPDX-License-Identifier: GPL-3.0-or-later
"""The guarded Qt reactor as a Loop. Imports PyQt5, so the core group never imports it."""

from typing import Any

from PyQt5.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

import aqgui.reactor


class QtLoop:
    """The guarded reactor, installed into the QApplication that there is."""

    def __init__(self) -> None:
        self.reactor: Any = aqgui.reactor.install()
        self.reactor.runReturn(installSignalHandlers=False)
        self._eventLoop: QEventLoop | None = None

    def run(self, seconds: float) -> None:
        assert self._eventLoop is None, "this test waits for a Deferred already"
        self._eventLoop = QEventLoop()
        deadline = QTimer()
        deadline.setSingleShot(True)
        deadline.timeout.connect(self.quit)
        deadline.start(round(seconds * 1000))
        try:
            self._eventLoop.exec_()
        finally:
            deadline.stop()
            self._eventLoop = None

    def quit(self) -> None:
        if self._eventLoop is not None:
            self._eventLoop.quit()

    def settle(self) -> None:
        for _ in range(2):
            self.reactor.runUntilCurrent()
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)

    def close(self) -> None:
        self.reactor.stop()
        while self.reactor.running:
            QCoreApplication.processEvents()
