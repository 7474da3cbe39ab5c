# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m benchmarks"""

import json
import sys
from types import ModuleType

import pytest

from benchmarks import __main__ as command
from benchmarks.table import Row, table


@pytest.fixture
def given(monkeypatch):
    """Two benchmarks, 'fast' and 'slow'; what options they were given."""
    options = {}
    for name, value in (("fast", 12345.6), ("slow", 0.5)):
        module = ModuleType(f"benchmarks.{name}")

        def run(arguments, name=name, value=value):
            options[name] = arguments
            return [Row(f"{name} one", value, "tasks/s", ratio=2.0, peer="Pool", bar=">= 1")]

        vars(module)["run"] = run
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(command, "names", lambda: ["fast", "slow"])
    return options


def test_without_a_name_all_run(given, capsys):
    command.main([])
    assert given == {"fast": [], "slow": []}
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[2:]] == ["fast one", "slow one"]


def test_options_go_through_to_the_one_that_is_named(given):
    command.main(["slow", "--prototype", "some/folder", "--json", "/dev/null", "--times", "3"])
    assert given == {"slow": ["--prototype", "some/folder", "--times", "3"]}


@pytest.mark.parametrize("arguments", [["no-such"], ["--prototype", "folder"], ["fast", "slow", "--times", "3"]])
def test_what_cannot_be_run_is_one_clear_line(given, capsys, arguments):
    with pytest.raises(SystemExit) as end:
        command.main(arguments)
    assert end.value.code == 2
    assert given == {}
    assert capsys.readouterr().err.splitlines()[-1].startswith("python -m benchmarks: error: ")


def test_json_has_the_figures_and_the_facts_about_the_machine(given, tmp_path):
    command.main(["fast", "--json", str(tmp_path / "figures.json")])
    written = json.loads((tmp_path / "figures.json").read_text())
    assert written["results"]["fast"][0]["value"] == 12345.6
    assert written["machine"]["cores"] >= 1


def test_the_real_benchmarks_are_the_modules_of_the_folder():
    assert "table" not in command.names()
    assert all(not name.startswith("_") for name in command.names())


def test_the_table_is_aligned_and_leaves_out_empty_columns():
    rows = [Row("kernel", 17.23, "Giter/s"), Row("plain loop", 0.0123456, "Giter/s", note="numba")]
    assert table(rows).splitlines() == [
        "what         value  unit     note",
        "----------  ------  -------  -----",
        "kernel        17.2  Giter/s",
        "plain loop  0.0123  Giter/s  numba",
    ]


def test_the_table_tells_whether_a_bar_is_met():
    rows = [
        Row("fast", 3.0, "1/s", ratio=3.0, peer="slow", bar=">= 2"),
        Row("late", 5.0, "us", bar="<= 1"),
        Row("many", 2e6, "1/s", bar=">= 1,000,000"),
        Row("none", float("nan"), "us", bar="<= 1"),
    ]
    assert [row.met for row in rows] == [True, False, True, False]
    assert [line.split()[-1] for line in table(rows).splitlines()[2:]] == ["yes", "MISSED", "yes", "MISSED"]
