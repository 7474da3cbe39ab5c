# SPDX-License-Identifier: GPL-3.0-or-later
"""A zoom movie: what is asked for, and where each frame is.

Not each frame is computed. Key frames are, one for each doubling of the zoom, each twice as wide and as high as the
movie, and what is between is made of the two that are next to it: see between.py. At 30 frames a doubling that takes an
eighth of the time, and a point is as finely sampled in all frames.
"""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from itertools import groupby
from math import ceil, floor, isfinite, pi, sin
from pathlib import Path
from typing import NamedTuple

from ..colour.colouring import Colouring, Interior, Scale, Shading
from ..colour.ownpalettes import parse
from ..pictures.depth import isDeep
from ..pictures.render import Size
from ..places import zooming
from ..places.place import Place
from .errors import ExportError
from .scene import Scene

# Where a zoom begins when nothing is said, with the whole set whatever it leads to; and frames a second.
WHOLE, DEFAULT_FPS = "0.5", 30
# Doublings a second, and the shortest that it is by itself.
_SPEED, _SHORTEST = 2.0, 5.0
# The kinds of movies, by the end of the file's name; all other names are folders of PNG frames.
VIDEOS = (".mp4", ".webm")
FASTEST, LONGEST = 120, 24 * 3600
MOST_ANTIALIAS = 3
LARGEST = 8192
MOST_FRAMES = 200_000
# A zoom begins and ends gently, within so many seconds, or this share of a short one.
_EASE, _MOST_EASE = 1.5, 0.2
# Frames that one task makes at most, so that there are some for each worker, and little is lost when one is cancelled.
_MOST_FRAMES = 48
# Of a key frame's pixel, in a frame's: between 1/2 and 1.
_SPACING = 0.5**0.5


class Movie(NamedTuple):
    """What is asked for: a zoom towards or away from a point.

    place: the centre, the zoom at the end, and the limit; start: the zoom at the beginning, as decimal text; size:
    (width, height); antialias: samples along an edge of a key frame's pixel, which is half as large as a frame's.
    """

    place: Place
    start: str
    size: Size
    colouring: Colouring
    antialias: int
    fps: int
    seconds: float

    @property
    def frames(self) -> int:
        """How many it has."""
        return max(round(self.fps * self.seconds), 2)

    def check(self, target: Path) -> None:
        """Raise ExportError if it cannot be made."""
        width, height = self.size
        wrong = None
        if not (16 <= width <= LARGEST and 16 <= height <= LARGEST):
            wrong = f"a movie of {width} x {height} pixels cannot be made; give 16 to {LARGEST} each way"
        elif target.suffix.lower() in VIDEOS and (width % 2 or height % 2):
            wrong = f"a video's width and height are even numbers, and {width} x {height} is not; give one pixel more"
        elif not 1 <= self.fps <= FASTEST:
            wrong = f"{self.fps} frames a second cannot be made; give 1 to {FASTEST}"
        elif not 0 < self.seconds <= LONGEST:
            wrong = f"a movie of {self.seconds:g} s cannot be made; give up to {LONGEST}"
        elif self.frames > MOST_FRAMES:
            wrong = f"{self.frames:,} frames are too many; make it shorter, or of fewer frames a second"
        elif Decimal(self.start) == Decimal(self.place.zoom):
            wrong = f"the zoom is {self.start} at both ends; give another one to begin with"
        if wrong is not None:
            raise ExportError(wrong)


class Chunk(NamedTuple):
    """Frames of one task: numbers from `first` on, and how far each is, 0 to 1, from key frame `key` to the next."""

    number: int
    first: int
    key: int
    between: tuple[float, ...]


