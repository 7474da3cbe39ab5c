# SPDX-License-Identifier: GPL-3.0-or-later
"""The libraries that are measured, by the names that measurements use."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from .base import Blocking, Deferring


@dataclass(frozen=True)
class Library:
    """How to find an adapter. `needs`: the module that must be installed, None when Python brings it."""

    title: str
    module: str
    adapter: str
    needs: str | None = None

    @property
    def isInstalled(self) -> bool:
        """Whether it can be measured here."""
        return self.needs is None or find_spec(self.needs) is not None

    def load(self) -> type[Blocking] | type[Deferring]:
        """Its adapter. Raises ImportError where it is not installed."""
        adapter: type[Blocking] | type[Deferring] = getattr(import_module(f"{__name__}.{self.module}"), self.adapter)
        return adapter


OURS = "aqlib"
LIBRARIES: dict[str, Library] = {
    OURS: Library("aqlib", "ours", "Ours"),
    "pool": Library("mp.Pool", "standard", "Pool"),
    "executor": Library("executor", "standard", "Executor"),
    "forkserver": Library("executor, forkserver", "standard", "ForkServer"),
    "asynqueue": Library("AsynQueue", "asynqueues", "AsynQueue", "asynqueue"),
    "ampoule": Library("ampoule", "ampoules", "Ampoule", "ampoule"),
    "joblib": Library("joblib", "joblibs", "Joblib", "joblib"),
    "loky": Library("loky", "lokys", "Loky", "loky"),
    "mpire": Library("mpire", "mpires", "Mpire", "mpire"),
    "pebble": Library("pebble", "pebbles", "Pebble", "pebble"),
}
