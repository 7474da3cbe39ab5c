# SPDX-License-Identifier: Apache-2.0
"""Run: one map on its way, from the first input that is read to the last result that is given."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from ..dispatcher import Dispatcher
from ..errors import EncodingError
from ..retrying import allowsRetry, backoffOf
from ..source import Source
from ..task import Call, Options, Task
from .chunk import Chunk, nameOf, read
from .inputs import Columns, Inputs
from .pace import WORK, WORK_IN_REACTOR, Pace

# So many chunks a worker wait or run: one of each, so that no worker waits for its next. While chunks still grow, what
# waits is too small.
IN_FLIGHT = 2
# Of so many chunks a worker inputs have been read whose results were not taken. It is more than are in flight: one long
# chunk may keep back the results of those behind it, which go on meanwhile.
UNTAKEN = 8


class MapQueue(Protocol):
    """The queue, as a Run knows it."""

    dispatcher: Dispatcher

    def submitWith(
        self, options: Options, f: Callable[..., Any], args: tuple[Any, ...], kw: dict[str, Any], isAccepted: bool
    ) -> Task: ...


class _Piece:
    """A chunk in flight: the number of its first input, its inputs, and how often they were sent again."""

    __slots__ = ("columns", "count", "first", "retries", "task")

    def __init__(self, first: int, columns: Columns) -> None:
        self.first = first
        self.columns = columns
        self.count = len(columns[0])
        self.retries = 0
        self.task: Task | None = None

    def describe(self, f: Callable[..., Any], place: int | None = None) -> str:
        """Which of its calls this is (None: they are all of them), as one would write it."""
        shown = Call(f, tuple(column[place or 0] for column in self.columns), {}).describe(200)
        if place is None and self.count > 1:
            return f"inputs {self.first:,} to {self.first + self.count - 1:,} of a map, the first of them {shown}"
        return f"input {self.first + (place or 0):,} of a map, {shown}"

    def split(self, at: int) -> tuple[_Piece, _Piece]:
        """The same as two."""
        return (
            _Piece(self.first, tuple(column[:at] for column in self.columns)),
            _Piece(self.first + at, tuple(column[at:] for column in self.columns)),
        )


class ResultSource(Source):
    """Where results wait until they are taken, one by one or all together."""

    def takeList(self) -> list[Any]:
        """All that are here."""
        items = list(self._items)
        self._items.clear()
        self._taken(len(items))
        self._lookDrained()
        return items


class Run:
    """Reads inputs, has chunks of them queued, and feeds `source` with the results.

    Args:
        queue: Whose workers do it.
        f: What to call.
        isOrdered: Feed results in the order of the inputs, and not as chunks end.
        givesErrors: Feed an error in place of the result that it prevented, and go on.
        options: Those of the chunks' tasks; `retries` and what belongs to it are those of each input.
        ended: Called when nothing of it is left.
    """

    def __init__(
        self,
        queue: MapQueue,
        f: Callable[..., Any],
        inputs: Inputs,
        pace: Pace,
        isOrdered: bool,
        givesErrors: bool,
        options: Options,
        ended: Callable[[Run], None],
    ) -> None:
        self.source = ResultSource(self._taken, self._stopped)
        self._queue = queue
        self._chunk = Chunk(f, pace.isMeasuring)
        self._inputs = inputs
        self._pace = pace
        self._isOrdered = isOrdered
        self._givesErrors = givesErrors
        self._options = replace(options, retries=0, retryOn=None)
        self._retryOptions = options
        self._ended = ended
        self._pieces: dict[int, _Piece] = {}
        # Answers that wait for those before them, by the numbers of their first inputs.
        self._early: dict[int, tuple[_Piece, list[Any], Failure | None]] = {}
        self._next = 0
        self._untaken = 0
        # The first input of the earliest chunk that has failed: what comes after it is of no use.
        self._end = math.inf
        # While something is under way whose end looks after the rest; what it calls may come back here.
        self._isBusy = False

    @property
    def read(self) -> int:
        """How many inputs have been read."""
        return self._inputs.read

    def describe(self) -> str:
        """What it is."""
        return f"a map of {nameOf(self._chunk.f)}"

    def fill(self) -> None:
        """Read and queue as much as there is room for, and look whether that was all."""
        if self._isBusy:
            return
        self._isBusy = True
        workers = self._countWorkers()
        while self._hasRoom(workers):
            self._goOn(workers)
        self._isBusy = False
        if self._inputs.isOver and not self._pieces and not self._early:
            self._finish(self._inputs.failure)

    def abandon(self, failure: Failure) -> None:
        """End it from outside: results that were not taken are dropped."""
        self.source.abandon(failure)
        self._clear()

    # Inputs out.

    def _countWorkers(self) -> int:
        """How many workers serve it. Chunks are short where one of them is the reactor's own thread."""
        series = self._options.series
        workers = [
            worker
            for worker in self._queue.dispatcher.workers.values()
            if series in worker.cQualified or series in worker.iQualified
        ]
        isInReactor = any("async" in worker.cQualified for worker in workers)
        self._pace.work = WORK_IN_REACTOR if isInReactor else WORK
        return max(len(workers), 1)

    def _hasRoom(self, workers: int) -> bool:
        return (
            not self._inputs.isOver
            and not self.source.hasEnded
            and self._end == math.inf
            and len(self._pieces) < (1 if self._pace.isGrowing else IN_FLIGHT) * workers
            and self._untaken < UNTAKEN * workers * self._pace.full
        )

    def _goOn(self, workers: int) -> None:
        # CPU time, for a worker that is woken by what is sent may run at once in this thread's place.
        begin = time.thread_time()
        first = self._inputs.read
        columns = self._inputs.take(self._pace.next(self._inputs.left, workers))
        if columns:
            piece = _Piece(first, columns)
            self._untaken += piece.count
            self._send(piece)
            self._pace.made(piece.count, time.thread_time() - begin)

    def _send(self, piece: _Piece, delay: float | None = None) -> None:
        """Queue a chunk, at once or after `delay` seconds."""
        self._pieces[piece.first] = piece
        options = self._options if delay is None else replace(self._options, notBefore=delay)
        piece.task = self._queue.submitWith(options, self._chunk, piece.columns, {}, isAccepted=True)
        piece.task.deferred.addCallbacks(self._answered, self._failed, (piece,), {}, (piece,), {})

    def _sendAll(self, piece: _Piece) -> None:
        """Send what turned out to be more than a chunk."""
        while piece.count > self._pace.full:
            part, piece = piece.split(self._pace.full)
            self._send(part)
        self._send(piece)

    # Results in.

    def _answered(self, given: Any, piece: _Piece) -> None:
        task = piece.task
        assert task is not None
        worker = f"{task.worker.name}, process {task.worker.pid}" if task.worker is not None else "a worker"
        f = self._chunk.f
        try:
            answer = read(given, f"In a map of {nameOf(f)} on {worker}.")
        except EncodingError:
            self._arrived(piece, [], self._explain(Failure(), piece, None))
            return
        results, failure = answer.results, answer.failure
        self._pace.done(max(len(results), 1), answer.seconds, task.resultSize or 0)
        # The worker should have its next chunk before time is spent on anything else.
        self._queue.dispatcher.pump()
        if failure is not None and self._copes:
            self._copeWith(failure, piece, results)
            return
        if failure is not None:
            failure = self._explain(failure, piece, len(results))
        elif len(results) < piece.count:
            del self._pieces[piece.first]
            piece, rest = piece.split(len(results))
            if rest.first < self._end and not self.source.hasEnded:
                self._sendAll(rest)
        self._arrived(piece, results, failure)

    def _failed(self, failure: Failure, piece: _Piece) -> None:
        """A chunk has no answer: it could not be sent, its worker died, or it was cancelled."""
        if piece.count > 1 and failure.check(EncodingError) and not self.source.hasEnded:
            # An input cannot be pickled, and so nothing of the chunk has run. Halving finds it.
            del self._pieces[piece.first]
            for half in piece.split(piece.count // 2):
                if half.first < self._end:
                    self._send(half)
            return
        if self._copes and not self.source.hasEnded and not failure.check(CancelledError):
            self._tryAgain(failure, piece)
        else:
            self._arrived(piece, [], self._explain(failure, piece, None if piece.count > 1 else 0))

    # Errors that do not end it.

    @property
    def _copes(self) -> bool:
        return self._givesErrors or self._retryOptions.retries > 0

    def _copeWith(self, failure: Failure, piece: _Piece, results: list[Any]) -> None:
        """The call of one input of a chunk has failed, after those that gave `results`; the rest was not called."""
        wasBusy, self._isBusy = self._isBusy, True
        del self._pieces[piece.first]
        done, piece = piece.split(len(results)) if results else (None, piece)
        piece, rest = piece.split(1) if piece.count > 1 else (piece, None)
        if rest is not None and rest.first < self._end and not self.source.hasEnded:
            self._sendAll(rest)
        if done is not None:
            self._arrived(done, results, None)
        self._tryAgain(failure, piece)
        self._isBusy = wasBusy
        self.fill()

    def _tryAgain(self, failure: Failure, piece: _Piece) -> None:
        """Send a piece again whose inputs have failed together, or feed their errors, or end with the error."""
        if self.source.hasEnded or piece.first > self._end:
            return
        if allowsRetry(self._retryOptions, piece.retries, failure):
            piece.retries += 1
            self._send(piece, backoffOf(self._retryOptions, piece.retries))
            return
        failure = self._explain(failure, piece, None if piece.count > 1 else 0)
        if self._givesErrors and isinstance(failure.value, Exception):
            self._arrived(piece, [failure.value] * piece.count, None)
        else:
            self._arrived(piece, [], failure)

    def _explain(self, failure: Failure, piece: _Piece, place: int | None) -> Failure:
        """Have an error say which input it came from."""
        if failure.value is not None:
            failure.value.add_note(f"It came from {piece.describe(self._chunk.f, place)}.")
        return failure

    def _arrived(self, piece: _Piece, results: list[Any], failure: Failure | None) -> None:
        self._pieces.pop(piece.first, None)
        if self.source.hasEnded or piece.first > self._end:
            return
        if failure is not None:
            self._end = piece.first
            self._cancelFrom(piece.first)
        wasBusy, self._isBusy = self._isBusy, True
        if not self._isOrdered:
            self._feed(results, failure)
        else:
            self._early[piece.first] = piece, results, failure
            while self._next in self._early and not self.source.hasEnded:
                due, results, failure = self._early.pop(self._next)
                self._next += due.count
                self._feed(results, failure)
        self._isBusy = wasBusy
        self.fill()

    def _feed(self, results: list[Any], failure: Failure | None) -> None:
        self.source.feed(results)
        if failure is not None:
            self._finish(failure)

    # Its end.

    def _taken(self, count: int) -> None:
        self._untaken -= count
        self.fill()

    def _stopped(self) -> None:
        """The taker wants no more."""
        self._finish(None)

    def _finish(self, failure: Failure | None) -> None:
        if not self.source.hasEnded:
            self.source.finish(failure)
            self._clear()

    def _clear(self) -> None:
        self._early.clear()
        self._cancelFrom(0)
        self._ended(self)

    def _cancelFrom(self, first: int) -> None:
        """Cancel the chunks from this input on, those last first that were queued first: none is begun in between."""
        for piece in reversed(list(self._pieces.values())):
            if piece.first >= first and piece.task is not None:
                piece.task.cancel()
