# SPDX-License-Identifier: GPL-3.0-or-later
import json
from typing import Any

from twisted.python.failure import Failure

from aqgui.commands.command import CommandFailed
from aqgui.models.failures import explain, failed, summarise
from aqlib import ProcessQueue, WorkerLost


def raiseHere():
    raise LookupError("not\nhere")


def test_of_an_error_in_a_worker_process_it_is_the_traceback_there_with_the_call(reactor, wait):
    queue = ProcessQueue(1, reactor=reactor)
    deferred: Any = queue.call(json.loads, "{")
    failures: list[Failure] = []
    wait(deferred.addErrback(failures.append))
    wait(queue.shutdown())
    text = explain(failures[0])
    assert text.startswith("Traceback (most recent call last):")
    assert "json.decoder.JSONDecodeError: Expecting property name" in text
    assert "loads('{')" in text.splitlines()[-1]


def test_of_an_error_here_it_is_the_traceback_here():
    try:
        raiseHere()
    except LookupError:
        failure = Failure()
    assert "in raiseHere" in explain(failure)
    assert summarise(failure) == "LookupError: not"


def test_without_any_traceback_it_is_the_error_alone():
    lost = Failure(WorkerLost(123, signal=9, begun="f(1)"))
    assert explain(lost) == "WorkerLost: Worker process 123 ended by SIGKILL while it ran f(1)."
    assert summarise(lost) == "its worker (process 123) was killed (SIGKILL)."
    assert failed("sleep 9", lost) == "'sleep 9' failed: its worker (process 123) was killed (SIGKILL)."
    ended = Failure(WorkerLost(5, exitCode=3))
    assert failed("f", ended) == "'f' failed: its worker (process 5) ended with exit code 3."
    assert explain(Failure(LookupError())) == "LookupError:"


def test_a_command_that_has_failed_has_no_traceback():
    failure = Failure(CommandFailed("make", 3))
    assert summarise(failure) == "The command ended with exit status 3."
    assert failed("make", failure) == "'make' failed with exit status 3."
    assert explain(failure) == ""
