# SPDX-License-Identifier: Apache-2.0
"""Being like the queue's process: its import path, its arguments, and its main module when a pickle asks for that."""

from __future__ import annotations

import runpy
import sys
import types
from multiprocessing.process import current_process
from typing import Any

from ..pickling import MAIN_IN_WORKER

_GUARD_HINT = "What starts the program, such as react(main), belongs under `if __name__ == '__main__':`."

# Whether the main module is being imported right now: its top level must not make queues, see `isImportingMain`.
_importing = False


def isImportingMain() -> bool:
    """Whether this is a worker process that is importing the queue's main module."""
    return _importing


class Likeness:
    """Keeps what the queue said of itself."""

    def __init__(self) -> None:
        self._mainName: str | None = None
        self._mainPath: str | None = None
        self._main: types.ModuleType | None = None

    @property
    def knowsMain(self) -> bool:
        """Whether the main module has been imported."""
        return self._main is not None

    def take(self, settings: dict[str, Any]) -> None:
        """Be like the process that `settings` describes, see aqlib.processes.likeness."""
        sys.path[:] = settings["path"]
        sys.argv[:] = settings["argv"]
        current_process().authkey = settings["authenticationKey"]
        self._mainName, self._mainPath = settings["mainName"], settings["mainPath"]

    def extendPath(self, path: list[str]) -> None:
        """Import as the queue's process does by now, and after that from where tasks have added."""
        sys.path[:] = [*path, *(entry for entry in sys.path if entry not in path)]

    def findMain(self, _: str) -> types.ModuleType:
        """The main module, imported under another name, so that its `if __name__ == "__main__"` part does not run."""
        if self._main is None:
            self._main = self._import()
        return self._main

    def _import(self) -> types.ModuleType:
        global _importing
        if self._mainName is None and self._mainPath is None:
            # A program without a file: what it sends by value may still refer to the module as such.
            return sys.modules["__main__"]
        module = types.ModuleType(MAIN_IN_WORKER)
        _importing = True
        try:
            if self._mainName is not None:
                names = runpy.run_module(self._mainName, run_name=MAIN_IN_WORKER, alter_sys=True)
            else:
                assert self._mainPath is not None
                names = runpy.run_path(self._mainPath, run_name=MAIN_IN_WORKER)
        except SystemExit as exit:
            raise ImportError(
                f"The main module ended with SystemExit({exit.code!r}) when a worker process imported it, to find a "
                f"task's function or class. {_GUARD_HINT}"
            ) from exit
        finally:
            _importing = False
        module.__dict__.update(names)
        # Code in the module refers to its own globals by this name when it pickles what it defines.
        sys.modules["__main__"] = sys.modules[MAIN_IN_WORKER] = module
        return module
