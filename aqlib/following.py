# SPDX-License-Identifier: Apache-2.0
"""Followers: who wants to know when tasks of a queue have ended, such as tasks of any queue that wait for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .task import Task


class Follower(Protocol):
    """Who is told."""

    def ended(self, task: Task) -> None:
        """The task has ended."""


class Followers:
    """Those of the tasks of one queue.

    Attributes: `byTask`, those of each task that has any, in the order in which they came.
    """

    def __init__(self) -> None:
        self.byTask: dict[Task, dict[Follower, None]] = {}
        self._ended: deque[tuple[Task, Iterable[Follower]]] = deque()
        self._isTelling = False

    def add(self, task: Task, follower: Follower) -> None:
        """Tell `follower` when a task, which has not ended, does."""
        self.byTask.setdefault(task, {})[follower] = None

    def discard(self, task: Task, follower: Follower) -> None:
        """Do not tell it."""
        followers = self.byTask.get(task, {})
        followers.pop(follower, None)
        if not followers:
            self.byTask.pop(task, None)

    def tell(self, task: Task) -> None:
        """A task has ended. What follows from that for others, and from that again, is told one after the other."""
        if task not in self.byTask:
            return
        # A chain of tasks may be longer than calls can be nested.
        self._ended.append((task, tuple(self.byTask.pop(task))))
        if self._isTelling:
            return
        self._isTelling = True
        try:
            while self._ended:
                task, followers = self._ended.popleft()
                for follower in followers:
                    follower.ended(task)
        finally:
            self._isTelling = False
