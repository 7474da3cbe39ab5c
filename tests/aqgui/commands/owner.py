# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that runs commands without end, to be killed: python -m tests.aqgui.commands.owner FOLDER."""

import sys

from twisted.internet import reactor  # noqa: TID253

from aqgui.commands.command import SERIES, Command
from aqgui.commands.slots import CommandSlots
from aqlib import Task, TaskQueue

# One after the other: short ones, sleepers, those that leave something behind, daemons, and stubborn ones.
TEXTS = (
    "true",
    "sleep 1000 & true",
    "(setsid sleep 1000 &) ; sleep 0.05",
    "trap '' TERM HUP; sleep 1000",
    "sh -c 'while true; do sleep 0.01 & sleep 0.01; done'",
    "setsid sh -c 'trap \"\" TERM; setsid sleep 1000 & sleep 1000'",
)
_STEP_SECONDS = 0.02


def main(folder: str) -> None:
    """Queue, pause, resume and cancel commands until somebody kills this process."""
    queue = TaskQueue(reactor=reactor)
    CommandSlots(queue, 4)
    running: list[Task] = []

    def step(number: int) -> None:
        task = queue.using(series=SERIES).submit(Command(TEXTS[number % len(TEXTS)], folder))
        task.deferred.addErrback(lambda _: None)
        running.append(task)
        if number % 3 == 0:
            running[number // 2].pause()
        if number % 2 == 0 and number > 8:
            running[number - 8].cancel()
        reactor.callLater(_STEP_SECONDS, step, number + 1)

    reactor.callWhenRunning(step, 0)
    reactor.callWhenRunning(print, "running", flush=True)
    reactor.run()


if __name__ == "__main__":
    main(sys.argv[1])
