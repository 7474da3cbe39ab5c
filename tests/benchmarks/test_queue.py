# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m benchmarks queue"""

from typing import Any

import pytest

from benchmarks import queue
from benchmarks._queueing import rounds
from benchmarks._queueing.libraries import LIBRARIES
from benchmarks._queueing.measures import MEASURES
from benchmarks._queueing.measures.short import Short
from benchmarks._queueing.rounds import Hang, Settings


@pytest.mark.parametrize("name", MEASURES)
def test_a_quick_run_measures_ours_and_what_stands_beside_it(name):
    rows = queue.run(["--quick", "--only", name, "--libraries", "aqlib"])
    assert all(row.value >= 0 for row in rows)
    assert not rows[0].name.startswith(" ")  # the peers' rows are indented


def test_a_peer_that_blocks_is_measured_in_the_same_way():
    first, *others = queue.run(["--quick", "--only", "short", "--libraries", "aqlib,pool,executor"])
    assert (first.peer, first.bar) == ("mp.Pool", ">= 2")
    assert [(row.name.strip(), row.peer) for row in others] == [("mp.Pool", "aqlib"), ("executor", "aqlib")]
    assert first.ratio == pytest.approx(first.value / others[0].value)


@pytest.mark.timeout(90)
def test_ours_runs_beside_a_window_whose_worst_stall_is_told():
    rows = queue.run(["--quick", "--reactor", "qt", "--only", "short", "--libraries", "aqlib"])
    assert [row.name for row in rows] == ["short calls, one by one", "  worst stall of the window"]
    assert rows[1].bar == "<= 50"


@pytest.fixture
def measured(monkeypatch):
    """Rounds of 'short' that give what is in this dict, for each library in turn, without a process."""
    results: dict[str, list[Any]] = {}
    monkeypatch.setattr(rounds, "_probe", lambda name, contestant, settings: results[contestant].pop(0))
    return results


def test_the_median_round_counts(measured):
    measured["aqlib"] = [{"rate": 1.0}, {"rate": 100.0}, {"rate": 3.0}]
    measured["pool"] = [{"rate": 2.0}] * 3
    ours, pool = rounds.measure("short", Settings(rounds=3, names=["aqlib", "pool"]))
    assert (ours.value, ours.ratio, pool.value) == (3.0, 1.5, 2.0)


def test_libraries_take_turns(measured, monkeypatch):
    asked = []

    def probe(name, contestant, settings):
        asked.append(contestant)
        return {"rate": 1.0}

    monkeypatch.setattr(rounds, "_probe", probe)
    rounds.measure("short", Settings(rounds=2, names=["aqlib", "pool"]))
    assert asked == ["aqlib", "pool", "aqlib", "pool"]


def test_a_round_that_hangs_or_fails_is_told_in_the_row_and_does_not_count(measured):
    measured["aqlib"] = [{"rate": 4.0}] * 3
    measured["pool"] = [Hang(), {"rate": 2.0}, RuntimeError("It broke.")]
    ours, pool = rounds.measure("short", Settings(rounds=3, names=["aqlib", "pool"]))
    assert (ours.ratio, ours.met, pool.value) == (2.0, True, 2.0)
    assert pool.note == "hung in 1 of 3 runs; failed in 1 of 3 runs: It broke."


def test_what_hangs_is_ended_and_what_fails_says_why():
    assert isinstance(rounds._probe("short", "pool", Settings(limit=0.05)), Hang)
    assert "no-such" in str(rounds._probe("short", "no-such", Settings()))


def test_what_is_not_installed_is_left_out_with_a_word_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setattr("benchmarks._queueing.libraries.find_spec", lambda name: None)
    assert Short().names() == ["aqlib", "pool", "executor"]
    queue.run(["--quick", "--only", "first", "--libraries", "aqlib"])
    assert "loky, mpire, pebble. Install: pip install -r benchmarks/requirements.txt" in capsys.readouterr().err


def test_every_peer_of_the_requirements_is_measured():
    with open("benchmarks/requirements.txt") as file:
        named = {line.partition(">=")[0] for line in file if not line.startswith("#")}
    assert named == {library.needs for library in LIBRARIES.values() if library.needs}


def test_an_unknown_measurement_is_one_clear_line(capsys):
    with pytest.raises(SystemExit):
        queue.run(["--only", "short,no-such"])
    assert "there is no 'no-such'; there are: short, " in capsys.readouterr().err
