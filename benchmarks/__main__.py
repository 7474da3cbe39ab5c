# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks [NAME ...] [--json FILE] [options of the benchmark]`: run benchmarks and print their table."""

import argparse
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import benchmarks

from .table import Row, table, write_json

NOT_BENCHMARKS = {"__main__", "table"}


def names() -> list[str]:
    """The benchmarks that there are: the modules of this folder."""
    found = {module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")}
    return sorted(found - NOT_BENCHMARKS)


def parse(arguments: list[str]) -> tuple[list[str], Path | None, list[str]]:
    """The benchmarks to run, the file for their figures, and what goes through to the benchmarks."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        usage="%(prog)s [NAME ...] [--json FILE] [options of the benchmark]",
        description=f"Run benchmarks and print a table. NAME is one of: {', '.join(names())}; without one, all run.",
        allow_abbrev=False,
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures to FILE, too")
    # The names come first: what follows an option of a benchmark may be its value.
    count = next((i for i, argument in enumerate(arguments) if argument.startswith("-")), len(arguments))
    chosen = arguments[:count]
    options, through = parser.parse_known_args(arguments[count:])
    unknown = [name for name in chosen if name not in names()]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(names())}")
    if through and len(chosen) != 1:
        parser.error(f"{through[0]} is an option for one benchmark: name it")
    return chosen or names(), options.json, through


def main(arguments: list[str]) -> None:
    """Run what the arguments name, print the table, write the file. The exit status is 1 where a promise is broken."""
    chosen, path, through = parse(arguments)
    results: dict[str, list[Row]] = {}
    for name in chosen:
        print(f"{name} ...", file=sys.stderr, flush=True)
        results[name] = import_module(f"benchmarks.{name}").run(through)
    print(table(row for rows in results.values() for row in rows))
    if path is not None:
        write_json(path, results)
    if any(row.isPromise and row.met is False for rows in results.values() for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
