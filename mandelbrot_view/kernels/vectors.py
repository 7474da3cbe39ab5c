# SPDX-License-Identifier: GPL-3.0-or-later
"""A small vector layer for numba: many doubles under one name, so that a kernel reads like its formula.

A value of the type Lanes(width, count) is `count` vectors of `width` doubles each. `x*x + (a - y*y)` of such values
is computed for all width * count lanes at once; count independent vectors hide the latency of the arithmetic. A
comparison gives a Mask, one bit a lane.

    lanes = Lanes(8, 6)

    @njit
    def step(values):
        x = load(values, lanes)
        store(x*x + 1.0, values)

Multiplications and additions may be contracted to one instruction (FMA), nothing else is relaxed: comparisons see
NaN as NaN.
"""

import operator
from collections.abc import Callable, Iterable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.imputils import lower_builtin, lower_cast
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, models, register_model

CONTRACT = ("contract",)


class Lanes(types.Type):
    """width * count doubles, in `count` vectors of `width`; at most 63, the bits of a mask's number."""

    def __init__(self, width: int, count: int) -> None:
        if width * count > 63:
            raise ValueError("more than 63 lanes do not fit the bits of a mask")
        self.width, self.count = width, count
        super().__init__(name=f"Lanes({width}, {count})")

    @property
    def lanes(self) -> int:
        """How many doubles."""
        return self.width * self.count

    def vector(self) -> ir.VectorType:
        """LLVM's type of one of its vectors."""
        return ir.VectorType(ir.DoubleType(), self.width)


class Mask(types.Type):
    """A yes or no for each lane of a type Lanes."""

    def __init__(self, lanes: Lanes) -> None:
        self.of = lanes
        super().__init__(name=f"Mask({lanes.width}, {lanes.count})")

    def vector(self) -> ir.VectorType:
        """LLVM's type of one of its vectors."""
        return ir.VectorType(ir.IntType(1), self.of.width)


class _Model(models.PrimitiveModel):
    """Both types are an array of LLVM vectors, which the optimizer takes apart into registers."""

    def __init__(self, manager: Any, lanes: Lanes | Mask) -> None:
        count = lanes.count if isinstance(lanes, Lanes) else lanes.of.count
        super().__init__(manager, lanes, ir.ArrayType(lanes.vector(), count))


register_model(Lanes)(_Model)
register_model(Mask)(_Model)


def _parts(builder: Any, value: Any) -> list[Any]:
    return [builder.extract_value(value, i) for i in range(value.type.count)]


def _whole(builder: Any, kind: Any, parts: Iterable[Any]) -> Any:
    vectors = list(parts)
    value = ir.Constant(ir.ArrayType(kind.vector(), len(vectors)), ir.Undefined)
    for i, vector in enumerate(vectors):
        value = builder.insert_value(value, vector, i)
    return value


