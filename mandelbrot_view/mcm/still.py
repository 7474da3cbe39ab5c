# SPDX-License-Identifier: GPL-3.0-or-later
"""One picture for the command `mcm`: computed by a queue of workers, and written as PNG."""

import io
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from twisted.internet.defer import Deferred, FirstError, gatherResults

from aqlib import Observer, ProcessQueue, Task, TaskQueue, WorkerError, WorkerLost, endBySignal
from aqlib.interfaces import Worker

from .. import wholefile
from ..colour.palettes import Bytes
from ..kernels.warmup import prepare
from ..pictures.tiles import Tile, tilesOf
from ..places.pictureplace import CHUNK
from .arguments import Job
from .progressbar import ProgressBar
from .terminal import Terminal
from .tiles import coloured_tile

FAILED = 1
INTERRUPTED = 130  # as shells have it for SIGINT
# A tile is computed again when its worker died.
MOST_TRIES = 3


async def run(reactor: Any, job: Job, terminal: Terminal) -> int:
    """Do a job; what happens is told on `terminal`. Gives the exit status."""
    begin = reactor.seconds()
    bar = ProgressBar(terminal, reactor.seconds)
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
        still = Still(queue, job, bar.show)
        await queue.update(prepare)
        pixels = await still.compute()
        bar.clear()
        write(job, pixels)
    except Exception as error:
        bar.clear()
        if interrupts:
            _say(terminal, "interrupted; no picture was written")
            return INTERRUPTED
        return _say(terminal, _sorry(job, error))
    finally:
        await queue.shutdown(cancel=True)
    terminal.write(still.report(reactor.seconds() - begin))
    return 0


class _Overheard(Observer):
    """Tells what the workers print and log, such as why they are slow. What several of them say is told once."""

    def __init__(self, terminal: Terminal, bar: ProgressBar) -> None:
        self._terminal = terminal
        self._bar = bar
        self._told: set[str] = set()

    def taskOutput(self, task: Task | None, worker: Worker, stream: str, text: str) -> None:
        """Observer: above the progress bar."""
        text = text.strip()
        if text and text not in self._told:
            self._told.add(text)
            self._bar.clear()
            self._terminal.write(f"{text}\n")


class Still:
    """One picture, computed tile by tile.

    Args:
        queue: Whose workers compute it.
        job: What to compute.
        progressed: Called with the share that is done, 0 to 1.
    """

    def __init__(self, queue: TaskQueue, job: Job, progressed: Callable[[float], None]) -> None:
        self._queue = queue
        self._job = job
        self._progressed = progressed
        width, height = job.size
        self._pixels: Bytes = np.empty((height, width, 3), np.uint8)
        self._done: Counter[str] = Counter()

    def compute(self) -> Deferred[Bytes]:
        """Fires with the whole picture (height, width, 3); errbacks with the first error that is none to try again."""
        tiles = tilesOf(self._job.size)
        computed = [Deferred.fromCoroutine(self._compute(tile)) for tile in tiles]
        return gatherResults(computed, consumeErrors=True).addCallbacks(
            lambda _: self._pixels, lambda failure: failure.value.subFailure if failure.check(FirstError) else failure
        )

    def report(self, seconds: float) -> str:
        """What it took: pixels, seconds, and each worker's share, as lines of text."""
        width, height = self._job.size
        pixels = width * height
        lines = [f"{pixels:,} pixels in {seconds:.2f} s"]
        lines += [f"{name}: {done / pixels:.1%}" for name, done in sorted(self._done.items())]
        return "\n".join(lines) + "\n"

    async def _compute(self, tile: Tile) -> None:
        job = self._job
        for tries in range(1, MOST_TRIES + 1):
            task = self._queue.submit(
                coloured_tile, job.place, job.size, tile, job.palette, job.antialias, name=f"tile {tile.x},{tile.y}"
            )
            try:
                pixels = await task.deferred
            except WorkerLost:
                if tries == MOST_TRIES:
                    raise
            else:
                break
        self._pixels[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width] = pixels
        assert task.worker is not None
        self._done[task.worker.name] += tile.width * tile.height
        self._progressed(self._done.total() / (job.size[0] * job.size[1]))


def write(job: Job, pixels: Bytes) -> None:
    """Write the PNG to the job's file, whole or not at all, or to stdout. Raises OSError."""
    encoded = encode(job, pixels)
    if job.file is None:
        sys.stdout.buffer.write(encoded)
        sys.stdout.flush()
        return
    wholefile.replace(job.file, encoded)


def encode(job: Job, pixels: Bytes) -> bytes:
    """The picture as PNG, with the place's link in it."""
    image = Image.frombuffer("RGB", job.size, pixels, "raw", "RGB", 0, 1)
    notes = PngInfo()
    notes.add_text(CHUNK, job.place.link)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=notes)
    return buffer.getvalue()


def _sorry(job: Job, error: Exception) -> str:
    """Why there is no picture, in a line."""
    if isinstance(error, OSError):
        return f"{job.file or 'standard output'}: {error.strerror or error}; the picture was not written"
    reason, *_ = str(error).strip().splitlines() or [""]
    return f"the picture could not be computed: {type(error).__name__}: {reason}"


def _say(terminal: Terminal, text: str) -> int:
    terminal.write(f"mcm: {text}\n")
    return FAILED
