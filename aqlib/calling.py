# SPDX-License-Identifier: Apache-2.0
"""The forms of a call: options mixed with the callee's arguments (`queue.call`), or apart from them (`queue.using`)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Container, Coroutine, Hashable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
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
    after: Task | Iterable[Task]
    afterAny: bool
    retries: int
    backoff: float
    retryOn: type[BaseException] | tuple[type[BaseException], ...] | None
    memoryLimit: int | None


class CallOptions(MapOptions, total=False):
    """How calls are queued, for type checkers: the options that say nothing of what the Deferred fires with."""

    notBefore: float | timedelta | datetime | None
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


# What each option is when nothing is said of it, in the order of the fields of Options.
DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Options)}
_PLAIN = tuple(DEFAULTS.values())
# What equals a whole number here and is none must be refused each time.
_NICENESS, _RETRIES = (list(DEFAULTS).index(name) for name in ("niceness", "retries"))
# Of these each task may have its own.
_OF_ONE_TASK = tuple(list(DEFAULTS).index(name) for name in ("consumer", "name", "after", "notBefore"))
_TIMEOUT = list(DEFAULTS).index("timeout")
# So many different choices are remembered.
_MOST_CHOICES = 256


class Choices:
    """Makes Options, and one object for the same choice: there may be a million tasks that are queued alike.

    Args:
        plain: The Options of calls that say nothing.
    """

    def __init__(self, plain: Options) -> None:
        self._plain = plain
        self._known: dict[tuple[Any, ...], Options] = {}

    def of(self, values: tuple[Any, ...]) -> Options:
        """The Options of these values, in the order of their fields. A time-out of None is that of the queue."""
        mayShare = type(values[_NICENESS]) is type(values[_RETRIES]) is int
        if mayShare and values == _PLAIN:
            return self._plain
        if not mayShare or any(values[i] != _PLAIN[i] for i in _OF_ONE_TASK):
            return self._make(values)
        try:
            known = self._known.get(values)
        except TypeError:
            # What is no key is refused, and where Options can say what should stand there, by that.
            self._make(values)
            raise
        if known is None:
            known = self._make(values)
            if len(self._known) == _MOST_CHOICES:
                self._known.clear()
            self._known[values] = known
        return known

    def _make(self, values: tuple[Any, ...]) -> Options:
        complete = list(values)
        if complete[_TIMEOUT] is None:
            complete[_TIMEOUT] = self._plain.timeout
        return Options(*complete)


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
        return self._queue.submitWith(self._options, f, args, dict(kw)).giveDeferred()


class ConsumerCalling(_Caller, Generic[C]):
    """What `queue.using(consumer=...)` gives: calls whose items go to the consumer."""

    __slots__ = ()

    def call(self, f: Callable[P, Any], *args: P.args, **kw: P.kwargs) -> Deferred[C]:
        """Queue a call, whose Deferred fires with the consumer after the last item. See TaskQueue.call."""
        return self._queue.submitWith(self._options, f, args, dict(kw)).giveDeferred()


_QUEUE_OPTIONS = ("warn", "verbose", "spew", "returnFailure")


def warnLegacy(
    legacy: dict[str, Any],
    known: Container[str] = _QUEUE_OPTIONS,
    reason: str = "errors are errbacks, and aqlib logs by twisted.logger",
) -> None:
    """Warn that options of AsynQueue have no effect here.

    Args:
        legacy: The options, with their values.
        known: The names that AsynQueue had in this place.
        reason: Why they have no effect.

    Raises: TypeError for a name that is not known.
    """
    for name in legacy:
        if name not in known:
            raise TypeError(f"There is no option {name!r}.")
        warnings.warn(f"{name!r} has no effect: {reason}.", DeprecationWarning, stacklevel=3)
