# SPDX-License-Identifier: GPL-3.0-or-later
"""qt5reactor's faults: each shows without the cure, and not on the guarded reactor."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# scene, a reactor without the cure, what happens there, what happens on the guarded one
FAULTS = [
    pytest.param(
        "closeTheLastWindow", "raw", ["it hangs"], ["last window closed", "about to quit", "run() returned"],
        id="closing the last window ends run(), and the application's signals fire",
    ),
    pytest.param(
        "quitWhileSomethingMustBeSaved", "raw", ["run() returned", "it hangs"], ["saved", "run() returned"],
        id="quitting waits for the shutdown triggers, and for pool threads",
    ),
    pytest.param(
        "stopInASlot", "raw", ["it hangs"], ["run() returned"],
        id="stop() in a slot wakes the loop",
    ),
    pytest.param(
        "resetToAnEarlierTime", "raw",
        ["what is due later", "the call that was reset"], ["the call that was reset", "what is due later"],
        id="a call that is reset to an earlier time comes at that time",
    ),
    pytest.param(
        "modalDialogInACall", "raw",
        ["dialog opens", "dialog opens", "dialog closed"], ["dialog opens", "dialog closed"],
        id="a modal dialog in a call does not have calls made twice",
    ),
    pytest.param(
        "timerWhileAModalDialogIsOpen", "half-guarded", ["the timer fired often"], ["the timer rested"],
        id="the timer does not spin while a modal dialog is open in a call",
    ),
    pytest.param(
        "callsAtFractionsOfAMillisecond", "raw", ["many turns a call"], ["one or two turns a call"],
        id="the loop does not spin through the last fraction of a millisecond",
    ),
    pytest.param(
        "theClockThatMayBeSet", "raw", ["it goes by the wall clock"], ["it goes by the clock that nobody sets"],
        id="time-outs do not follow the clock that somebody sets",
    ),
]  # fmt: skip


def play(kind: str, scene: str) -> list[str]:
    command = [sys.executable, "-m", "tests.aqgui.reactor_faults", kind, scene]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("scene", "uncured", "fault", "cured"), FAULTS)
def test_the_guarded_reactor_cures(scene, uncured, fault, cured):
    assert play("guarded", scene) == cured


@pytest.mark.parametrize(("scene", "uncured", "fault", "cured"), FAULTS)
def test_the_fault_shows_without_the_cure(scene, uncured, fault, cured):
    assert play(uncured, scene) == fault
