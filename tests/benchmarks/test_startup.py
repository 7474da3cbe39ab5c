# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m benchmarks startup"""

from pathlib import Path

from benchmarks import startup


def test_starts_are_measured_with_a_warm_cache_and_with_empty_ones(monkeypatch):
    asked = []

    def probe(what, cacheHome):
        asked.append((what, bool(list(Path(cacheHome).glob("aqgui/*.kernel")))))
        return {"tile": 0.1 * len(asked)} if what == "tile" else {"coarse": 1.0, "sharp": 2.0}

    monkeypatch.setattr(startup, "_probe", probe)
    monkeypatch.setattr(startup, "machine_code", lambda kind: b"never run")
    rows = startup.run(["--rounds", "3"])
    assert asked == [("tile", True)] * 3 + [("picture", True)] * 3 + [("picture", False)] * 3
    assert [row.value for row in rows] == [0.2, 1.0, 2.0, 1.0, 2.0]
    assert [row.bar for row in rows if row.bar] == ["<= 0.5", "<= 1.5"]


def test_the_first_tile_of_a_worker_is_really_computed(warm_cache):
    assert 0 < startup._probe("tile", str(warm_cache))["tile"] < 60
