# SPDX-License-Identifier: GPL-3.0-or-later
"""Panels for tests."""

import pytest

from .queuefixtures import Bench


@pytest.fixture
def bench(tmp_path, qtbot):
    """A queue panel on a queue with one worker in memory."""
    bench = Bench(tmp_path, qtbot)
    yield bench
    bench.close()
