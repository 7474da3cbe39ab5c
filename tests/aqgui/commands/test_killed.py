# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that commands have started outlives the application, however it ends."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAX_SECONDS = 10.0


def marked(mark):
    """The processes whose environment has this text."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def commandOf(pid):
    """The words of a process's command; none when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def waitUntilGone(mark):
    deadline = time.monotonic() + MAX_SECONDS
    while left := marked(mark):
        assert time.monotonic() < deadline, f"still there: {[commandOf(pid) for pid in left]}"
        # Another process's end gives no event to wait for.
        threading.Event().wait(0.02)


@pytest.fixture
def startOwner(tmp_path):
    """Starts a program that runs commands; its mark, which all that it starts has in its environment."""
    started = []

    def start():
        mark = f"TEST_MARK={uuid.uuid4().hex}"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.aqgui.commands.owner", str(tmp_path)],
            cwd=ROOT, env={**os.environ, "TEST_MARK": mark.partition("=")[2]}, stdout=subprocess.PIPE,
        )  # fmt: skip
        started.append((process, mark))
        assert process.stdout is not None
        assert process.stdout.readline() == b"running\n"
        return process, mark

    yield start
    for process, mark in started:
        process.kill()
        process.communicate()
        for pid in marked(mark):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", range(6))
def test_killed_at_any_moment_it_leaves_no_process(startOwner, number):
    process, mark = startOwner()
    threading.Event().wait(random.Random(number).uniform(0, 1.2))
    process.kill()
    process.wait()
    waitUntilGone(mark)


def test_terminated_it_leaves_no_process(startOwner):
    process, mark = startOwner()
    threading.Event().wait(0.5)
    process.terminate()
    process.wait()
    waitUntilGone(mark)


def test_killed_while_it_is_stopped_it_leaves_no_process(startOwner):
    process, mark = startOwner()
    threading.Event().wait(0.3)
    process.send_signal(signal.SIGSTOP)
    process.kill()
    process.wait()
    waitUntilGone(mark)


def test_when_the_guardians_are_asked_to_end_they_end_what_they_guard(startOwner):
    process, mark = startOwner()
    threading.Event().wait(0.3)
    process.send_signal(signal.SIGSTOP)
    for pid in marked(mark):
        if b"guardian.py" in commandOf(pid):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + MAX_SECONDS
    # The guardians that have ended are the stopped program's to collect.
    while [pid for pid in marked(mark) if pid != process.pid]:
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
