# SPDX-License-Identifier: GPL-3.0-or-later
"""How all kernels are compiled."""

from typing import Any

from numba import njit

# Never fastmath=True: it lets LLVM assume that there is no NaN, and the tests for it vanish. numpy's error model
# divides by zero without an exception, which machine code outside of Python could not raise.
OPTIONS: dict[str, Any] = {"fastmath": {"contract"}, "error_model": "numpy"}
# A record of a state, and an array, as numba sees them.
Record = Any
Array = Any

# Functions that only other compiled functions call: Python needs no way into them.
_INNER: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **OPTIONS}

# LLVM inlines these. numba's own inline="always" copies their source to each caller instead, where it is typed and
# lowered again: the deep kernels then take half as long again to compile.
inlined = njit(forceinline=True, **_INNER)
compiled = njit(**_INNER)
