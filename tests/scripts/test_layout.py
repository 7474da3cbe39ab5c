# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every file: its licence line, its size, and that the scripts parse."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APACHE = "# SPDX-License-Identifier: Apache-2.0"
GPL = "# SPDX-License-Identifier: GPL-3.0-or-later"

FOLDERS = {"aqlib": APACHE, "aqgui": GPL, "mandelbrot_view": GPL, "benchmarks": GPL, "tests": GPL}
SOURCES = [(path, licence) for folder, licence in FOLDERS.items() for path in sorted((ROOT / folder).rglob("*.py"))]
SCRIPTS = ["run", "test", ".ci/run", "scripts/setup.sh", "scripts/fresh.sh"]


def test_every_source_file_starts_with_its_licence():
    without = [str(path.relative_to(ROOT)) for path, licence in SOURCES if not path.read_text().startswith(licence)]
    assert without == []


def test_no_source_file_is_longer_than_a_reader_can_hold_in_mind():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path, _ in SOURCES}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_parse(script):
    subprocess.run(["bash", "-n", ROOT / script], check=True)


@pytest.mark.parametrize("script", ["run", "test", ".ci/run"])
def test_the_commands_may_be_executed(script):
    assert (ROOT / script).stat().st_mode & 0o111
