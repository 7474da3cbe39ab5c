# SPDX-License-Identifier: GPL-3.0-or-later
"""The real application on a machine where something is wrong, and with a user who is in a hurry."""

import os
import signal
import threading

import pytest

from .application import isAlive
from .screen import ROOT

# For Python's start: a module that cannot be imported, in worker processes only.
BROKEN = """
import sys

class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise ImportError("{module} was built for another Python")

if "aqgui" not in sys.orig_argv:
    sys.meta_path.insert(0, Broken())
"""


@pytest.fixture
def breakModule(screen, tmp_path, monkeypatch):
    """breakModule(name): from now on no worker can import this module."""

    def breakIt(module):
        (tmp_path / "sitecustomize.py").write_text(BROKEN.format(module=module))
        monkeypatch.setitem(screen.environment, "PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
        monkeypatch.setitem(screen.environment, "XDG_CACHE_HOME", str(tmp_path))

    return breakIt


def test_a_kernel_that_no_worker_can_import_is_told_and_the_window_closes_in_order(start, hand, breakModule):
    breakModule("numpy")
    app = start("--workers", 2)
    now = app.see(lambda now: now["notice"])
    told = "The workers cannot compute the picture: numpy was built for another Python."
    assert now["notice"].startswith(told)
    now = app.see(lambda now: any(text.startswith("'tile ") for text in now["events"]))
    assert any(text.startswith(told) for text in now["events"])
    assert "numpy was built for another Python" in now["hint"]
    hand.press("ctrl+q")
    assert app.ended() == 0
    assert told in app.said()


def test_without_a_compiler_the_picture_comes_by_the_plain_kernel_and_that_is_told(start, hand, breakModule):
    breakModule("llvmlite")
    app = start("--workers", 2, "--size", "640x480")
    now = app.see(lambda now: now["isSharp"])
    assert now["notice"] is None
    assert any("The fast kernel is not there" in text for text in now["events"])
    hand.press("ctrl+q")
    assert app.ended() == 0


def test_settings_that_make_no_sense_are_passed_over(start, hand, tmp_path):
    (tmp_path / "settings.ini").write_bytes(b"[window]\ngeometry=\xff\xfe%%\n=\n[[[[\nview/place=north\x00\n" * 20)
    app = start("--workers", 1)
    app.see(lambda now: now["isSharp"])
    hand.press("ctrl+q")
    assert app.ended() == 0
    assert "Traceback" not in app.said()


def test_settings_that_cannot_be_written_are_told(start, hand, tmp_path):
    (tmp_path / "settings.ini").mkdir()
    app = start("--workers", 1)
    app.see(lambda now: now["isSharp"])
    hand.press("ctrl+q")
    assert app.ended() == 0
    assert "The settings could not be written to" in app.said()


def test_ctrl_c_says_what_it_waits_for_and_a_second_one_cancels_it(busy):
    app, now = busy
    app.process.send_signal(signal.SIGINT)
    app.hear("finishing running tasks (1); press Ctrl-C again to cancel them")
    app.process.send_signal(signal.SIGINT)
    assert app.ended() == 0
    assert not any(isAlive(pid) for pid in now["pids"])


def test_ctrl_c_again_and_again_ends_at_once(busy):
    app, now = busy
    app.process.send_signal(signal.SIGINT)
    app.hear("press Ctrl-C again to cancel them")
    # A hand that does not stop: some of these come when the application is all but gone.
    for _ in range(30):
        app.process.send_signal(signal.SIGINT)
        threading.Event().wait(0.01)
    assert app.ended() == 0
    assert "Traceback" not in app.said()
    assert not any(isAlive(pid) for pid in now["pids"])


@pytest.mark.parametrize("moment", [0.2, 0.5, 0.8])
def test_ctrl_c_while_it_starts_ends_it_without_a_word(start, moment):
    app = start("--workers", 1)
    threading.Event().wait(moment)
    app.process.send_signal(signal.SIGINT)
    assert app.ended() in (0, -signal.SIGINT)
    assert "Traceback" not in app.said()


def test_closing_asks_before_it_cancels_work_of_the_users_own(busy, hand):
    app, now = busy
    hand.closeWindow()
    app.see(lambda now: now["dialogs"] == ["aqgui"])
    hand.press("Escape")
    still = app.see(lambda now: not now["dialogs"])
    assert still["running"] == 1
    hand.closeWindow()
    app.see(lambda now: now["dialogs"] == ["aqgui"])
    hand.press("alt+c")
    assert app.ended() == 0
    assert not any(isAlive(pid) for pid in now["pids"])
