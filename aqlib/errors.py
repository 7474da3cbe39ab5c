# SPDX-License-Identifier: Apache-2.0
"""The errors of aqlib, in a module that workers can import too: it knows neither Twisted nor the queue."""

from __future__ import annotations

import builtins
import signal as signals


class QueueRunError(Exception):
    """Something was given to a queue, a lock or a producer that takes no more: it was stopped, or has degraded."""


class QueueFull(Exception):
    """A call came while as many tasks waited as may, by the queue's `maxWaiting`."""


class ImplementationError(Exception):
    """An object does not provide the interface that it was offered for."""


class NotReadyError(Exception):
    """Something was asked for too soon: the next item before the last one was there, or items before `setup`."""


class TimeoutError(builtins.TimeoutError):
    """A task ran for longer than its `timeout`; its worker was stopped, and the task with it."""


class DependencyFailed(Exception):
    """A task was not run, for one that it was to run after has failed or was cancelled; its `__cause__` is that error.

    The text names both. With `afterAny=True` a task runs whatever has become of those before it.
    """


class WorkerError(Exception):
    """A worker could not do its work."""


class ThreadError(WorkerError):
    """A queue was used outside the reactor's thread."""


class EncodingError(WorkerError):
    """A call or a result could not be pickled, and so could not travel between the processes."""


class TaskError(WorkerError):
    """An exception of a task that could not be rebuilt here. Its text has the remote traceback."""


class RemoteTraceback(Exception):
    """The text of a traceback in a worker; it is the `__cause__` of the exception that came from there."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return "\n" + self.text


class WorkerLost(WorkerError):
    """A worker's process ended while it ran a task (or did not start).

    Attributes: `pid`, 0 when the system did not let it start; `signal`, the number of the signal that ended it, or
    None; `exitCode`, or None (both None: other code of the program has waited for the process); `begun`, the text of
    the call that it ran, or None; `putBack`, how many calls that were sent to it wait again; `hint`, what may have been
    the cause (the text of faulthandler, a word about memory), perhaps empty.
    """

    def __init__(
        self,
        pid: int,
        signal: int | None = None,
        exitCode: int | None = None,
        begun: str | None = None,
        putBack: int = 0,
        hint: str = "",
    ) -> None:
        super().__init__(pid, signal, exitCode, begun, putBack, hint)
        self.pid = pid
        self.signal = signal
        self.exitCode = exitCode
        self.begun = begun
        self.putBack = putBack
        self.hint = hint

    @property
    def how(self) -> str:
        """How the process ended: 'by SIGKILL', or 'with exit code 3'."""
        if self.signal is None and self.exitCode is None:
            return "in a way that is not known, for other code of this program has waited for it"
        if self.signal is None:
            return f"with exit code {self.exitCode}"
        try:
            return f"by {signals.Signals(self.signal).name}"
        except ValueError:
            return f"by signal {self.signal}"

    def __str__(self) -> str:
        text = f"Worker process {self.pid} ended {self.how}" if self.pid else "There was no worker process"
        if self.begun:
            text += f" while it ran {self.begun}"
        if self.putBack:
            text += f"; {self.putBack} calls that had not begun wait again"
        return f"{text}.\n{self.hint}" if self.hint else f"{text}."


class MemoryLimitExceeded(WorkerLost):
    """A task took more memory than its limit, and its worker's process was ended. `hint` says how much it was."""
