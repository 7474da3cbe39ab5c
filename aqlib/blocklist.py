# SPDX-License-Identifier: Apache-2.0
"""A list of tasks in order that finds, inserts, removes and numbers them in O(log n), without limit to how often.

The tasks lie in blocks of some hundred. A Fenwick tree (P. Fenwick, 'A new data structure for cumulative frequency
tables', 1994) over the sizes of the blocks turns a block into a row and a row into a block. It learns of changed sizes
when a row is asked for: whoever only queues and runs tasks does not pay for rows. Blocks that grow too long are cut in
two and empty ones leave; the tree is then made anew, which happens so seldom that it does not count.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import TYPE_CHECKING

from .task import Task

if TYPE_CHECKING:
    from .interfaces import Worker

# Moving the tail of a block costs about as much as the steps through the tree do at this length.
LONGEST_BLOCK = 512

Key = int  # see naturalorder.py
_keyOf: Callable[[Task], Key] = attrgetter("key")


class Block:
    """A run of neighbouring tasks, its number among the blocks, and how many unsent tasks of each series it holds.

    `counted` is the length that the tree knows.
    """

    __slots__ = ("counted", "items", "number", "unsent")

    def __init__(self, items: list[Task], number: int) -> None:
        self.items = items
        self.number = number
        self.counted = 0
        self.unsent: dict[Hashable, int] = {}
        for task in items:
            task.block = self
            if task.sentTo is None:
                self.unsent[task.series] = self.unsent.get(task.series, 0) + 1


def _lastKeyOf(block: Block) -> Key:
    return block.items[-1].key


class BlockList:
    """Tasks in an order in which their keys never fall. It owns `task.block`; `task.key` is set before they come in.

    Attributes: `unsentCount`, how many of them no worker has been sent.
    """

    def __init__(self) -> None:
        self.unsentCount = 0
        self._blocks: list[Block] = []
        self._tree: list[int] = [0]
        self._changed: set[Block] = set()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Task]:
        for block in self._blocks:
            yield from block.items

    def at(self, row: int) -> Task:
        """The task at `row`, from 0. Raises IndexError."""
        if not 0 <= row < self._size:
            raise IndexError(f"No row {row} among {self._size}.")
        number, rest = self._find(row)
        return self._blocks[number].items[rest]

    def slice(self, start: int, stop: int) -> list[Task]:
        """The tasks of the rows from `start` to before `stop`, as many as there are."""
        start, stop = max(start, 0), min(stop, self._size)
        if start >= stop:
            return []
        number, first = self._find(start)
        found: list[Task] = []
        while len(found) < stop - start:
            items = self._blocks[number].items
            found += items[first : first + stop - start - len(found)]
            number, first = number + 1, 0
        return found

    def rowOf(self, task: Task) -> int:
        """The row of a task that is in the list."""
        block = task.block
        assert block is not None
        self._countChanges()
        row = block.items.index(task)
        number = block.number
        while number:
            row += self._tree[number]
            number &= number - 1
        return row

    def after(self, task: Task) -> Task | None:
        """The task behind this one, or None."""
        block = task.block
        assert block is not None
        place = block.items.index(task) + 1
        if place < len(block.items):
            return block.items[place]
        following = block.number + 1
        return self._blocks[following].items[0] if following < len(self._blocks) else None

    def last(self) -> Task | None:
        """The last task, or None."""
        return self._blocks[-1].items[-1] if self._size else None

    def insertBehindEquals(self, task: Task) -> None:
        """Put a task behind all whose key is not above its own."""
        blocks = self._blocks
        if not self._size or not task.key < blocks[-1].items[-1].key:
            self.append(task)
            return
        block = blocks[bisect_right(blocks, task.key, key=_lastKeyOf)]
        self._insert(block, bisect_right(block.items, task.key, key=_keyOf), task)

    def insertBeforeEquals(self, task: Task) -> None:
        """Put a task before all whose key is not below its own."""
        if not self._size:
            self.append(task)
            return
        blocks = self._blocks
        number = bisect_left(blocks, task.key, key=_lastKeyOf)
        if number == len(blocks):
            self.append(task)
            return
        block = blocks[number]
        self._insert(block, bisect_left(block.items, task.key, key=_keyOf), task)

    def insertBefore(self, task: Task, neighbour: Task) -> None:
        """Put a task directly before another, whose key it has."""
        block = neighbour.block
        assert block is not None
        self._insert(block, block.items.index(neighbour), task)

    def append(self, task: Task) -> None:
        """Put a task at the end."""
        block = self._blocks[-1] if self._blocks else None
        # A block that fills up from behind leaves room for tasks that are put between its own.
        if block is None or len(block.items) >= LONGEST_BLOCK * 3 // 4:
            block = Block([], len(self._blocks))
            self._blocks.append(block)
            self._renumber()
        block.items.append(task)
        self._cameInto(block, task)

    def remove(self, task: Task) -> None:
        """Take a task out."""
        block = task.block
        assert block is not None
        items = block.items
        if items[0] is task:
            del items[0]
        else:
            items.remove(task)
        if task.sentTo is None:
            self._count(block, task, -1)
        task.block = None
        self._size -= 1
        if items or not self._size:  # the last block stays, for the next task
            self._changed.add(block)
        else:
            del self._blocks[block.number]
            self._renumber()

    def unsent(self, serves: AbstractSet[Hashable]) -> Iterator[Task]:
        """The tasks of one of these series that no worker has been sent. While it runs none may come or leave."""
        for block in self._blocks:
            if not serves.isdisjoint(block.unsent):
                for task in block.items:
                    if task.sentTo is None and task.options.series in serves:
                        yield task

    def markSent(self, task: Task, worker: Worker | None) -> None:
        """Note that a task has been sent ahead to a worker, or (None) taken back from it."""
        block = task.block
        assert block is not None
        if (task.sentTo is None) != (worker is None):
            self._count(block, task, 1 if worker is None else -1)
        task.sentTo = worker

    def _count(self, block: Block, task: Task, change: int) -> None:
        """So many more tasks of this one's series are unsent."""
        self.unsentCount += change
        unsent, series = block.unsent, task.options.series
        number = unsent.get(series, 0) + change
        if number:
            unsent[series] = number
        else:
            del unsent[series]

    def _insert(self, block: Block, place: int, task: Task) -> None:
        block.items.insert(place, task)
        self._cameInto(block, task)
        if len(block.items) > LONGEST_BLOCK:
            self._split(block)

    def _cameInto(self, block: Block, task: Task) -> None:
        task.block = block
        self._size += 1
        self._changed.add(block)
        if task.sentTo is None:
            self._count(block, task, 1)

    def _split(self, block: Block) -> None:
        cut = len(block.items) // 2
        self._blocks[block.number : block.number + 1] = [Block(block.items[:cut], 0), Block(block.items[cut:], 0)]
        self._renumber()

    def _renumber(self) -> None:
        blocks = self._blocks
        self._changed.clear()
        tree = [0] * (len(blocks) + 1)
        for number, block in enumerate(blocks):
            block.number = number
            block.counted = tree[number + 1] = len(block.items)
        for node in range(1, len(tree)):
            parent = node + (node & -node)
            if parent < len(tree):
                tree[parent] += tree[node]
        self._tree = tree

    def _countChanges(self) -> None:
        """Tell the tree what it does not know yet."""
        tree = self._tree
        for block in self._changed:
            change = len(block.items) - block.counted
            block.counted += change
            node = block.number + 1
            while node < len(tree):
                tree[node] += change
                node += node & -node
        self._changed.clear()

    def _find(self, row: int) -> tuple[int, int]:
        """The number of the block with a row, and its place in there."""
        self._countChanges()
        tree = self._tree
        node = 0
        step = 1 << (len(tree) - 1).bit_length()
        while step:
            following = node + step
            if following < len(tree) and tree[following] <= row:
                node = following
                row -= tree[following]
            step >>= 1
        return node, row
