# SPDX-License-Identifier: GPL-3.0-or-later
"""What `pip install` gives: requirements, commands, and the files that are no Python."""

import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_without_extras_only_what_aqlib_needs_is_required():
    required = [line for line in distribution("aqgui").requires or [] if "extra ==" not in line]
    assert sorted(line.partition(">=")[0] for line in required) == ["Twisted", "cloudpickle"]


def test_there_are_the_two_commands():
    commands = {entry.name: (entry.group, entry.value) for entry in distribution("aqgui").entry_points}
    assert commands == {
        "aqgui": ("gui_scripts", "aqgui.cli:main"),
        "mcm": ("console_scripts", "mandelbrot_view.mcm:main"),
    }


@pytest.mark.slow
def test_the_wheel_has_the_packages_with_their_resources_and_licences(tmp_path):
    # Building leaves a folder behind, so it is done in a copy.
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=shutil.ignore_patterns(".*", "build", "*.egg-info"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, copy]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    names = set(ZipFile(wheel).namelist())
    resources = [path.relative_to(ROOT / "resources") for path in (ROOT / "resources").rglob("*") if path.is_file()]
    assert resources
    expected = {f"mandelbrot_view/resource_files/{path.as_posix()}" for path in resources}
    expected |= {"aqlib/py.typed", "aqlib/LICENSE", "aqgui/__init__.py", "mandelbrot_view/__init__.py"}
    assert expected - names == set()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"aqgui", "aqlib", "mandelbrot_view"}
