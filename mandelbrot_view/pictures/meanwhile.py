# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiles for a program that waits while kernels are compiled: by the plain kernel, where that is done sooner."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import monotonic, sleep
from typing import Protocol, TextIO

from ..kernels.escape import Counts, Work
from ..kernels.plaindeep import DepthError

NOTICE = "Compiling the Mandelbrot kernels, once on this computer; this takes about 15 seconds.\n"
# Seconds after which a wait needs a notice, and between two checks for the compiled kernel.
_NOTICE_SECONDS, _CHECK_SECONDS = 1.0, 0.05


class AwaitedKernel(Protocol):
    """The part of warmup.Warmup that a wait needs."""

    @property
    def plain(self) -> Callable[..., Work]:
        """Starts the work on a grid without a compiled kernel."""

    def look(self) -> object:
        """Check whether the compiled kernel is there."""

    @property
    def isAwaited(self) -> bool:
        """Whether it is not there yet, but may come."""


class Meanwhile:
    """Computes tiles as long as a compiled kernel is awaited, and notifies the user of the wait on a terminal.

    kernel: the one awaited; terminal: for the notice, which needs a terminal; clock: seconds; cores: the number that
    this process may use. On a single one the plain kernel would only delay the compiler.
    """

    def __init__(
        self,
        kernel: AwaitedKernel,
        terminal: TextIO | None,
        clock: Callable[[], float] = monotonic,
        cores: int | None = None,
    ) -> None:
        self._kernel = kernel
        self._terminal = terminal
        self._clock = clock
        self._has_one_core = (_cores() if cores is None else cores) == 1
        self._begin = clock()

    def counts(self, *arguments: object) -> Counts | None:
        """The counts of a tile by the plain kernel; None once no compiled kernel is awaited, so that render_tile() may.

        arguments: those that start a kernel. Raises KernelError.
        """
        self._kernel.look()
        work: Work | None = None
        if self._kernel.isAwaited and not self._has_one_core:
            try:
                work = self._kernel.plain(*arguments)
            except DepthError:
                work = None  # the compiled kernel reaches deeper
        while self._kernel.isAwaited:
            if work is None:
                sleep(_CHECK_SECONDS)
            else:
                work.run(_CHECK_SECONDS)
                if work.is_done:
                    return work.counts
            self._notify()
            self._kernel.look()
        return None

    def _notify(self) -> None:
        if self._terminal is not None and self._clock() - self._begin >= _NOTICE_SECONDS:
            terminal, self._terminal = self._terminal, None
            if terminal.isatty():
                terminal.write(NOTICE)
                terminal.flush()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
