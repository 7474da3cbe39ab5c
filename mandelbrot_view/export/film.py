# SPDX-License-Identifier: GPL-3.0-or-later
"""The export of a zoom movie: key frames, the frames between, and all put together; it goes on where it was ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .movie import VIDEOS, Chunk, Movie, Plan, described
from .movietasks import join_chunks, key_frame, png_chunk, video_chunk
from .orbitstep import orbit_step
from .pace import Pace
from .pump import GROUP, Pump, Step
from .video import encoder_name
from .workfolder import WorkFolder

if TYPE_CHECKING:
    from collections import Counter

    from aqlib import TaskQueue

    from ..orbits.reference import Reference

# When what is made of the key frames changes, those of before are of no use.
_VERSION = 1
# What one pixel of a frame costs in samples of a key frame, about.
FRAME_COST = 2


class Film:
    """The export of one movie to a file, .mp4 or .webm, or to a folder of PNG frames.

    queue: whose workers compute it; progressed: called when more of it is done; group: of its tasks. Raises OSError
    and ExportError. Attributes: `pace`, how far it is; `taken`, how many pieces are there from before, of `pieces`.
    """

    def __init__(
        self, queue: TaskQueue, movie: Movie, target: Path, progressed: Callable[[], None] = lambda: None,
        group: str = GROUP,
    ) -> None:  # fmt: skip
        movie.check(target)
        self._suffix = target.suffix.lower() if target.suffix.lower() in VIDEOS else ""
        self._target = target.absolute()
        self.plan = Plan(movie)
        self._reference: Reference | None = None
        what = {"version": _VERSION, "movie": described(movie)}
        if self._suffix:
            what["encoder"] = encoder_name(self._suffix)
        else:
            target.mkdir(exist_ok=True)
        self._folder = WorkFolder(self._target, what)
        self._chunksLeft = dict.fromkeys(range(self.plan.octaves + 1), 0)
        self.taken = 0
        steps = self._steps()
        self.pieces = len(self.plan.chunks) + len({key for chunk in self.plan.chunks for key in _keysOf(chunk)})
        self.pace = Pace(queue.reactor.seconds, sum(step.cost for step in steps))
        self._progressed = progressed
        self._pump = Pump(queue, group, steps, self._reached)

    @property
    def shares(self) -> Counter[str]:
        """What each worker has done, by its name."""
        return self._pump.shares

    async def run(self) -> None:
        """Make it. Raises what stands in its way; then, and when it is cancelled, its pieces stay for another run."""
        try:
            await self._pump.run()
        except BaseException:
            self._folder.close()
            raise
        self._folder.finish()

    def _reached(self, done: float) -> None:
        self.pace.reached(done)
        self._progressed()

    # What is to be done.

    def _steps(self) -> list[Step]:
        missing = [chunk for chunk in self.plan.chunks if not self._has(self._folder.chunk(chunk.number))]
        self.taken = len(self.plan.chunks) - len(missing)
        steps: list[Step] = []
        keys: dict[int, Step | None] = {}
        for chunk in missing:
            for key in _keysOf(chunk):
                self._chunksLeft[key] += 1
                if key not in keys:
                    keys[key] = self._keyStep(key)
                    steps += _there(keys[key])
            needs = [step for key in _keysOf(chunk) for step in _there(keys[key])]
            steps.append(self._chunkStep(chunk, needs))
        for key in range(self.plan.octaves + 1):
            if key not in keys and self._has(self._folder.key(key)):
                self._dropKey(key)  # what was made of it is there
        steps = self._withOrbit(steps, {key: step for key, step in keys.items() if step is not None})
        if self._suffix:
            steps.append(self._joinStep(list(steps)))
        return steps

    def _has(self, path: Path) -> bool:
        return path.name in self._folder.present

    def _withOrbit(self, steps: list[Step], keys: dict[int, Step]) -> list[Step]:
        """With the orbit of the deepest key frame, which serves all others: they are about the same point.

        None of them has a higher limit.
        """
        first = self.plan.firstDeep()
        deep = {key: step for key, step in keys.items() if key >= first}
        if not deep:
            return steps
        scene = self.plan.scene(max(deep))
        whole = round(sum(step.cost for step in steps))
        orbit = orbit_step(scene.place, scene.fine, scene.limit, whole, self._orbitCame)
        for step in deep.values():
            step.needs = [orbit]
        return [orbit, *steps]

    def _orbitCame(self, reference: Reference) -> None:
        self._reference = reference

    def _keyStep(self, key: int) -> Step | None:
        """None for one that is there."""
        if self._has(self._folder.key(key)):
            self.taken += 1
            return None

        def arguments() -> tuple[Any, ...]:
            files = [(self._folder.key(key, by), self.plan.scene(by)) for by in self._coloursOf(key)]
            return files, self.plan.scene(key), self._reference

        return Step(f"key frame {key + 1} of {self.plan.octaves + 1}", key_frame, arguments, self.plan.keySamples)

    def _dropKey(self, key: int) -> None:
        for by in self._coloursOf(key):
            self._folder.drop(self._folder.key(key, by))

    def _coloursOf(self, key: int) -> list[int]:
        """The key frames in whose colours one is needed, its own first: equalised ones are others in each."""
        if not self.plan.isEqualised:
            return [key]
        return [key, *(by for by in (key - 1, key + 1) if 0 <= by <= self.plan.octaves)]

    def _chunkStep(self, chunk: Chunk, needs: list[Step]) -> Step:
        movie = self.plan.movie
        last = chunk.first + len(chunk.between) - 1
        outer, inner = _keysOf(chunk)
        colours = (outer, inner) if self.plan.isEqualised else (None,)
        keys = [(self._folder.key(outer, by), self._folder.key(inner, by)) for by in colours]
        common = self._folder.chunk(chunk.number), keys, movie.size, chunk.between
        cost = FRAME_COST * len(chunk.between) * movie.size[0] * movie.size[1]

        def done(_: list[Any]) -> None:
            for key in _keysOf(chunk):
                self._chunksLeft[key] -= 1
                if not self._chunksLeft[key]:
                    self._dropKey(key)

        name = f"frames {chunk.first + 1} to {last + 1}"
        if self._suffix:
            return Step(name, video_chunk, lambda: (*common, self._suffix, movie.fps), cost, done, needs)
        return Step(name, png_chunk, lambda: (*common, self._files(chunk)), cost, done, needs)

    def _files(self, chunk: Chunk) -> list[tuple[Path, str]]:
        digits = max(len(str(self.plan.movie.frames)), 5)
        return [
            (self._target / f"frame-{number:0{digits}}.png", self.plan.place(chunk.key + share).link)
            for number, share in enumerate(chunk.between, chunk.first + 1)
        ]

    def _joinStep(self, needs: list[Step]) -> Step:
        movie = self.plan.movie
        pieces = [(self._folder.chunk(chunk.number), len(chunk.between)) for chunk in self.plan.chunks]
        arguments = self._target, self._suffix, movie.fps, pieces, movie.place.link
        return Step(f"all of {self._target.name}", join_chunks, lambda: arguments, len(pieces), needs=needs)


def _there(step: Step | None) -> list[Step]:
    return [step] if step is not None else []


def _keysOf(chunk: Chunk) -> tuple[int, int]:
    return chunk.key, chunk.key + 1
