# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of a measurement: each contestant in a fresh process, in turn, under a limit of time."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from ..table import Row
from .libraries import OURS
from .measure import DEFAULT
from .measures import MEASURES
from .outcome import Figures, Outcome

ROOT = Path(__file__).resolve().parents[2]
# Seconds; what has not ended by then hangs.
LIMIT = 60.0


class Hang(Exception):
    """A measurement did not end."""


@dataclass(frozen=True)
class Settings:
    """How to measure. `names`: only these libraries, or all; `reactor`: which one ours is to run on."""

    rounds: int = 5
    scale: float = 1.0
    reactor: str = DEFAULT
    names: list[str] | None = None
    limit: float = LIMIT


def measure(name: str, settings: Settings) -> list[Row]:
    """Take one measurement of all contestants, and tell its rows."""
    task = MEASURES[name].load()
    contestants = [one for one in task.names() if settings.names is None or one in (*settings.names, *task.bare)]
    found = {one: Outcome() for one in contestants}
    turns = contestants * settings.rounds
    results = _together(name, turns, settings) if task.atOnce else _in_turn(name, turns, settings)
    for contestant, result in zip(turns, results, strict=True):
        _note(found[contestant], result)
    return task.rows(found) + _stall(found)


def _stall(found: dict[str, Outcome]) -> list[Row]:
    """The worst stall of the window that was open, if there was one."""
    stalls = [figures["stall"] for figures in found[OURS].figures if "stall" in figures] if OURS in found else []
    return [Row("  worst stall of the window", max(stalls), "ms", bar="<= 50")] if stalls else []


def _note(outcome: Outcome, result: Figures | Exception) -> None:
    if isinstance(result, Hang):
        outcome.hangs += 1
    elif isinstance(result, Exception):
        outcome.failures.append(str(result))
    else:
        outcome.figures.append(result)


def _in_turn(name: str, turns: Iterable[str], settings: Settings) -> Iterator[Figures | Exception]:
    for contestant in turns:
        print(f"  {name}: {contestant}", file=sys.stderr, flush=True)
        yield _probe(name, contestant, settings)


def _together(name: str, turns: list[str], settings: Settings) -> list[Figures | Exception]:
    print(f"  {name}: {len(turns)} at once", file=sys.stderr, flush=True)
    with ThreadPoolExecutor(len(turns)) as threads:
        return list(threads.map(lambda contestant: _probe(name, contestant, settings), turns))


def _probe(name: str, contestant: str, settings: Settings) -> Figures | Exception:
    """Measure one contestant in a fresh process, which is ended with all of its own when it hangs."""
    reactor = settings.reactor if contestant == OURS else DEFAULT
    command = [sys.executable, "-m", "benchmarks._queueing.probe", name, contestant, str(settings.scale), reactor]
    # Files, for a pipe has no end while a worker that was left behind has it open.
    with TemporaryFile("w+") as output, TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(), stdout=output, stderr=errors, start_new_session=True
        )
        try:
            status = process.wait(settings.limit)
        except subprocess.TimeoutExpired:
            return Hang(name)
        finally:
            _end(process)
        lines = [text.strip().splitlines() for text in (_text(output), _text(errors))]
    if status == 0 and lines[0]:
        figures: Figures = json.loads(lines[0][-1])
        return figures
    return RuntimeError(lines[1][-1].strip() if lines[1] else f"exit status {status}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and whatever it has left behind."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _environment() -> dict[str, str]:
    """Windows are drawn offscreen where there is no screen."""
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment
