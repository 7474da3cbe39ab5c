# SPDX-License-Identifier: GPL-3.0-or-later
"""README's table of AsynQueue's names: what is said to be kept is there, what is said not to be there is not."""

import re
from pathlib import Path

import pytest

import aqlib
from aqlib import testing

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
[SECTION] = re.findall(r"^## Coming from AsynQueue\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)
ROWS = re.findall(r"^\| (`.*?) \| (kept|changed|not there) \|", SECTION, re.MULTILINE)
NAMES = [(name, fate) for names, fate in ROWS for name in re.findall(r"`(\w+)`", names)]
HOMES = [
    aqlib, testing, aqlib.TaskQueue, aqlib.ThreadQueue, aqlib.ProcessQueue, aqlib.ProcessWorker, aqlib.Delay,
    aqlib.IterationProducer, aqlib.ListConsumer, aqlib.Prefetcherator, aqlib.OrderedItemProducer, aqlib.DeferredTracker,
    aqlib.DeferredLock,
]  # fmt: skip


def isThere(name):
    return name in aqlib.IWorker or any(hasattr(home, name) for home in HOMES)


@pytest.mark.parametrize(("name", "fate"), NAMES)
def test_a_name_is_there_or_not_as_it_says(name, fate):
    assert isThere(name) is (fate != "not there")


def test_every_row_says_what_has_become_of_its_names():
    lines = [line for line in SECTION.splitlines() if line.startswith("| `")]
    assert len(lines) == len(ROWS)
    assert len(NAMES) == len(set(NAMES))
