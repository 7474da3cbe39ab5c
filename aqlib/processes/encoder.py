# SPDX-License-Identifier: Apache-2.0
"""Encoding calls for worker processes, with the Residents in them, and decoding what comes back."""

from __future__ import annotations

import pickle
import sys
import weakref
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, NamedTuple

from ..child.residents import find
from ..errors import EncodingError, RemoteTraceback, TaskError
from ..frames import MAIN_KNOWN, Frame
from ..handles import Passed, passing, passingAll
from ..pickling import Pickle, dumps, dumpsByValue, loads
from ..resident import Resident
from ..task import Call
from .interpreter import mainModule

_FUNCTIONS = frozenset((FunctionType, BuiltinFunctionType))
# The payload of a call that is pickled when it is sent.
PLAIN = object()
_SCALARS = frozenset((int, float, bool, complex, str, type(None)))


class Encoded(NamedTuple):
    """A call as it travels, the tokens of the Residents that a worker must have to make it, and whose tokens they are.

    `by` matters for workers that do not belong to one ProcessQueue and yet serve one queue. `passed` owns the
    descriptors that the call passes to its worker.
    """

    pickle: Pickle
    tokens: tuple[int, ...] = ()
    by: Encoder | None = None
    passed: Passed | None = None


class _Entry(NamedTuple):
    token: int
    reference: weakref.ref[Resident]


class Encoder:
    """Encodes for all process workers of one queue.

    Args:
        forgotten: Called, in whichever thread that happens, with the token of a Resident that has died.
    """

    def __init__(self, forgotten: Callable[[int], None]) -> None:
        self._forgotten = forgotten
        self._entries: dict[int, _Entry] = {}
        self._snapshots: dict[int, Encoded] = {}
        self._lastToken = 0
        self._lastPlain: Any = None

    def prepare(self, call: Call) -> None:
        """Pickle a call as it is now, for `encode`. Raises EncodingError with the remedy.

        A plain call is pickled when it is sent: nothing in it can change meanwhile.
        """
        if _isPlain(call) and (call.f is self._lastPlain or _isImportable(call.f)):
            self._lastPlain = call.f
            call.payload = PLAIN
        else:
            call.payload = self._encode(call)

    def _encode(self, call: Call) -> Encoded:
        tokens: dict[int, None] = {}

        def name(resident: Resident) -> Any:
            token = self._tokenOf(resident)
            tokens[token] = None
            return find, (token,)

        pickled, passed = _snapshot((call.f, call.args, call.kw), name, call)
        return Encoded(pickled, tuple(tokens), self, passed)

    def encode(self, call: Call) -> Encoded:
        """The pickle of a call. Raises EncodingError with the remedy."""
        if call.payload is None:
            self.prepare(call)
        known = call.payload
        if known is PLAIN:
            payload = dumpsPlain(call)
            if payload is not None:
                return Encoded(Pickle(payload))
        if not isinstance(known, Encoded) or known.by is not self:
            known = call.payload = self._encode(call)
        if known.passed is not None and known.passed.isFetched:
            raise EncodingError(
                f"{call.describe(200)} cannot be sent again: its connections and sockets went to a worker with the "
                "first attempt. Queue a new call with open ones."
            )
        return known

    def resident(self, token: int) -> Encoded:
        """The first copy of a Resident."""
        return self._snapshots[token]

    def _tokenOf(self, resident: Resident) -> int:
        key = id(resident)
        entry = self._entries.get(key)
        if entry is not None:
            return entry.token
        self._lastToken += 1
        token = self._lastToken
        tokens: dict[int, None] = {}

        def name(inner: Resident) -> Any:
            if inner is resident:
                return NotImplemented
            tokens[self._tokenOf(inner)] = None
            return find, (self._tokenOf(inner),)

        pickled, passed = _snapshot(resident, name, None)
        self._snapshots[token] = Encoded(pickled, tuple(tokens), passed=passed)
        self._entries[key] = _Entry(token, weakref.ref(resident, lambda _: self._died(key)))
        return token

    def _died(self, key: int) -> None:
        entry = self._entries.pop(key)
        self._snapshots.pop(entry.token, None)
        self._forgotten(entry.token)


def _isPlain(call: Call) -> bool:
    """Whether nothing in a call is a Resident, has a buffer or is of the main module: the fastest way will do."""
    f = call.f
    return (
        not call.kw
        and type(f) in _FUNCTIONS
        and f.__module__ != "__main__"
        and _SCALARS.issuperset(map(type, call.args))
    )


def _isImportable(f: Any) -> bool:
    """Whether a function is found where its name says, as pickle will want to find it."""
    found: Any = sys.modules.get(f.__module__)
    for name in f.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is f


def dumpsPlain(call: Call) -> bytes | None:
    """The pickle of a call whose payload is PLAIN; None when its module has another function of that name by now."""
    try:
        return pickle.dumps((call.f, call.args, call.kw), 5)
    except pickle.PicklingError:
        return None


def _snapshot(obj: Any, name: Callable[[Resident], Any], call: Call | None) -> tuple[Pickle, Passed]:
    """Pickle an object with its buffers as they are now: the user may change them before they are sent."""
    pickled, passed = _pickle(obj, name, call)
    # Of a read-only array, too, its owner may have another that is not.
    return pickled._replace(buffers=[bytes(buffer) for buffer in pickled.buffers]), passed


def _pickle(obj: Any, name: Callable[[Resident], Any], call: Call | None) -> tuple[Pickle, Passed]:
    passed = Passed()
    try:
        reducers = passing()
        pickled = dumps(obj, name, reducers and passed.collecting(reducers))
        # A worker cannot import the main module of an interactive session.
        if not pickled.namesMain or mainModule() != (None, None):
            return pickled, passed
    except Exception:  # what can be done about it comes below
        pass
    passed.close()  # what the first try has duplicated
    passed = Passed()
    try:
        return dumpsByValue(obj, name, passed.collecting(passingAll())), passed
    except Exception as error:
        passed.close()
        what = call.describe(200) if call is not None else f"The {type(obj).__qualname__}"
        raise EncodingError(
            f"{what} cannot be pickled, and so cannot go to a worker process ({type(error).__name__}: {error}). "
            "Pass plain data, make what it needs in the task itself, or use a thread worker."
        ) from error


def findMain(_: str) -> ModuleType:
    """The main module: what a worker knows under another name."""
    return sys.modules["__main__"]


def decode(frame: Frame) -> Any:
    """The value in a frame. Raises EncodingError when it cannot be rebuilt here."""
    try:
        if frame.flags & MAIN_KNOWN:
            return loads(frame.payload, frame.buffers, findMain)
        return pickle.loads(frame.payload, buffers=frame.buffers)
    except BaseException as error:  # a SystemExit, too, is what this one value does
        raise EncodingError(
            f"What the task gave could not be unpickled here ({type(error).__name__}: {error}). Its classes must be "
            "importable in the queue's process, too."
        ) from error


def decodeError(frame: Frame, where: str) -> Exception:
    """The exception in a frame, itself or as a TaskError; `where` says what call it was and which worker."""
    encoded, description, text = pickle.loads(frame.payload)
    text = f"{text.rstrip()}\n{where}"
    if encoded is not None:
        try:
            error = loads(encoded, (), findMain if frame.flags & MAIN_KNOWN else None)
        except BaseException:
            error = None
        if isinstance(error, Exception):
            error.__cause__ = RemoteTraceback(text)
            return error
    return TaskError(f"{description}\n{text}")
