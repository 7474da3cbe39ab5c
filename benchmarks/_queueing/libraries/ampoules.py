# SPDX-License-Identifier: GPL-3.0-or-later
"""ampoule, whose calls are commands of AMP that both sides must know."""

from collections.abc import Callable
from typing import Any, ClassVar

from ampoule.child import AMPChild
from ampoule.pool import ProcessPool
from twisted.protocols.amp import Argument, Command, Integer

from .base import WORKERS, Deferring


class Add(Command):
    """The sum of two numbers, a short call."""

    arguments: ClassVar[list[tuple[bytes, Argument]]] = [(b"x", Integer()), (b"y", Integer())]
    response: ClassVar[list[tuple[bytes, Argument]]] = [(b"sum", Integer())]


class Child(AMPChild):
    """The side of the worker."""

    @Add.responder
    def add(self, x: int, y: int) -> dict[str, int]:
        """Answer Add."""
        return {"sum": x + y}


class Ampoule(Deferring):
    """ampoule.pool.ProcessPool."""

    def __init__(self) -> None:
        self._pool = ProcessPool(Child, min=WORKERS, max=WORKERS, timeout=None)
        self._pool.start()

    def call(self, f: Callable[..., Any], *args: Any) -> Any:
        """The sum of two numbers, whatever `f` is: that is all that its workers were told to know."""
        x, y = args
        return self._pool.doWork(Add, x=x, y=y).addCallback(lambda answer: answer["sum"])

    def close(self) -> Any:
        """See Deferring."""
        return self._pool.stop()
