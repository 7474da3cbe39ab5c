# SPDX-License-Identifier: GPL-3.0-or-later
"""A running command is paused, resumed and cancelled in the real application, by pointer and keys."""

import pytest
from psutil import Process

from .application import isAlive, middle


def commandsOf(worker: int) -> list[Process]:
    return [child for child in Process(worker).children() if "sleep 1000" in " ".join(child.cmdline())]


@pytest.fixture
def paused(busy, hand):
    """The application, what it said of itself, and the pid of a command that has been paused."""
    app, now = busy
    # It begins a little after the task does. Beside it, a worker that found no kernel in the cache has the compiler.
    app.see(lambda now: commandsOf(now["pids"][0]))
    [command] = commandsOf(now["pids"][0])
    hand.click(*middle(now["rows"][0]["rect"]))
    hand.press("alt+p")
    now = app.see(lambda now: now["rows"][0]["state"] == "paused")
    assert Process(command.pid).status() == "stopped"
    return app, now, command.pid


def test_its_process_stands_still_and_goes_on(paused, hand):
    app, now, command = paused
    assert now["running"] == 1
    hand.press("alt+p")
    app.see(lambda now: now["rows"][0]["state"] == "running")
    assert Process(command).status() == "sleeping"
    hand.press("Delete")
    app.see(lambda now: now["running"] == 0 and not isAlive(command))


def test_closing_counts_it_as_running_and_ends_it(paused, hand):
    app, now, command = paused
    hand.closeWindow()
    app.see(lambda now: now["dialogs"] == ["aqgui"])
    hand.press("alt+c")
    assert app.ended() == 0
    assert not any(isAlive(pid) for pid in (*now["pids"], command))


def test_its_worker_can_be_killed(paused, hand):
    app, now, command = paused
    hand.click(*middle(now["widgets"]["workers"]))
    hand.press("ctrl+a", "ctrl+shift+k")
    app.see(lambda later: later["pids"] != now["pids"] and None not in later["pids"] and not isAlive(command))
