# SPDX-License-Identifier: Apache-2.0
"""Pickles with large buffers apart. Both sides of the channel import this module; neither Twisted nor numpy is needed.

Protocol 5 lets arrays hand out their memory instead of copying it into the pickle (PEP 574).
"""

from __future__ import annotations

import io
import pickle
import re
from collections import ChainMap
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple, cast

from .frames import Buffer, Payload
from .handles import Reducers
from .resident import Resident

# Smaller buffers are copied into the pickle: that costs less than a place of their own.
SMALLEST_BUFFER = 4096
# And so are those that are more than a frame can count, see aqlib.frames.
_MOST_BUFFERS = 0xFFFF

# The name under which a worker imports the queue's main module.
MAIN_IN_WORKER = "__aq_main__"
# Part of either name. A search, unlike `in`, finds bytes in a memoryview, and without copying it.
_MAIN = re.compile(b"_main__")
# A pickler writes what it makes in frames of 64 kB or so. Longer pieces are bytes and texts of the object.
_LONGEST_NAMES = 100_000


class Pickle(NamedTuple):
    """An object on its way: a pickle, the buffers that it refers to, and whether it may refer to the main module.

    A pickle with long strings of bytes is a list of pieces, of which those are themselves: nothing was copied.
    """

    payload: Payload
    buffers: Sequence[Buffer] = ()
    namesMain: bool = False

    @property
    def size(self) -> int:
        """Bytes in all."""
        payload = self.payload
        length = sum(map(len, payload)) if isinstance(payload, list) else len(payload)
        return length + sum(map(len, self.buffers))

    @property
    def whole(self) -> Buffer:
        """The pickle in one piece."""
        return b"".join(self.payload) if isinstance(self.payload, list) else self.payload


class _Pieces:
    """What a pickler writes, in pieces, and the buffers that it hands out. Long strings of bytes are not copied.

    (`pickle.dumps` lets its output grow as it goes, which takes ten times as long as copying it.)
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._buffers: list[Buffer] = []
        self.write = self._pieces.append

    def apart(self, buffer: pickle.PickleBuffer) -> bool:
        """Keep a buffer apart from the pickle. True when it is to be copied there."""
        try:
            memory = buffer.raw()
        except BufferError:  # not contiguous
            return True
        if len(memory) < SMALLEST_BUFFER or len(self._buffers) == _MOST_BUFFERS:
            return True
        self._buffers.append(memory)
        return False

    def pickle(self) -> Pickle:
        """All that was written."""
        pieces, buffers = self._pieces, self._buffers
        if len(pieces) == 1:
            return Pickle(pieces[0], buffers, _MAIN.search(pieces[0]) is not None)
        # Of a long bytearray, and of a long buffer that was not kept apart, a pickler writes the object itself.
        pieces = [piece if type(piece) is bytes else bytes(piece) for piece in pieces]
        # A long piece is a value, in which no name can be.
        short = [piece for piece in pieces if len(piece) < _LONGEST_NAMES]
        namesMain = any(_MAIN.search(piece) is not None for piece in short)
        return Pickle(b"".join(pieces) if len(short) == len(pieces) else pieces, buffers, namesMain)


class _ResidentPickler(pickle.Pickler):
    """Writes names of Residents in place of them."""

    def __init__(
        self, file: Any, apart: Callable[[pickle.PickleBuffer], bool], name: Callable[[Resident], Any]
    ) -> None:
        super().__init__(file, protocol=5, buffer_callback=apart)
        self._name = name

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Resident):
            return self._name(obj)
        return NotImplemented


def dumps(
    obj: Any, nameResident: Callable[[Resident], Any] | None = None, reducers: Reducers | None = None
) -> Pickle:
    """Pickle an object that is sent at once: its buffers are not copied.

    Args:
        nameResident: Gives the reduced form (as `__reduce__` does) of each Resident in it.
        reducers: Those for objects that stand for something open, see aqlib.handles.
    """
    pieces: Any = _Pieces()
    if nameResident is None:
        pickler = pickle.Pickler(pieces, 5, buffer_callback=pieces.apart)
    else:
        pickler = _ResidentPickler(pieces, pieces.apart, nameResident)
    if reducers is not None:
        pickler.dispatch_table = reducers
    pickler.dump(obj)
    return cast("Pickle", pieces.pickle())


def dumpsByValue(
    obj: Any, nameResident: Callable[[Resident], Any] | None = None, reducers: Reducers | None = None
) -> Pickle:
    """Pickle an object with cloudpickle: functions that cannot be imported, such as lambdas, go by value.

    The arguments are those of `dumps`.
    """
    import cloudpickle

    class ByValue(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no types
        dispatch_table: ClassVar[Any] = ChainMap(reducers or {}, cloudpickle.Pickler.dispatch_table)

        def reducer_override(self, obj: Any) -> Any:
            if nameResident is not None and isinstance(obj, Resident):
                return nameResident(obj)
            return super().reducer_override(obj)

    pieces = _Pieces()
    ByValue(pieces, protocol=5, buffer_callback=pieces.apart).dump(obj)
    return pieces.pickle()


_MISSING = object()


class _MainUnpickler(pickle.Unpickler):
    """Finds names of the main module through a function."""

    def __init__(self, payload: Buffer, buffers: Sequence[Buffer], find: Callable[[str], Any]) -> None:
        super().__init__(io.BytesIO(payload), buffers=buffers)
        self._find = find

    def find_class(self, module: str, name: str) -> Any:
        if module in ("__main__", MAIN_IN_WORKER):
            found = self._find(module)
            for part in name.split("."):
                found = getattr(found, part, _MISSING)
            if found is _MISSING:
                raise AttributeError(
                    f"The main module has no {name!r} when a worker process imports it. Define it at the top level of "
                    "the module, not under `if __name__ == '__main__':`."
                )
            return found
        return super().find_class(module, name)


def loads(payload: Buffer, buffers: Sequence[Buffer] = (), findMain: Callable[[str], Any] | None = None) -> Any:
    """Rebuild an object. `findMain` gives the main module when the pickle refers to it."""
    if findMain is None or _MAIN.search(payload) is None:
        return pickle.loads(payload, buffers=buffers)
    return _MainUnpickler(payload, buffers, findMain).load()
