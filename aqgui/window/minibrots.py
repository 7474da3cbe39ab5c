# SPDX-License-Identifier: GPL-3.0-or-later
"""The nearest minibrot: found by a task, then gone to."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PyQt5.QtCore import QObject
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from aqgui.texts import sentence
from aqlib import Task, TaskQueue
from mandelbrot_view.orbits.minibrot import Minibrot, NoMinibrot, nearest_minibrot
from mandelbrot_view.places.place import MAX_ZOOM, Place
from mandelbrot_view.qt.view import MandelbrotView

NAME = "nearest minibrot"
LOOKING = "Looking for the nearest minibrot…"


class Minibrots(QObject):
    """What the menu Places does about minibrots.

    Args:
        view: Near whose place one is looked for, and what goes there.
        queue: Does the looking, one at a time.
        said: Called with a sentence when something has been found, or has not.
    """

    def __init__(self, view: MandelbrotView, queue: TaskQueue, said: Callable[[str], None]) -> None:
        super().__init__(view)
        self._view = view
        self._queue = queue
        self._said = said
        self._task: Task | None = None

    def find(self) -> None:
        """Look for the minibrot nearest to what is shown now; a search that goes on is given up."""
        self.stop()
        place = self._view.place
        calling = self._queue.using(doNext=True, name=NAME, group=MandelbrotView.GROUP)
        task = self._task = calling.submit(
            nearest_minibrot, place.re, place.im, place.zoom, self._view.deviceSize, self._view.limit
        )
        self._said(LOOKING)
        task.deferred.addCallbacks(lambda found: self._found(task, found), lambda failure: self._failed(task, failure))

    def stop(self) -> None:
        """Give up a search."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def _found(self, task: Task, minibrot: Minibrot) -> None:
        if task is not self._task:
            return
        self._task = None
        # One that is smaller than can be seen is gone to as far as it goes.
        self._view.setPlace(Place.make(minibrot.re, minibrot.im, min(Decimal(minibrot.zoom), MAX_ZOOM)))
        self._said(_told(minibrot))

    def _failed(self, task: Task, failure: Failure) -> None:
        """The events log has the details of what is no answer."""
        if task is not self._task:
            return
        self._task = None
        if failure.check(NoMinibrot):
            text = failure.getErrorMessage().partition("\n")[0]
            self._said(sentence(text))
        elif failure.check(CancelledError):
            self._said("The search for a minibrot was cancelled.")
        else:
            self._said("The search for a minibrot failed; see the events log.")


def _told(minibrot: Minibrot) -> str:
    if minibrot.period == 1:
        return "The nearest minibrot is the set itself."
    if minibrot.is_disc:
        return f"Nearest is a disc of period {minibrot.period:,}, not a minibrot."
    return f"Minibrot of period {minibrot.period:,}, {Decimal(minibrot.size):.2g} of the set's size"
