# SPDX-License-Identifier: Apache-2.0
"""AsyncItems: the items of an async generator, for code that takes them one by one without awaiting."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

_END = object()


def isAsyncIterator(x: object) -> bool:
    """Whether `x` yields items to `async for` and not to `for`: an async generator, or what is like one."""
    kind = type(x)
    return hasattr(kind, "__anext__") and hasattr(kind, "__aiter__") and not hasattr(kind, "__next__")


async def nextItem(source: AsyncIterator[Any], end: object) -> Any:
    """The next item; `end` when there is none."""
    return await anext(source, end)


async def closeItems(source: AsyncIterator[Any]) -> None:
    """Close an async generator; what is only like one may have nothing to be closed."""
    close = getattr(source, "aclose", None)
    if close is not None:
        await close()


class AsyncItems(Iterator[Any]):
    """Runs an async generator in an asyncio loop of its own, which advances while an item is being made.

    Args:
        source: The async generator.
    """

    def __init__(self, source: AsyncIterator[Any]) -> None:
        import asyncio  # what a worker process needs for this only

        self._source = source
        self._runner = asyncio.Runner()
        self._isOver = False

    def __next__(self) -> Any:
        if self._isOver:
            raise StopIteration
        try:
            item = self._runner.run(nextItem(self._source, _END))
        except BaseException:
            self._end()
            raise
        if item is _END:
            self._end()
            raise StopIteration
        return item

    def close(self) -> None:
        """Close the generator, so that its `finally` clauses run, and the loop."""
        if not self._isOver:
            try:
                self._runner.run(closeItems(self._source))
            finally:
                self._end()

    def _end(self) -> None:
        self._isOver = True
        self._runner.close()
