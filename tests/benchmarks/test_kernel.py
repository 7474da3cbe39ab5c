# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from benchmarks import kernel
from mandelbrot_view.kernels.plain import PlainWork

PROTOTYPE = """
def escape(cx, cy, n, r2, maxit):
    calls.append(("escape", cx.size, maxit))
    n[:] = 1

def smooth(n, r2, nu):
    calls.append(("smooth", n.size))
    nu[:] = n

calls = []
"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A small picture by the plain kernel: what is measured does not matter here."""

    class Ready:
        isCompiled = True

        def wait(self):
            return PlainWork

    monkeypatch.setattr(kernel, "SIZE", (16, 12))
    monkeypatch.setattr(kernel, "warmup", Ready)
    monkeypatch.setattr(kernel, "start_work", PlainWork)


def test_without_a_prototype_the_peer_is_a_plain_loop():
    whole, valley = kernel.run(["--rounds", "1"])
    assert (whole.peer, whole.bar, valley.bar) == ("plain numba loop", ">= 30", None)
    assert whole.value > 0
    assert whole.ratio is not None
    assert whole.ratio > 0


def test_a_prototype_runs_in_the_same_process(tmp_path):
    (tmp_path / "mandelk.py").write_text(PROTOTYPE)
    rows = kernel.run(["--rounds", "2", "--prototype", str(tmp_path)])
    assert [(row.peer, row.bar) for row in rows] == [("prototype", ">= 0.9")] * 2
    import mandelk  # type: ignore[import-not-found]  # the one that was just written

    one = [("escape", 192, 1000), ("smooth", 192)]
    assert mandelk.calls[:6] == one * 3  # once to warm up, and the two rounds


def test_a_folder_without_one_is_told(tmp_path):
    with pytest.raises(SystemExit, match=r"There is no mandelk\.py in"):
        kernel.run(["--prototype", str(tmp_path)])
