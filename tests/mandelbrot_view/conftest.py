# SPDX-License-Identifier: GPL-3.0-or-later
"""A compiled kernel for the tests, in a cache folder of their own."""

import pytest

from mandelbrot_view.kernels import cache
from mandelbrot_view.kernels.compiler import machine_code
from mandelbrot_view.kernels.machinecode import Kernel


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory):
    """A value for XDG_CACHE_HOME: a folder with the compiled kernel."""
    home = tmp_path_factory.mktemp("cache")
    folder = home / "aqgui"
    folder.mkdir()
    cache.write(folder / f"{cache.key()}.kernel", machine_code())
    return home


@pytest.fixture(scope="session")
def compiled(warm_cache):
    """The compiled kernel."""
    code = cache.read(warm_cache / "aqgui" / f"{cache.key()}.kernel")
    assert code is not None
    return Kernel(code)
