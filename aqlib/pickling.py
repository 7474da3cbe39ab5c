# SPDX-License-Identifier: Apache-2.0
"""Pickles with large buffers apart. Both sides of the channel import this module; neither Twisted nor numpy is needed.

Protocol 5 lets arrays hand out their memory instead of copying it into the pickle (PEP 574).
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .frames import Buffer
from .resident import Resident

# Smaller buffers are copied into the pickle: that costs less than a place of their own.
SMALLEST_BUFFER = 4096
# And so are those that are more than a frame can count, see aqlib.frames.
_MOST_BUFFERS = 0xFFFF

# The name under which a worker imports the queue's main module.
MAIN_IN_WORKER = "__aq_main__"
_MAIN_IN_WORKER = MAIN_IN_WORKER.encode()
# Part of either name. A search, unlike `in`, finds bytes in a memoryview, and without copying it.
_MAIN = re.compile(b"_main__")


class Pickle(NamedTuple):
    """An object on its way: a pickle, and the buffers that it refers to."""

    payload: Buffer
    buffers: Sequence[Buffer] = ()

    @property
    def size(self) -> int:
        """Bytes in all."""
        return len(self.payload) + sum(len(buffer) for buffer in self.buffers)


class _ResidentPickler(pickle.Pickler):
    """Writes names of Residents in place of them."""

    def __init__(self, file: io.BytesIO, apart: Callable[[pickle.PickleBuffer], bool], name: Callable[[Resident], Any]):
        super().__init__(file, protocol=5, buffer_callback=apart)
        self._name = name

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Resident):
            return self._name(obj)
        return NotImplemented


def dumps(obj: Any, nameResident: Callable[[Resident], Any] | None = None) -> Pickle:
    """Pickle an object that is sent at once: its buffers are not copied.

    Args:
        nameResident: Gives the reduced form (as `__reduce__` does) of each Resident in it.
    """
    buffers: list[Buffer] = []

    def apart(buffer: pickle.PickleBuffer) -> bool:
        try:
            memory = buffer.raw()
        except BufferError:  # not contiguous
            return True
        if len(memory) < SMALLEST_BUFFER or len(buffers) == _MOST_BUFFERS:
            return True
        buffers.append(memory)
        return False

    if nameResident is None:
        return Pickle(pickle.dumps(obj, 5, buffer_callback=apart), buffers)
    file = io.BytesIO()
    _ResidentPickler(file, apart, nameResident).dump(obj)
    return Pickle(file.getbuffer(), buffers)


def dumpsByValue(obj: Any, nameResident: Callable[[Resident], Any] | None = None) -> Pickle:
    """Pickle an object with cloudpickle: functions that cannot be imported, such as lambdas, go by value."""
    import cloudpickle

    class ByValue(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no types
        def reducer_override(self, obj: Any) -> Any:
            if nameResident is not None and isinstance(obj, Resident):
                return nameResident(obj)
            return super().reducer_override(obj)

    file = io.BytesIO()
    ByValue(file, protocol=5).dump(obj)
    return Pickle(file.getbuffer())


class _MainUnpickler(pickle.Unpickler):
    """Finds names of the main module through a function."""

    def __init__(self, payload: Buffer, buffers: Sequence[Buffer], find: Callable[[str], Any]) -> None:
        super().__init__(io.BytesIO(payload), buffers=buffers)
        self._find = find

    def find_class(self, module: str, name: str) -> Any:
        if module in ("__main__", MAIN_IN_WORKER):
            found = self._find(module)
            for part in name.split("."):
                found = getattr(found, part)
            return found
        return super().find_class(module, name)


def loads(payload: Buffer, buffers: Sequence[Buffer] = (), findMain: Callable[[str], Any] | None = None) -> Any:
    """Rebuild an object. `findMain` gives the main module when the pickle refers to it."""
    if findMain is None or _MAIN.search(payload) is None:
        return pickle.loads(payload, buffers=buffers)
    return _MainUnpickler(payload, buffers, findMain).load()
