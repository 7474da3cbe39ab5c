# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder beside a movie in which its pieces are kept until it is done, so that it can go on after a restart."""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from .. import wholefile
from .errors import ExportError
from .movie import VIDEOS

SUFFIX = ".unfinished"
_MANIFEST, _LOCK = "movie.json", "lock"
_KEY, _CHUNK = "key", "piece"
# What this module makes, and takes away; nothing else is touched.
_OURS = re.compile(
    rf"(?:{_KEY}|{_CHUNK})-\d+(?:-by-\d+)?\.(?:png|mp4|done)(?:\w+\{wholefile.PART})?|movie\.json\w+\{wholefile.PART}"
)


def folder_of(target: Path) -> Path:
    """Where a movie's pieces are."""
    return target.with_name(target.name + SUFFIX)


def kept(target: Path) -> dict[str, object] | None:
    """The description of the unfinished movie of this name, None if there is none. See movie.described()."""
    try:
        content = json.loads((folder_of(target) / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content.get("movie") if isinstance(content, dict) else None


class WorkFolder:
    """The folder of one movie, for as long as it is worked at.

    target: the movie's file or folder; what: all that the pieces depend on, as JSON has it, the description of the
    movie under the key `movie`. Pieces that were made for something else are removed. Raises OSError and ExportError.
    Attribute: `present`, the names of what was there at the beginning.
    """

    def __init__(self, target: Path, what: Mapping[str, object]) -> None:
        self.path = folder_of(target)
        self._isVideo = target.suffix.lower() in VIDEOS
        self.path.mkdir(exist_ok=True)
        self._lock: IO[bytes] = (self.path / _LOCK).open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise ExportError(
                f"{target.name} is being exported already; wait for that, or choose another name"
            ) from error
        try:
            self.present = self._begin(json.dumps(what, indent=1, sort_keys=True))
        except BaseException:
            self.close()
            raise

    def _begin(self, manifest: str) -> set[str]:
        file = self.path / _MANIFEST
        if not file.exists() or file.read_text(encoding="utf-8", errors="replace") != manifest:
            self._clear()
            wholefile.replace(file, manifest.encode())
        for path in list(self.path.iterdir()):
            # What a worker had not finished when it was killed.
            if path.suffix == wholefile.PART and _OURS.fullmatch(path.name):
                path.unlink()
        return {path.name for path in self.path.iterdir()}

    def key(self, number: int, by: int | None = None) -> Path:
        """The file of a key frame, in the colours of another one if given."""
        return self.path / f"{_KEY}-{number:05}{'' if by in (None, number) else f'-by-{by:05}'}.png"

    def chunk(self, number: int) -> Path:
        """The file of a chunk; for PNG frames, an empty one that says that they are all there."""
        return self.path / f"{_CHUNK}-{number:05}.{'mp4' if self._isVideo else 'done'}"

    def drop(self, path: Path) -> None:
        """Remove a piece that is needed no more."""
        with suppress(OSError):
            path.unlink()

    def finish(self) -> None:
        """The movie is done: remove all, and the folder if there is nothing of anybody else's in it."""
        self._clear()
        with suppress(OSError):
            (self.path / _MANIFEST).unlink()
            (self.path / _LOCK).unlink()
            self.path.rmdir()
        self.close()

    def close(self) -> None:
        """Leave it as it is: the movie can go on from there."""
        self._lock.close()

    def _clear(self) -> None:
        for path in list(self.path.iterdir()):
            if _OURS.fullmatch(path.name):
                self.drop(path)
