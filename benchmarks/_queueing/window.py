# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a measurement on the guarded Qt reactor, beside the application's window, whose stalls are noted.

The window has a queue of its own, which has drawn the picture and rests: what is measured is the reactor, and whether
another queue's work leaves the window its turns.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from aqgui.application import Application, makeQtApplication
from aqgui.arguments import Arguments
from aqgui.reactor import install

from .._windowprobe import PLACE, Stalls


def run(measured: Callable[[], Any], notesStalls: bool) -> Any:
    """Run a coroutine function, and return the figures that it gives, with the worst stall in ms if asked, or raise."""
    qtApplication = makeQtApplication()
    outcome: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        arguments = Arguments(workers=1, place=PLACE, theme="dark", settings=Path(folder, "settings.ini"))
        application = Application(qtApplication, arguments, install())
        sharp: Deferred[None] = Deferred()
        application.window.view.pictureSharp.connect(lambda: None if sharp.called else sharp.callback(None))

        def begin() -> None:
            done = Deferred.fromCoroutine(_watched(sharp, measured, notesStalls)).addBoth(outcome.append)
            done.addCallback(lambda _: application.closing.begin())

        application.queue.reactor.callWhenRunning(begin)
        application.run(None)
    if not outcome:
        sys.exit("The window was closed before the measurement ended.")
    if isinstance(outcome[0], Failure):
        outcome[0].raiseException()
    return outcome[0]


async def _watched(sharp: "Deferred[None]", measured: Callable[[], Any], notesStalls: bool) -> dict[str, float]:
    await sharp
    stalls = Stalls()
    if notesStalls:
        stalls.begin()
    figures: dict[str, float] = await measured()
    noted = stalls.end()
    return figures | {"stall": 1000 * max(noted)} if noted else figures
