# SPDX-License-Identifier: GPL-3.0-or-later
"""Async generators as tasks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any


async def count(n: int, path: str | None = None) -> AsyncIterator[int]:
    """Items without end for n < 0; notes its own end in a file."""
    number = 0
    try:
        while number != n:
            yield number
            number += 1
    finally:
        if path is not None:
            Path(path).write_text("closed")


async def sleepy(n: int) -> AsyncIterator[int]:
    """Awaits what asyncio has, between items and in tasks of its own."""
    for number in range(n):
        await asyncio.gather(asyncio.sleep(0.001), asyncio.sleep(0.002))
        yield number


async def failing(n: int) -> AsyncIterator[int]:
    for number in range(n):
        yield number
    raise ZeroDivisionError(n)


class Countdown:
    """An async iterator that is no generator."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> int:
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        return self.left
