# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command `aqgui` may be asked for, read before anything heavy is loaded."""

import argparse
import os
import re
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from mandelbrot_view.places.place import Place, PlaceError

from .terminal import say

SMALLEST = (480, 360)
LARGEST = 16_384
MOST_WORKERS = 256


@dataclass(frozen=True)
class Arguments:
    """What the command was asked for. `after`: seconds until the screenshot; None: when the picture is sharp."""

    workers: int | None = None
    place: Place | None = None
    size: tuple[int, int] | None = None
    theme: str | None = None
    screenshot: Path | None = None
    after: float | None = None
    settings: Path | None = None
    layout: Path | None = None


def parse(words: list[str]) -> Arguments:
    """The arguments, checked. What is wrong with them is told in one line, and ends the process with 2."""
    parser = _Parser(
        prog="aqgui",
        description="Watch and steer a priority queue whose worker processes draw the Mandelbrot set.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--workers", metavar="N", type=_workers, help="worker processes (default: one per core)"
    )
    parser.add_argument(
        "--location", metavar="FILE-OR-LINK", dest="place", type=_place,
        help="place to show: a link such as 'mandelbrot:re=-0.75&im=0.1&zoom=1e3&limit=auto', or a file with one",
    )  # fmt: skip
    parser.add_argument("--size", metavar="WxH", type=_size, help="window size in pixels, such as 1440x900")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="theme; kept for the next start")
    parser.add_argument(
        "--screenshot", metavar="FILE", type=_screenshot, help="write the window to a PNG file and exit"
    )
    parser.add_argument(
        "--after", metavar="SECONDS", type=_seconds,
        help="seconds until it is written (default: once the picture is sharp, or 30)",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"aqgui {version('aqgui')}")
    # For tests: a settings file of their own, and a file that tells where on the screen things are.
    parser.add_argument("--settings", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--layout", type=Path, help=argparse.SUPPRESS)
    found = parser.parse_args(words)
    if found.after is not None and found.screenshot is None:
        parser.error("--after says when to write the screenshot; give --screenshot FILE, too")
    return Arguments(**vars(found))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        say(message)
        sys.exit(2)


def _workers(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"give a whole number of workers from 1 to {MOST_WORKERS}, not {text!r}")
    return number


def _place(text: str) -> Place:
    try:
        return Place.load(text)
    except PlaceError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})[xX×](\d{1,6})", text.strip())
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(least <= length <= LARGEST for least, length in zip(SMALLEST, size, strict=True)):
        least = "x".join(map(str, SMALLEST))
        raise argparse.ArgumentTypeError(f"give width and height from {least} on, such as 1440x900, not {text!r}")
    return size


def _screenshot(text: str) -> Path:
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is a folder; name a file, such as {path / 'aqgui.png'}")
    if not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r}; make it, or name another file")
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text!r} cannot be written; name a file in a folder of your own")
    return path


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"give a number of seconds from 0 to 86400, not {text!r}")
    return seconds
