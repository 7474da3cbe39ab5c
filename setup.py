# SPDX-License-Identifier: GPL-3.0-or-later
"""Install aqgui, aqlib and mandelbrot_view. The metadata stands in pyproject.toml."""

from setuptools import setup

setup()