class Plan:
    """Which key frames a movie needs, and which chunks of frames, in the order in which they are shown.

    Attributes: `movie`; `octaves`, the key frames' numbers go from 0 to that; `chunks`.
    """

    def __init__(self, movie: Movie) -> None:
        self.movie = movie
        start, end = (zooming.doublings(Decimal(zoom)) for zoom in (movie.start, movie.place.zoom))
        self._deepest = movie.start if start > end else movie.place.zoom
        # Key frames lie so that the deepest one is the movie's deepest picture.
        self.octaves = max(ceil(abs(end - start) - 1e-9), 1)
        top = self.octaves - abs(end - start)
        ends = (self.octaves, top) if start > end else (top, self.octaves)
        last = movie.frames - 1
        shares = [eased(i / last, movie.seconds) for i in range(movie.frames)]
        heights = [ends[0] + (ends[1] - ends[0]) * share for share in shares]
        self.chunks = self._chunksOf(heights)

    def _chunksOf(self, heights: list[float]) -> list[Chunk]:
        chunks: list[Chunk] = []
        numbered = ((min(floor(height), self.octaves - 1), i) for i, height in enumerate(heights))
        for key, group in groupby(numbered, lambda pair: pair[0]):
            numbers = [i for _, i in group]
            for at in range(0, len(numbers), _MOST_FRAMES):
                part = numbers[at : at + _MOST_FRAMES]
                between = tuple(min(max(heights[i] - key, 0.0), 1.0) for i in part)
                chunks.append(Chunk(len(chunks), part[0], key, between))
        return chunks

    def place(self, key: float) -> Place:
        """Where a key frame is; with a fraction, where a frame between two of them is."""
        place = self.movie.place
        zoom = zooming.zoomed(Decimal(self._deepest), Decimal(2) ** Decimal(key - self.octaves))
        return Place.make(place.re, place.im, zoom, place.limit)

    @property
    def isEqualised(self) -> bool:
        """Whether each key frame has colours of its own."""
        return self.movie.colouring.scale is Scale.EQUALISED

    @property
    def keySamples(self) -> int:
        """What a key frame takes."""
        width, height = self.movie.size
        return (2 * self.movie.antialias) ** 2 * width * height

    def firstDeep(self) -> int:
        """The first key frame that lies beyond double precision; one more than there are when none does."""
        return bisect_left(range(self.octaves + 1), True, key=self._isDeep)

    def _isDeep(self, key: int) -> bool:
        scene = self.scene(key)
        return isDeep(scene.place, scene.fine)

    def scene(self, key: int) -> Scene:
        """What a key frame shows."""
        movie, place = self.movie, self.place(key)
        width, height = movie.size
        return Scene(
            place, (2 * width, 2 * height), movie.colouring, movie.antialias, place.limit or place.autoLimit(), _SPACING
        )


def default_seconds(start: str, end: str) -> float:
    """How long a zoom from the one to the other is when nothing is said, in whole seconds."""
    return float(max(ceil(_octaves(start, end) / _SPEED), _SHORTEST))


def doublings(movie: Movie) -> float:
    """How many times a movie's zoom doubles."""
    return _octaves(movie.start, movie.place.zoom)


def _octaves(start: str, end: str) -> float:
    return abs(zooming.doublings(Decimal(end)) - zooming.doublings(Decimal(start)))


def eased(share: float, seconds: float) -> float:
    """How far a zoom is after a share of its time, both 0 to 1: at one speed but for the ends."""
    ramp = min(_EASE / seconds, _MOST_EASE)
    if share > 0.5:
        return 1 - eased(1 - share, seconds)
    if share >= ramp:
        return (share - ramp / 2) / (1 - ramp)
    # The speed rises as half a cosine.
    return max(share / 2 - ramp / (2 * pi) * sin(pi * share / ramp), 0.0) / (1 - ramp)


def described(movie: Movie) -> dict[str, object]:
    """All that a movie's frames depend on, as JSON has it."""
    palette, density, offset, scale, shading, interior = movie.colouring
    return {
        "place": movie.place.link, "start": movie.start, "size": list(movie.size), "antialias": movie.antialias,
        "fps": movie.fps, "seconds": float(movie.seconds),
        "palette": {"name": palette.name, "stops": [[float(position), colour] for position, colour in palette.stops]},
        "density": float(density), "offset": float(offset), "scale": str(scale),
        "shading": str(shading), "interior": str(interior),
    }  # fmt: skip


def read(description: dict[str, object]) -> Movie:
    """The movie of such a description. Raises ExportError for what is none."""
    given: dict = description
    try:
        colouring = Colouring(
            parse(given["palette"]), float(given["density"]), float(given["offset"]),
            Scale(given["scale"]), Shading(given["shading"]), Interior(given["interior"]),
        )  # fmt: skip
        width, height = given["size"]
        start = Place.make("0", "0", given["start"]).zoom
        movie = Movie(
            Place.parse(given["place"]), start, (int(width), int(height)), colouring, int(given["antialias"]),
            int(given["fps"]), float(given["seconds"]),
        )  # fmt: skip
        if not (isfinite(colouring.density) and isfinite(colouring.offset) and 1 <= movie.antialias <= MOST_ANTIALIAS):
            raise ValueError("a number is out of range")
        return movie
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise ExportError(f"what is kept of the movie is damaged ({error}); begin it anew") from error
