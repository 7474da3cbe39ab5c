# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .application import RunningApplication
from .screen import Hand, Screen


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture
def hand(screen: Screen) -> Hand:
    return Hand(screen)


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., RunningApplication]]:
    """Starts the application with words of its command line."""
    started: list[RunningApplication] = []

    def start(*words: object) -> RunningApplication:
        started.append(RunningApplication(screen, tmp_path, *words))
        return started[-1]

    yield start
    for application in started:
        application.close()
