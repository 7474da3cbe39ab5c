# SPDX-License-Identifier: Apache-2.0
"""The part of a TaskQueue that maps."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any, Literal, TypeVar, Unpack, overload
from weakref import WeakKeyDictionary

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from ..calling import MapOptions
from ..dispatcher import Dispatcher
from ..reactors import requireReactorThread
from ..takers import Offer
from ..task import Options, Task
from .chunk import nameOf
from .deferator import MapDeferator
from .inputs import Inputs
from .pace import Pace
from .run import Run

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
R = TypeVar("R")


class Mapping(ABC):
    """`map`, for a queue."""

    dispatcher: Dispatcher
    reactor: Any

    _options: Options

    def __init__(self) -> None:
        self._runs: dict[Run, None] = {}
        # What is known of functions that were mapped before.
        self._paces: WeakKeyDictionary[Callable[..., Any], Pace] = WeakKeyDictionary()

    @overload
    def map(
        self,
        f: Callable[[A], Coroutine[Any, Any, R] | Deferred[R]],
        one: Iterable[A],
        /,
        *,
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: Literal[False] = False,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[R]: ...
    @overload
    def map(
        self,
        f: Callable[[A, B], Coroutine[Any, Any, R] | Deferred[R]],
        one: Iterable[A],
        two: Iterable[B],
        /,
        *,
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: Literal[False] = False,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[R]: ...
    @overload
    def map(
        self,
        f: Callable[[A], R],
        one: Iterable[A],
        /,
        *,
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: Literal[False] = False,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[R]: ...
    @overload
    def map(
        self,
        f: Callable[[A, B], R],
        one: Iterable[A],
        two: Iterable[B],
        /,
        *,
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: Literal[False] = False,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[R]: ...
    @overload
    def map(
        self,
        f: Callable[[A, B, C], R],
        one: Iterable[A],
        two: Iterable[B],
        three: Iterable[C],
        /,
        *,
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: Literal[False] = False,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[R]: ...
    @overload
    def map(
        self,
        f: Callable[..., R],
        one: Iterable[Any],
        two: Iterable[Any],
        three: Iterable[Any],
        four: Iterable[Any],
        /,
        *more: Iterable[Any],
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: Literal[False] = False,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[R]: ...
    @overload
    def map(
        self,
        f: Callable[..., R],
        /,
        *iterables: Iterable[Any],
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: bool,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[R | Exception]: ...
    def map(
        self,
        f: Callable[..., Any],
        /,
        *iterables: Iterable[Any],
        chunksize: int | None = None,
        ordered: bool = True,
        returnExceptions: bool = False,
        **options: Unpack[MapOptions],
    ) -> MapDeferator[Any]:
        """Call `f` with each of the inputs: one argument from each iterable, until the shortest ends.

        The calls travel in chunks, each of which is a task of the queue. The iterables are read in the reactor's thread
        as they are needed: they may be endless, and should not block. How far they are read ahead of what is taken is
        bounded. A map whose results nobody can take any more is stopped, as a stream is: see Deferator.

        Args:
            chunksize: How many calls each chunk has. When not given, they grow from one call to some milliseconds of
                work, as it is measured, and get smaller towards the end.
            ordered: Give the results in the order of the inputs, and not as chunks end.
            returnExceptions: Give a call's exception in the place of its result, and go on. Where a whole chunk has no
                answer, because its worker died, each of its inputs gets that error.
            retries, backoff, retryOn: As for `call`, for each input: it is called again by itself.
            niceness, series, doNext, doLast, name, group, after, afterAny: As for `call`; all chunks have them.
            timeout: Seconds that one chunk may run.

        Returns: A MapDeferator, at once. Its `toList()` is a Deferred of the list of all results. The first error ends
        the map and comes after the results before it; it is the call's own exception where that can be rebuilt, with a
        note (`__notes__`) that says which input it came from. Results of AsyncWorkers that are Deferreds or coroutines
        are waited for, so that as many are under way as there are workers.

        Raises: TypeError for what is no iterable or option; ValueError for a chunksize below 1, and as `call` does.
        """
        requireReactorThread(self.reactor)
        chosen = self._choose(f, options)
        pace = self._paceOf(f) if chunksize is None else Pace(chunksize)
        run = Run(self, f, Inputs(iterables), pace, ordered, returnExceptions, chosen, self._runEnded)
        self._runs[run] = None
        refusal = self.refusal()
        if refusal is not None:
            run.abandon(Failure(refusal))
        else:
            run.fill()
        deferator: MapDeferator[Any] = MapDeferator(run.source)
        run.source.closeWith(deferator, self.dispatcher.callSoon)
        return deferator

    @abstractmethod
    def submitWith(
        self,
        options: Options,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kw: dict[str, Any],
        isAccepted: bool = False,
    ) -> Task:
        """Queue a call."""

    @abstractmethod
    def refusal(self) -> Exception | None:
        """Why no calls are taken, if it is so."""

    @abstractmethod
    def letGo(self) -> None:
        """Nothing may be left to do: if so, and the queue is shut down, let the workers go."""

    def _choose(self, f: Callable[..., Any], options: MapOptions) -> Options:
        for name in options:
            if name not in MapOptions.__annotations__:
                raise TypeError(f"map takes no option {name!r}.")
        given: dict[str, Any] = {"name": nameOf(f), "group": f"map of {nameOf(f)}"}
        given |= {name: value for name, value in options.items() if value is not None}
        chosen = replace(self._options, **given)
        hash(chosen.series)  # what is no key is an error now, and not of each chunk
        return chosen

    def _paceOf(self, f: Callable[..., Any]) -> Pace:
        pace = Pace()
        with contextlib.suppress(TypeError):  # not every callable can be a key
            pace = self._paces.setdefault(f, pace)
        return pace

    def _cancelMaps(self) -> None:
        for run in list(self._runs):
            run.abandon(Failure(CancelledError()))

    def _mapOffers(self) -> list[Offer]:
        """The maps that have not ended."""
        return [Offer(run.source, run.read, run.describe(), run.abandon) for run in self._runs]

    def _runEnded(self, run: Run) -> None:
        self._runs.pop(run, None)
        self.letGo()
