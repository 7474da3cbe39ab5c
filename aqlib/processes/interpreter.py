# SPDX-License-Identifier: Apache-2.0
"""The Python interpreter of worker processes: which program, under which flags, running which main module."""

from __future__ import annotations

import os
import sys
from multiprocessing import spawn as multiprocessingSpawn
from typing import Any

from ..errors import WorkerError

# The letters of the interpreter's flags, by their names in sys.flags. -I implies the first three.
_ISOLATED_LETTERS = {"ignore_environment": "E", "no_user_site": "s", "safe_path": "P"}
_LETTERS = {
    "bytes_warning": "b", "debug": "d", "dont_write_bytecode": "B", "no_site": "S", "optimize": "O", "quiet": "q",
    "verbose": "v",
}  # fmt: skip


def executable() -> str:
    """The interpreter to start: the one that `multiprocessing.set_executable` names, else this process's own.

    Raises: WorkerError when neither is known, as in a program that embeds Python.
    """
    found = multiprocessingSpawn.get_executable()
    if not found:
        raise WorkerError(
            "Process workers need a Python interpreter, and sys.executable does not name one. Name it by "
            "multiprocessing.set_executable(path)."
        )
    return os.fsdecode(found)


def interpreterFlags(
    flags: Any = sys.flags, warnings: list[str] = sys.warnoptions, options: dict[str, Any] = sys._xoptions
) -> list[str]:
    """The command-line flags under which this process runs, for an interpreter that is to be like it.

    Args:
        flags: As sys.flags.
        warnings: As sys.warnoptions, filters for warnings.
        options: As sys._xoptions, the values of -X.
    """
    letters = _LETTERS if flags.isolated else _LETTERS | _ISOLATED_LETTERS
    words = ["-I"] if flags.isolated else []
    words += [f"-{letter * count}" for name, letter in letters.items() if (count := int(getattr(flags, name)))]
    for name, value in options.items():
        words += ["-X", name if value is True else f"{name}={value}"]
    for warning in warnings:
        words += ["-W", warning]
    return words


def importPath() -> list[str]:
    """sys.path, for a process that may have another working directory."""
    return [entry or os.getcwd() for entry in sys.path]


def mainModule() -> tuple[str | None, str | None]:
    """How a worker imports the main module: by its name when it was run with -m, or by its path.

    Neither for an interactive one, nor for code that came by -c or on stdin. The path of a folder or a zip file is that
    of a program which has `__main__.py` in it.
    """
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    path = getattr(main, "__file__", None)
    if spec is not None and spec.name != "__main__":
        return spec.name, None
    if path is None:
        return None, None
    if spec is not None:
        return None, os.path.dirname(os.path.abspath(path))
    return (None, os.path.abspath(path)) if os.path.isfile(path) else (None, None)
