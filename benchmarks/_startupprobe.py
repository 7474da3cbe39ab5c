# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks._startupprobe tile` or `picture`: start once, and print the seconds that it took as JSON.

The cache is that which XDG_CACHE_HOME names.
"""

import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from PyQt5.QtCore import QEvent, QObject, QTimer
from twisted.internet.defer import Deferred
from twisted.internet.task import react

from aqgui.application import Application, makeQtApplication
from aqgui.arguments import Arguments
from aqgui.reactor import install
from aqlib import ProcessQueue
from mandelbrot_view.kernels.warmup import prepare
from mandelbrot_view.pictures.render import render_tile
from mandelbrot_view.pictures.tiles import Tile
from mandelbrot_view.places.place import HOME
from mandelbrot_view.qt.view import MandelbrotView

Seconds = dict[str, float]


def tile() -> Seconds:
    """From the start of a worker to the counts of its first tile."""
    found: Seconds = {}

    async def first(reactor: Any) -> None:
        begin = perf_counter()
        queue = ProcessQueue(1, reactor=reactor)
        queue.update(prepare)
        await queue.call(render_tile, HOME, (256, 256), Tile(0, 0, 256, 256))
        found["tile"] = perf_counter() - begin
        await queue.shutdown()

    try:
        react(lambda reactor: Deferred.fromCoroutine(first(reactor)))
    except SystemExit as end:
        if end.code:
            raise
    return found


class Fills(QObject):
    """Sees when the view is shown, and when it is painted with something known of each pixel, and sharp."""

    def __init__(self, view: MandelbrotView) -> None:
        super().__init__()
        self.sharp: Deferred[None] = Deferred()
        self.at: Seconds = {}
        self._view = view
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """QObject: after each painting, look what was painted."""
        if event is not None and event.type() == QEvent.Show:
            self.at.setdefault("shown", perf_counter())
        if event is not None and event.type() == QEvent.Paint:
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        now = perf_counter()
        if self._view.picture.isWholeKnown:
            self.at.setdefault("coarse", now)
        if self._view.isSharp and "sharp" not in self.at:
            self.at["sharp"] = now
            self.sharp.callback(None)


def picture() -> Seconds:
    """From the window's being shown to its paintings with the coarse and with the sharp picture."""
    qtApplication = makeQtApplication()
    with tempfile.TemporaryDirectory() as folder:
        arguments = Arguments(workers=2, place=HOME, theme="dark", settings=Path(folder, "settings.ini"))
        application = Application(qtApplication, arguments, install())
        fills = Fills(application.window.view)
        fills.sharp.addCallback(lambda _: application.closing.begin())
        application.run(None)
    return {name: fills.at[name] - fills.at["shown"] for name in ("coarse", "sharp")}


if __name__ == "__main__":
    print(json.dumps({"tile": tile, "picture": picture}[sys.argv[1]]()))
