# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m benchmarks queue"""

import pytest

from benchmarks import queue


def test_a_quick_run_measures_all_libraries():
    rows = queue.run(["--quick"])
    assert [row.peer for row in rows[:2]] == ["mp.Pool.apply_async", "ProcessPoolExecutor"]
    assert all(row.value > 0 for row in rows)
    assert rows[0].ratio == pytest.approx(rows[0].value / rows[2].value)
    assert rows[1].ratio == pytest.approx(rows[1].value / rows[3].value)


def test_the_median_round_counts(monkeypatch):
    values = iter([1.0, 100.0, 3.0])
    figures = {"tasks": 2.0, "median": 1.0, "p99": 1.0, "consumer": 1.0, "deferator": 1.0}

    def measured(name, scale):
        return {**figures, "tasks": next(values)} if name == "aqlib" else figures

    monkeypatch.setattr(queue, "_measure", measured)
    rows = queue.run(["--rounds", "3"])
    assert (rows[0].value, rows[0].ratio) == (3.0, 1.5)
