# SPDX-License-Identifier: GPL-3.0-or-later
"""The zoom path that was recorded."""

from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).with_name("zoompath.txt")


class Step(NamedTuple):
    """What the hand does, and when."""

    at: float
    what: str
    right: float
    down: float
    units: int


def recorded() -> list[Step]:
    """The path."""
    steps = []
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            at, what, right, down, *units = line.split()
            steps.append(Step(float(at), what, float(right), float(down), int(units[0]) if units else 0))
    return steps
