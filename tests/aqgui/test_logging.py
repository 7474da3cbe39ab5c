# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging is for a whole process, so each scene has one of its own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEGIN = """
import sys
from PyQt5.QtCore import QTimer, qDebug, qWarning
from PyQt5.QtWidgets import QApplication
from aqgui.logging import beginLogging, logQtMessages
from aqgui.models.events import EventLog
events = EventLog(lambda: 0)
logQtMessages()
app = QApplication(["test", "-platform", "offscreen"])
beginLogging(events, TERMINAL)
"""


def scene(code, terminal="sys.stderr"):
    program = BEGIN.replace("TERMINAL", terminal) + code + "\nprint([event.text for event in events.events])"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)


def test_an_error_in_a_slot_is_an_event_and_the_process_lives():
    done = scene("QTimer.singleShot(0, lambda: 1 / 0); QTimer.singleShot(1, app.quit); app.exec_()")
    assert done.stdout.strip() == "['An error in the window: division by zero']"
    assert "ZeroDivisionError" in done.stderr


def test_qts_warnings_are_events_and_its_chatter_is_not():
    done = scene("qWarning('odd'); qDebug('fine'); qWarning('This plugin does not support propagateSizeHints()')")
    assert done.stdout.strip() == "['odd']"
    assert "odd" in done.stderr
    assert "propagateSizeHints" not in done.stderr


def test_without_a_terminal_events_are_noted_all_the_same():
    done = scene("qWarning('odd')", terminal="None")
    assert (done.stdout.strip(), done.stderr) == ("['odd']", "")
