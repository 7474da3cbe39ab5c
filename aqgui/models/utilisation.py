# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy each worker has been: samples of the seconds that it has spent on tasks."""

from collections import defaultdict, deque
from itertools import pairwise
from typing import Any

from aqlib.interfaces import Worker

# Samples are taken so often, and kept for so long, in seconds.
SAMPLE_EVERY = 0.25
KEPT = 60.0
# The share of time that a worker's row shows is over so long.
RECENT = 10.0


def isPaused(worker: Worker) -> bool:
    """Whether somebody has paused its task. Only a worker with a process can stand still."""
    return bool(getattr(worker, "isPaused", False))


def computes(worker: Worker) -> bool:
    """Whether it runs tasks of no series, as all workers do but those for commands."""
    return None in worker.cQualified


class Utilisation:
    """The share of time that workers were busy, lately and over the last minute. One that is paused is not busy.

    The curve of all together is that of the workers that compute.

    Args:
        queue: Whose workers; `sample` looks at them.
    """

    def __init__(self, queue: Any) -> None:
        self._queue = queue
        self._seen: dict[int, float] = {}
        self._computing: set[int] = set()
        self._stood: defaultdict[int, float] = defaultdict(float)
        self._samples: deque[tuple[float, dict[int, float]]] = deque(maxlen=round(KEPT / SAMPLE_EVERY) + 1)

    def sample(self) -> None:
        """Note how busy all workers have been up to now."""
        workers = self._queue.workers()
        busy = {worker.ID: self._busySeconds(worker) for worker in workers}
        self._computing.update(worker.ID for worker in workers if computes(worker))
        self._samples.append((self._queue.reactor.seconds(), busy))

    def _busySeconds(self, worker: Worker) -> float:
        """For how long it has run tasks that did not stand still."""
        seconds, before = worker.busySeconds(), self._seen.get(worker.ID, 0.0)
        self._seen[worker.ID] = seconds
        if isPaused(worker):
            self._stood[worker.ID] += seconds - before
        # Rounded, so that one that stands still gives the same again.
        return round(seconds - self._stood[worker.ID], 6)

    @property
    def isFlat(self) -> bool:
        """Whether no worker was busy, came or went in all the time that is kept."""
        samples = self._samples
        return len(samples) == samples.maxlen and samples[0][1] == samples[-1][1]

    def share(self, ID: int, seconds: float = RECENT) -> float:
        """The share of the last `seconds` that a worker was busy, 0 to 1; since it came, if that is less."""
        if not self._samples:
            return 0.0
        now, latest = self._samples[-1]
        if ID not in latest:
            return 0.0
        then, busy = now, latest[ID]
        for time, sample in reversed(self._samples):
            if now - time > seconds + SAMPLE_EVERY / 2 or ID not in sample:
                break
            then, busy = time, sample[ID]
        return min(max((latest[ID] - busy) / (now - then), 0.0), 1.0) if now > then else 0.0

    def curve(self, ID: int | None = None) -> tuple[list[float], list[float]]:
        """Times, in seconds before now, and the busy share of one worker, or of all together, between samples."""
        times, shares = [], []
        now = self._samples[-1][0] if self._samples else 0.0
        for (then, before), (time, after) in pairwise(self._samples):
            there = [
                each for each in after if each in before and (each in self._computing if ID is None else each == ID)
            ]
            if there and time > then:
                busy = sum(after[each] - before[each] for each in there)
                times.append(time - now)
                shares.append(min(max(busy / (time - then) / len(there), 0.0), 1.0))
        return times, shares
