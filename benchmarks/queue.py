# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task costs, beside every library that does the same: `python -m benchmarks queue`.

Each measurement runs in a fresh process, those of the libraries in turn, and the median of all rounds counts. Every
library has two workers, fresh interpreters and not forks. benchmarks/requirements.txt names the peers that are no part
of Python; those that are not installed are left out.
"""

import argparse
import sys
from collections.abc import Iterable

from ._queueing.libraries import LIBRARIES
from ._queueing.measure import DEFAULT, QT
from ._queueing.measures import MEASURES
from ._queueing.rounds import Settings, measure
from .table import Row

ROUNDS = 5
QUICK = 0.01


def run(args: list[str]) -> list[Row]:
    """Measure all that the options name."""
    options = _parse(args)
    missing = [library.title for library in LIBRARIES.values() if not library.isInstalled]
    if missing:
        print(
            f"Not installed, and left out: {', '.join(missing)}. Install: pip install -r benchmarks/requirements.txt",
            file=sys.stderr,
        )
    settings = Settings(
        rounds=1 if options.quick else max(options.rounds, 1),
        scale=QUICK if options.quick else 1.0,
        reactor=options.reactor,
        names=options.libraries,
    )
    return [row for name in options.only for row in measure(name, settings)]


def _parse(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks queue", allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="how often each library is measured")
    parser.add_argument("--quick", action="store_true", help="only see that it runs: the figures say nothing")
    parser.add_argument(
        "--only", type=Names(MEASURES), default=list(MEASURES), metavar="NAME,...",
        help=f"some of the measurements: {', '.join(MEASURES)}",
    )  # fmt: skip
    parser.add_argument(
        "--libraries", type=Names(LIBRARIES), default=None, metavar="NAME,...",
        help=f"some of the libraries: {', '.join(LIBRARIES)}",
    )  # fmt: skip
    parser.add_argument(
        "--reactor", choices=[DEFAULT, QT], default=DEFAULT,
        help="qt: measure ours on the guarded Qt reactor, with a window open, and its worst stall",
    )  # fmt: skip
    return parser.parse_args(args)


class Names:
    """The type of an option that takes some of these names, with commas between them."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)

    def __call__(self, text: str) -> list[str]:
        chosen = text.split(",")
        for name in chosen:
            if name not in self._known:
                raise argparse.ArgumentTypeError(f"there is no {name!r}; there are: {', '.join(self._known)}")
        return chosen
