# SPDX-License-Identifier: GPL-3.0-or-later
"""Perturbed orbits that have come to a cycle, or are drawn into one, and its period."""

from .complexes import is_smaller, twice
from .deepstate import NEARLY2
from .options import Array, Record, compiled, inlined

# What is looked through for a shorter period, in steps.
_MOST_STEPS = 1 << 16


@compiled
def smallest_period(
    view: Record, state: Record, z: Array, m: int, w: complex, d: complex, multiple: int
) -> tuple[int, int]:
    """The period of an orbit that is the same again, to the bit, after `multiple` steps, and the steps searched.

    Lanes are looked at every few steps only, so that may be several periods. state.multiple and state.period keep the
    last answer: neighbours nearly always have the same.
    """
    if multiple == state.multiple:
        return state.period, 0
    state.multiple = state.period = multiple
    v, n, searched = w, m, 0
    for period in range(1, min(multiple, _MOST_STEPS)):
        searched = period
        v = (twice(complex(z[n, 0], z[n, 1])) + v) * v + d
        n += 1
        f = complex(z[n, 0], z[n, 1]) + v
        if n == view.last or is_smaller(f, v):
            v, n = f, 0
        x, y = v.real - w.real, v.imag - w.imag
        is_back = n == m and x * x + y * y <= NEARLY2 * (w.real * w.real + w.imag * w.imag)
        if is_back and multiple % period == 0:
            state.period = period
            break
    return state.period, searched


# Newton's method for a cycle: its steps, and the last one's length squared, in proportion.
_MAX_NEWTON_STEPS, _CONVERGED2 = 8, 1e-20
# A cycle's point is back when |difference|^2 is this, in proportion.
_BACK2 = 1e-14
# Where it is told by z, and what |w|^2 is of |z|^2 at least then.
_BACK_BY_Z2, _DIGITS2 = 1e-8, 1e-20
# A return is worth a try if |difference|^2 is this part of the one tried before; and so many are tried.
_NEARER2, _MAX_TRIES = 0.25, 4


@inlined
def _stepped(view: Record, z: Array, n: int, v: complex, d: complex) -> tuple[int, complex]:
    """One step, with rebasing: the next n and v."""
    v = (twice(complex(z[n, 0], z[n, 1])) + v) * v + d
    n += 1
    f = complex(z[n, 0], z[n, 1]) + v
    if n == view.last or is_smaller(f, v):
        return 0, f
    return n, v


@compiled
def _attracting_point(view: Record, z: Array, m: int, w: complex, d: complex, period: int) -> tuple[bool, complex, int]:
    """Whether an orbit is near an attracting cycle of a period; w of the cycle's point; and the steps made.

    Newton's method for F(z) = z, F being `period` steps, leads to the cycle's point. It attracts if |F'| < 1; and a
    point of the plane that has an attracting cycle is inside (Fatou).
    """
    start, made, last2 = w, 0, 1e300
    for _ in range(_MAX_NEWTON_STEPS):
        v, n, derivative = start, m, complex(1.0, 0.0)
        for _ in range(period):
            derivative = twice(complex(z[n, 0], z[n, 1]) + v) * derivative
            n, v = _stepped(view, z, n, v, d)
        made += period
        x, y = 1.0 - derivative.real, -derivative.imag
        size2 = x * x + y * y
        if n != m or not 0.0 < size2 < 1e300:
            return False, start, made
        a, b = v.real - start.real, v.imag - start.imag
        step = complex((a * x + b * y) / size2, (b * x - a * y) / size2)
        start = start + step
        step2 = step.real * step.real + step.imag * step.imag
        if step2 > 0.5 * last2:
            return False, start, made
        last2 = step2
        if step2 <= _CONVERGED2 * (w.real * w.real + w.imag * w.imag):
            return derivative.real * derivative.real + derivative.imag * derivative.imag < 1.0, start, made
    return False, start, made


@compiled
def _part_of(view: Record, z: Array, m: int, w: complex, d: complex, multiple: int) -> int:
    """The period of a cycle of which a multiple is known, from its point.

    Where the reference's period is longer than the cycle's, the cycle is back at another step of the reference: then z
    is compared, if it has the digits for a difference as small as a part of w.
    """
    v, n = w, m
    start = complex(z[m, 0], z[m, 1]) + w
    w2, z2 = w.real * w.real + w.imag * w.imag, start.real * start.real + start.imag * start.imag
    for period in range(1, multiple // 2 + 1):
        n, v = _stepped(view, z, n, v, d)
        if n == m:
            x, y = v.real - w.real, v.imag - w.imag
            is_back = x * x + y * y <= _BACK2 * w2
        else:
            x, y = z[n, 0] + v.real - start.real, z[n, 1] + v.imag - start.imag
            is_back = x * x + y * y <= _BACK_BY_Z2 * w2 and w2 > _DIGITS2 * z2
        if is_back and multiple % period == 0:
            return period
    return multiple


@compiled
def attracting_period(view: Record, z: Array, m: int, w: complex, d: complex, reach: int) -> tuple[int, int]:
    """The period of the attracting cycle near an orbit, at most `reach`; 0 if there is none; and the steps made.

    Tried are the orbit's returns, each nearer than the one tried before: in a disc at a larger component's border, it
    is near the larger one's cycle, too, which does not attract.
    """
    v, n, nearest2, tries, made = w, m, 1e300, 0, 0
    for period in range(1, reach + 1):
        n, v = _stepped(view, z, n, v, d)
        x, y = v.real - w.real, v.imag - w.imag
        distance2 = x * x + y * y
        if n == m and distance2 < _NEARER2 * nearest2:
            nearest2 = distance2
            found, point, steps = _attracting_point(view, z, m, w, d, period)
            made += steps
            if found:
                return _part_of(view, z, m, point, d, period), made + 2 * period
            tries += 1
            if tries == _MAX_TRIES:
                return 0, made + period
    return 0, made + reach
