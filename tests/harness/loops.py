# SPDX-License-Identifier: GPL-3.0-or-later
"""How a test lets the reactor run: the same few methods for the default reactor and for the Qt one.

The reactor is started once for the whole session and never stopped in between, so each test finds it running.
"""

from typing import Any, Protocol, cast


class Loop(Protocol):
    """The one reactor of this process, run piece by piece."""

    reactor: Any

    def run(self, seconds: float) -> None:
        """Run until quit() is called, or for so many seconds."""

    def quit(self) -> None:
        """Let run() return."""

    def settle(self) -> None:
        """Run what is due now: closing a connection, for one, takes a turn or two."""

    def close(self) -> None:
        """Stop the reactor for good; this fires its shutdown triggers."""


class DefaultLoop:
    """Twisted's default reactor."""

    def __init__(self) -> None:
        from twisted.internet import reactor

        self.reactor = cast(Any, reactor)
        self.reactor.startRunning(installSignalHandlers=False)
        self._isRunning = False

    def run(self, seconds: float) -> None:
        assert not self._isRunning, "this test waits for a Deferred already"
        self._isRunning = True
        deadline = self.reactor.callLater(seconds, self.quit)
        while self._isRunning:
            self._turn()
        if deadline.active():
            deadline.cancel()

    def quit(self) -> None:
        self._isRunning = False

    def settle(self) -> None:
        for _ in range(2):
            self.reactor.iterate(0)

    def close(self) -> None:
        self.reactor.stop()
        while self.reactor.running:
            self.reactor.iterate(0.05)

    def _turn(self) -> None:
        self.reactor.runUntilCurrent()
        # What just ran may have called quit(), and then nothing more may come that would end a longer wait.
        self.reactor.doIteration(self.reactor.timeout() if self._isRunning else 0)
