# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from benchmarks import window


@pytest.mark.timeout(90)
def test_it_drives_the_real_window():
    rows = {row.name: row for row in window.run(["--zooms", "2", "--tasks", "60"])}
    assert all(row.value >= 0 for row in rows.values())
    coarse, sharp = rows["zoom to the coarse picture, median"], rows["zoom to the sharp picture, median"]
    assert 0 < coarse.value <= sharp.value
    assert "2 workers" in coarse.note
    assert [row.bar for name, row in rows.items() if name.endswith("worst") and "stall" in name] == ["<= 50"] * 2
