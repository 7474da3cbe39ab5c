# SPDX-License-Identifier: GPL-3.0-or-later
"""The period of a perturbed orbit that has come to a cycle."""

from .complexes import is_smaller, twice
from .deepstate import NEARLY2
from .options import Array, Record, compiled

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
