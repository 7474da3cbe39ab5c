# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtCore import QObject

from mandelbrot_view.kernels import cache
from mandelbrot_view.qt import patience as module
from mandelbrot_view.qt.patience import COARSE, COMPILING, REFERENCE, Patience


class Waiting:
    def __init__(self):
        self.said = []
        self.isReferenceAwaited = False
        self.isCompiled = False


@pytest.fixture
def waiting(monkeypatch):
    monkeypatch.setattr(module, "_PAUSE", 10)
    return Waiting()


@pytest.fixture
def patience(waiting, qapp):
    parent = QObject()
    yield Patience(
        waiting.said.append, lambda: waiting.isReferenceAwaited, parent, isCompiled=lambda: waiting.isCompiled
    )
    parent.deleteLater()


def test_it_says_why_one_waits_and_at_last_nothing(patience, waiting, qtbot):
    patience.begin()
    qtbot.waitUntil(lambda: waiting.said[-1:] == [COMPILING])
    waiting.isCompiled = True
    qtbot.waitUntil(lambda: waiting.said[-1:] == [COARSE])
    waiting.isReferenceAwaited = True
    qtbot.waitUntil(lambda: waiting.said[-1:] == [REFERENCE])
    patience.end()
    assert waiting.said[-1] is None
    count = len(waiting.said)
    qtbot.wait(30)
    assert len(waiting.said) == count


def test_what_comes_in_time_needs_no_words(patience, waiting, qtbot):
    for _ in range(5):
        patience.begin()
        patience.end()
    qtbot.wait(30)
    assert waiting.said == []


def test_whether_the_deep_kernel_is_there_is_looked_up(monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "path", lambda kind: tmp_path / kind)
    assert not module._isDeepCompiled()
    (tmp_path / "deep").touch()
    assert module._isDeepCompiled()


def test_where_nothing_can_be_compiled_nothing_is_waited_for(monkeypatch):
    def failing(kind):
        raise ImportError("no compiler")

    monkeypatch.setattr(cache, "path", failing)
    assert module._isDeepCompiled()
    monkeypatch.setattr(cache, "path", lambda kind: None)
    assert module._isDeepCompiled()
