# SPDX-License-Identifier: Apache-2.0
"""The forms of a call: options mixed with the callee's arguments (`queue.call`), or apart from them (`queue.using`)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Coroutine, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypedDict, TypeVar, overload

from .task import Options, Task

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

    from .iteration import Deferator

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C")


class MapOptions(TypedDict, total=False):
    """How the chunks of a map are queued, for type checkers."""

    niceness: int
    series: Hashable
    doNext: bool
    doLast: bool
    timeout: float | None
    name: str | None
    group: str | None
    after: Iterable[Task]
    afterAny: bool
    memoryLimit: int | None


class CallOptions(MapOptions, total=False):
    """How calls are queued, for type checkers: the options that say nothing of what the Deferred fires with."""

    notBefore: float | timedelta | datetime | None
    retries: int
    backoff: float
    retryOn: type[BaseException] | tuple[type[BaseException], ...] | None
    softTimeout: float | None


class Submitter(Protocol):
    """The queue, as a Calling knows it."""

    def submitWith(
        self, options: Options, f: Callable[..., Any], args: tuple[Any, ...], kw: dict[str, Any]
    ) -> Task: ...


def choose(plain: Options, chosen: Mapping[str, Any]) -> Options:
    """The Options of these values. A time-out of None is that of `plain`, the queue's own."""
    given = {name: value for name, value in chosen.items() if name != "timeout" or value is not None}
    return replace(plain, **given) if given else plain


class _Caller:
    """A queue and options for it."""

    __slots__ = ("_options", "_queue")

    def __init__(self, queue: Submitter, options: Options) -> None:
        self._queue = queue
        self._options = options

    def submit(self, f: Callable[P, Any], *args: P.args, **kw: P.kwargs) -> Task:
        """Queue a call and give its Task."""
        return self._queue.submitWith(self._options, f, args, dict(kw))


class Calling(_Caller):
    """What `queue.using(...)` gives: `call` and `submit` with those options."""

    __slots__ = ()

    # For type checkers: what the Deferred fires with, unless the options have raw.
    @overload
    def call(self, f: Callable[P, Iterator[R]], *args: P.args, **kw: P.kwargs) -> Deferred[Deferator[R]]: ...
    @overload
    def call(self, f: Callable[P, Coroutine[Any, Any, R]], *args: P.args, **kw: P.kwargs) -> Deferred[R]: ...
    @overload
    def call(self, f: Callable[P, Deferred[R]], *args: P.args, **kw: P.kwargs) -> Deferred[R]: ...
    @overload
    def call(self, f: Callable[P, R], *args: P.args, **kw: P.kwargs) -> Deferred[R]: ...
    def call(self, f: Callable[P, Any], *args: P.args, **kw: P.kwargs) -> Deferred[Any]:
        """Queue a call. See TaskQueue.call."""
        return self._queue.submitWith(self._options, f, args, dict(kw)).deferred


class ConsumerCalling(_Caller, Generic[C]):
    """What `queue.using(consumer=...)` gives: calls whose items go to the consumer."""

    __slots__ = ()

    def call(self, f: Callable[P, Any], *args: P.args, **kw: P.kwargs) -> Deferred[C]:
        """Queue a call, whose Deferred fires with the consumer after the last item. See TaskQueue.call."""
        return self._queue.submitWith(self._options, f, args, dict(kw)).deferred


def warnLegacy(legacy: dict[str, Any]) -> None:
    """Say that these options of AsynQueue have no effect. Raises TypeError for what never was one."""
    for name in legacy:
        if name not in ("warn", "verbose", "spew", "returnFailure"):
            raise TypeError(f"There is no option {name!r}.")
        warnings.warn(
            f"{name!r} has no effect: errors are errbacks, and aqlib logs by twisted.logger.",
            DeprecationWarning,
            stacklevel=3,
        )
