# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled kernels for the tests, in a cache folder of their own."""

import pytest

from mandelbrot_view.kernels import cache
from mandelbrot_view.kernels.compiler import machine_code
from mandelbrot_view.kernels.deepwork import DeepKernel
from mandelbrot_view.kernels.machinecode import Kernel


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory):
    """A value for XDG_CACHE_HOME: a folder with the compiled kernels."""
    home = tmp_path_factory.mktemp("cache")
    folder = home / "aqgui"
    folder.mkdir()
    for kind in cache.SOURCES:
        cache.write(folder / f"{cache.key(kind)}.kernel", machine_code(kind))
    return home


def code_in(home, kind):
    code = cache.read(home / "aqgui" / f"{cache.key(kind)}.kernel")
    assert code is not None
    return code


@pytest.fixture(scope="session")
def compiled(warm_cache):
    """The compiled direct kernel."""
    return Kernel(code_in(warm_cache, "direct"))


@pytest.fixture(scope="session")
def deep(warm_cache):
    """The compiled deep kernel."""
    return DeepKernel(code_in(warm_cache, "deep"))
