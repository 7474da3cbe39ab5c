# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of a movie: key frames, the frames between them, and all put together. Each leaves a whole file or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from .. import wholefile
from ..colour.palettes import Bytes
from ..colour.ranks import Ranks
from ..pictures.render import Size
from ..places.pictureplace import CHUNK
from .between import Between
from .png import PngWriter, pack
from .scene import Progress, Scene, bands, draw_by, ranks_of
from .video import encode, join

if TYPE_CHECKING:
    from ..orbits.reference import Reference

# Key frames are read once or twice, and kept for a short time.
_FAST = 1

# An outer and an inner key frame.
Pair = tuple[Path, Path]


def key_frame(files: Sequence[tuple[Path, Scene]], scene: Scene, reference: Reference | None = None) -> Progress:
    """Write a key frame, as PNG.

    files: for each the scene that colours are equalised by, if they are; the first one is there when all are.
    """
    rankings: list[Ranks | None] = []
    for _, by in files:
        ranks = None
        for item in ranks_of(by, reference) if scene.isEqualised else ():
            if isinstance(item, Ranks):
                ranks = item
            else:
                yield 0
        rankings.append(ranks)
    with ExitStack() as stack:
        opened = [stack.enter_context(wholefile.replacing(path)) for path, _ in files]
        writers = [PngWriter(file, scene.size, {CHUNK: scene.place.link}) for file in opened]
        for first, rows in bands(scene):
            drawn = [np.empty((rows, scene.size[0], 3), np.uint8) for _ in files]
            yield from draw_by(drawn, rankings, scene, first, reference)
            for writer, pixels in zip(writers, drawn, strict=True):
                writer.write(pack(pixels, _FAST))
        for writer in writers:
            writer.finish()


def video_chunk(
    path: Path, keys: Sequence[Pair], size: Size, shares: Sequence[float], suffix: str, fps: int
) -> Progress:
    """Encode the frames at some shares of the way between two key frames, as a piece of a video.

    keys: the outer and the inner one; where colours are equalised, both by the outer one, and both by the inner one.
    """
    between, pixels = _between(keys, size), _blank(size)

    def frames() -> Iterator[Bytes | None]:
        for share in shares:
            for _ in between.frame(share, pixels):
                yield None
            yield pixels

    for isFrame in encode(path, suffix, size, fps, frames()):
        yield size[0] * size[1] if isFrame else 0


def png_chunk(
    path: Path, keys: Sequence[Pair], size: Size, shares: Sequence[float], files: Sequence[tuple[Path, str]]
) -> Progress:
    """Write such frames as PNG, each with the link of its place, and at the end `path`, which says that all are there.

    files: for each its path and the link.
    """
    between, pixels = _between(keys, size), _blank(size)
    for share, (file, link) in zip(shares, files, strict=True):
        for _ in between.frame(share, pixels):
            yield 0
        with wholefile.replacing(file) as there:
            writer = PngWriter(there, size, {CHUNK: link})
            writer.write(pack(pixels))
            writer.finish()
        yield size[0] * size[1]
    wholefile.replace(path, b"")


def join_chunks(path: Path, suffix: str, fps: int, pieces: Sequence[tuple[Path, int]], comment: str) -> Progress:
    """Put the pieces of a video together, each with its number of frames."""
    for _ in join(path, suffix, fps, pieces, comment):
        yield 1


def _between(keys: Sequence[Pair], size: Size) -> Between:
    return Between(((_pixels(outer), _pixels(inner)) for outer, inner in keys), size)


def _pixels(path: Path) -> Bytes:
    with Image.open(path) as image:
        return np.asarray(image)


def _blank(size: Size) -> Bytes:
    return np.empty((size[1], size[0], 3), np.uint8)
