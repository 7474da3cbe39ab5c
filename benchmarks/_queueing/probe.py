# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks._queueing.probe MEASURE CONTESTANT SCALE REACTOR`: measure, and print the figures as JSON.

Workers of other libraries import the main module, so that it imports nothing that they need not.
"""

import json
import sys


def main(measure: str, contestant: str, scale: str, reactor: str) -> None:
    """Measure one contestant in this process."""
    from .measures import MEASURES

    print(json.dumps(MEASURES[measure].load().run(contestant, float(scale), reactor)))


if __name__ == "__main__":
    main(*sys.argv[1:])
