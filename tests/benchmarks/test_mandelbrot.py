# SPDX-License-Identifier: GPL-3.0-or-later
import json
from types import SimpleNamespace

import pytest

from benchmarks import _mandelbrotpeer, mandelbrot
from mandelbrot_view.kernels.plaindeep import PlainDeepWork
from mandelbrot_view.pictures import render

PLACE = {"name": "here", "re": "-1.25066", "im": "0.02012", "zoom": "1e30", "iterations": 300}


@pytest.fixture
def locations(tmp_path):
    file = tmp_path / "locations.json"
    file.write_text(json.dumps({"locations": [PLACE]}))
    return file


@pytest.fixture
def small(monkeypatch):
    """A small picture by the plain kernel, one worker as fast as the other: what is measured does not matter here."""
    monkeypatch.setattr(mandelbrot, "SIZE", (64, 36))
    monkeypatch.setattr(mandelbrot, "warmup", lambda kind: SimpleNamespace(wait=lambda: None, isCompiled=True))
    monkeypatch.setattr(mandelbrot, "seconds_by_workers", lambda *args: [3.0, 1.5])
    monkeypatch.setattr(render, "start_deep_work", PlainDeepWork)


def test_each_place_is_timed_whole_coarse_and_on_two_workers(locations, small):
    rows = mandelbrot.run(["--locations", str(locations), "--only", "here", "--rounds", "1"])
    assert [row.name for row in rows] == ["deep: here", "deep: here, coarse", "deep: here, two workers"]
    assert rows[0].value > 0
    assert rows[0].ratio is None
    assert rows[2].ratio == 2.0
    assert rows[2].met


def test_beside_a_prototype_the_ratio_is_to_its_time(locations, small, monkeypatch, tmp_path):
    class Peer:
        def __init__(self, modules, place, limit, size):
            assert (place.zoom, limit, size) == ("1e30", 300, (64, 36))

        def warmUp(self):
            pass

        def run(self):
            pass

    monkeypatch.setattr(_mandelbrotpeer, "load", lambda folder: {})
    monkeypatch.setattr(_mandelbrotpeer, "Peer", Peer)
    words = ["--locations", str(locations), "--only", "here", "--rounds", "1", "--prototype", str(tmp_path)]
    row = mandelbrot.run(words)[0]
    assert row.peer == "prototype"
    assert row.bar == "<= 1.0"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--locations FILE"),
        (["--locations", "/nowhere.json"], "/nowhere.json has no such places"),
    ],
)
def test_what_is_missing_is_told(words, told):
    with pytest.raises(SystemExit, match=told):
        mandelbrot.run(words)


def test_a_place_that_is_not_there_is_told(locations):
    with pytest.raises(SystemExit, match="no such places"):
        mandelbrot.run(["--locations", str(locations), "--only", "elsewhere"])


def test_a_folder_without_a_prototype_is_told(locations, small, tmp_path):
    with pytest.raises(SystemExit, match=r"no orbit\.py"):
        mandelbrot.run(["--locations", str(locations), "--only", "here", "--prototype", str(tmp_path)])
