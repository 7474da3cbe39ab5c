# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md: its script runs as printed, and what it points to is there."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_library_in_ten_lines_runs_as_printed(tmp_path):
    [script] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    [promised] = re.findall(r"It prints `(.*?)`", README)
    (tmp_path / "example.py").write_text(script)
    command = [sys.executable, "-W", "error", "example.py"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (result.stdout, result.stderr, result.returncode) == (promised + "\n", "", 0)


def test_every_link_and_picture_is_there():
    targets = re.findall(r"\]\((?!https?:)(.*?)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []
