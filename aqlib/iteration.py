# SPDX-License-Identifier: Apache-2.0
"""Taking the items of a stream: by Deferreds, or written to a consumer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.interfaces import IConsumer, IPushProducer
from twisted.python.failure import Failure
from zope.interface import implementer

from .awaiting import InEitherLoop
from .errors import NotReadyError
from .fetching import FetchingSource
from .iterators import isIterator
from .source import Source
from .weak import weakly

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    T = TypeVar("T", default=Any)
else:
    from typing import TypeVar

    T = TypeVar("T")


class IteratorSource(Source):
    """A Source that makes its items itself, from an iterator in this process, one ahead of what is taken."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        super().__init__(self._more, self._close)
        self._iterator = iterator
        self._more(1)

    def _more(self, taken: int) -> None:
        while len(self) < 2 and not self.hasEnded:
            try:
                item = next(self._iterator)
            except StopIteration:
                self.finish(None)
            except Exception:
                self.finish(Failure())
            else:
                self.feed([item])

    def _close(self) -> None:
        close = getattr(self._iterator, "close", None)
        if close is not None:
            close()


class Deferator(Generic[T]):
    """The items of a stream as Deferreds, one at a time.

    In a `for` loop each round gives a Deferred; wait for it before the next round. The loop looks one item ahead, as it
    must to know whether there is another. `async for` gives each item as soon as it is here. An error of the iteration
    comes as an errback (or is raised by `async for`), after all items before it.

    The stream is closed when nobody can take any more: by `stop`, when its `async for` is left by break, return or an
    exception, and when the Deferator is garbage-collected. `await anext(deferator)` takes single items and leaves it
    open.

    Args:
        objOrRep: A Source; or an iterator, an iterable, or a callable that is called with `args` and gives one. Or, as
            in AsynQueue, a Prefetcherator; or a name (any text, or None) before a function and its arguments in
            `args`, which is called for each item and returns what Prefetcherator.getNext does.

    Attributes: `d`, a Deferred that fires with True when the stream has been taken whole, with False when it was
    stopped, and errbacks when it failed.
    """

    def __init__(self, objOrRep: Any, *args: Any) -> None:
        self._source = _sourceOf(objOrRep, args)
        self._waiting: Deferred[T] | None = None
        self._ahead = 0
        self._failureGiven = False
        self._stopped = False
        self._end: Deferred[bool] | None = None
        self._endFired = False
        self._wasLeft = False
        # The source keeps this object only while it waits: so one that nobody has any more is collected.
        self._source.listen(weakly(self._arrived))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.d, name)

    @property
    def d(self) -> Deferred[bool]:
        """Fires with True when the stream was taken whole, False when it was stopped; errbacks when it failed."""
        if self._end is None:
            # It does not keep this object: whoever has it and nothing else cannot take items.
            self._end = self._source.end = Deferred(weakly(self._endCancelled))
            self._fireEnd()
        return self._end

    def stop(self) -> None:
        """Want no more: the iterator in the worker is closed, items that have come already are dropped."""
        if not self._stopped and not self._isOver():
            self._stopped = True
            self._source.stop()
            self._arrived()

    def _endCancelled(self, _: Deferred[bool]) -> None:
        self.stop()

    def __iter__(self) -> Iterator[Deferred[T]]:
        return self

    def __next__(self) -> Deferred[T]:
        if self._waiting is not None:
            raise NotReadyError("Wait for the Deferred of the last item before you ask for the next.")
        if self._isOver():
            raise StopIteration
        return self._wait(ahead=1)

    def __aiter__(self) -> AsyncIterator[T]:
        if self._wasLeft:
            raise NotReadyError(
                "An `async for` over this Deferator was left, which closed the stream. Take single items by "
                "`await anext(deferator)`, which leaves it open."
            )
        return _Loop(self)

    async def __anext__(self) -> T:
        if self._waiting is not None:
            raise NotReadyError("Another task waits for the next item of this Deferator already.")
        if len(self._source):
            item: T = self._source.take()
            if self._end is not None:
                self._fireEnd()
            return item
        if self._isOver():
            raise StopAsyncIteration
        return await InEitherLoop(self._wait(ahead=0))

    def _wait(self, ahead: int) -> Deferred[T]:
        deferred: Deferred[T] = Deferred(lambda _: self.stop())
        deferred.stop = self.stop  # type: ignore[attr-defined]  # AsynQueue's users stop the stream by it
        self._waiting = deferred
        self._ahead = ahead
        self._source.keeper = self
        self._arrived()
        return deferred

    def loopLeft(self) -> None:
        """An `async for` is over, perhaps before the end of the items. May be called in any thread."""
        callSoon = self._source.callSoon
        if callSoon is not None and not self._isOver():
            self._wasLeft = True
            callSoon(self.stop)

    def _isOver(self) -> bool:
        if self._stopped:
            return True
        return self._source.hasEnded and not len(self._source) and (self._source.failure is None or self._failureGiven)

    def _arrived(self) -> None:
        """Fire the Deferred that waits, if what it waits for is here."""
        waiting, source = self._waiting, self._source
        if waiting is not None:
            if self._stopped:
                self._waiting = source.keeper = None
                waiting.errback(Failure(StopAsyncIteration()))
            elif len(source) > self._ahead or (source.hasEnded and len(source)):
                self._waiting = source.keeper = None
                waiting.callback(source.take())
            elif source.hasEnded:
                self._waiting = source.keeper = None
                self._failureGiven = True
                waiting.errback(source.failure or Failure(StopAsyncIteration()))
        self._fireEnd()

    def _fireEnd(self) -> None:
        if self._end is None or self._endFired or not (self._stopped or self._source.hasEnded):
            return
        if not self._stopped and len(self._source):
            return
        self._endFired = True
        if self._stopped:
            self._end.callback(False)
        elif self._source.failure is not None:
            self._end.errback(self._source.failure)
        else:
            self._end.callback(True)


