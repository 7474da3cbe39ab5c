# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorded zoom path of 20 s, down to a radius of 1e-13 and out again, in the real window of 1280 x 720 pixels.

It runs in a process of its own, for it needs the Qt reactor: on the screen that DISPLAY names, else offscreen.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median

from .table import Row

ROOT = Path(__file__).resolve().parents[1]
# In the seahorse valley, where the counts are high.
TARGET = ("-0.743643887037158704752191506114774", "0.131825904205311970493132056385139")


def run(args: list[str]) -> list[Row]:
    """Have the probe do it, and tell the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks zoom", allow_abbrev=False)
    parser.add_argument("--re", default=TARGET[0], metavar="TEXT", help="where the path leads, the real part")
    parser.add_argument("--im", default=TARGET[1], metavar="TEXT", help="and the imaginary one")
    options = parser.parse_args(args)
    environment = dict(os.environ)
    if not environment.get("DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "benchmarks._zoomprobe", options.re, options.im]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return rows(json.loads(done.stdout))


def rows(figures: dict) -> list[Row]:
    """What the probe's figures say."""
    width, height = figures["size"]
    gaps, stalls = figures["frames"], sorted(figures["stalls"])
    passes = ", ".join(f"{count} of step {step}" for step, count in sorted(Counter(figures["steps"]).items()))
    return [
        Row("pictures while a button is held", len(gaps) / sum(gaps), "/s", bar=">= 30",
            note=f"{width} x {height} pixels, 2 workers"),
        Row("between two of them, worst", max(gaps) * 1000, "ms"),
        Row("input to its picture, median", median(figures["first"]) * 1000, "ms", note="what is known, scaled"),
        Row("input to its picture, worst", max(figures["first"]) * 1000, "ms"),
        Row("input to the coarse picture, median", median(figures["coarse"]) * 1000, "ms", bar="<= 33",
            note=f"{len(figures['coarse'])} inputs; bands: {passes}"),
        Row("input to the coarse picture, worst", max(figures["coarse"]) * 1000, "ms", bar="<= 80"),
        Row("last input to the sharp picture, median", median(figures["sharp"]) * 1000, "ms",
            note=f"{len(figures['sharp'])} rests"),
        Row("last input to the sharp picture, worst", max(figures["sharp"]) * 1000, "ms"),
        Row("stall meanwhile, 99 %", stalls[int(len(stalls) * 0.99)] * 1000, "ms", bar="<= 16"),
        Row("stall meanwhile, worst", stalls[-1] * 1000, "ms", bar="<= 50"),
    ]  # fmt: skip
