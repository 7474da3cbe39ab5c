# SPDX-License-Identifier: Apache-2.0
"""The Schedule: the waiting tasks in the order in which they will run.

The natural order is (doNext first; niceness, lower first; the fair turn of its series; arrival; doLast last). Series
of one niceness take turns: a series' turn is one after its last, but at least the turn last dispatched at that
niceness, so that one which was idle does not catch up. `task.natural` is that order as a number, `task.key` the one
that counts: a task that a hand puts elsewhere takes the key of its new neighbour, so that the keys still never fall
along the list and later arrivals find their place by one rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from .blocklist import BlockList, Key
from .interfaces import Worker
from .naturalorder import LAST, NEXT, NORMAL, keyOf, placeOf
from .task import Task, checkNiceness

# Turns of series that have been idle for long say nothing any more; they are forgotten when so many have gathered.
MOST_TURNS_KEPT = 10_000


class Position(NamedTuple):
    """Where a waiting task stood: for `Schedule.restore`."""

    key: Key
    natural: Key
    niceness: int
    byHand: bool
    successor: Task | None


class Schedule:
    """Waiting tasks in running order. The Dispatcher takes them from the front, people re-order them."""

    def __init__(self) -> None:
        self._order = BlockList()
        self._arrivals = 0
        self._lastTurn: dict[tuple[int, Hashable], int] = {}
        self._dispatchedTurn: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Task]:
        return iter(self._order)

    def __contains__(self, task: Task) -> bool:
        return task.block is not None

    def at(self, row: int) -> Task:
        """The task that stands at `row`; the one at 0 runs next. Raises IndexError."""
        return self._order.at(row)

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        return self._order.slice(start, stop)

    def rowOf(self, task: Task) -> int:
        """Where a task stands. Raises ValueError for one that does not wait here."""
        if task.block is None:
            raise ValueError(f"{task!r} does not wait in this schedule.")
        return self._order.rowOf(task)

    def put(self, task: Task) -> None:
        """Queue a new task."""
        self._arrivals += 1
        options = task.options
        if options.doNext:
            natural = keyOf(NEXT, 0, 0, self._arrivals)
        else:
            turn = self._nextTurn(task.niceness, options.series)
            natural = keyOf(LAST if options.doLast else NORMAL, task.niceness, turn, self._arrivals)
        task.natural = task.key = natural
        self._order.insertBehindEquals(task)

    def putBack(self, task: Task) -> None:
        """Queue a task again that had been taken: before those that came after it."""
        self._order.insertBeforeEquals(task)

    def remove(self, task: Task) -> None:
        """Take a task out that will not run from here."""
        self._order.remove(task)
        task.sentTo = None

    def take(self, task: Task) -> None:
        """Take a task out because it begins; its turn is then the one last dispatched."""
        self._order.remove(task)
        task.sentTo = None
        band, niceness, turn, _ = placeOf(task.natural)
        if band != NEXT and turn > self._dispatchedTurn.get(niceness, 0):
            self._dispatchedTurn[niceness] = turn

    def first(self, serves: AbstractSet[Hashable]) -> Task | None:
        """The first task of one of these series that has not been sent to a worker ahead of its time."""
        return next(self._order.unsent(serves), None)

    @property
    def unsentCount(self) -> int:
        """How many tasks of any series have not been sent ahead."""
        return self._order.unsentCount

    def unsent(self, serves: AbstractSet[Hashable]) -> Iterator[Task]:
        """All those, in order. They may be marked as sent meanwhile, but none may come or leave."""
        return self._order.unsent(serves)

    def markSent(self, task: Task, worker: Worker | None) -> None:
        """Note that a waiting task has been sent ahead to a worker, or (None) taken back from it."""
        self._order.markSent(task, worker)

    def setNiceness(self, task: Task, niceness: int) -> None:
        """Re-order a task by another niceness; its mark 'by hand' ends. Raises ValueError outside -20 to 20.

        A task keeps the turn that it had at each niceness, so that setting the old one again undoes the change.
        """
        checkNiceness(niceness)
        if not task.doNext:
            band, oldNiceness, oldTurn, arrival = placeOf(task.natural)
            if task.turns is None:
                task.turns = {oldNiceness: oldTurn}
            if niceness not in task.turns:
                task.turns[niceness] = self._nextTurn(niceness, task.series)
            task.natural = keyOf(band, niceness, task.turns[niceness], arrival)
        task.niceness = niceness
        self._place(task, task.natural, byHand=False)

    def move(self, tasks: Iterable[Task], before: Task | None = None) -> None:
        """Put waiting tasks by hand directly before another one, in the order given.

        They keep their niceness and are marked 'by hand'; later arrivals are ordered against the neighbour's key.

        Args:
            tasks: The tasks to move; those that do not wait any more are passed over.
            before: The task to stand before. None: at the end; one that has begun meanwhile: at the head.
        """
        moving = dict.fromkeys(task for task in tasks if task in self)
        if before is not None and before not in self:
            before = next((task for task in self._order if task not in moving), None)
        while before in moving:
            before = self._order.after(before)
        for task in moving:
            self._order.remove(task)
        neighbour = before or self._order.last()
        for task in moving:
            task.byHand = True
            task.key = (neighbour or next(iter(moving))).key
            if before is not None:
                self._order.insertBefore(task, before)
            else:
                self._order.append(task)

    def positionOf(self, task: Task) -> Position:
        """Where a waiting task stands, to `restore` it later."""
        return Position(task.key, task.natural, task.niceness, task.byHand, self._order.after(task))

    def restore(self, task: Task, position: Position) -> None:
        """Put a waiting task back where it stood: exactly, or, when its neighbour has gone, by the key that it had."""
        task.niceness = position.niceness
        task.natural = position.natural
        successor = position.successor
        if position.byHand and successor is not None and successor in self and successor.key == position.key:
            self.move([task], successor)
        else:
            self._place(task, position.key, position.byHand)

    def _place(self, task: Task, key: Key, byHand: bool) -> None:
        self._order.remove(task)
        task.key = key
        task.byHand = byHand
        self._order.insertBehindEquals(task)

    def _nextTurn(self, niceness: int, series: Hashable) -> int:
        """The turn of the next task of a series: one after its last, but no turn that has passed already."""
        place = (niceness, series)
        turn = self._lastTurn.get(place, -1) + 1
        passed = self._dispatchedTurn.get(niceness, 0)
        if turn < passed:
            turn = passed
        self._lastTurn[place] = turn
        if len(self._lastTurn) > MOST_TURNS_KEPT:
            dispatched = self._dispatchedTurn
            self._lastTurn = {
                place: turn for place, turn in self._lastTurn.items() if turn >= dispatched.get(place[0], 0)
            }
        return turn
