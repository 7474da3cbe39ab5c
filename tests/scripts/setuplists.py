# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of system packages in scripts/setup.sh."""

import subprocess
from pathlib import Path

SETUP = Path(__file__).resolve().parents[2] / "scripts" / "setup.sh"


def librariesOf(name: str) -> dict[str, str]:
    """The Debian package of each library, or of each program, in one of the lists."""
    words = ["bash", "-c", f'source "$0"; printf "%s" "${name}"', str(SETUP)]
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return dict(line.split() for line in printed.splitlines() if line)
