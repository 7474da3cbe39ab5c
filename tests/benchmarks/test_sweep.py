# SPDX-License-Identifier: GPL-3.0-or-later
"""The sweep of zooms, on a short way."""

from benchmarks import sweep


def test_a_slow_zoom_is_told_from_its_neighbours():
    assert sweep.slowness([1, 1, 1, 9, 1, 1, 1]) == [1, 1, 1, 9, 1, 1, 1]
    assert sweep.slowness([0.001, 0.019]) == [1, 1]
    assert sweep.slowness([1.0]) == [1]


def test_a_zoom_beyond_the_bar_is_timed_once_more_and_the_shorter_time_counts():
    seconds, again = [1.0, 1, 9, 1, 1, 1, 5, 1, 1], []

    def timed(number):
        again.append(number)
        return {2: 1.5, 6: 8.0}[number]

    assert sweep.confirmed(seconds, timed) == sweep.slowness(seconds)
    assert again == [2, 6]
    assert seconds == [1, 1, 1.5, 1, 1, 1, 5, 1, 1]


def test_it_tells_the_worst_zoom_of_each_place(warm_cache, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(warm_cache))
    monkeypatch.setattr("mandelbrot_view.kernels.warmup._warmups", {})
    monkeypatch.setattr(sweep, "SIZE", (16, 9))
    (row,) = sweep.run(["--deepest", "16"])
    assert row.value > 0
    assert row.ratio is not None
    assert row.ratio >= 1
    assert "worst at 2^" in row.note
