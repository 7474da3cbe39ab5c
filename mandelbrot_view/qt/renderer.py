# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pieces of a picture are being computed: the Renderer queues them, and cancels what is no longer wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from twisted.internet.defer import CancelledError
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from aqlib.errors import QueueRunError
from aqlib.observers import Observer

from ..pictures.depth import isDeep, isSoonDeep
from ..pictures.render import Rows
from ..pictures.tiles import Tile
from .framing import Framing, clipped, mapping
from .overlays.busy import Busy
from .picture import Band, Picture
from .pieces import GROUP, Piece
from .plan import Position, bandsWithin, coarseMissing, missingTiles, unsharpWithin
from .references import References

if TYPE_CHECKING:
    from aqlib import TaskQueue

    from ..orbits.reference import Reference

# When jumps follow each other within so many seconds, as when the wheel turns, their tiles wait for so long a pause.
SUCCESSION = 0.15
QUIET = 0.06
# A piece that fails is tried once more: its worker may have died of something else.
MOST_ATTEMPTS = 2
# To queue a task takes this process a millisecond: too long for many of them in each picture that zooms.
_MOST_HASTY = 2


class Listener(Protocol):
    """Whom a Renderer tells what comes of it."""

    def rowsCame(self, framing: Framing, tile: Tile, rows: Rows) -> None:
        """Rows of a pass of a tile have come; they are of this framing, which may not be the one shown any more."""

    def goNow(self) -> None:
        """Go where it is to go now, not with the next frame: there are idle workers."""

    def orbitReturns(self, framing: Framing, steps: int) -> None:
        """The reference orbit of a framing returns to 0 after so many steps, and many points' orbits with it."""

    def passCame(self, framing: Framing, bands: list[Band]) -> None:
        """All that has come of a coarse pass that was queued while the picture zooms."""

    def follow(self) -> None:
        """The picture must be of the framing to be shown now: what is missing in it will be queued."""

    def coarsePassEnded(self) -> None:
        """The coarse pass of what is shown now is in."""

    def becameIdle(self) -> None:
        """Nothing is waiting or being computed any more."""

    def cancellationChanged(self) -> None:
        """Whether pieces that the picture needs were cancelled is another answer now."""

    def hint(self, text: str) -> None:
        """Something for the user to read."""


