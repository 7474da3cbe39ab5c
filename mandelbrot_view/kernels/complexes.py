# SPDX-License-Identifier: GPL-3.0-or-later
"""Complex numbers for numba beside its own complex128, so that a kernel is one formula over all of them.

Wide is a complex number with an exponent of its own, 64 bits of it: (re + i im) 2^exponent, the larger of |re| and
|im| from 1 to below 2, or 0. It holds what is too small for a double, below 1e-308.

ComplexLanes(lanes) is a complex number for each lane of a vector, see vectors.py.

All have + and *. What else a kernel needs of complex128 and Wide alike are the functions below.
"""

import operator
from typing import Any

from numba.core import cgutils, types
from numba.extending import make_attribute_wrapper, models, overload, register_model

from .arithmetic import power_of_two
from .options import compiled
from .vectors import Lanes, absolute, operation, to_bits

# The exponent of 0: less than any other by so much that sums and differences of exponents keep it apart.
NOTHING = -(1 << 40)
_MANTISSA_BITS, _BIAS, _EXPONENT_MASK = 52, 1023, 0x7FF


class WideType(types.Type):
    """The numba type of a Wide."""

    def __init__(self) -> None:
        super().__init__(name="Wide")


WIDE = WideType()


@register_model(WideType)
class _WideModel(models.StructModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        members = [("re", types.float64), ("im", types.float64), ("exponent", types.int64)]
        super().__init__(manager, kind, members)


class ComplexLanes(types.Type):
    """The numba type of a complex number in each lane."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        super().__init__(name=f"ComplexLanes({lanes.width}, {lanes.count})")


@register_model(ComplexLanes)
class _ComplexLanesModel(models.StructModel):
    def __init__(self, manager: Any, kind: ComplexLanes) -> None:
        super().__init__(manager, kind, [("re", kind.lanes), ("im", kind.lanes)])


for _name in ("re", "im"):
    make_attribute_wrapper(WideType, _name, _name)
    make_attribute_wrapper(ComplexLanes, _name, _name)
make_attribute_wrapper(WideType, "exponent", "exponent")


def _emit_struct(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
    struct = cgutils.create_struct_proxy(sig.return_type)(context, builder)
    for name, arg in zip(("re", "im", "exponent"), args, strict=False):
        setattr(struct, name, arg)
    return struct._getvalue()


@operation
def wide(typing_context: Any, re: Any, im: Any, exponent: Any) -> Any:
    """A Wide of parts that have its form already; else see normalised()."""
    return WIDE(types.float64, types.float64, types.int64), _emit_struct


@operation
def both(typing_context: Any, re: Any, im: Any) -> Any:
    """A complex number in each lane."""
    return ComplexLanes(re)(re, im), _emit_struct


@compiled
def normalised(re: float, im: float, exponent: int) -> Any:
    """(re + i im) 2^exponent as a Wide."""
    largest = max(abs(re), abs(im))
    if largest == 0.0:
        return wide(0.0, 0.0, NOTHING)
    shift = ((to_bits(largest) >> _MANTISSA_BITS) & _EXPONENT_MASK) - _BIAS
    scale = power_of_two(-shift)
    return wide(re * scale, im * scale, exponent + shift)


@compiled
def widened(value: complex) -> Any:
    """A complex128 as a Wide."""
    return normalised(value.real, value.imag, 0)


@compiled
def narrowed(value: Any) -> complex:
    """A Wide as a complex128; 0 where it is too small for that."""
    scale = power_of_two(value.exponent)
    return complex(value.re * scale, value.im * scale)


@compiled
def _sum(a: Any, b: Any) -> Any:
    if a.exponent >= b.exponent:
        scale = power_of_two(b.exponent - a.exponent)
        return normalised(a.re + b.re * scale, a.im + b.im * scale, a.exponent)
    scale = power_of_two(a.exponent - b.exponent)
    return normalised(a.re * scale + b.re, a.im * scale + b.im, b.exponent)


@compiled
def _product(a: Any, b: Any) -> Any:
    return normalised(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, a.exponent + b.exponent)


def _overload(operation: Any, for_wide: Any, for_lanes: Any) -> None:
    @overload(operation, strict=False)
    def choose_implementation(a: Any, b: Any) -> Any:
        if isinstance(a, WideType) and isinstance(b, WideType):
            return for_wide
        if isinstance(a, ComplexLanes) and a == b:
            return for_lanes
        return None


_overload(operator.add, _sum.py_func, lambda a, b: both(a.re + b.re, a.im + b.im))
_overload(
    operator.mul, _product.py_func, lambda a, b: both(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
)  # fmt: skip


def twice(value: Any) -> Any:
    """2 value, for kernels only."""
    raise TypeError("twice() is for compiled code alone; call it from a function that numba compiles")


@overload(twice, strict=False)
def _twice(value: Any) -> Any:
    if isinstance(value, WideType):
        return lambda value: wide(value.re, value.im, value.exponent + 1)
    return lambda value: value + value


def size(value: Any) -> float:
    """|re| + |im| of a complex128 or of each of its lanes, for kernels only."""
    raise TypeError("size() is for compiled code alone; call it from a function that numba compiles")


@overload(size, strict=False)
def _size(value: Any) -> Any:
    if isinstance(value, ComplexLanes):
        return lambda value: absolute(value.re) + absolute(value.im)
    return lambda value: abs(value.real) + abs(value.imag)


def scaled(value: Any, factor: float) -> Any:
    """The value times a real number, for kernels only."""
    raise TypeError("scaled() is for compiled code alone; call it from a function that numba compiles")


@overload(scaled, strict=False)
def _scaled(value: Any, factor: Any) -> Any:
    if isinstance(value, WideType):
        return lambda value, factor: normalised(value.re * factor, value.im * factor, value.exponent)
    return lambda value, factor: complex(value.real * factor, value.imag * factor)


def is_smaller(a: Any, b: Any) -> bool:
    """Whether |a| < |b|, for kernels only."""
    raise TypeError("is_smaller() is for compiled code alone; call it from a function that numba compiles")


@overload(is_smaller, strict=False)
def _is_smaller(a: Any, b: Any) -> Any:
    if isinstance(a, WideType):
        return lambda a, b: (
            a.exponent < b.exponent
            or (a.exponent == b.exponent and a.re * a.re + a.im * a.im < b.re * b.re + b.im * b.im)
        )
    return lambda a, b: a.real * a.real + a.imag * a.imag < b.real * b.real + b.imag * b.imag
