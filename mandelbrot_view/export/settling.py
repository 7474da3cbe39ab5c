# SPDX-License-Identifier: GPL-3.0-or-later
"""Which scale and limit a movie has that is to have whichever suit: one for all of it, for none may change on the way.

Where it is deepest decides. All counts are nearly the same number there, and the palette's cycle would be one colour;
and where a minibrot's period is beyond the limit, all would be black.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..colour.colouring import Scale
from ..pictures.depth import isDeep
from .movie import Movie, Plan
from .orbitstep import limit_beyond, orbit_step
from .pump import GROUP, Pump, Step
from .scene import ranks_of

if TYPE_CHECKING:
    from aqlib import TaskQueue

    from ..orbits.reference import Reference


async def settled(queue: TaskQueue, movie: Movie, group: str = GROUP) -> Movie:
    """The movie with the scale and the limit that its deepest picture asks for, where its scale is automatic.

    queue: looks at that picture; group: of its tasks. The same movie always gets the same. Raises OrbitError, and what
    a worker has died of.
    """
    if movie.colouring.scale is not Scale.AUTOMATIC:
        return movie
    plan = Plan(movie)
    scene = plan.scene(plan.octaves)
    references: list[Reference] = []
    scales: list[Scale] = []
    limits = [scene.limit]

    def came(reference: Reference) -> None:
        references.append(reference)
        limits.append(limit_beyond(reference, movie.place, scene.limit))

    def looked(results: list[Any]) -> None:
        [ranks] = results
        scales.append(Scale.SMOOTH if ranks is None else Scale.EQUALISED)

    steps: list[Step] = []
    if isDeep(scene.place, scene.fine):
        steps.append(orbit_step(scene.place, scene.fine, scene.limit, scene.samples, came))
    steps.append(
        Step("colours", ranks_of, lambda: (scene._replace(limit=limits[-1]), *references), 1, looked, list(steps))
    )
    await Pump(queue, group, steps, lambda _: None).run()
    place = movie.place if limits[-1] == scene.limit else replace(movie.place, limit=limits[-1])
    return movie._replace(place=place, colouring=movie.colouring._replace(scale=scales[0]))
