# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that a benchmark gives, and how they are printed and stored."""

import json
import math
import os
import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("aqgui", "Twisted", "numpy", "numba", "PyQt5")


@dataclass(frozen=True)
class Row:
    """One figure.

    name: what was measured; value, unit: how much; ratio: of the value to that of the peer; peer: who that is;
    bar: the ratio, or without one the value, that is asked for, as text such as '>= 30'; note: whatever the reader
    should know; isPromise: whether the command fails when the bar is missed, and not only says so.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    peer: str | None = None
    bar: str | None = None
    note: str = ""
    isPromise: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the bar is reached; None without one."""
        if self.bar is None:
            return None
        sign, number = self.bar.split()
        asked, reached = float(number.replace(",", "")), self.value if self.ratio is None else self.ratio
        return reached >= asked if sign == ">=" else reached <= asked


COLUMNS: tuple[tuple[str, str, Callable[[Row], str]], ...] = (
    ("what", "<", lambda row: row.name),
    ("value", ">", lambda row: formatted(row.value)),
    ("unit", "<", lambda row: row.unit),
    ("ratio", ">", lambda row: "" if row.ratio is None else formatted(row.ratio)),
    ("to", "<", lambda row: row.peer or ""),
    ("asked for", "<", lambda row: row.bar or ""),
    ("met", "<", lambda row: {None: "", True: "yes", False: "MISSED"}[row.met]),
    ("note", "<", lambda row: row.note),
)


def formatted(number: float) -> str:
    """A count, or a number with three significant digits or all before the point; commas between the thousands."""
    if isinstance(number, int):
        return f"{number:,}"
    if math.isnan(number):
        return "none"
    if number == 0 or abs(number) >= 1000:
        return f"{number:,.0f}"
    if abs(number) < 0.001:
        return f"{number:.2e}"
    digits = 2 if abs(number) < 10 else 1 if abs(number) < 100 else 0
    return f"{number:.{digits}f}" if abs(number) >= 1 else f"{number:.3g}"


def table(rows: Iterable[Row]) -> str:
    """The rows as aligned text, with a line of headings; columns that are empty in every row are left out."""
    rows = list(rows)
    columns = [(title, align, [cell(row) for row in rows]) for title, align, cell in COLUMNS]
    shown = [(title, align, cells) for title, align, cells in columns if any(cells)]
    widths = [max(len(text) for text in (title, *cells)) for title, _, cells in shown]
    lines = [[title for title, _, _ in shown], ["-" * width for width in widths]]
    lines += [[cells[i] for _, _, cells in shown] for i in range(len(rows))]
    aligns = [align for _, align, _ in shown]
    return "\n".join(
        "  ".join(f"{text:{align}{width}}" for text, align, width in zip(line, aligns, widths, strict=True)).rstrip()
        for line in lines
    )


def machine() -> dict[str, object]:
    """The facts about this machine that figures depend on."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def write_json(path: Path, results: dict[str, list[Row]]) -> None:
    """Write the rows of each benchmark, with the command and the facts about the machine."""
    content = {
        "command": sys.argv,
        "machine": machine(),
        "results": {name: [asdict(row) | {"met": row.met} for row in rows] for name, rows in results.items()},
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
