# SPDX-License-Identifier: GPL-3.0-or-later
"""The place that a PNG file carries: a text chunk named `Place` has its link.

The chunks are those of the PNG specification, 11.3.3: tEXt is plain, zTXt compressed, iTXt either of it in UTF-8. Long
texts are compressed by some who write them.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from .place import Place, PlaceError

CHUNK = "Place"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# A link has no more than that.
_MOST_BYTES = 1 << 16


def read(file: BinaryIO) -> Place:
    """The place in a PNG file of which the signature has been read. Raises PlaceError and OSError."""
    while True:
        head = file.read(8)
        if len(head) < 8:
            raise PlaceError("this picture does not say where it is; only one that was saved here does")
        length, kind = struct.unpack(">I4s", head)
        if kind in _READERS and length <= _MOST_BYTES:
            link = _linkIn(kind, file.read(length))
            if link is not None:
                return Place.parse(link)
            length = 0
        _skip(file, length + 4)


def _skip(file: BinaryIO, length: int) -> None:
    """A pipe can only be read."""
    while length > 0:
        part = len(file.read(min(length, _MOST_BYTES)))
        length = length - part if part else 0


def _linkIn(kind: bytes, chunk: bytes) -> str | None:
    name, nul, rest = chunk.partition(b"\0")
    if name != CHUNK.encode() or not nul:
        return None
    try:
        return _READERS[kind](rest)
    except (ValueError, zlib.error) as error:
        raise PlaceError("the place in this picture is damaged") from error


def _plain(rest: bytes) -> str:
    return rest.decode("latin-1")


def _compressed(rest: bytes) -> str:
    return _inflated(rest[1:]).decode("latin-1")


def _international(rest: bytes) -> str:
    isCompressed = rest[:1] == b"\1"
    _language, _translated, text = rest[2:].split(b"\0", 2)
    return (_inflated(text) if isCompressed else text).decode()


def _inflated(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    text = stream.decompress(packed, _MOST_BYTES)
    if not stream.eof:
        raise ValueError("it does not end")
    return text


_READERS = {b"tEXt": _plain, b"zTXt": _compressed, b"iTXt": _international}
