# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files of the folder resources are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of a file or folder in resources: those installed with the package, else those of the checkout."""
    installed = _PACKAGE / "resource_files"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources").joinpath(*parts)
