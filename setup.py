# SPDX-License-Identifier: GPL-3.0-or-later
"""Install aqgui, aqlib and mandelbrot_view. The metadata stands in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithResources(build_py):
    """Put the folder resources into the lowest package that reads it; an editable installation finds it in place."""

    def run(self) -> None:
        """Copy it behind the packages' own files."""
        super().run()
        if not self.editable_mode:
            self.copy_tree("resources", str(Path(self.build_lib, "mandelbrot_view", "resource_files")))


setup(cmdclass={"build_py": BuildWithResources})
