# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures, side by side with peers: `python -m benchmarks` runs all, `python -m benchmarks kernel queue` some.

A benchmark is a module in this folder with a function `run(args: list[str]) -> list[Row]`; see table.py.
A module that only helps has a name with a leading underscore.
"""
