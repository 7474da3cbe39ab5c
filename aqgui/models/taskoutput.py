# SPDX-License-Identifier: GPL-3.0-or-later
"""TaskOutput: all that one task has written, in memory while it is short and in a file when it is long."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .outputfolder import OutputFolder

LIMIT_BYTES = 100_000_000
# What is shorter needs no file.
MEMORY_BYTES = 1 << 16
# A longer line continues in the next one, so that reading a line has a bound.
MAX_LINE_BYTES = 1 << 14
# The offset of every line of this number is noted.
_LINES_PER_MARK = 64


class TaskOutput:
    """Bytes that only grow, and their lines by number. Beyond the limit the head and the tail are kept.

    The file holds the head, which is half of the limit, and behind it a ring with the newest bytes.

    Args:
        folder: Where the file goes.
        limit: How many bytes to keep.

    Attributes: `size`, all bytes so far; `error`, why bytes could not be kept, or an empty text.
    """

    __slots__ = ("_descriptor", "_folder", "_half", "_headMarks", "_lineBytes", "_memory", "_newlines", "_path",
                 "_tailMarks", "error", "size")  # fmt: skip

    def __init__(self, folder: OutputFolder, limit: int = LIMIT_BYTES) -> None:
        self.size = 0
        self.error = ""
        self._folder = folder
        self._half = max(limit // 2, 1)
        self._memory: bytearray | None = bytearray()
        self._path: Path | None = None
        self._descriptor = -1
        self._newlines = 0
        self._lineBytes = 0  # of the last line, which may go on
        self._headMarks = [0]
        self._tailMarks: deque[tuple[int, int]] = deque()  # line number, offset

    def add(self, text: str) -> None:
        """Keep more."""
        data = self._broken(text.encode("utf-8", "replace"))
        self._mark(data)
        if self._memory is not None:
            if len(self._memory) + len(data) <= min(MEMORY_BYTES, 2 * self._half):
                self._memory += data
                self.size += len(data)
                return
            kept, self._memory = bytes(self._memory), None
            self.size = 0
            self._write(kept)
        self._write(data)

    def rest(self) -> None:
        """The task has ended: hold no file open."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def discard(self) -> None:
        """Nobody looks at it any more."""
        self.rest()
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()

    # Reading.

    @property
    def cutBytes(self) -> int:
        """How many bytes between head and tail are not kept."""
        return max(self.size - 2 * self._half, 0)

    def read(self, start: int, stop: int) -> bytes:
        """The kept bytes from offset `start` to before `stop`."""
        if self._memory is not None:
            return bytes(self._memory[start:stop])
        parts = []
        if start < self._half:
            parts.append(self._readFile(start, min(stop, self._half)))
        start = max(start, self._half, self.size - self._half)
        while start < stop:
            place = self._place(start)
            count = min(stop - start, 2 * self._half - place)
            parts.append(self._readFile(place, place + count))
            start += count
        return b"".join(parts)

    @property
    def lineCount(self) -> int:
        """How many lines there are, those that were cut included."""
        return self._newlines + (self._lineBytes > 0)

    @property
    def cutLines(self) -> range:
        """The numbers of the lines that are not kept; an empty range when all are."""
        if not self.cutBytes:
            return range(0)
        first = (len(self._headMarks) - 1) * _LINES_PER_MARK
        self._dropMarks()
        return range(first, self._tailMarks[0][0] if self._tailMarks else self.lineCount)

    def lines(self, first: int, count: int) -> list[bytes]:
        """Lines without their newline, as many as there are; none that are cut."""
        cut = self.cutLines
        if first in cut:
            first = cut.stop
        count = min(count, (cut.start if first < cut.start else self.lineCount) - first)
        if count <= 0:
            return []
        number, offset = self._markBefore(first)
        skip = first - number
        data = b""
        end = self._half if cut and first < cut.start else self.size
        while offset < end and data.count(b"\n") < skip + count:
            chunk = self.read(offset, min(offset + (1 << 16), end))
            if not chunk:
                break
            data += chunk
            offset += len(chunk)
        return data.split(b"\n")[skip : skip + count]

    @property
    def text(self) -> str:
        """What is kept, with a line that tells what is cut."""
        if not self.cutBytes:
            kept = self.read(0, self.size).decode("utf-8", "replace")
            return f"{kept}{self.error}"
        head = self.read(0, self._half).decode("utf-8", "ignore")
        tail = self.read(self.size - self._half, self.size).decode("utf-8", "ignore")
        return f"{head}\n{self.cutText}\n{tail}{self.error}"

    @property
    def cutText(self) -> str:
        """What stands in place of the bytes that are not kept."""
        return f"[{self.cutBytes:,} bytes are missing here: the limit is {2 * self._half:,} bytes for each task]"

    # Writing.

    def _broken(self, data: bytes) -> bytes:
        """Break lines that are too long."""
        if self._lineBytes + len(data) <= MAX_LINE_BYTES:
            return data
        bounds = np.concatenate(([-1 - self._lineBytes], _newlines(data), [len(data)]))
        if np.diff(bounds).max() <= MAX_LINE_BYTES:
            return data
        parts = []
        room = MAX_LINE_BYTES - self._lineBytes
        for line in _lines(data):
            while len(line) > room and line[room:] != b"\n":
                parts += [line[:room], b"\n"]
                line, room = line[room:], MAX_LINE_BYTES
            parts.append(line)
            room = MAX_LINE_BYTES if line.endswith(b"\n") else room - len(line)
        return b"".join(parts)

    def _mark(self, data: bytes) -> None:
        ends = _newlines(data)
        numbers = self._newlines + 1 + np.arange(len(ends))
        for index in np.flatnonzero(numbers % _LINES_PER_MARK == 0):
            offset = self.size + int(ends[index]) + 1
            if offset <= self._half:
                self._headMarks.append(offset)
            self._tailMarks.append((int(numbers[index]), offset))
        self._newlines += len(ends)
        self._lineBytes = len(data) - int(ends[-1]) - 1 if len(ends) else self._lineBytes + len(data)
        self._dropMarks()

    def _dropMarks(self) -> None:
        while self._tailMarks and self._tailMarks[0][1] < self.size - self._half:
            self._tailMarks.popleft()

    def _markBefore(self, line: int) -> tuple[int, int]:
        """The number and the offset of a line at or before this one."""
        if line // _LINES_PER_MARK < len(self._headMarks):
            number = line // _LINES_PER_MARK
            return number * _LINES_PER_MARK, self._headMarks[number]
        first = self._tailMarks[0][0]
        return self._tailMarks[min((line - first) // _LINES_PER_MARK, len(self._tailMarks) - 1)]

    def _place(self, offset: int) -> int:
        """Where in the file a byte is."""
        return offset if offset < self._half else self._half + (offset - self._half) % self._half

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            place = self._place(self.size)
            end = self._half if place < self._half else 2 * self._half
            part = view[: end - place]
            self._writeFile(part, place)
            self.size += len(part)
            view = view[len(part) :]

    def _writeFile(self, data: memoryview, place: int) -> None:
        try:
            os.pwrite(self._open(), data, place)
        except OSError as error:
            self.error = f"\n[Output could not be kept: {error.strerror}]\n"

    def _readFile(self, start: int, stop: int) -> bytes:
        try:
            return os.pread(self._open(), max(stop - start, 0), start)
        except OSError as error:
            self.error = f"\n[Output could not be read: {error.strerror}]\n"
            return b""

    def _open(self) -> int:
        if self._descriptor < 0:
            if self._path is None:
                self._path = self._folder.newFile()
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor


def _newlines(data: bytes) -> npt.NDArray[np.intp]:
    """The places of the newlines."""
    return np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))


def _lines(data: bytes) -> list[bytes]:
    """Lines with their newlines; a carriage return ends none."""
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])