class Renderer(Observer):
    """Has a picture computed.

    queue: where; picture: what is known of it, to be read only; listener: whom to give what comes. isZooming: whether
    the last jump to another framing has soon followed on one before.
    """

    def __init__(self, queue: TaskQueue, picture: Picture, listener: Listener) -> None:
        self._queue = queue
        self._picture = picture
        self._listener = listener
        self._wanted: Framing | None = None
        self._focus: Position = (0.0, 0.0)
        self._pieces: dict[Piece, None] = {}
        self._references = References(queue, GROUP, self._advance, self._referenceFailed)
        # The framing whose reference orbit could not be had.
        self._hopeless: Framing | None = None
        # The framings for which the coarse pass and the tiles were queued last.
        self._coarseOf: Framing | None = None
        self._tilesOf: Framing | None = None
        self._origin = (0, 0)
        self._isJump = False
        self.isZooming = False
        # What has come of the pass that was queued while the picture zooms.
        self._gathered: list[Band] = []
        self._lastJump = self._tilesAfter = float("-inf")
        self._call: IDelayedCall | None = None
        self._isRefused = False
        self._isCancelled = False
        queue.addObserver(self)

    @property
    def isBusy(self) -> bool:
        """Whether something waits or is being computed."""
        return bool(self._pieces) or self._call is not None or self._references.isBusy

    @property
    def isCancelled(self) -> bool:
        """Whether the user cancelled something that the picture shown still lacks."""
        return self._isCancelled

    def computeAgain(self) -> None:
        """Queue again what was cancelled."""
        if self._isCancelled:
            self._setCancelled(False)
            self._tilesOf = self._hopeless = None
            if not self._isCoarsePassRunning:
                self._coarseOf = None
            self._advance()

    def _setCancelled(self, isCancelled: bool) -> None:
        if isCancelled != self._isCancelled:
            self._isCancelled = isCancelled
            self._listener.cancellationChanged()

    @property
    def isReferenceAwaited(self) -> bool:
        """Whether a reference orbit is being computed."""
        return self._references.isBusy

    def show(self, framing: Framing, focus: Position) -> None:
        """Have another framing computed, to which the picture has moved, what is nearest the focus first.

        Of what is being computed, tiles go on if their pixels are to be seen in it. A coarse pass goes on through
        zooms, so that while the wheel turns pictures keep coming.
        """
        before, self._wanted, self._focus = self._wanted, framing, focus
        self._setCancelled(False)
        now = self._queue.reactor.seconds()
        where = mapping(before, framing) if before is not None else None
        if where is not None and where.isShift:
            self._origin = self._origin[0] + int(where.dx), self._origin[1] + int(where.dy)
        else:
            self._origin = (0, 0)
            self.isZooming = now - self._lastJump < SUCCESSION
            self._tilesAfter = now + QUIET if self.isZooming else now
            self._lastJump = now
            self._isJump = True
        self._cancel([piece for piece in self._pieces if not self._isWanted(piece)])
        self._advance()

    def busyTiles(self) -> Iterator[Busy]:
        """Where in the picture wanted something is being computed or waits, and which worker has it."""
        for piece in self._pieces:
            there = None if self._wanted is None else piece.seenIn(self._wanted)
            if there is not None:
                worker = piece.task.worker if piece.task is not None and piece.task.isRunning else None
                yield Busy(there, piece.name, None if worker is None else worker.ID)

    def stop(self) -> None:
        """Cancel all: it is over."""
        self._queue.removeObserver(self)
        self._wanted = self._coarseOf = self._tilesOf = None
        self._stopCall()
        self._references.stop()
        self._cancel(list(self._pieces))

    def queueChanged(self, queue: TaskQueue) -> None:
        """Observer: a queue that has recovered gets the pieces that it refused."""
        if self._isRefused and not queue.isDegraded:
            self._isRefused = False
            self._coarseOf = self._tilesOf = self._hopeless = None
            self._listener.hint("")
            self._advance()

    def _isWanted(self, piece: Piece) -> bool:
        """A tile goes on while its pixels are to be seen, a coarse pass while anything of it will be."""
        assert self._wanted is not None
        there = piece.seenIn(self._wanted) if piece.isCoarse else piece.within(self._wanted)
        return there is not None and clipped(there, self._wanted.size) is not None

    def _cancel(self, pieces: list[Piece]) -> None:
        # Those that wait go first, lest they begin on a worker that the end of a running one sets free.
        tasks = [piece.task for piece in pieces if piece.task is not None]
        for piece in pieces:
            piece.isUnwanted = True
            self._pieces.pop(piece, None)
        self._queue.cancel(sorted(tasks, key=lambda task: task.isRunning))

    # The next step.

    def _advance(self) -> None:
        """Queue what is to be queued now: the coarse pass, when the last one has ended, then the tiles."""
        if self._wanted is None:
            return
        if self._wanted not in (self._coarseOf, self._hopeless):
            if self._isCoarsePassRunning:
                return
            reference = self._referenceOf(self._wanted)
            if reference is None and isDeep(self._wanted.place, self._wanted.size):
                return
            self._queueCoarse(self._wanted, reference)
        if self._wanted not in (self._tilesOf, self._hopeless):
            wait = self._tilesAfter - self._queue.reactor.seconds()
            if wait > 0:
                self._later(wait)
                return
            reference = self._referenceOf(self._wanted)
            if reference is None and isDeep(self._wanted.place, self._wanted.size):
                return
            self._listener.follow()
            self._queueTiles(self._wanted, reference)
        if not self.isBusy:
            if self._picture.framing == self._wanted and self._picture.isSharp:
                self._setCancelled(False)
            self._listener.becameIdle()

    def _referenceOf(self, framing: Framing) -> Reference | None:
        """None for a framing that needs none, and for one whose reference is being computed."""
        if not isDeep(framing.place, framing.size):
            if isSoonDeep(framing.place, framing.size):
                self._references.prepare(framing)
            else:
                self._references.stop()
            return None
        reference = self._references.of(framing)
        if reference is not None and reference.wraps:
            self._listener.orbitReturns(framing, reference.steps)
        return reference

    def _referenceFailed(self, failure: Failure) -> None:
        """The picture stays as it is. One that somebody else has cancelled: so it was wanted."""
        if self._wanted is not None and not isDeep(self._wanted.place, self._wanted.size):
            return
        self._hopeless = self._wanted
        if failure.check(QueueRunError):
            self._isRefused = True
        if failure.check(CancelledError):
            self._setCancelled(True)
        else:
            self._listener.hint(f"The picture cannot be computed: {_firstLine(failure)}")
        self._advance()

    @property
    def _isCoarsePassRunning(self) -> bool:
        return any(piece.isCoarse for piece in self._pieces)

    def _later(self, seconds: float) -> None:
        self._stopCall()
        self._call = self._queue.reactor.callLater(seconds, self._callCame)

    def _callCame(self) -> None:
        self._call = None
        self._advance()

    def _stopCall(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _queueCoarse(self, framing: Framing, reference: Reference | None) -> None:
        """A jump has it for the whole picture, a pan for what has come into it.

        In a succession of jumps it is as fine as can be had in time.
        """
        self._coarseOf = framing
        if not self._isJump:
            self._listener.follow()
        region = framing.whole if self._isJump else coarseMissing(self._picture.fineness)
        isHasty = self._isJump and self.isZooming
        self._isJump = False
        count = max(self._queue.countWorkers(), 1)
        bands = bandsWithin(region, min(count, _MOST_HASTY) if isHasty else count) if region else []
        for number, band in enumerate(bands, 1):
            name = f"coarse {number}/{len(bands)}"
            self._submit(Piece(framing, band, name, isCoarse=True, isHasty=isHasty, reference=reference))

    def _queueTiles(self, framing: Framing, reference: Reference | None) -> None:
        """While the picture is dragged, this comes no more often than a pause is long."""
        self._tilesOf = framing
        self._tilesAfter = self._queue.reactor.seconds() + QUIET
        covered = [tile for piece in self._pieces if not piece.isCoarse and (tile := piece.within(framing))]
        for name, tile in missingTiles(self._picture.fineness, covered, self._origin, self._focus):
            self._submit(Piece(framing, tile, name, isCoarse=False, reference=reference))

    def _submit(self, piece: Piece) -> None:
        self._pieces[piece] = None
        task = piece.submit(self._queue, self._rowsCame)
        task.deferred.addCallbacks(lambda _: self._ended(piece), lambda failure: self._failed(piece, failure))

    # What comes of it.

    def _rowsCame(self, piece: Piece, rows: Rows) -> None:
        if piece.isUnwanted:
            return
        if piece.isHasty:
            self._gathered.append(Band(piece.tile, rows[0], rows[2]))
        else:
            self._listener.rowsCame(piece.framing, piece.tile, rows)

    def _ended(self, piece: Piece) -> None:
        self._pieces.pop(piece, None)
        if not piece.isUnwanted:
            self._goOnAfter(piece)

    def _failed(self, piece: Piece, failure: Failure) -> None:
        """One that was cancelled by somebody else stays coarse: so it was wanted."""
        self._pieces.pop(piece, None)
        if piece.isUnwanted:
            return
        if failure.check(QueueRunError):
            self._isRefused = True
            self._listener.hint(f"The picture cannot be computed: {_firstLine(failure)}")
        elif failure.check(CancelledError):
            self._setCancelled(True)
        else:
            self._retry(piece, failure)
        self._goOnAfter(piece)

    def _goOnAfter(self, piece: Piece) -> None:
        if not piece.isCoarse or self._isCoarsePassRunning:
            self._advance()
            return
        isNewest, gathered = self._coarseOf == self._wanted, self._gathered
        self._gathered = []
        if gathered:
            self._listener.passCame(piece.framing, gathered)
        # Not earlier: what comes of it would wait for the picture to be made. It begins while that is painted.
        self._listener.goNow()
        self._advance()
        if isNewest:
            self._listener.coarsePassEnded()

    def _retry(self, piece: Piece, failure: Failure) -> None:
        if piece.attempt + 1 >= MOST_ATTEMPTS:
            self._listener.hint(f"{piece.name.capitalize()} failed twice and stays coarse: {_firstLine(failure)}")
            return
        if piece.isCoarse:
            self._submit(piece.again(piece.framing, piece.tile))
            return
        assert self._wanted is not None
        self._listener.follow()
        there = piece.within(self._wanted)
        rest = there and unsharpWithin(self._picture.fineness, there)
        if rest:
            self._submit(piece.again(self._wanted, rest))


def _firstLine(failure: Failure) -> str:
    return failure.getErrorMessage().partition("\n")[0]
