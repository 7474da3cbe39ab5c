# SPDX-License-Identifier: GPL-3.0-or-later
"""A running command is paused, resumed and cancelled in the real application, by pointer and keys."""

import threading
import time
from typing import Any

import pytest
from psutil import Process

from .application import isAlive, middle

# The bound of a hang.
MAX_WAIT_SECONDS = 20.0


def commandsOf(now: dict[str, Any]) -> list[Process]:
    return [child for pid in now["guardians"] for child in Process(pid).children() if child.name() in ("sh", "sleep")]


@pytest.fixture
def paused(busy, hand):
    """The application, what it said of itself, and the pid of a command that has been paused."""
    app, now = busy
    # It begins a little after the task does.
    [command] = commandsOf(app.see(commandsOf))
    hand.click(*middle(now["rows"][0]["rect"]))
    hand.press("alt+p")
    # The signal reaches the process a little after the state is shown.
    now = app.see(lambda now: now["rows"][0]["state"] == "paused" and command.status() == "stopped")
    return app, now, command.pid


def test_its_process_stands_still_and_goes_on(paused, hand):
    app, now, command = paused
    assert now["running"] == 1
    hand.press("alt+p")
    app.see(lambda now: now["rows"][0]["state"] == "running" and Process(command).status() == "sleeping")
    hand.press("Delete")
    app.see(lambda now: now["running"] == 0 and not isAlive(command))


def test_closing_counts_it_as_running_and_ends_it(paused, hand):
    app, now, command = paused
    hand.closeWindow()
    app.see(lambda now: now["dialogs"] == ["aqgui"])
    hand.press("alt+c")
    assert app.ended() == 0
    assert not any(isAlive(pid) for pid in (*now["pids"], command))


def test_it_can_be_killed_among_the_workers(paused, hand):
    app, now, command = paused
    hand.click(*middle(now["widgets"]["workers"]))
    hand.press("ctrl+a", "ctrl+shift+k")
    app.see(lambda later: later["running"] == 0 and not later["guardians"] and not isAlive(command))


@pytest.mark.parametrize("isPaused", [False, True])
def test_it_ends_when_the_application_is_killed(paused, hand, isPaused):
    app, now, command = paused
    if not isPaused:
        hand.press("alt+p")
        app.see(lambda now: now["rows"][0]["state"] == "running")
    app.process.kill()
    app.ended()
    deadline = time.monotonic() + MAX_WAIT_SECONDS
    while any(isAlive(pid) for pid in (*now["pids"], *now["guardians"], command)):
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_the_picture_is_computed_beside_more_commands_than_can_run(busy, hand):
    app, now = busy
    hand.press("ctrl+n")
    app.see(lambda now: now["dialogs"] == ["Add work"])
    for _ in range(12):
        hand.type("sleep 1000")
        hand.press("Return")
    hand.press("ctrl+Return")
    app.see(lambda now: now["waiting"] >= 10 and not now["dialogs"])
    hand.turnWheel(*middle(now["widgets"]["view"]), clicks=2)
    later = app.see(lambda later: later["isSharp"] and later["place"] != now["place"])
    assert later["notice"] is None
    assert later["waiting"] >= 10
