# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiled kernel at work: machine code from the cache, run without numba."""

import ctypes
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from . import lanes
from .escape import Counts, Doubles, Work

_POINTER = ctypes.c_void_p
# Of a C function: what it gives, then what it takes.
Signature = tuple[Any, ...]
_SIGNATURES: dict[str, Signature] = {
    "escape": (ctypes.c_int64, *[_POINTER] * 5, ctypes.c_int64),
    "smooth": (None, *[_POINTER] * 2, ctypes.c_int64, ctypes.c_double),
}


class Library:
    """The functions of an object file by name, callable on addresses. They run without the interpreter's lock."""

    def __init__(self, machine_code: bytes, signatures: dict[str, Signature]) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._compiler = llvm.create_lljit_compiler()
        builder = llvm.JITLibraryBuilder().add_object_img(machine_code).add_current_process()
        for name in signatures:
            builder.export_symbol(name)
        # It owns the memory of the code.
        self._library = builder.link(self._compiler, "kernel")
        self._functions = {
            name: ctypes.CFUNCTYPE(*signature)(self._library[name]) for name, signature in signatures.items()
        }

    def call(self, name: str, *arguments: object) -> Any:
        """Call a function; arrays, contiguous, are given as their addresses."""
        return self._functions[name](*(_address(argument) for argument in arguments))


def _address(argument: object) -> object:
    return argument.ctypes.data if isinstance(argument, np.ndarray) else argument


class Kernel:
    """The direct kernel, see direct.functions()."""

    def __init__(self, machine_code: bytes) -> None:
        self._library = Library(machine_code, _SIGNATURES)

    def __call__(self, re: Doubles, im: Doubles, limit: int, known: Counts | None = None) -> Work:
        """The work on a grid; see escape.Work."""
        return CompiledWork(self._library, re, im, limit, known)


class CompiledWork(Work):
    """Counts by the compiled kernel. Its unit of work is a block of steps of all lanes."""

    # Half a millisecond with vectors of eight, and safely below five on any processor of this century.
    first_budget = 20_000
    max_lanes = lanes.MOST_LANES

    def __init__(self, library: Library, re: Doubles, im: Doubles, limit: int, known: Counts | None) -> None:
        super().__init__((im.size, re.size), limit, known)
        self.re, self.im = np.ascontiguousarray(re), np.ascontiguousarray(im)
        self._library = library
        self._state = lanes.begin(im.size, re.size, limit, known is not None)

    def advance(self, budget: int) -> int:
        """Run so many blocks."""
        units = self._library.call("escape", self._state, self.re, self.im, self.steps, self.size2, budget)
        if self._state[0]["broken"]:
            self.fail()
        return int(units)

    def position(self) -> tuple[int, ...]:
        """The next point, and how many are in lanes."""
        state = self._state[0]
        return int(state["row"]), int(state["column"]), int(state["live"])

    def first_pending(self) -> int:
        """The first of the points in lanes, or the grid's next one: points are taken in order."""
        state = self._state[0]
        upcoming = int(state["row"]) * self.re.size + int(state["column"])
        if not state["live"]:
            return upcoming
        points = state["point"]
        return min(upcoming, int(points[points >= 0].min()))

    def smooth(self, first: int, end: int) -> None:
        """Have the kernel do it, without a logarithm of the C library."""
        rows = slice(first, end)
        size = (end - first) * self.re.size
        self._library.call("smooth", self.steps[rows], self.size2[rows], size, float(self.limit))
