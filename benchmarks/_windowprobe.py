# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks._windowprobe ZOOMS TASKS`: drive the real window, and print what was measured as JSON.

Waits are by Deferreds that fire from what really happens: a paint event behind the last coarse piece, the picture's
own signal that it is sharp. A stall is what the event loop was late for a timer of TICK.
"""

import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtWidgets import QApplication
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.task import deferLater
from twisted.logger import Logger

from aqgui.application import Application, makeQtApplication
from aqgui.arguments import Arguments
from aqgui.reactor import install
from aqlib import CancelledError, Observer, Task
from mandelbrot_view.places.place import Place
from mandelbrot_view.qt.picturewidget import FRAME
from mandelbrot_view.qt.pieces import GROUP

VIEW = (1280, 720)
PLACE = Place("-0.743643887037151", "0.13182590420533", "300")
TICK = 0.004  # seconds
# Between two zooms, as between two looks of a hand and an eye.
PAUSE = 0.1
WHEEL_CLICK = 120
DRAGS = 40


class Stalls(QObject):
    """How late the event loop was, each time in seconds, while it is on."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0
        self.noted: list[float] = []

    def begin(self) -> None:
        """Note them from now on."""
        self.noted = []
        self._last = time.perf_counter()
        self._timer.start(round(TICK * 1000))

    def end(self) -> list[float]:
        """Those noted."""
        self._timer.stop()
        return self.noted

    def _tick(self) -> None:
        now = time.perf_counter()
        self.noted.append(max(now - self._last - TICK, 0.0))
        self._last = now


class Zooms(QObject, Observer):
    """Zooms by the wheel, and sees when the coarse and the sharp picture are on the screen.

    A coarse pass is painted with the next frame where it is finer than the old picture, scaled. Where it is not, there
    is nothing to paint, and its coming counts.
    """

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._view = application.window.view
        self._coarse: set[Task] = set()
        self._cameAt: float | None = None
        self._paintedAt: float | None = None
        self._waiting: dict[str, Deferred[float]] = {}
        application.queue.addObserver(self)
        self._view.installEventFilter(self)
        self._view.pictureSharp.connect(lambda: self._fire("sharp", time.perf_counter()))

    def turn(self, clicks: int) -> None:
        """Turn the wheel over a point off the middle."""
        point = QPoint(self._view.width() * 2 // 5, self._view.height() * 2 // 5)
        where = self._view.mapToGlobal(point)
        turned = QPoint(0, WHEEL_CLICK * clicks)
        event = QWheelEvent(point, where, QPoint(), turned, Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False)
        QApplication.sendEvent(self._view, event)

    async def time(self, clicks: int) -> tuple[float, float]:
        """Zoom; the seconds until the coarse picture and until the sharp one."""
        self._cameAt = self._paintedAt = None
        self._waiting = {"coarse": Deferred(), "sharp": Deferred()}
        coarse, sharp = self._waiting["coarse"], self._waiting["sharp"]
        begin = time.perf_counter()
        self.turn(clicks)
        return await coarse - begin, await sharp - begin

    def taskQueued(self, task: Task) -> None:
        """Remember the pieces of a coarse pass."""
        if task.group == GROUP and task.name.startswith("coarse"):
            self._coarse.add(task)

    def taskFinished(self, task: Task) -> None:
        """After the last one, two frames show the coarse picture."""
        self._coarse.discard(task)
        if self._cameAt is None and task.name.startswith("coarse") and not self._coarse:
            self._cameAt = time.perf_counter()
            QTimer.singleShot(round(2 * FRAME * 1000), self._coarseShown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the view painted."""
        if event.type() == QEvent.Paint and self._cameAt is not None and self._paintedAt is None:
            self._paintedAt = time.perf_counter()
        return False

    def _coarseShown(self) -> None:
        assert self._cameAt is not None
        self._fire("coarse", self._paintedAt or self._cameAt)

    def _fire(self, name: str, when: float) -> None:
        waiting = self._waiting.pop(name, None)
        if waiting is not None:
            waiting.callback(when)


def work() -> None:
    """A task of about a millisecond."""
    end = time.perf_counter() + 0.001
    while time.perf_counter() < end:
        pass


async def measure(application: Application, zooms: int, tasks: int) -> dict[str, Any]:
    """Do it all."""
    window, queue, reactor = application.window, application.queue, application.queue.reactor
    margins = window.width() - window.view.width(), window.height() - window.view.height()
    window.resize(VIEW[0] + margins[0], VIEW[1] + margins[1])
    zoomer = Zooms(application)
    await deferLater(reactor, 3.0, lambda: None)  # the kernel is compiled, the window has its size
    times = []
    for i in range(zooms):
        times.append(await zoomer.time(2 if i % 8 < 4 else -2))
        await deferLater(reactor, PAUSE, lambda: None)
    stalls = Stalls()
    result: dict[str, Any] = {"size": list(window.view.deviceSize)}
    result |= {"coarse": [coarse for coarse, _ in times], "sharp": [sharp for _, sharp in times]}
    stalls.begin()
    begin = time.perf_counter()
    running = [queue.call(work) for _ in range(tasks)]
    queued = time.perf_counter() - begin
    turning = [reactor.callLater(0.1 * i, zoomer.turn, 1 if i % 12 < 6 else -1) for i in range(48)]
    await DeferredList(running)
    result["seconds"] = time.perf_counter() - begin
    # To queue them takes this program a while in one piece; that is no fault of the window.
    result["stalls"] = sorted(stalls.end())[:-1] if queued > TICK else stalls.end()
    for call in turning:
        if call.active():
            call.cancel()
    result["steering"] = await steer(queue, stalls, tasks)
    return result


async def steer(queue: Any, stalls: Stalls, tasks: int) -> list[float]:
    """Move waiting tasks by hand, again and again."""
    queue.pause()
    waiting = [queue.submit(work) for _ in range(tasks)]
    for task in waiting:
        task.deferred.addErrback(lambda failure: failure.trap(CancelledError))
    await deferLater(queue.reactor, 0.5, lambda: None)
    chance = random.Random(1)
    stalls.begin()
    for _ in range(DRAGS):
        queue.move(chance.sample(waiting, min(100, len(waiting))), before=chance.choice(waiting))
        await deferLater(queue.reactor, 0.02, lambda: None)
    noted = stalls.end()
    for first in range(0, tasks, 500):
        queue.cancel(waiting[first : first + 500])
        await deferLater(queue.reactor, 0, lambda: None)
    queue.resume()
    return noted


def main(zooms: int, tasks: int) -> None:
    """Run the application, measure, and end it."""
    qtApplication = makeQtApplication()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "settings.ini")
        arguments = Arguments(workers=2, place=PLACE, theme="dark", settings=path)
        application = Application(qtApplication, arguments, install())
        measured: list[dict[str, Any]] = []

        def begin() -> None:
            done = Deferred.fromCoroutine(measure(application, zooms, tasks))
            done.addCallbacks(measured.append, lambda failure: Logger().failure("The probe failed.", failure))
            done.addCallback(lambda _: application.closing.begin())

        application.queue.reactor.callLater(0.5, begin)
        application.run(None)
    if not measured:
        sys.exit(1)
    print(json.dumps(measured[0]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
