# SPDX-License-Identifier: GPL-3.0-or-later
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .application import RunningApplication
from .screen import Hand, Screen


@pytest.fixture(scope="module")
def screen(warm_cache: Path) -> Iterator[Screen]:
    screen = Screen()
    screen.environment["XDG_CACHE_HOME"] = str(warm_cache)
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


@pytest.fixture
def busy(start: Callable[..., RunningApplication], hand: Hand) -> tuple[RunningApplication, dict[str, Any]]:
    """The application while it runs a command of the user's own, which takes long."""
    app = start("--workers", 1)
    app.see(lambda now: now["isSharp"] and now["isActive"])
    hand.press("ctrl+n")
    app.see(lambda now: now["dialogs"] == ["Add work"])
    hand.type("sleep 1000")
    hand.press("ctrl+Return")
    return app, app.see(lambda now: now["running"] == 1 and now["rows"])
