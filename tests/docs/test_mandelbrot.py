# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/mandelbrot.md: its example prints what it says, and what it names is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "mandelbrot.md").read_text(encoding="utf-8")


def test_the_example_prints_what_it_says(warm_cache):
    [code] = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    [expected] = re.findall(r"print\(.*\)  # (.*)$", code, re.MULTILINE)
    environment = os.environ | {"XDG_CACHE_HOME": str(warm_cache)}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.strip() == expected


@pytest.mark.parametrize("module", sorted(set(re.findall(r"`((?:[a-z]+/)?[a-z]+\.py)`", TEXT))))
def test_each_module_that_it_names_is_there(module):
    assert list((ROOT / "mandelbrot_view").rglob(module))


@pytest.mark.parametrize("picture", re.findall(r"!\[.*?\]\((.*?)\)", TEXT))
def test_its_pictures_are_there(picture):
    assert (ROOT / "docs" / picture).is_file()
