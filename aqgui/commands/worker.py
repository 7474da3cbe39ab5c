# SPDX-License-Identifier: GPL-3.0-or-later
"""CommandWorker: a slot in which one command after another runs. It computes nothing itself."""

from __future__ import annotations

import codecs
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.python.failure import Failure
from zope.interface import implementer

from aqlib import IWorker, Progress, Task, WorkerError, WorkerState
from aqlib.baseworker import BaseWorker
from aqlib.task import Call

from .command import SERIES, Command, CommandFailed
from .percentage import lastPercentage
from .process import CommandProcess


@implementer(IWorker)
class CommandWorker(BaseWorker):
    """Runs the tasks of the series SERIES, whose callables are Commands, one at a time.

    Args:
        processes: The commands' processes of all slots: each is here while one of its processes is left.
        osNiceness: What to add to the operating system's niceness of commands.

    Attributes: `isPaused`; `pid`, that of the running command's guardian.
    """

    kind = "command"

    def __init__(self, processes: set[CommandProcess], osNiceness: int = 0) -> None:
        super().__init__()
        # Not None: what computes must never wait for a command, nor run here.
        self.cQualified = [SERIES]
        self.isPaused = False
        self._processes = processes
        self._osNiceness = osNiceness
        self._process: CommandProcess | None = None
        self._isDropped = False
        self._gone: list[Deferred[None]] = []

    def run(self, task: Task) -> None:
        """Start the command."""
        self.setBusy(task)
        try:
            self._process = self._start(task)
        except Exception:
            # In the reactor's next turn, for the queue has not finished handing the task over.
            self.clock.callLater(0, self._failed, task, Failure())
            return
        self.pid = self._process.pid

    def _start(self, task: Task) -> CommandProcess:
        command = task.call.f
        if not isinstance(command, Command):
            raise TypeError(f"The series {SERIES!r} takes Commands, not {command!r}.")
        decoder = codecs.getincrementaldecoder("utf-8")("replace")

        def wrote(data: bytes) -> None:
            text = decoder.decode(data)
            if text:
                self.reporter.wrote(self, task, "stdout", text)
                self._showProgress(task, text)

        def ended(status: int | None, seconds: float | None) -> None:
            if self._process is process:
                self._ended(task, command, status, seconds)

        def gone() -> None:
            self._processes.discard(process)
            if self._process is process:
                self._free()

        process = CommandProcess(command, self.clock, self._osNiceness, wrote, ended, gone)
        self._processes.add(process)
        return process

    def _showProgress(self, task: Task, text: str) -> None:
        """Take over a percentage that the output of a running command shows."""
        percentage = lastPercentage(text)
        if percentage is None or not task.isRunning:
            return
        if task.progress is None or task.progress.done != percentage:
            self.reporter.progressed(task, Progress(percentage, 100))

    def abort(self, task: Task) -> None:
        """End the command; the slot is free when all its processes have ended."""
        if self.task is task and self._process is not None:
            self._isDropped = True
            self.isPaused = False
            self.state = WorkerState.STOPPING
            self._process.terminate()
        elif self.task is task:
            self._free()

    def pause(self, task: Task) -> bool:
        """Stop all processes of the command. Returns whether there is one."""
        if self.task is not task or self._process is None or self.state is not WorkerState.BUSY:
            return False
        self.isPaused = True
        self._process.pause()
        return True

    def resume(self, task: Task) -> None:
        """Continue them."""
        if self.task is task and self.isPaused and self._process is not None:
            self.isPaused = False
            self._process.resume()

    def kill(self) -> None:
        """End all processes of the running command at once; its task fails."""
        if self._process is not None:
            self._process.kill()

    def update(self, call: Call) -> Deferred[Any]:
        """Updates are for workers that compute."""
        return succeed(None)

    def stop(self) -> Deferred[None]:
        """Take no more; fires when the command has ended."""
        if self.task is None:
            self.state = WorkerState.GONE
            return succeed(None)
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        return gone

    def crash(self) -> list[Task]:
        """End the command at once."""
        unfinished = [self.task] if self.task is not None and not self._isDropped else []
        self._isDropped = True
        self.kill()
        return unfinished

    def _ended(self, task: Task, command: Command, status: int | None, seconds: float | None) -> None:
        if self._isDropped:
            return  # the slot is free when its other processes have ended, too
        self._process = None
        reporter = self.reporter
        if status == 0:
            self._free(isTold=True)
            reporter.succeeded(task, "exit status 0", None, seconds)
        else:
            self._free(isTold=True)
            error = (
                WorkerError(f"The process that guarded {command.text!r} was killed, and the command with it.")
                if status is None
                else CommandFailed(command.text, status)
            )
            reporter.failed(task, Failure(error), seconds)
        reporter.ready(self)

    def _failed(self, task: Task, failure: Failure) -> None:
        if self.task is task:
            self._free(isTold=True)
            self.reporter.failed(task, failure)
            self.reporter.ready(self)

    def _free(self, isTold: bool = False) -> None:
        """Take the next command, or go."""
        self._process = None
        self._isDropped = self.isPaused = False
        self.pid = None
        self.tasksDone += 1
        self.setIdle()
        gone, self._gone = self._gone, []
        if gone:
            self.state = WorkerState.GONE
        elif not isTold:
            self.reporter.freed(self)
            self.reporter.ready(self)
        for waiting in gone:
            waiting.callback(None)
