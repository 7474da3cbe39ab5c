# SPDX-License-Identifier: Apache-2.0
"""Patience: trying again what the system refuses for want of something that others may soon give back."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

# The system has no process, memory or descriptor to give at the moment.
_PASSING = frozenset((errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENOBUFS))
# Half a minute in all.
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 6.4, 6.4, 6.4)

_log = Logger(namespace="aqlib.processes")


class Patience:
    """Makes attempts until one succeeds, the first one at once.

    Args:
        clock: The reactor.
        attempt: What to try. It may raise OSError.
        gaveUp: Called with the error of the last attempt, when there are to be no more.
        pauses: The waiting times between attempts, in seconds. Without any the first attempt is the only one.

    Raises: What the first attempt raises, if it is the only one, or if that is no want that will pass.
    """

    def __init__(
        self,
        clock: IReactorTime,
        attempt: Callable[[], None],
        gaveUp: Callable[[OSError], None],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._clock = clock
        self._attempt = attempt
        self._gaveUp = gaveUp
        self._pauses = iter(pauses)
        self._next: IDelayedCall | None = None
        try:
            attempt()
        except OSError as error:
            if error.errno not in _PASSING or not pauses:
                raise
            _log.warn("The system refuses to start a worker process, which is tried again: {error}", error=error)
            self._later(error)

    def stop(self) -> None:
        """Try no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _later(self, error: OSError) -> None:
        pause = next(self._pauses, None)
        if pause is None:
            self._gaveUp(error)
        else:
            self._next = self._clock.callLater(pause, self._again)

    def _again(self) -> None:
        self._next = None
        try:
            self._attempt()
        except OSError as error:
            if error.errno in _PASSING:
                self._later(error)
            else:
                self._gaveUp(error)
