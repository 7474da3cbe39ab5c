# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiled kernel at work: machine code from the cache, run without numba."""

import ctypes

import llvmlite.binding as llvm

from . import lanes
from .escape import Counts, Doubles, Work

_POINTER = ctypes.c_void_p
_SIGNATURES: dict[str, tuple[type, ...]] = {
    "escape": (*[_POINTER] * 5, ctypes.c_int64),
    "smooth": (*[_POINTER] * 3, ctypes.c_int64, ctypes.c_double),
}


class Kernel:
    """The functions of an object file, as direct.functions() lists them, callable on addresses.

    They run without the interpreter's lock.
    """

    def __init__(self, machine_code: bytes) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._compiler = llvm.create_lljit_compiler()
        library = llvm.JITLibraryBuilder().add_object_img(machine_code).add_current_process()
        for name in _SIGNATURES:
            library.export_symbol(name)
        # It owns the memory of the code.
        self._library = library.link(self._compiler, "kernel")
        self.escape, self.smooth = (
            ctypes.CFUNCTYPE(None, *signature)(self._library[name]) for name, signature in _SIGNATURES.items()
        )

    def __call__(self, re: Doubles, im: Doubles, limit: int, known: Counts | None = None) -> Work:
        """The work on a grid; see escape.Work."""
        return CompiledWork(self, re, im, limit, known)


class CompiledWork(Work):
    """Counts by the compiled kernel. Its unit of work is a block of steps of all lanes."""

    # Half a millisecond with vectors of eight, and safely below five on any processor of this century.
    first_budget = 20_000

    def __init__(self, kernel: Kernel, re: Doubles, im: Doubles, limit: int, known: Counts | None) -> None:
        super().__init__(re, im, limit, known)
        self._kernel = kernel
        self._state = lanes.begin(im.size, re.size, limit, known is not None)

    def advance(self, budget: int) -> None:
        """Run so many blocks."""
        arrays = (self._state, self.re, self.im, self.steps, self.size2)
        self._kernel.escape(*(array.ctypes.data for array in arrays), budget)

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
        arrays = (self.steps[rows], self.size2[rows], self.counts[rows])
        size = (end - first) * self.re.size
        self._kernel.smooth(*(array.ctypes.data for array in arrays), size, float(self.limit))
