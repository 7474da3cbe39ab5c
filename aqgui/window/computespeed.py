# SPDX-License-Identifier: GPL-3.0-or-later
"""ComputeSpeed: how fast the workers compute samples of the picture, for estimates of exports."""

from __future__ import annotations

from collections.abc import Callable

from aqlib import Observer, Task, TaskQueue

# Less CPU time than this says little about the speed, in seconds.
MIN_SECONDS = 0.05
# What was measured at other places counts by this share when a new picture begins.
_REMEMBERED = 0.1


class ComputeSpeed(Observer):
    """Relates the samples of the view's picture to the CPU time of its tasks, in which no waiting is.

    Args:
        queue: Whose workers compute them.
        group: The group of the view's tasks.
        samples: Returns how many samples have been computed since the start.
    """

    def __init__(self, queue: TaskQueue, group: str, samples: Callable[[], float]) -> None:
        self._queue = queue
        self._group = group
        self._count = samples
        self._counted = samples()
        self._samples = 0.0
        self._seconds = 0.0
        queue.addObserver(self)

    def taskFinished(self, task: Task) -> None:
        """Observer: add the CPU time of a piece."""
        if task.group == self._group and task.cpuTime is not None:
            self._seconds += task.cpuTime

    def beginPicture(self) -> None:
        """Measure another picture, which may be slower or faster. The older ones count little from now on."""
        self._gather()
        if self._seconds >= MIN_SECONDS:
            self._samples *= _REMEMBERED
            self._seconds *= _REMEMBERED

    def value(self) -> float:
        """Samples that all workers together compute in a second; 0 when that is not known yet."""
        self._gather()
        if self._seconds < MIN_SECONDS * _REMEMBERED:
            return 0.0
        return self._samples / self._seconds * self._queue.countWorkers()

    def _gather(self) -> None:
        now = self._count()
        self._samples += now - self._counted
        self._counted = now
