# SPDX-License-Identifier: Apache-2.0
"""deferToThread: one thread that the whole program shares, for calls that block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from twisted.internet.defer import Deferred, succeed

from .threadworker import ThreadQueue

if TYPE_CHECKING:
    from .iteration import Deferator

P = ParamSpec("P")
R = TypeVar("R")

# The queue of the shared thread; there is none before the first call, and after it was ended.
_queue: ThreadQueue | None = None


@overload
def deferToThread() -> Deferred[None]: ...
@overload
def deferToThread(f: Callable[P, Iterator[R]], *args: P.args, **kw: P.kwargs) -> Deferred[Deferator[R]]: ...
@overload
def deferToThread(f: Callable[P, R], *args: P.args, **kw: P.kwargs) -> Deferred[R]: ...
def deferToThread(f: Callable[..., Any] | None = None, *args: Any, **kw: Any) -> Deferred[Any]:
    """Call `f(*args, **kw)` in a thread that all such calls share, one after the other.

    Called with nothing, it ends the thread when all that was asked for before is done; the next call begins another.
    The thread does not keep a program from ending. See ThreadQueue for more threads, and for order.

    Returns: A Deferred that fires with the result (with a Deferator of it when that is an iterator), and errbacks with
    the error. To cancel it takes a waiting call back, and asks a running one to end (`aqlib.cancelled`). Without `f`,
    one that fires with None when the thread has ended.
    """
    global _queue
    if f is not None:
        if _queue is None:
            _queue = ThreadQueue()
        return _queue.using().call(f, *args, **kw)
    queue, _queue = _queue, None
    return succeed(None) if queue is None else queue.shutdown()
