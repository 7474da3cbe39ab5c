# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks._chaos.probe SECONDS SEED`: run chaos in this process, and print its report as JSON."""

import json
import sys


def main(seconds: float, seed: int) -> None:
    """Run it on Twisted's default reactor."""
    from twisted.internet import reactor

    from .._queueing.loop import run as loop
    from .run import run

    print(json.dumps(loop(lambda: run(reactor, seconds, seed))))


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
