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

Indices(lanes) are whole numbers, one a lane, with which gather() reads a table; choose() takes each lane from one of
two values.

Multiplications and additions may be contracted to one instruction (FMA), nothing else is relaxed: comparisons see
NaN as NaN.
"""

import operator
from collections.abc import Callable, Iterable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.imputils import lower_builtin, lower_cast
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, models, register_model

CONTRACT = ("contract",)
_I32, _I64 = ir.IntType(32), ir.IntType(64)


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


class Indices(types.Type):
    """A whole number for each lane of a type Lanes."""

    def __init__(self, lanes: Lanes) -> None:
        self.of = lanes
        super().__init__(name=f"Indices({lanes.width}, {lanes.count})")

    def vector(self) -> ir.VectorType:
        """LLVM's type of one of its vectors."""
        return ir.VectorType(_I64, self.of.width)


def _lanes_of(kind: Any) -> Lanes:
    return kind if isinstance(kind, Lanes) else kind.of


class _Model(models.PrimitiveModel):
    """All three types are an array of LLVM vectors, which the optimizer takes apart into registers."""

    def __init__(self, manager: Any, kind: Lanes | Mask | Indices) -> None:
        super().__init__(manager, kind, ir.ArrayType(kind.vector(), _lanes_of(kind).count))


register_model(Lanes)(_Model)
register_model(Mask)(_Model)
register_model(Indices)(_Model)


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


def _mask(kind: Any) -> Mask:
    return Mask(_lanes_of(kind))


_register(operator.add, 2, Lanes, _itself, lambda b, x, y: b.fadd(x, y, flags=CONTRACT))
_register(operator.sub, 2, Lanes, _itself, lambda b, x, y: b.fsub(x, y, flags=CONTRACT))
_register(operator.mul, 2, Lanes, _itself, lambda b, x, y: b.fmul(x, y, flags=CONTRACT))
_register(operator.le, 2, Lanes, _mask, lambda b, x, y: b.fcmp_ordered("<=", x, y))
_register(operator.lt, 2, Lanes, _mask, lambda b, x, y: b.fcmp_ordered("<", x, y))
_register(operator.eq, 2, Lanes, _mask, lambda b, x, y: b.fcmp_ordered("==", x, y))
_register(operator.add, 2, Indices, _itself, lambda b, x, y: b.add(x, y))
_register(operator.ge, 2, Indices, _mask, lambda b, x, y: b.icmp_signed(">=", x, y))
_register(operator.and_, 2, Mask, _itself, lambda b, p, q: b.and_(p, q))
_register(operator.or_, 2, Mask, _itself, lambda b, p, q: b.or_(p, q))
_register(operator.invert, 1, Mask, _itself, lambda b, p: b.not_(p))


@lower_cast(types.Number, Lanes)
@lower_cast(types.Number, Indices)
def _broadcast(context: Any, builder: Any, number: Any, kind: Any, value: Any) -> Any:
    element = context.cast(builder, value, number, types.float64 if isinstance(kind, Lanes) else types.int64)
    vector = ir.Constant(kind.vector(), ir.Undefined)
    for i in range(_lanes_of(kind).width):
        vector = builder.insert_element(vector, element, ir.Constant(_I32, i))
    return _whole(builder, kind, [vector] * _lanes_of(kind).count)


def operation(define: Callable) -> Any:
    """numba's intrinsic, with the type of what it makes of a function: one that kernels call, without the context."""
    return intrinsic(define)


def _slots(context: Any, builder: Any, kind: types.Array, array: Any, lanes: Lanes | Indices) -> list[Any]:
    """Where in an array each vector stands."""
    data = context.make_array(kind)(context, builder, array).data
    base = builder.bitcast(data, lanes.vector().as_pointer())
    return [builder.gep(base, [ir.Constant(_I64, i)]) for i in range(_lanes_of(lanes).count)]


@operation
def load(typing_context: Any, array: Any, lanes: Any) -> Any:
    """The lanes, or indices, that stand in a contiguous array of as many numbers; `lanes` is their type."""
    kind = lanes.instance_type

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        vectors = []
        for slot in _slots(context, builder, sig.args[0], args[0], kind):
            vector = builder.load(slot)
            vector.align = 8
            vectors.append(vector)
        return _whole(builder, kind, vectors)

    return kind(array, lanes), emit


