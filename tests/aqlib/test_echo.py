# SPDX-License-Identifier: GPL-3.0-or-later
"""What workers write is shown on this process's stdout and stderr, whole lines at a time."""

import io
import logging
import os
import sys
import warnings
from types import SimpleNamespace
from typing import Any

import pytest

from aqlib import AsyncWorker, Observer, echo
from aqlib.echo import Echo
from aqlib.loglevels import LogLevels

from . import jobs

ONE, TWO = AsyncWorker(), AsyncWorker()


def task(isFinished=False) -> Any:
    return SimpleNamespace(isFinished=isFinished)


class TestLines:
    def test_a_line_is_shown_when_it_is_whole(self, capsys):
        shown, it = Echo(), task()
        shown.write(ONE, it, "stdout", "one, ")
        shown.write(TWO, it, "stdout", "three\n")
        assert capsys.readouterr().out == "three\n"
        shown.write(ONE, it, "stdout", "two\nfour")
        assert capsys.readouterr().out == "one, two\n"

    def test_stderr_and_the_log_go_to_stderr(self, capsys):
        shown, it = Echo(), task()
        shown.write(ONE, it, "stderr", "bad\n")
        shown.write(ONE, it, "log", "WARNING worse\n")
        assert tuple(capsys.readouterr()) == ("", "bad\nWARNING worse\n")

    def test_an_open_line_ends_with_its_task(self, capsys):
        shown, it, other = Echo(), task(), task()
        shown.write(ONE, it, "stdout", "open")
        shown.ended(other)
        assert capsys.readouterr().out == ""
        shown.ended(it)
        assert capsys.readouterr().out == "open\n"

    def test_or_when_its_worker_goes_on_with_another_task(self, capsys):
        shown = Echo()
        shown.write(ONE, task(), "stdout", "open")
        shown.write(ONE, task(), "stdout", "next\n")
        assert capsys.readouterr().out == "open\nnext\n"

    def test_what_comes_after_the_end_of_its_task_does_not_wait(self, capsys):
        Echo().write(ONE, task(isFinished=True), "stdout", "late")
        assert capsys.readouterr().out == "late\n"

    def test_all_is_shown_at_the_end(self, capsys):
        shown = Echo()
        shown.write(ONE, None, "stdout", "one")
        shown.write(TWO, None, "stderr", "two")
        shown.close()
        assert tuple(capsys.readouterr()) == ("one\n", "two\n")

    def test_a_line_without_end_is_shown_in_pieces(self, capsys, monkeypatch):
        monkeypatch.setattr(echo, "LONGEST_LINE", 10)
        Echo().write(ONE, task(), "stdout", "." * 11)
        assert capsys.readouterr().out == "." * 11

    def test_what_the_terminal_cannot_show_is_escaped(self, monkeypatch):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii"))
        Echo().write(ONE, task(), "stdout", "\u00fc\n")
        assert raw.getvalue() == b"\\xfc\n"

    @pytest.mark.parametrize("file", [None, "closed"])
    def test_a_stream_that_is_not_there_is_no_error(self, monkeypatch, file):
        closed = io.StringIO()
        closed.close()
        monkeypatch.setattr(sys, "stdout", closed if file else None)
        Echo().write(ONE, task(), "stdout", "unheard\n")


def speakInAllWays():
    print("printed")  # noqa: T201
    print("complained", file=sys.stderr)  # noqa: T201
    warnings.warn("warned", stacklevel=1)
    logging.getLogger("speaker").warning("logged")
    os.write(1, b"to descriptor 1\n")
    os.write(2, b"to descriptor 2\n")


class Taker(Observer):
    def taskOutput(self, task, worker, stream, text):
        """Take it."""


class TestQueues:
    async def test_all_that_a_task_writes_is_shown(self, makeQueue, capsys):
        queue = makeQueue(1)
        await queue.call(speakInAllWays)
        await queue.shutdown()
        out, err = capsys.readouterr()
        assert sorted(out.splitlines()) == ["printed", "to descriptor 1"]
        for text in ("complained\n", "UserWarning: warned\n", "WARNING speaker: logged\n", "to descriptor 2\n"):
            assert text in err

    async def test_lines_of_many_tasks_do_not_mix(self, makeQueue, capsys):
        queue = makeQueue(2)
        for call in [queue.call(jobs.printLines, 200, 1) for _ in range(4)]:
            await call
        await queue.shutdown()
        lines = capsys.readouterr().out.splitlines()
        assert sorted(lines) == sorted(str(n) for n in range(200) for _ in range(4))

    @pytest.mark.parametrize(("output", "observer", "isShown"), [
        (None, Observer, True), (None, Taker, False), (True, Taker, True), (False, Observer, False),
    ])  # fmt: skip
    async def test_an_observer_or_the_option_changes_that(self, makeQueue, capsys, output, observer, isShown):
        queue = makeQueue(1, output=output)
        queue.addObserver(observer())
        await queue.call(print, "hello")
        await queue.shutdown()
        assert capsys.readouterr().out == ("hello\n" if isShown else "")

    async def test_levels_of_the_log_reach_the_workers(self, makeQueue, capsys, restoredLevels):
        logging.getLogger("loud").setLevel(logging.DEBUG)
        logging.getLogger("quiet").setLevel(logging.ERROR)
        logging.disable(logging.DEBUG)
        queue = makeQueue(1)
        for name in ("loud", "quiet", "other"):
            for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
                await queue.call(log, name, level)
        await queue.shutdown()
        assert capsys.readouterr().err.splitlines() == [
            "INFO loud: here", "WARNING loud: here", "ERROR loud: here", "ERROR quiet: here", "WARNING other: here",
            "ERROR other: here",
        ]  # fmt: skip


def log(name, level):
    logging.getLogger(name).log(level, "here")


@pytest.fixture
def restoredLevels():
    before = LogLevels.present()
    yield
    for name in ("loud", "quiet"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    before.set()
