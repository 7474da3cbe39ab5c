# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled kernels for the tests, in a cache folder of their own: compiled once a run, by the first test that asks.

The user's cache is out of reach. So a test that needs the kernels and does not ask for them fails on every machine,
not only on one where the application never ran.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from mandelbrot_view.kernels import cache


def pytest_configure(config: pytest.Config) -> None:
    folder = tempfile.mkdtemp(prefix="aqgui-tests-cache-")
    os.environ["XDG_CACHE_HOME"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def warm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A value for XDG_CACHE_HOME: a folder with the compiled kernels."""
    from mandelbrot_view.kernels.compiler import machine_code

    home = tmp_path_factory.mktemp("cache")
    folder = home / "aqgui"
    folder.mkdir()
    for kind in cache.SOURCES:
        cache.write(folder / f"{cache.key(kind)}.kernel", machine_code(kind))
    return home


def code_in(home: Path, kind: str) -> bytes:
    """The machine code of a kernel in such a folder."""
    code = cache.read(home / "aqgui" / f"{cache.key(kind)}.kernel")
    assert code is not None
    return code


@pytest.fixture(scope="session")
def compiled(warm_cache: Path):
    """The compiled direct kernel."""
    from mandelbrot_view.kernels.machinecode import Kernel

    return Kernel(code_in(warm_cache, "direct"))


@pytest.fixture(scope="session")
def deep(warm_cache: Path):
    """The compiled deep kernel."""
    from mandelbrot_view.kernels.deepwork import DeepKernel

    return DeepKernel(code_in(warm_cache, "deep"))
