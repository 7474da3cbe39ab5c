# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching colorcet's palettes. Its import holds the interpreter for a tenth of a second, so another one does it."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred, fail, succeed

from aqlib import ProcessQueue, WorkerError
from mandelbrot_view.colour.palettes import Palette
from mandelbrot_view.colour.perceptual import perceptual


class Fetching:
    """Fetches the perceptual palettes by a process of its own, which then ends."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._queue: ProcessQueue | None = None

    def fetch(self) -> Deferred[dict[str, Palette]]:
        """Fires with the palettes that are listed, by name."""
        try:
            queue = self._queue = ProcessQueue(1, reactor=self._reactor)
        except (OSError, WorkerError) as error:
            return fail(error)
        fetched = queue.call(perceptual)
        queue.shutdown()
        return fetched

    def stop(self) -> Deferred[None]:
        """Fetch nothing any more: what was to come errbacks. Fires when the process has ended."""
        return succeed(None) if self._queue is None else self._queue.shutdown(cancel=True)
