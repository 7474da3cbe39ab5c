# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept between two runs: the layout of the window, the last place, what was chosen."""

from pathlib import Path
from typing import TypeVar

from PyQt5.QtCore import QSettings

T = TypeVar("T")


class Settings:
    """Values by key. One that is missing, or not of the type of its default, is the default.

    Args:
        path: An INI file; the user's own settings of this application when not given.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._store = QSettings(QSettings.IniFormat, QSettings.UserScope, "aqgui", "aqgui")
        else:
            self._store = QSettings(str(path), QSettings.IniFormat)
        self._store.setFallbacksEnabled(False)

    @property
    def folder(self) -> Path:
        """Where the settings are, and what else the user keeps."""
        return Path(self._store.fileName()).parent

    def get(self, key: str, default: T) -> T:
        """The value of `key`, of the type of `default`."""
        kind: type = type(default)
        if not self._store.contains(key):
            return default
        try:
            value: T = self._store.value(key, default, type=kind)
        except TypeError:
            return default
        return value

    def set(self, key: str, value: object) -> None:
        """Keep a value."""
        self._store.setValue(key, value)

    def forget(self, key: str) -> None:
        """Keep a value no longer."""
        self._store.remove(key)

    def save(self) -> str | None:
        """Write it all now. Returns what went wrong, as a sentence, or None."""
        self._store.sync()
        if self._store.status() == QSettings.NoError:
            return None
        return f"The settings could not be written to {self._store.fileName()}; what you chose is not kept."
