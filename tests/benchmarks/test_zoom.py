# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from benchmarks import zoom
from benchmarks._zoompath import recorded


def test_the_path_takes_20_seconds_and_lets_go_of_what_it_holds():
    steps = recorded()
    times = [step.at for step in steps]
    assert times == sorted(times)
    assert 19 < times[-1] <= 20.5
    holds = [step.what for step in steps if step.what in ("in", "out", "release")]
    assert holds == ["in", "release", "in", "release", "out", "release"]


def test_the_figures_are_told():
    figures = {
        "size": [1280, 720], "first": [0.01, 0.03], "coarse": [0.02, 0.03, 0.09], "sharp": [0.4], "steps": [8, 8, 4],
        "frames": [0.02, 0.02, 0.04], "stalls": [0.001] * 200,
    }  # fmt: skip
    rows = {row.name: row for row in zoom.rows(figures)}
    assert rows["pictures while a button is held"].value == pytest.approx(37.5)
    assert rows["pictures while a button is held"].met
    assert rows["input to the coarse picture, median"].met
    assert not rows["input to the coarse picture, worst"].met
    assert "1 of step 4, 2 of step 8" in rows["input to the coarse picture, median"].note


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_it_drives_the_real_window():
    assert all(row.value >= 0 for row in zoom.run([]))
