# SPDX-License-Identifier: GPL-3.0-or-later
"""How a process comes by the compiled kernels: from the cache, or by having them compiled once for all of them.

There are two, "direct" and "deep", each with a file of its own.

A queue runs prepare() on every worker, by update(). When the cache is empty, one of the workers starts the compiler
as a process beside it; a lock in the cache folder tells the others, and goes by itself if its owner dies. Until the
kernel is there, all compute by the plain one, and each looks for the compiled one before a tile. The deep kernel is
compiled at the lowest priority, while workers are idle: they are when they wait for it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from ..wanted import check_wanted
from . import cache
from .deeptable import Grid
from .escape import Counts, Doubles, Work
from .plain import PlainWork
from .plaindeep import PlainDeepWork

if TYPE_CHECKING:
    from ..orbits.reference import Reference
    from .deepwork import DeepKernel
    from .machinecode import Kernel

log = logging.getLogger(__name__)

# Looking for a file is cheap, but not free: five times a second is soon enough to change over.
LOOK_EVERY = 0.2
_WAIT = 0.02
# As nice() has it.
_LOWEST_PRIORITY = 19
NO_FOLDER = "there is no folder that it could be kept in: set XDG_CACHE_HOME to one that can be written"


# What serves without a compiled kernel. All of a kind are called alike, and give the work on a grid.
_PLAIN: dict[str, Callable[..., Work]] = {"direct": PlainWork, "deep": PlainDeepWork}


class Warmup:
    """One process's way to a compiled kernel.

    file: where the cache keeps it, None if nowhere; kind: "direct" or "deep"; clock: seconds; whyNot: what is to be
    said without a file.
    """

    def __init__(
        self, file: Path | None, kind: str = "direct", clock: Callable[[], float] = monotonic,
        whyNot: str = NO_FOLDER,
    ) -> None:  # fmt: skip
        self._file = file
        self._kind = kind
        self._clock = clock
        self._kernel: Kernel | DeepKernel | None = None
        self._compiler: subprocess.Popen | None = None
        self._may_compile = True
        self._has_given_up = False
        self._next_look = 0.0
        self._isUrgent = True
        if file is None:
            self._give_up(whyNot)

    @property
    def isCompiled(self) -> bool:
        """Whether this process computes by the compiled kernel."""
        return self._kernel is not None

    @property
    def isAwaited(self) -> bool:
        """Whether the compiled kernel is not there yet, but may come."""
        return self._kernel is None and not self._has_given_up

    @property
    def plain(self) -> Callable[..., Work]:
        """What starts the work on a grid without a compiled kernel."""
        return _PLAIN[self._kind]

    def look(self, isUrgent: bool = True) -> Callable[..., Work]:
        """What starts the work on a grid: the best kernel that is there now.

        isUrgent: whether a compiler that this starts has the priority of this process, else the lowest one.
        """
        self._isUrgent = isUrgent
        if self._kernel is None and self._file is not None and self._clock() >= self._next_look:
            self._next_look = self._clock() + LOOK_EVERY
            self._load(self._file)
        return self.plain if self._kernel is None else self._kernel

    def wait(self) -> Callable[..., Work]:
        """look(), but if this process compiles, after that is done."""
        self.look()
        while self._compiler is not None and self._file is not None:
            self._compiler.wait()
            self._load(self._file)
        return self.look()

    @property
    def isCompiling(self) -> bool:
        """Whether the compiler is at work for this process, so that no other needs to start one."""
        return self._compiler is not None

    def _load(self, file: Path) -> None:
        code = cache.read(file)
        if code is not None:
            self._kernel = _kernel(self._kind, code)
        if self._compiler is not None and self._compiler.poll() is not None:
            self._compiler.communicate()  # closes the pipe
            self._compiler = None
            if code is None:
                self._give_up(f"the compiler failed; what it said is in {_log_of(file)}")
        if code is None and self._may_compile:
            self._compile(file)

    def _compile(self, file: Path) -> None:
        """Start the compiler, unless another process has."""
        try:
            lock = os.open(_lock_of(file), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            self._give_up(f"{error.filename}: {error.strerror}")
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            # It may have been compiled between the look and the lock.
            if cache.read(file) is None:
                self._may_compile = False
                self._compiler = _start_compiler(self._kind, file, lock, self._isUrgent)
        finally:
            os.close(lock)

    def _give_up(self, reason: str) -> None:
        self._may_compile = False
        self._has_given_up = True
        what = "kernel" if self._kind == "direct" else "kernel for deep places"
        log.warning("The fast %s is not there, a plain one, many times slower, goes on: %s", what, reason)


def _kernel(kind: str, code: bytes) -> Kernel | DeepKernel:
    # These import llvmlite: it may be missing, and is not needed for less.
    if kind == "deep":
        from .deepwork import DeepKernel

        return DeepKernel(code)
    from .machinecode import Kernel

    return Kernel(code)


def _start_compiler(kind: str, file: Path, lock: int, isUrgent: bool) -> subprocess.Popen:
    """The compiler's process: it inherits the lock, and ends when this process does, see compiler.py."""
    niceness = "0" if isUrgent else str(_LOWEST_PRIORITY)
    package_parent = str(Path(__file__).parents[2])
    paths = [package_parent, *filter(None, [os.environ.get("PYTHONPATH")])]
    with open(_log_of(file), "wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.compiler", kind, str(file), niceness],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=[lock],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        )


def _lock_of(file: Path) -> Path:
    return file.with_name(file.name + ".lock")


def _log_of(file: Path) -> Path:
    return file.with_name(file.name + ".log")


_warmups: dict[str, Warmup] = {}


def warmup(kind: str = "direct") -> Warmup:
    """This process's way to the kernel of a kind."""
    if kind not in _warmups:
        try:
            _warmups[kind] = Warmup(cache.path(kind), kind)
        except ImportError as error:
            _warmups[kind] = Warmup(None, kind, whyNot=f"{error}; install llvmlite and numba anew")
    return _warmups[kind]


def prepare() -> bool:
    """What a queue runs on every worker: load the compiled kernels, or see to their being compiled. At once.

    Gives whether they are there already.
    """
    for kind in _PLAIN:
        warmup(kind).look(isUrgent=kind != "deep")
    return all(warmup(kind).isCompiled for kind in _PLAIN)


def is_deep_kernel_awaited() -> bool:
    """Whether deep places have to wait for their kernel's compiler now."""
    deep = warmup("deep")
    deep.look(isUrgent=False)
    return deep.isAwaited


def start_work(re: Doubles, im: Doubles, limit: int, known: Counts | None = None) -> Work:
    """The work on a grid in double precision, see escape.Work, by the best kernel that this process has now."""
    return warmup().look()(re, im, limit, known)


def start_deep_work(grid: Grid, reference: Reference, limit: int, known: Counts | None = None) -> Work:
    """The work on a grid by perturbation. If its kernel is being compiled it waits, for without it it would for longer.

    In a task that is no longer wanted it raises Cancelled.
    """
    deep = warmup("deep")
    start = deep.look()
    while deep.isAwaited:
        check_wanted("this part of the picture")
        sleep(_WAIT)
        start = deep.look()
    return start(grid, reference, limit, known)