class _Loop(Generic[T]):
    """One `async for` over a Deferator. Python drops it when the loop is left, in whatever way."""

    __slots__ = ("_deferator",)

    def __init__(self, deferator: Deferator[T]) -> None:
        self._deferator = deferator

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    def __anext__(self) -> Awaitable[T]:
        return self._deferator.__anext__()

    def __del__(self) -> None:
        self._deferator.loopLeft()


def _sourceOf(thing: Any, args: tuple[Any, ...]) -> Source:
    if isinstance(thing, Source):
        return thing
    if args and callable(args[0]) and not callable(thing):
        return FetchingSource(partial(args[0], *args[1:]))
    if hasattr(thing, "getNext"):
        return FetchingSource(thing.getNext)
    return IteratorSource(iter(thing(*args) if callable(thing) and not isIterator(thing) else thing))


@implementer(IPushProducer)
class ConsumerFeed:
    """Writes the items of a Source to a consumer while that wants them.

    Args:
        done: Called with None when the last item has been written, else with the Failure that ended the stream. An
            error of the consumer's own ends it too, and stops the source. A paused consumer is told of the end when no
            item is left to be written: there is nothing to wait for.
    """

    def __init__(self, source: Source, consumer: IConsumer, done: Callable[[Failure | None], None]) -> None:
        self._source = source
        self._consumer = consumer
        self._done: Callable[[Failure | None], None] | None = done
        self._paused = False
        self._writing = False
        try:
            consumer.registerProducer(self, True)
        except Exception:
            self._done = None
            source.stop()
            done(Failure())
        else:
            source.listen(self._arrived)

    def registerConsumer(self, consumer: IConsumer) -> None:
        """Name the consumer, which is the one that this producer has already.

        AsynQueue's consumers do so in their own `registerProducer`.

        Raises: ValueError for another one.
        """
        if consumer is not self._consumer:
            raise ValueError("This producer has a consumer already.")

    def pauseProducing(self) -> None:
        """Write no more until `resumeProducing`; the worker stops making items when its credit is used up."""
        self._paused = True

    def resumeProducing(self) -> None:
        """Write again."""
        self._paused = False
        self._arrived()

    def stopProducing(self) -> None:
        """The consumer wants no more: that is a good end."""
        self._end(None, stop=True)

    def _arrived(self) -> None:
        if self._writing or self._done is None:
            return
        self._writing = True
        try:
            # To take may bring more at once.
            while self._wants() and len(self._source):
                self._write()
        except Exception:
            self._end(Failure(), stop=True)
        finally:
            self._writing = False
        if self._source.hasEnded and not len(self._source):
            self._end(self._source.failure)

    def _write(self) -> None:
        for item in self._source.takeAll():
            self._consumer.write(item)
            if not self._wants():
                break

    def _wants(self) -> bool:
        return not self._paused and self._done is not None

    def _end(self, failure: Failure | None, stop: bool = False) -> None:
        done, self._done = self._done, None
        if done is None:
            return
        try:
            self._consumer.unregisterProducer()
        except Exception:
            failure = failure or Failure()
        if stop:
            self._source.stop()
        done(failure)


class IterationProducer:
    """Writes the items of a Deferator to a consumer, with back-pressure.

    Args:
        deferator: The Deferator to empty. Nobody else may take from it.
        consumer: An IConsumer; or None, and `registerConsumer` names it later.
    """

    def __init__(self, deferator: Deferator[Any], consumer: IConsumer | None = None) -> None:
        self._deferator = deferator
        self._consumer = consumer
        self._feed: ConsumerFeed | None = None
        self._waiting: list[Deferred[IConsumer]] = []
        self._outcome: IConsumer | Failure | None = None

    def registerConsumer(self, consumer: IConsumer) -> None:
        """Name the consumer. Raises ValueError when there is one already."""
        if self._consumer is not None:
            raise ValueError("This producer has a consumer already.")
        self._consumer = consumer

    def run(self) -> Deferred[IConsumer]:
        """Start writing. Fires with the consumer after the last item, or errbacks with the stream's error."""
        if self._consumer is None:
            raise ValueError("Register a consumer first.")
        if self._feed is None:
            self._feed = ConsumerFeed(self._deferator._source, self._consumer, self._ended)
        return self.deferUntilDone()

    def deferUntilDone(self) -> Deferred[IConsumer]:
        """A Deferred that fires as that of `run` does."""
        if self._outcome is not None:
            return maybeDeferred(_unwrap, self._outcome)
        waiting: Deferred[IConsumer] = Deferred()
        self._waiting.append(waiting)
        return waiting

    def pauseProducing(self) -> None:
        """Write no more until `resumeProducing`."""
        if self._feed is not None:
            self._feed.pauseProducing()

    def resumeProducing(self) -> None:
        """Write again."""
        if self._feed is not None:
            self._feed.resumeProducing()

    def stopProducing(self) -> None:
        """Stop the stream; the Deferred of `run` fires with the consumer."""
        if self._feed is not None:
            self._feed.stopProducing()

    def _ended(self, failure: Failure | None) -> None:
        assert self._consumer is not None
        self._outcome = failure or self._consumer
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(self._outcome)


def _unwrap(outcome: IConsumer | Failure) -> IConsumer:
    if isinstance(outcome, Failure):
        outcome.raiseException()
    return outcome
