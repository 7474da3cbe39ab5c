# SPDX-License-Identifier: GPL-3.0-or-later
"""A zoom movie for the command `mcm`: to a file or a folder, where it can go on after an interrupt, or to stdout."""

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from aqlib import TaskQueue

from ..export.film import Film
from ..export.settling import settled
from .arguments import Job
from .progressbar import ProgressBar
from .terminal import Terminal

NOTHING = "the movie is unfinished; when there is room, the same command goes on with it"
INTERRUPTED_NOTE = "interrupted; the same command goes on with it"


async def make(queue: TaskQueue, job: Job, bar: ProgressBar, terminal: Terminal) -> tuple[str, Counter[str]]:
    """Make it. Gives what was made, and the shares of the workers."""
    if job.file is not None:
        return await _to(job.file, queue, job, bar, terminal)
    with tempfile.TemporaryDirectory(prefix="mcm-") as folder:
        target = Path(folder, "zoom.mp4")
        done = await _to(target, queue, job, bar, terminal)
        with target.open("rb") as movie:
            shutil.copyfileobj(movie, sys.stdout.buffer)
        sys.stdout.flush()
    return done


async def _to(
    target: Path, queue: TaskQueue, job: Job, bar: ProgressBar, terminal: Terminal
) -> tuple[str, Counter[str]]:
    assert job.movie is not None
    movie = await settled(queue, job.movie, "mcm")
    film = Film(queue, movie, target, lambda: bar.show(film.pace.share, film.pace.left()), "mcm")
    if film.taken:
        terminal.write(f"going on: {film.taken} of {film.pieces} pieces are there\n")
    await film.run()
    bar.clear()
    return f"{movie.frames:,} frames", film.shares
