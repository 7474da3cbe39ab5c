# SPDX-License-Identifier: Apache-2.0
"""The part of a TaskQueue that takes calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Unpack, overload

from twisted.internet.defer import Deferred

from .calling import DEFAULTS, C, Calling, CallOptions, Choices, ConsumerCalling, choose, warnLegacy
from .task import Options, Task

if TYPE_CHECKING:
    from twisted.internet.interfaces import IConsumer


class Calls(ABC):
    """`call` and its other forms, for a queue.

    Args:
        options: What holds for calls that say nothing else.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._choices = Choices(options)

    def call(
        self,
        f: Callable[..., Any],
        *args: Any,
        niceness: int = 0,
        series: Hashable = None,
        doNext: bool = False,
        doLast: bool = False,
        timeout: float | None = None,
        consumer: IConsumer | None = None,
        raw: bool = False,
        name: str | None = None,
        group: str | None = None,
        after: Task | Iterable[Task] = (),
        afterAny: bool = False,
        notBefore: float | timedelta | datetime | None = None,
        retries: int = 0,
        backoff: float = 1.0,
        retryOn: type[BaseException] | tuple[type[BaseException], ...] | None = None,
        softTimeout: float | None = None,
        memoryLimit: int | None = None,
        returnFailure: bool | None = None,
        **kw: Any,
    ) -> Deferred[Any]:
        """Queue a call of `f` with `args` and `kw`.

        Args:
            f: What to call. For process workers it must be importable there, or something that cloudpickle can take.
            niceness: From -20 (first) to 20 (last).
            series: The workers that are qualified for it may run the task, and series take turns.
            doNext: Put it before all that is not doNext.
            doLast: Put it after all that is not doLast.
            timeout: Seconds from the task's start after which it is ended and errbacks TimeoutError.
            softTimeout: Seconds from its start after which it is asked to end: `aqlib.cancelled()` is True in it then,
                and its result counts as ever. It is below `timeout`.
            consumer: An IConsumer that gets the items, when the result is an iterator.
            raw: Give an iterator as it is, from workers that share this process's memory.
            name, group: What to call it, and what it is a piece of, where people read it.
            after: A task or several, of this queue or another one, that must have ended before it is queued. When one
                of them fails or is cancelled, it is not run and errbacks DependencyFailed.
            afterAny: Run it whatever becomes of those.
            notBefore: Seconds from now, or a datetime with a time zone, before which it is not queued.
            retries: So often it is run again when it fails, a stream only before its first item. Its Deferred fires
                once, with the first result or the last error.
            backoff: Seconds before the first of these; they double from one to the next, up to a minute.
            retryOn: The exceptions, a class or a tuple of them, after which it is run again. When not given: any
                Exception but WorkerLost, TimeoutError, EncodingError and QueueRunError.
            memoryLimit: How many bytes its process may have in RAM, as ProcessQueue's option; the task's own counts.

        Returns: A Deferred that fires with the result; with a Deferator when the result is an iterator; with the
        consumer after its last item. It errbacks with the task's own exception where that can be rebuilt, else
        TaskError; with WorkerLost, TimeoutError, DependencyFailed or CancelledError; with QueueFull beyond the
        queue's `maxWaiting`; with QueueRunError after a shutdown.

        Raises: ValueError for a niceness, a number of seconds or a time that is none, and for options that exclude each
        other; TypeError for what is no task.
        """
        if returnFailure is not None:
            warnLegacy({"returnFailure": returnFailure})
        options = self._choices.of((
            niceness, series, doNext, doLast, timeout, consumer, raw, name, group, after, afterAny, notBefore, retries,
            backoff, retryOn, softTimeout, memoryLimit,
        ))  # fmt: skip
        return self.submitWith(options, f, args, kw).giveDeferred()

    def submit(self, f: Callable[..., Any], *args: Any, **kw: Any) -> Task:
        """As `call`, with the same options, but gives the Task; its `deferred` is what `call` gives."""
        if "returnFailure" in kw:
            warnLegacy({"returnFailure": kw.pop("returnFailure")})
        options = self._options
        if not DEFAULTS.keys().isdisjoint(kw):
            options = self._choices.of(tuple([kw.pop(name, default) for name, default in DEFAULTS.items()]))
        return self.submitWith(options, f, args, kw)

    @overload
    def using(self, *, consumer: None = None, raw: bool = False, **options: Unpack[CallOptions]) -> Calling: ...
    @overload
    def using(self, *, consumer: C, **options: Unpack[CallOptions]) -> ConsumerCalling[C]: ...
    def using(
        self, *, consumer: Any = None, raw: bool = False, **options: Unpack[CallOptions]
    ) -> Calling | ConsumerCalling[Any]:
        """The typed form, `queue.using(niceness=5).call(f, *args, **kw)`: options stand apart from f's arguments.

        They are those of `call`. Raises TypeError for others.
        """
        for name in options:
            if name not in DEFAULTS:
                raise TypeError(f"There is no option {name!r}.")
        chosen = choose(self._options, {**options, "consumer": consumer, "raw": raw})
        return Calling(self, chosen) if consumer is None else ConsumerCalling(self, chosen)

    def retry(self, task: Task) -> Task:
        """Queue the call of a task again, with the same options and consumer, as a new task that waits for no other."""
        return self.submitWith(task.options, task.call.f, task.call.args, task.call.kw)

    @abstractmethod
    def submitWith(
        self,
        options: Options,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kw: dict[str, Any],
        isAccepted: bool = False,
    ) -> Task:
        """Queue a call whose options stand apart: what `call`, `submit` and `using` come down to.

        Args:
            isAccepted: It belongs to what was accepted before, and is neither too late nor too much.
        """
