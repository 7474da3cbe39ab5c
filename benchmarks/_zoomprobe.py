# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window on a recorded zoom path; prints what was measured as JSON. See zoom.py.

A hand keeps its eyes on a target: its pointer is where that is on the screen, but for what was recorded.
"""

import json
import sys
import tempfile
import time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PyQt5.QtGui import QMouseEvent, QWheelEvent
from PyQt5.QtWidgets import QApplication
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from aqgui.application import Application, makeQtApplication
from aqgui.arguments import Arguments
from aqgui.reactor import install
from aqlib import Observer, Task
from mandelbrot_view.kernels.warmup import prepare
from mandelbrot_view.pictures.render import render_in_time
from mandelbrot_view.places.place import HOME, Place
from mandelbrot_view.qt.framing import Framing
from mandelbrot_view.qt.picture import Band
from mandelbrot_view.qt.picturewidget import FRAME
from mandelbrot_view.qt.pieces import GROUP

from ._windowprobe import VIEW, Stalls
from ._zoompath import Step, recorded


class Watch(QObject, Observer):
    """Sees when what was asked for is on the screen.

    An input is answered by the first coarse pass that was queued after it, when the next frame has been painted.
    """

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._view = application.window.view
        self._reactor = application.queue.reactor
        self._unanswered: list[float] = []
        # When coarse passes were queued: of a place that comes to rest, by task; of those in haste, by place.
        self._passes: dict[Task, float] = {}
        self._hasty: dict[Place, float] = {}
        self._isPaintingNow = False
        self.first: list[float] = []
        self.coarse: list[float] = []
        self.sharp: list[float] = []
        self.frames: list[float] = []
        self.steps: list[int] = []
        # Inputs, and those whose place the view has gone to.
        self._unseen: list[float] = []
        self._seen: list[float] = []
        self._lastInput: float | None = None
        self._due: float | None = None
        application.queue.addObserver(self)
        self._view.installEventFilter(self)
        self._view.placeChanged.connect(self._went)
        self._own = {name: getattr(self._view, name) for name in ("passCame", "paintNow")}
        for name, instead in (("passCame", self._passCame), ("paintNow", self._paintNow)):
            setattr(self._view, name, instead)
        self._view.pictureSharp.connect(self._sharp)

    def _passCame(self, framing: Framing, bands: list[Band]) -> None:
        """Instead of the view's: it paints at once."""
        self.steps += [band.step for band in bands]
        self._due = self._hasty.pop(framing.place, self._due)
        self._own["passCame"](framing, bands)

    def _paintNow(self, pause: float) -> None:
        """Instead of the view's."""
        self._isPaintingNow = True
        self._own["paintNow"](pause)
        self._isPaintingNow = False
        self._painted()

    def input(self, changes: bool) -> None:
        """The hand has done something. changes: so that another picture is to be seen."""
        now = time.perf_counter()
        if changes:
            self._unanswered.append(now)
            self._unseen.append(now)
            self._lastInput = now

    def taskQueued(self, task: Task) -> None:
        """See a coarse pass begin."""
        if task.group == GROUP and task.name.startswith("coarse"):
            if task.call.f is render_in_time:
                self._hasty[task.call.args[0]] = time.perf_counter()
            else:
                self._passes[task] = time.perf_counter()

    def taskFinished(self, task: Task) -> None:
        """See a coarse pass end: two frames later it is on the screen, or there was nothing better in it."""
        queued = self._passes.pop(task, None)
        if queued is not None and task.failure is None and not any(at <= queued for at in self._passes.values()):
            self._due = queued
            QTimer.singleShot(round(2 * FRAME * 1000), lambda: self._answer(queued))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the view painted."""
        if event.type() == QEvent.Paint and not self._isPaintingNow:
            QTimer.singleShot(0, self._painted)
        return False

    def _went(self, place: Place) -> None:
        self._seen += self._unseen
        self._unseen.clear()

    def _painted(self) -> None:
        now = time.perf_counter()
        self.frames.append(now)
        self.first += [now - at for at in self._seen]
        self._seen.clear()
        if self._due is not None:
            self._answer(self._due)
            self._due = None

    def _answer(self, queued: float) -> None:
        now = time.perf_counter()
        self.coarse += [now - at for at in self._unanswered if at < queued]
        self._unanswered = [at for at in self._unanswered if at >= queued]

    def _sharp(self) -> None:
        if self._lastInput is not None:
            self.sharp.append(time.perf_counter() - self._lastInput)
            self._lastInput = None


class Hand:
    """Does what was recorded to a view. target: re, im."""

    def __init__(self, view: Any, watch: Watch, target: tuple[str, str]) -> None:
        self._view = view
        self._watch = watch
        self._target = target
        self._button = Qt.NoButton

    def do(self, step: Step) -> None:
        """One step."""
        at = self._at(step)
        if step.what == "move":
            self._watch.input(self._button != Qt.NoButton)
            self._mouse(QEvent.MouseMove, at, Qt.NoButton)
        elif step.what == "wheel":
            self._watch.input(True)
            self._wheel(at, step.units)
        elif step.what == "release":
            self._watch.input(True)
            button, self._button = self._button, Qt.NoButton
            self._mouse(QEvent.MouseButtonRelease, at, button)
        else:
            self._watch.input(True)
            self._button = Qt.MiddleButton
            self._modifiers = Qt.ShiftModifier if step.what == "out" else Qt.NoModifier
            self._mouse(QEvent.MouseButtonPress, at, self._button)

    def _at(self, step: Step) -> QPoint:
        """Where the hand points: at the target, as far as that can be seen, and a little beside it."""
        place, (width, height) = self._view.place, self._view.deviceSize
        spacing = place.exactSpacing(height)
        x = width / 2 + float((Decimal(self._target[0]) - Decimal(place.re)) / spacing) + step.right
        y = height / 2 + float((Decimal(place.im) - Decimal(self._target[1])) / spacing) + step.down
        return QPoint(round(min(max(x, 0), width - 1)), round(min(max(y, 0), height - 1)))

    def _mouse(self, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
        modifiers = self._modifiers if kind == QEvent.MouseButtonPress else Qt.NoModifier
        event = QMouseEvent(
            kind, QPointF(at), QPointF(at), QPointF(self._view.mapToGlobal(at)), button,
            Qt.MouseButtons(self._button), Qt.KeyboardModifiers(modifiers),
        )  # fmt: skip
        QApplication.sendEvent(self._view, event)

    def _wheel(self, at: QPoint, units: int) -> None:
        turned = QPoint(0, units)
        where = self._view.mapToGlobal(at)
        event = QWheelEvent(at, where, QPoint(), turned, Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False)
        QApplication.sendEvent(self._view, event)


async def measure(application: Application, target: tuple[str, str]) -> dict[str, Any]:
    """Do it all."""
    window, queue, reactor = application.window, application.queue, application.queue.reactor
    view = window.view
    window.resize(VIEW[0] + window.width() - view.width(), VIEW[1] + window.height() - view.height())
    while not await queue.call(prepare):
        await deferLater(reactor, 0.2, lambda: None)
    await _sharp(view, reactor)
    watch, stalls = Watch(application), Stalls()
    hand, steps = Hand(view, watch, target), recorded()
    begin = time.perf_counter()
    stalls.begin()
    for step in steps:
        wait = begin + step.at - time.perf_counter()
        await deferLater(reactor, max(wait, 0), lambda: None)
        hand.do(step)
    noted = stalls.end()
    await _sharp(view, reactor)
    await deferLater(reactor, 0.1, lambda: None)
    return {
        "size": list(view.deviceSize), "zoom": view.place.zoom, "first": watch.first, "coarse": watch.coarse,
        "sharp": watch.sharp, "frames": _gaps(watch.frames, begin, steps), "stalls": noted, "steps": watch.steps,
    }  # fmt: skip


async def _sharp(view: Any, reactor: Any) -> None:
    while not view.isSharp:
        await deferLater(reactor, 0.05, lambda: None)


def _gaps(frames: list[float], begin: float, steps: list[Step]) -> list[float]:
    """The seconds between frames while a button is held."""
    gaps: list[float] = []
    since = 0.0
    for step in steps:
        if step.what in ("in", "out"):
            since = begin + step.at
        elif step.what == "release":
            shown = [since, *(at for at in frames if since < at <= begin + step.at)]
            gaps += [later - at for at, later in pairwise(shown)]
    return gaps


def main(re: str, im: str) -> None:
    """Run the application, measure, and end it."""
    qtApplication = makeQtApplication()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(HOME.re, HOME.im, HOME.zoom)
        arguments = Arguments(workers=2, place=place, theme="dark", settings=Path(folder, "settings.ini"))
        application = Application(qtApplication, arguments, install())
        measured: list[dict[str, Any]] = []

        def begin() -> None:
            done = Deferred.fromCoroutine(measure(application, (re, im)))
            done.addCallbacks(measured.append, lambda failure: Logger().failure("The probe failed.", failure))
            done.addCallback(lambda _: application.closing.begin())

        application.queue.reactor.callLater(0.5, begin)
        application.run(None)
    if not measured:
        sys.exit(1)
    print(json.dumps(measured[0]))


if __name__ == "__main__":
    main(*sys.argv[1:3])
