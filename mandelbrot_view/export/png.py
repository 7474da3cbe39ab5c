# SPDX-License-Identifier: GPL-3.0-or-later
"""PNG files of any size, a band of rows after the other; the bands are compressed apart, by whoever has them.

Each band becomes a piece of the one compressed stream that a PNG has, ended so that the next may follow, as pigz
(Mark Adler) does it. So workers compress, and whoever writes the file only puts their pieces behind each other.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..colour.palettes import Bytes
from ..places.pictureplace import SIGNATURE

# A zlib stream's head: deflate with a window of 32 kB. Its end: an empty last block, and a checksum.
_HEAD, _LAST_BLOCK = b"\x78\x9c", b"\x03\x00"
_ADLER = 65521  # the prime of RFC 1950
_RGB, _DEPTH = 2, 8
# Rows that are filtered at once.
_ROWS = 16
# The numbers of the filters that are tried for each row (PNG specification, 9.2).
_SUB, _UP, _PAETH = 1, 2, 4

_Ints = NDArray[np.int16]


class Packed(NamedTuple):
    """A band of rows as a piece of a compressed stream; length and checksum are of what was compressed."""

    data: bytes
    length: int
    checksum: int
    rows: int


class Writable(Protocol):
    """A binary file, or what is like one."""

    def write(self, data: bytes, /) -> object: ...


def pack(pixels: Bytes, level: int = 6) -> Packed:
    """A band (rows, width, 3), red, green, blue, compressed. level: of zlib, 1 (fast) to 9."""
    rows, width, _ = pixels.shape
    compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    pieces, checksum = [], 1
    before = None
    for first in range(0, rows, _ROWS):
        filtered = _filtered(pixels[first : first + _ROWS], before)
        before = pixels[min(first + _ROWS, rows) - 1]
        checksum = zlib.adler32(filtered, checksum)
        pieces.append(compressor.compress(filtered))
    pieces.append(compressor.flush(zlib.Z_FULL_FLUSH))
    return Packed(b"".join(pieces), rows * (3 * width + 1), checksum, rows)


class PngWriter:
    """Writes a picture's bands to a file, from top to bottom. All methods raise OSError when the file does.

    size: (width, height); texts: what the file says of itself, by keywords; both in Latin-1.
    """

    def __init__(self, file: Writable, size: tuple[int, int], texts: Mapping[str, str]) -> None:
        self._file = file
        self._missing = size[1]
        self._checksum = 1
        self._isBegun = False
        file.write(SIGNATURE)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", *size, _DEPTH, _RGB, 0, 0, 0))
        for name, text in texts.items():
            self._chunk(b"tEXt", name.encode("latin-1") + b"\0" + text.encode("latin-1"))

    def write(self, band: Packed) -> None:
        """Write the next band."""
        self._missing -= band.rows
        self._checksum = combined(self._checksum, band.checksum, band.length)
        self._chunk(b"IDAT", band.data if self._isBegun else _HEAD + band.data)
        self._isBegun = True

    def finish(self) -> None:
        """Write the end, after the last band."""
        if self._missing:
            raise ValueError(f"{self._missing} rows of the picture are missing")
        self._chunk(b"IDAT", _LAST_BLOCK + struct.pack(">I", self._checksum))
        self._chunk(b"IEND", b"")

    def _chunk(self, kind: bytes, data: bytes) -> None:
        self._file.write(struct.pack(">I", len(data)) + kind)
        self._file.write(data)
        self._file.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))


def combined(one: int, other: int, length: int) -> int:
    """The Adler-32 of two pieces together, of their own ones and the second one's length (Mark Adler, zlib)."""
    a, b = one & 0xFFFF, one >> 16
    more_a, more_b = other & 0xFFFF, other >> 16
    return (b + more_b + length * (a - 1)) % _ADLER << 16 | (a + more_a - 1) % _ADLER


def _filtered(pixels: Bytes, before: Bytes | None) -> bytes:
    """Some rows, each by the filter that leaves the smallest numbers, with the filter's number before it.

    before: the row above them. The first of a band has none to lean on, for another one has that.
    """
    rows, width, _ = pixels.shape
    here = pixels.reshape(rows, 3 * width).astype(np.int16)
    left = np.zeros_like(here)
    left[:, 3:] = here[:, :-3]
    above = np.zeros_like(here)
    above[1:] = here[:-1]
    if before is not None:
        above[0] = before.reshape(-1)
    choices = {_SUB: here - left, _UP: here - above, _PAETH: here - _paeth(left, above)}
    # As bytes, the small ones are those near 0 and near 256.
    tried = np.stack([choice.astype(np.uint8) for choice in choices.values()])
    sizes = np.abs(tried.view(np.int8).astype(np.int16)).sum(axis=2, dtype=np.int64)
    if before is None:
        sizes[1:, 0] = sizes[0, 0] + 1
    best = sizes.argmin(axis=0)
    lines = np.empty((rows, 3 * width + 1), np.uint8)
    lines[:, 0] = np.array(list(choices), np.uint8)[best]
    lines[:, 1:] = tried[best, np.arange(rows)]
    return lines.tobytes()


def _paeth(left: _Ints, above: _Ints) -> _Ints:
    """Of left, above and upper left the one that is nearest to left + above - upper left (Alan W. Paeth, 1991)."""
    corner = np.zeros_like(above)
    corner[:, 3:] = above[:, :-3]
    to_left, to_above = np.abs(above - corner), np.abs(left - corner)
    to_corner = np.abs(left + above - 2 * corner)
    is_left = (to_left <= to_above) & (to_left <= to_corner)
    return np.where(is_left, left, np.where(to_above <= to_corner, above, corner))
