# SPDX-License-Identifier: GPL-3.0-or-later
"""Places with names: those that are shipped as worth seeing, and the user's own."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import wholefile
from ..resources import resource
from .place import Place, PlaceError

FILE = "places.json"
# Of a thumbnail, in pixels; it is shown half as large where a pixel is one of the screen's.
PICTURE_SIZE = (384, 240)
_VERSION = 1
_KEY = re.compile(r"[0-9a-z-]{1,64}")


@dataclass(frozen=True)
class Entry:
    """A place with a name. note: what there is to say about it, or ""; key: the name of its picture's file."""

    key: str
    name: str
    note: str
    place: Place


@dataclass(frozen=True)
class Removed:
    """What restore() needs to undo a removal."""

    entry: Entry
    row: int
    picture: bytes | None


def shipped() -> tuple[Entry, ...]:
    """The places in resources/places, from shallow to deep."""
    content = json.loads(resource("places", FILE).read_text(encoding="utf-8"))
    return tuple(_entry(item) for item in content["places"])


def pictureOfShipped(entry: Entry) -> Path:
    """Where the thumbnail of one is, if there is one."""
    return resource("places", f"{entry.key}.png")


class OwnPlaces:
    """The user's places, in a file that is read anew for each change, for another window may have changed it.

    folder: has the file, and the thumbnails in a folder beside it. Changes raise OSError when they cannot be written;
    nothing is changed then. Of a file that is damaged, a copy is kept, and what can be read of it serves: `trouble`
    says so, in a sentence or two, until it is taken.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._trouble = ""

    def entries(self) -> list[Entry]:
        """All of them, in the order in which they were added. Raises OSError when there is a file nobody may read."""
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return []
        try:
            items = json.loads(content)["places"]
            if not isinstance(items, list):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            self._keepAside(content, "Your places could not be read: their file is damaged.")
            return []
        return self._readable(items, content)

    def takeTrouble(self) -> str:
        """What went wrong when they were read last, once; "" if nothing did."""
        trouble, self._trouble = self._trouble, ""
        return trouble

    def pictureOf(self, entry: Entry) -> Path:
        """Where the thumbnail of one is, if there is one."""
        return self._folder / "places" / f"{entry.key}.png"

    def add(self, name: str, note: str, place: Place, picture: bytes | None) -> Entry:
        """Keep a place. picture: its thumbnail as PNG."""
        entry = Entry(uuid.uuid4().hex, name, note, place)
        self._change(lambda entries: entries.append(entry))
        self._writePicture(entry, picture)
        return entry

    def edit(self, entry: Entry, name: str, note: str) -> Entry:
        """Give one another name and note."""
        edited = replace(entry, name=name, note=note)

        def put(entries: list[Entry]) -> None:
            entries[:] = [edited if one.key == entry.key else one for one in entries]

        self._change(put)
        return edited

    def remove(self, entry: Entry) -> Removed:
        """Keep one no longer."""
        row = 0
        picture = None
        with suppress(OSError):
            picture = self.pictureOf(entry).read_bytes()

        def drop(entries: list[Entry]) -> None:
            nonlocal row
            row = next((row for row, one in enumerate(entries) if one.key == entry.key), len(entries))
            del entries[row : row + 1]

        self._change(drop)
        with suppress(OSError):
            self.pictureOf(entry).unlink(missing_ok=True)
        return Removed(entry, row, picture)

    def restore(self, removed: Removed) -> None:
        """Undo a removal."""
        self._change(lambda entries: entries.insert(removed.row, removed.entry))
        self._writePicture(removed.entry, removed.picture)

    @property
    def _file(self) -> Path:
        return self._folder / FILE

    def _change(self, change: Callable[[list[Entry]], None]) -> None:
        entries = self.entries()
        change(entries)
        items = [
            {"key": entry.key, "name": entry.name, "note": entry.note, "place": entry.place.link} for entry in entries
        ]
        text = json.dumps({"version": _VERSION, "places": items}, ensure_ascii=False, indent=1)
        self._folder.mkdir(parents=True, exist_ok=True)
        wholefile.replace(self._file, text.encode("utf-8", "replace"))

    def _writePicture(self, entry: Entry, picture: bytes | None) -> None:
        """A place without its thumbnail is a place still."""
        if picture is not None:
            with suppress(OSError):
                self.pictureOf(entry).parent.mkdir(parents=True, exist_ok=True)
                wholefile.replace(self.pictureOf(entry), picture)

    def _readable(self, items: list[Any], content: bytes) -> list[Entry]:
        entries: dict[str, Entry] = {}
        for item in items:
            with suppress(KeyError, TypeError, PlaceError):
                entry = _entry(item)
                entries.setdefault(entry.key, entry)
        lost = len(items) - len(entries)
        if lost:
            self._keepAside(content, f"{lost} of your {len(items)} places could not be read.")
        return list(entries.values())

    def _keepAside(self, content: bytes, trouble: str) -> None:
        """Copies of the same content are one copy: a file that is only read is read often."""
        number = 1
        while (aside := self._folder / f"places-damaged-{number}.json").exists() and aside.read_bytes() != content:
            number += 1
        wholefile.replace(aside, content)
        self._trouble = f"{trouble} The file as it was is kept as {aside}."


def _entry(item: dict[str, Any]) -> Entry:
    """Raises KeyError, TypeError and PlaceError."""
    key, name, note, link = (item[field] for field in ("key", "name", "note", "place"))
    if not all(isinstance(text, str) for text in (key, name, note, link)) or not _KEY.fullmatch(key):
        raise TypeError("these are texts")
    return Entry(key, name, note, Place.parse(link))
