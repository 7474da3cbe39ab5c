# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of a picture's file, as its name says. PNG is written as it comes; others are made of a finished PNG."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from .errors import ExportError

# Pillow's name of each format, and the most pixels along an edge that it can have.
_FORMATS: dict[str, tuple[str, int]] = {
    ".jpg": ("JPEG", 65_500), ".jpeg": ("JPEG", 65_500), ".webp": ("WEBP", 16_383), ".tif": ("TIFF", 1 << 20),
    ".tiff": ("TIFF", 1 << 20),
}  # fmt: skip
SUFFIXES = (".png", *_FORMATS)
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "subsampling": 0}, "WEBP": {"quality": 92}, "TIFF": {"compression": "tiff_deflate"},
}  # fmt: skip


def check(path: Path, size: tuple[int, int] = (1, 1)) -> None:
    """Whether a picture of this size can be written in the format that a name asks for; without a suffix it is PNG.

    Raises: ExportError when it cannot.
    """
    suffix = path.suffix.lower()
    if suffix in ("", ".png"):
        return
    if suffix not in _FORMATS:
        raise ExportError(f"{str(path)!r} names no format that can be written; use {', '.join(SUFFIXES)}")
    name, longest = _FORMATS[suffix]
    if max(size) > longest:
        raise ExportError(f"a {name} picture has at most {longest:,} pixels along an edge; write PNG or TIFF")


@contextmanager
def written(path: Path, file: BinaryIO) -> Iterator[BinaryIO]:
    """A file for a PNG, which is put into `file` in the format that the name `path` asks for when the block ends."""
    if path.suffix.lower() not in _FORMATS:
        yield file
        return
    from PIL import Image

    name, _ = _FORMATS[path.suffix.lower()]
    with tempfile.TemporaryFile() as png:
        yield png
        png.seek(0)
        # The limit is against files of strangers, and this one is ours.
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            with Image.open(png) as picture:
                picture.convert("RGB").save(file, name, **_OPTIONS[name])
        finally:
            Image.MAX_IMAGE_PIXELS = limit
