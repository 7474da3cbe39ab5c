# SPDX-License-Identifier: GPL-3.0-or-later
"""The user's own palettes: files in a folder of theirs, one palette each, as those in resources/palettes are."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from .catalogue import PaletteError
from .gradient import FEWEST
from .palettes import PALETTES, Palette, Stop

LONGEST_NAME = 40
MAX_STOPS = 1024
_MOST_BYTES = 1 << 16
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


class OwnPalettes:
    """The palettes in a folder, which need not be there.

    `wrong`: what was wrong with files that were skipped, a sentence each.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wrong: list[str] = []
        self._files: dict[str, Path] = {}
        self._palettes: dict[str, Palette] = {}
        for path in sorted(folder.glob("*.json")):
            try:
                palette = read(path)
                check_name(palette.name, self._palettes)
            except PaletteError as error:
                self.wrong.append(f"{path}: {error}. The file was skipped; mend it or take it away.")
            else:
                self._palettes[palette.name], self._files[palette.name] = palette, path

    @property
    def palettes(self) -> Mapping[str, Palette]:
        """By name, in its order."""
        return MappingProxyType(dict(sorted(self._palettes.items(), key=lambda item: item[0].lower())))

    def save(self, palette: Palette) -> None:
        """Keep a palette, in place of one of the same name. Raises PaletteError, also when it cannot be written."""
        check_name(palette.name)
        path = self._files.get(palette.name) or self._fresh(palette.name)
        content = json.dumps({"name": palette.name, "stops": palette.stops}, indent=2, ensure_ascii=False)
        part = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_text(f"{content}\n", encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise PaletteError(_sorry("saved", path, error)) from error
        self._palettes[palette.name], self._files[palette.name] = palette, path

    def remove(self, name: str) -> None:
        """Take a palette and its file away. Raises PaletteError when it cannot be removed."""
        path = self._files[name]
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise PaletteError(_sorry("removed", path, error)) from error
        del self._palettes[name], self._files[name]

    def unused(self, name: str) -> str:
        """A free name for a palette that is made from the one of this name: with the next number."""
        taken = {each.lower() for each in (*PALETTES, *self._palettes)}
        base = re.sub(r" \d+$", "", name)[: LONGEST_NAME - 4]
        numbered = (f"{base} {number}" for number in range(2, len(taken) + 3))
        return next(each for each in numbered if each.lower() not in taken)

    def _fresh(self, name: str) -> Path:
        """A file that is not there yet, named after the palette as far as any file system has such names."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "palette"
        names = (f"{stem}{end}.json" for end in ("", *(f"-{i}" for i in range(2, 10_000))))
        return next(path for path in map(self.folder.joinpath, names) if not path.exists())


def check_name(name: str, taken: Mapping[str, Palette] | None = None) -> None:
    """Raise PaletteError unless a palette of one's own can have this name."""
    if not name.strip() or not name.isprintable():
        raise PaletteError("a palette needs a name of letters that can be seen")
    if len(name) > LONGEST_NAME:
        raise PaletteError(f"a palette's name has at most {LONGEST_NAME} characters, not {len(name)}")
    if name.lower() in (each.lower() for each in PALETTES):
        raise PaletteError(f"{name!r} is the name of a palette that comes with the application; choose another one")
    if name in (taken or {}):
        raise PaletteError(f"another file has a palette of the name {name!r}")


def read(path: Path) -> Palette:
    """The palette in a file. Raises PaletteError that says what is wrong with it."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PaletteError("it is too large for a palette")
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PaletteError(f"it cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise (error if isinstance(error, PaletteError) else PaletteError("it is no JSON text")) from error
    return parse(content)


def parse(content: object) -> Palette:
    """The palette of what a JSON text said. Raises PaletteError that says what is wrong with it."""
    match content:
        case {"name": str(name), "stops": list(stops)}:
            pass
        case _:
            raise PaletteError('a palette is {"name": …, "stops": [[position, "rrggbb"], …]}')
    found = list(_stops(stops))
    positions = [position for position, _ in found]
    if not FEWEST <= len(found) <= MAX_STOPS:
        raise PaletteError(f"a palette has {FEWEST} to {MAX_STOPS} stops, not {len(found)}")
    if any(one >= other for one, other in pairwise(positions)):
        raise PaletteError("the stops' positions must rise")
    return Palette(name, tuple(found))


def _stops(content: list[object]) -> Iterator[Stop]:
    for stop in content:
        match stop:
            case [int(position) | float(position), str(colour)] if not isinstance(position, bool):
                pass
            case _:
                raise PaletteError(f'a stop is [position, "rrggbb"], not {stop!r:.60}')
        matched = _COLOUR.fullmatch(colour)
        if not 0 <= position < 1 or matched is None:
            raise PaletteError(f'a stop has a position from 0 to below 1 and a colour "rrggbb", not {stop!r:.60}')
        yield float(position), matched[1].lower()


def _sorry(done: str, path: Path, error: OSError) -> str:
    return f"the palette could not be {done} as {path}: {error.strerror or error}; make room there, or free the folder"
