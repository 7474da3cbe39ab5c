# SPDX-License-Identifier: GPL-3.0-or-later
"""One job of the command `mcm`, from its queue of workers to what is said at the end."""

from collections import Counter
from typing import Any

from aqlib import Observer, ProcessQueue, Task, TaskQueue, WorkerError, endBySignal
from aqlib.interfaces import Worker

from ..export.errors import ExportError
from ..export.movie import Plan
from ..kernels.warmup import is_deep_kernel_awaited, prepare
from ..pictures.depth import isDeep
from ..pictures.meanwhile import NOTICE
from . import film, still
from .arguments import Job
from .progressbar import ProgressBar
from .terminal import Terminal

FAILED = 1
INTERRUPTED = 130  # as shells have it for SIGINT


async def run(reactor: Any, job: Job, terminal: Terminal) -> int:
    """Do a job; what happens is told on `terminal`. Gives the exit status."""
    begin = reactor.seconds()
    bar = ProgressBar(terminal, reactor.seconds)
    if job.note:
        terminal.write(f"mcm: {job.note}\n")
    making = still if job.movie is None else film
    try:
        queue = ProcessQueue(job.workers, reactor=reactor)
    except (OSError, WorkerError) as error:
        return _say(terminal, f"worker processes could not be started: {error}")
    interrupts: list[int] = []

    def interrupted(count: int) -> None:
        interrupts.append(count)
        queue.shutdown(cancel=True)

    endBySignal(queue, interrupted)
    queue.addObserver(_Overheard(terminal, bar))
    try:
        await queue.update(prepare)
        await noticeCompiler(queue, job, terminal)
        made, shares = await making.make(queue, job, bar, terminal)
    except Exception as error:
        bar.clear()
        if interrupts:
            _say(terminal, making.INTERRUPTED_NOTE)
            return INTERRUPTED
        return _say(terminal, _sorry(job, error, making.NOTHING))
    finally:
        await queue.shutdown(cancel=True)
    terminal.write(report(made, reactor.seconds() - begin, shares))
    return 0


async def noticeCompiler(queue: TaskQueue, job: Job, terminal: Terminal) -> None:
    """Write a notice on a terminal if the job waits for the kernel of deep places to be compiled."""
    if terminal.isatty() and _needsDeepKernel(job) and any(await queue.update(is_deep_kernel_awaited, ephemeral=True)):
        terminal.write(NOTICE)


def _needsDeepKernel(job: Job) -> bool:
    if job.movie is None:
        return isDeep(job.place, (job.antialias * job.size[0], job.antialias * job.size[1]))
    plan = Plan(job.movie)
    deepest = plan.scene(plan.octaves)
    return isDeep(deepest.place, deepest.fine)


def report(made: str, seconds: float, shares: Counter[str]) -> str:
    """What was made in how many seconds, and each worker's share of it, as lines of text."""
    lines = [f"{made} in {seconds:.2f} s"]
    lines += [f"{name}: {done / shares.total():.1%}" for name, done in sorted(shares.items())]
    return "\n".join(lines) + "\n"


class _Overheard(Observer):
    """Tells what the workers print and log, such as why they are slow. What several of them say is told once."""

    def __init__(self, terminal: Terminal, bar: ProgressBar) -> None:
        self._terminal = terminal
        self._bar = bar
        self._told: set[str] = set()

    def taskOutput(self, task: Task, worker: Worker, stream: str, text: str) -> None:
        """Observer: above the progress bar."""
        self.workerOutput(worker, stream, text)

    def workerOutput(self, worker: Worker, stream: str, text: str) -> None:
        """Observer: likewise."""
        text = text.strip()
        if text and text not in self._told:
            self._told.add(text)
            self._bar.clear()
            self._terminal.write(f"{text}\n")


def _sorry(job: Job, error: Exception, nothing: str) -> str:
    """Why there is no picture, in a line."""
    if isinstance(error, OSError):
        return f"{job.file or 'standard output'}: {error.strerror or error}; {nothing}"
    reason, *_ = str(error).strip().splitlines() or [""]
    if isinstance(error, ExportError):
        return reason
    return f"it could not be computed: {type(error).__name__}: {reason}"


def _say(terminal: Terminal, text: str) -> int:
    terminal.write(f"mcm: {text}\n")
    return FAILED
