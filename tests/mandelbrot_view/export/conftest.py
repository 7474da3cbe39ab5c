# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.pictures import render


@pytest.fixture(autouse=True)
def with_compiled_kernels(warm_cache, compiled, deep, monkeypatch):
    """Nothing is compiled, here nor in processes, so that no compiler is at work when a test ends."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(warm_cache))
    monkeypatch.setattr(render, "start_work", compiled)
    monkeypatch.setattr(render, "start_deep_work", deep)
