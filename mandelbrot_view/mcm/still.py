# SPDX-License-Identifier: GPL-3.0-or-later
"""One picture for the command `mcm`, as PNG: to a file, whole or not at all, or to stdout as it comes."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from aqlib import TaskQueue

from .. import wholefile
from ..export import pictureformat
from ..export.scene import Scene
from ..export.still import Still
from .arguments import Job
from .progressbar import ProgressBar
from .terminal import Terminal

NOTHING = "the picture was not written"
INTERRUPTED_NOTE = "interrupted; no picture was written"


async def make(queue: TaskQueue, job: Job, bar: ProgressBar, terminal: Terminal) -> tuple[str, Counter[str]]:
    """Make it. Gives what was made, and the shares of the workers."""
    limit = job.place.limit or job.place.autoLimit()
    scene = Scene(job.place, job.size, job.colouring, job.antialias, limit)
    still = Still(queue, scene, lambda: bar.show(still.pace.share, still.pace.left()), "mcm")
    with output(job) as file:
        await still.run(file)
    bar.clear()
    return f"{job.size[0] * job.size[1]:,} pixels", still.shares


@contextmanager
def output(job: Job) -> Iterator[BinaryIO]:
    """The job's file, whole or not at all, or stdout."""
    if job.file is not None:
        with wholefile.replacing(job.file) as file, pictureformat.written(job.file, file) as png:
            yield png
        return
    yield sys.stdout.buffer
    sys.stdout.flush()