def _register(operation: Callable, operands: int, of: type, gives: Callable[[Any], Any], emit: Callable) -> None:
    """Give numba an operator on one kind of type: its typing, and its code, vector by vector.

    A plain number beside lanes is put into all of them.
    """

    class Template(AbstractTemplate):
        key = operation

        def generic(self, args: tuple, kws: dict) -> Any:
            kinds = {arg for arg in args if not isinstance(arg, types.Number)}
            if len(args) != operands or len(kinds) != 1:
                return None
            kind = kinds.pop()
            return signature(gives(kind), *[kind] * operands) if isinstance(kind, of) else None

    infer_global(operation)(Template)

    def lower(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        vectors = zip(*(_parts(builder, arg) for arg in args), strict=True)
        return _whole(builder, sig.return_type, (emit(builder, *operands) for operands in vectors))

    lower_builtin(operation, *[of] * operands)(lower)


def _itself(kind: Any) -> Any:
    return kind


_register(operator.add, 2, Lanes, _itself, lambda b, x, y: b.fadd(x, y, flags=CONTRACT))
_register(operator.sub, 2, Lanes, _itself, lambda b, x, y: b.fsub(x, y, flags=CONTRACT))
_register(operator.mul, 2, Lanes, _itself, lambda b, x, y: b.fmul(x, y, flags=CONTRACT))
_register(operator.le, 2, Lanes, Mask, lambda b, x, y: b.fcmp_ordered("<=", x, y))
_register(operator.eq, 2, Lanes, Mask, lambda b, x, y: b.fcmp_ordered("==", x, y))
_register(operator.and_, 2, Mask, _itself, lambda b, p, q: b.and_(p, q))
_register(operator.or_, 2, Mask, _itself, lambda b, p, q: b.or_(p, q))
_register(operator.invert, 1, Mask, _itself, lambda b, p: b.not_(p))


@lower_cast(types.Number, Lanes)
def _broadcast(context: Any, builder: Any, number: Any, lanes: Lanes, value: Any) -> Any:
    double = context.cast(builder, value, number, types.float64)
    vector = ir.Constant(lanes.vector(), ir.Undefined)
    for i in range(lanes.width):
        vector = builder.insert_element(vector, double, ir.Constant(ir.IntType(32), i))
    return _whole(builder, lanes, [vector] * lanes.count)


def _operation(define: Callable) -> Any:
    """numba's intrinsic, with the type of what it makes of a function: one that kernels call, without the context."""
    return intrinsic(define)


def _slots(context: Any, builder: Any, kind: types.Array, array: Any, lanes: Lanes) -> list[Any]:
    """Where in an array each vector stands."""
    data = context.make_array(kind)(context, builder, array).data
    base = builder.bitcast(data, lanes.vector().as_pointer())
    return [builder.gep(base, [ir.Constant(ir.IntType(64), i)]) for i in range(lanes.count)]


@_operation
def load(typing_context: Any, array: Any, lanes: Any) -> Any:
    """The lanes that stand in a contiguous array of as many doubles; `lanes` is their type."""
    kind = lanes.instance_type

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        vectors = []
        for slot in _slots(context, builder, sig.args[0], args[0], kind):
            vector = builder.load(slot)
            vector.align = 8
            vectors.append(vector)
        return _whole(builder, kind, vectors)

    return kind(array, lanes), emit


@_operation
def store(typing_context: Any, value: Any, array: Any) -> Any:
    """Put lanes into a contiguous array of as many doubles."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        slots = _slots(context, builder, sig.args[1], args[1], sig.args[0])
        for slot, vector in zip(slots, _parts(builder, args[0]), strict=True):
            builder.store(vector, slot).align = 8
        return context.get_dummy_value()

    return types.void(value, array), emit


@_operation
def some(typing_context: Any, mask: Any) -> Any:
    """Whether a mask has a yes."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        parts = _parts(builder, args[0])
        joined = parts[0]
        for part in parts[1:]:
            joined = builder.or_(joined, part)
        word = ir.IntType(sig.args[0].of.width)
        return builder.icmp_unsigned("!=", builder.bitcast(joined, word), ir.Constant(word, 0))

    return types.boolean(mask), emit


@_operation
def bits(typing_context: Any, mask: Any) -> Any:
    """A mask as a number, lane i as the bit of value 2^i."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        width, i64 = sig.args[0].of.width, ir.IntType(64)
        number = ir.Constant(i64, 0)
        for i, part in enumerate(_parts(builder, args[0])):
            word = builder.zext(builder.bitcast(part, ir.IntType(width)), i64)
            number = builder.or_(number, builder.shl(word, ir.Constant(i64, i * width)))
        return number

    return types.int64(mask), emit


@_operation
def lowest(typing_context: Any, number: Any) -> Any:
    """Which bit of a number, not 0, is its lowest."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), emit


@_operation
def to_bits(typing_context: Any, number: Any) -> Any:
    """The 64 bits of a double, as a whole number."""
    return types.int64(types.float64), lambda context, builder, sig, args: builder.bitcast(args[0], ir.IntType(64))


@_operation
def from_bits(typing_context: Any, number: Any) -> Any:
    """The double of 64 bits."""
    return types.float64(types.int64), lambda context, builder, sig, args: builder.bitcast(args[0], ir.DoubleType())
