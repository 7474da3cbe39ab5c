# SPDX-License-Identifier: GPL-3.0-or-later
"""From |z| > 2 to the bail-out radius: the last steps of an escaping point, for all compiled kernels."""

from .escape import BAILOUT2, MAX_BAILOUT_STEPS
from .options import Array, Record, inlined


@inlined
def note_escaped(
    state: Record, point: int, x: float, y: float, re: float, im: float, step: int, steps: Array, size2: Array
) -> None:  # fmt: skip
    """Note a point whose |z|, z = x + iy, is above 2 at a step: iterate until it is above 256.

    An orbit that does not get there within MAX_BAILOUT_STEPS, such as one that is no number, sets state.broken.
    """
    r2, last = x * x + y * y, step + MAX_BAILOUT_STEPS
    while not r2 > BAILOUT2 and step < last:
        x, y = x * x + (re - y * y), (x + x) * y + im
        step += 1
        r2 = x * x + y * y
    if not r2 > BAILOUT2:
        state.broken = 1
    steps[point] = step
    size2[point] = r2
