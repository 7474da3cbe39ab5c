# SPDX-License-Identifier: GPL-3.0-or-later
"""The guarded reactor: qt5reactor's, with its faults cured; tests/aqgui/test_reactor.py shows each fault."""

import math
import time
from typing import Any, cast

from PyQt5.QtCore import QEventLoop, Qt
from qt5reactor.core import QtReactor
from twisted.internet.base import DelayedCall
from twisted.internet.main import installReactor


class GuardedReactor(QtReactor):
    """Twisted's reactor inside the event loop of the QApplication, which must exist already."""

    # Twisted goes by the wall clock. That may be set, and goes on in a night asleep, which no time-out should notice.
    seconds = staticmethod(time.monotonic)

    def __init__(self) -> None:
        self._isMakingCalls = False
        super().__init__()
        self._timer.setTimerType(Qt.PreciseTimer)

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run until `stop`, or until the application quits, as it does when its last window is closed.

        Either way all shutdown triggers are run to their end before this returns.
        """
        ended: list[bool] = []

        def end() -> None:
            ended.append(True)
            self.qApp.quit()

        self.addSystemEventTrigger("after", "shutdown", end)
        self.runReturn(installSignalHandlers)
        self.qApp.exec_()
        if not ended and not self._stopped:
            self.stop()
        while not ended:
            QEventLoop().exec_()

    def stop(self) -> None:
        """Begin the shutdown, in the next turn of the event loop."""
        super().stop()
        self.reactorInvocation()

    def runUntilCurrent(self) -> None:
        """Make the calls that are due, unless one of them is in an event loop of its own: it is not entered twice."""
        if self._isMakingCalls:
            return
        self._isMakingCalls = True
        try:
            super().runUntilCurrent()
        finally:
            self._isMakingCalls = False

    def doIteration(self, delay: float | None = None, fromqt: bool = False) -> None:
        """Set the timer for the next call. Within a call there is no need: it is done when that one returns."""
        if self._isMakingCalls:
            return
        self._timer.stop()
        if not fromqt:
            self.qApp.processEvents(QEventLoop.AllEvents, math.ceil(max(delay or 0, 0.001) * 1000))
        timeout = self.timeout()
        if timeout is not None:
            # Rounded up, for a timer that fires too early finds no call due and fires again at once.
            self._timer.start(math.ceil(timeout * 1000))

    def _moveCallLaterSooner(self, delayedCall: DelayedCall) -> None:
        super()._moveCallLaterSooner(delayedCall)
        self.reactorInvocation()


def install() -> Any:
    """Make a GuardedReactor the reactor of this process, and return it.

    Raises: ReactorAlreadyInstalledError when `twisted.internet.reactor` was imported before.
    """
    reactor = GuardedReactor()
    installReactor(cast(Any, reactor))
    return reactor
