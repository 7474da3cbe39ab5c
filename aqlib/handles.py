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
from collections import ChainMap
from collections.abc import Callable, MutableMapping
from typing import Any, NoReturn

Reducers = MutableMapping[type, Callable[[Any], Any]]


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