@operation
def store(typing_context: Any, value: Any, array: Any) -> Any:
    """Put lanes, or indices, into a contiguous array of as many numbers."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        slots = _slots(context, builder, sig.args[1], args[1], sig.args[0])
        for slot, vector in zip(slots, _parts(builder, args[0]), strict=True):
            builder.store(vector, slot).align = 8
        return context.get_dummy_value()

    return types.void(value, array), emit


@operation
def absolute(typing_context: Any, value: Any) -> Any:
    """Each lane without its sign."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        vector = sig.args[0].vector()
        name = f"llvm.fabs.v{vector.count}f64"
        fabs = cgutils.get_or_insert_function(builder.module, ir.FunctionType(vector, [vector]), name)
        return _whole(builder, sig.args[0], (builder.call(fabs, [part]) for part in _parts(builder, args[0])))

    return value(value), emit


@operation
def choose(typing_context: Any, mask: Any, yes: Any, no: Any) -> Any:
    """Each lane from `yes` where the mask is set, else from `no`, which may be one number for all."""
    kind = yes if isinstance(yes, Lanes | Indices) else no

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        vectors = zip(*(_parts(builder, arg) for arg in args), strict=True)
        return _whole(builder, kind, (builder.select(*operands) for operands in vectors))

    return kind(mask, kind, kind), emit


@operation
def gather(typing_context: Any, table: Any, indices: Any) -> Any:
    """Rows of a contiguous table (n, 2) of doubles, one for each lane: their first numbers and their second ones."""
    kind = indices.of

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        data = context.make_array(sig.args[0])(context, builder, args[0]).data
        rows = builder.bitcast(data, ir.VectorType(ir.DoubleType(), 2).as_pointer())
        pairs = [_gather_vector(builder, rows, vector, kind.width) for vector in _parts(builder, args[1])]
        columns = [_whole(builder, kind, [pair[i] for pair in pairs]) for i in range(2)]
        return context.make_tuple(builder, sig.return_type, columns)

    return types.UniTuple(kind, 2)(table, indices), emit


def _gather_vector(builder: Any, rows: Any, indices: Any, width: int) -> tuple[Any, Any]:
    """A load of 16 bytes for each lane, then shuffles: faster than the processor's gathers of 8 bytes."""
    parts = []
    for lane in range(width):
        row = builder.load(builder.gep(rows, [builder.extract_element(indices, ir.Constant(_I32, lane))]))
        row.align = 8
        parts.append(row)
    while len(parts) > 2:
        parts = [
            _shuffled(builder, parts[i], parts[i + 1], range(2 * parts[i].type.count)) for i in range(0, len(parts), 2)
        ]
    first, second = parts
    return (
        _shuffled(builder, first, second, range(0, 2 * width, 2)),
        _shuffled(builder, first, second, range(1, 2 * width, 2)),
    )


def _shuffled(builder: Any, first: Any, second: Any, order: Iterable[int]) -> Any:
    numbers = list(order)
    return builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(_I32, len(numbers)), numbers))


@operation
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


@operation
def bits(typing_context: Any, mask: Any) -> Any:
    """A mask as a number, lane i as the bit of value 2^i."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        width, i64 = sig.args[0].of.width, _I64
        number = ir.Constant(i64, 0)
        for i, part in enumerate(_parts(builder, args[0])):
            word = builder.zext(builder.bitcast(part, ir.IntType(width)), i64)
            number = builder.or_(number, builder.shl(word, ir.Constant(i64, i * width)))
        return number

    return types.int64(mask), emit


@operation
def lowest(typing_context: Any, number: Any) -> Any:
    """Which bit of a number, not 0, is its lowest."""

    def emit(context: Any, builder: Any, sig: Any, args: tuple) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), emit


@operation
def to_bits(typing_context: Any, number: Any) -> Any:
    """The 64 bits of a double, as a whole number."""
    return types.int64(types.float64), lambda context, builder, sig, args: builder.bitcast(args[0], _I64)


@operation
def from_bits(typing_context: Any, number: Any) -> Any:
    """The double of 64 bits."""
    return types.float64(types.int64), lambda context, builder, sig, args: builder.bitcast(args[0], ir.DoubleType())
