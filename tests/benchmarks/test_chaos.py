# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m benchmarks chaos"""

import json
import subprocess
from collections import Counter
from random import Random

import pytest
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from aqlib import TimeoutError, WorkerError, WorkerLost
from benchmarks import __main__ as command
from benchmarks import chaos
from benchmarks._chaos.leaks import Holdings
from benchmarks._chaos.record import Circumstances, Record, wrongEnd, wrongFailure
from benchmarks._chaos.stage import ITS_OWN, TOLD_ONCE, UPDATED, Stage
from benchmarks._chaos.takers import look
from benchmarks._chaos.tally import Tally

SEED = 20


@pytest.mark.timeout(120)
def test_twenty_seconds_of_chaos_break_no_promise():
    rows = {row.name: row for row in chaos.run(["--minutes", "0.33", "--seed", str(SEED)])}
    broken = {name: row.value for name, row in rows.items() if row.isPromise and not row.met}
    assert broken == {}
    for happened in ("SIGKILL", "killWorker", "ended with WorkerLost", "cancelled", "updates", "items"):
        assert rows[happened].value > 0


def test_a_broken_promise_is_the_commands_exit_status(monkeypatch, capsys):
    report = {"counts": {"queues": 1}, "broken": {TOLD_ONCE: 2}, "complaints": ["told twice"], "leaks": {}, "growth": 0}
    done = subprocess.CompletedProcess([], 0, json.dumps(report))
    monkeypatch.setattr(subprocess, "run", lambda *args, **kw: done)
    with pytest.raises(SystemExit) as end:
        command.main(["chaos", "--seed", "5"])
    assert end.value.code == 1
    written = capsys.readouterr()
    assert "told twice" in written.err
    assert "MISSED  --seed 5" in written.out


class TestTheJudge:
    """It must see what it is there for."""

    def test_a_result_that_is_anothers_is_wrong(self):
        assert wrongEnd(Record(7, "nothing"), (8, 0, None)) == "it gave the result of call 8"
        assert wrongEnd(Record(7, "nothing"), (7, 0, None)) is None

    def test_a_deadly_call_cannot_succeed(self):
        assert "cannot succeed" in str(wrongEnd(Record(7, "exit"), (7, 0, None)))

    def test_a_stream_that_ends_early_is_wrong_unless_its_taker_has_stopped_it(self):
        stream = Record(7, "kill", count=10, items=4)
        assert wrongEnd(stream, None) == "it ended as if it were complete"
        stream.wasStopped = True
        assert wrongEnd(stream, None) is None

    @pytest.mark.parametrize("error", [CancelledError(), TimeoutError(), WorkerError("ended"), WorkerLost(99)])
    def test_a_failure_without_its_cause_is_wrong(self, error):
        assert wrongFailure(Record(7, "nothing"), Failure(error), Circumstances({5})) is not None

    def test_a_failure_with_its_cause_is_not(self):
        called = Record(7, "nothing", wasCancelled=True, hasTimeout=True)
        for error in (CancelledError(), TimeoutError(), WorkerLost(5)):
            assert wrongFailure(called, Failure(error), Circumstances({5})) is None

    def test_items_that_were_made_before_an_error_must_have_come(self):
        stream = Record(7, "fail", count=10, at=6, items=5)
        assert "6 items were made" in str(wrongFailure(stream, Failure(ValueError()), Circumstances(set())))
        stream.items = 6
        assert wrongFailure(stream, Failure(ValueError()), Circumstances(set())) is None


class TestTheTally:
    def test_a_call_that_ran_twice_and_one_that_never_ran_are_found(self, tmp_path):
        tally = Tally()
        for _ in range(4):
            tally.newNumber()
        tally.mustHaveRun(2)
        tally.mayRunAgain(3)
        journal = tmp_path / "journal"
        journal.write_bytes(b"".join(number.to_bytes(8, "little") for number in (0, 1, 1, 3, 3)))
        tally.audit(journal)
        assert tally.complaints == [
            "no call runs twice: call 1 ran 2 times",
            "what is told as done has run: call 2 never ran",
        ]


class Queue:
    isDegraded = False

    def addObserver(self, observer):
        """Nothing comes of it."""


class TestTheStage:
    @pytest.fixture
    def stage(self):
        return Stage(Queue(), Random(1), Tally(), "journal")  # type: ignore[arg-type]

    def test_an_outcome_of_an_older_version_is_told(self, stage):
        record = Record(0, "nothing", version=3)
        stage.tally.newNumber()
        stage.records[record] = None
        stage.leave(record, (0, 2, None))
        assert stage.tally.broken == {UPDATED: 1}
        assert stage.records == {}

    def test_a_wrong_outcome_is_told(self, stage):
        record = Record(0, "nothing")
        stage.records[record] = None
        stage.leave(record, Failure(KeyError("?")))
        assert stage.tally.broken == {ITS_OWN: 1}

    def test_an_item_that_is_missing_is_told(self, stage):
        record = Record(2, "nothing", count=5)
        for item in (2_000_000, 2_000_001, 2_000_003):
            look(stage, record, item)
        assert sum(stage.tally.broken.values()) == 1

    def test_a_task_that_observers_are_told_of_twice_is_told(self, stage):
        class Ended:
            id = 4

        stage.taskFinished(Ended())
        stage.taskFinished(Ended())
        assert stage.tally.broken == {TOLD_ONCE: 1}


def test_what_is_new_is_a_leak():
    before = Holdings({"threads": Counter(["MainThread", "one"])}, 0)
    after = Holdings({"threads": Counter(["MainThread", "one", "one"])}, 0)
    assert after.gainedSince(before) == {"threads": ["one"]}
    assert before.gainedSince(after) == {"threads": []}
