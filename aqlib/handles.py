# SPDX-License-Identifier: Apache-2.0
"""How objects that stand for something open in this process are pickled: connections, sockets, shared memory.

A plain pickle of a connection has the number of its descriptor, which means nothing, or something else, in the process
that it is sent to. multiprocessing's reducers pass the descriptor itself, through a thread of its resource_sharer, as
they do for concurrent.futures. Both sides of the channel import this module.
"""

from __future__ import annotations

import io
import pickle
import sys
import weakref
from collections import ChainMap
from collections.abc import Callable, MutableMapping
from typing import Any, NoReturn

Reducers = MutableMapping[type, Callable[[Any], Any]]


class Passed:
    """The duplicated descriptors of one pickle. Each is closed when a worker fetches it, or with this object.

    A descriptor can be fetched once.
    """

    def __init__(self) -> None:
        self._keys: list[int] = []

    @property
    def isFetched(self) -> bool:
        """Whether a worker has fetched any of the descriptors."""
        return not all(key in _cache() for key in self._keys)

    def collecting(self, reducers: Reducers) -> Reducers:
        """These reducers, which add to this object what they duplicate."""
        from multiprocessing import resource_sharer

        return ChainMap({resource_sharer.DupFd: self._reduce}, reducers)

    def close(self) -> None:
        """Close what no worker has fetched."""
        _closeUnfetched(self._keys)

    def _reduce(self, duplicate: Any) -> Any:
        if not self._keys:
            weakref.finalize(self, _closeUnfetched, self._keys).atexit = False
        self._keys.append(duplicate._id[1])
        return duplicate.__reduce_ex__(2)


def _closeUnfetched(keys: list[int]) -> None:
    for key in keys:
        # The sharer's thread takes an entry out before it sends the descriptor: whoever takes it out closes it.
        entry = _cache().pop(key, None)
        if entry is not None:
            entry[1]()


def _cache() -> dict[int, Any]:
    """What multiprocessing's resource_sharer holds for other processes: functions that send and close, by key."""
    from multiprocessing import resource_sharer

    return resource_sharer._resource_sharer._cache  # type: ignore[attr-defined,no-any-return]


def passing() -> Reducers | None:
    """For arguments: the reducers that pass what is open on to a worker. None when the program has no such objects.

    Sockets are not among them, for no program is without the module: a plain pickle refuses them, and then
    `passingAll` is asked for.
    """
    return passingAll() if _MODULES & sys.modules.keys() else None


def passingAll() -> Reducers:
    """As `passing`, with those for sockets."""
    from multiprocessing.reduction import ForkingPickler

    reducers: Any = ForkingPickler(io.BytesIO()).dispatch_table
    memory = sys.modules.get("multiprocessing.shared_memory")
    if memory is None:
        return reducers  # type: ignore[no-any-return]
    return ChainMap({memory.SharedMemory: _reduceMemory, memory.ShareableList: _reduceList}, reducers)


def refusing() -> Reducers | None:
    """For results: the reducers that refuse what is open. None when the process has no such objects.

    To take a connection from a worker's thread could make the reactor wait for a process that is stopped.
    """
    connection = sys.modules.get("multiprocessing.connection")
    if connection is None:
        return None
    from multiprocessing.reduction import ForkingPickler

    reducers: Any = ForkingPickler(io.BytesIO()).dispatch_table
    return ChainMap({connection.Connection: _refuse}, reducers)


# The modules without which there is nothing for the reducers to do.
_MODULES = {"multiprocessing.connection", "multiprocessing.shared_memory"}


def _refuse(value: object) -> NoReturn:
    raise pickle.PicklingError(
        f"an open {type(value).__name__} cannot leave its worker; make both ends in the queue's process, and pass one "
        "as an argument"
    )


def _reduceMemory(memory: Any) -> tuple[Callable[..., Any], tuple[str, str]]:
    return _attach, ("SharedMemory", memory.name)


def _reduceList(shared: Any) -> tuple[Callable[..., Any], tuple[str, str]]:
    return _attach, ("ShareableList", shared.shm.name)


def _attach(kind: str, name: str) -> Any:
    """Open shared memory by its name, without this process's resource tracker, which would remove it at its end."""
    from multiprocessing import resource_tracker, shared_memory

    attached = getattr(shared_memory, kind)(name=name)
    resource_tracker.unregister(f"/{name}", "shared_memory")
    return attached
