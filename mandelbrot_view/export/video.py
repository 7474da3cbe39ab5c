# SPDX-License-Identifier: GPL-3.0-or-later
"""Videos by FFmpeg (PyAV): pieces that are encoded apart, and one put together of them without encoding anew."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from .. import wholefile
from ..colour.palettes import Bytes
from ..pictures.render import Size
from .errors import ExportError


class Kind(NamedTuple):
    """How a kind of video is made: FFmpeg's names of the container and the encoder, and what both are told.

    delay: frames by which one is decoded at most before it is shown, for others lean on it.
    """

    container: str
    encoder: str
    options: dict[str, str]
    joined: dict[str, str]
    delay: int


# One thread: each worker encodes. The qualities are those at which what is fine in these pictures stays.
KINDS = {
    ".mp4": Kind(
        "mp4", "libx264",
        {"crf": "17", "preset": "medium", "tune": "animation", "bf": "3", "rc-lookahead": "12", "threads": "1"},
        {"movflags": "+faststart"}, 2,
    ),
    ".webm": Kind(
        "webm", "libvpx-vp9",
        {"crf": "24", "b": "0", "deadline": "good", "cpu-used": "3", "row-mt": "0", "threads": "1"}, {},
        0,
    ),
}  # fmt: skip
# Standard definition and high definition alike: BT.709, with the limited range that players take for granted.
_BT709, _LIMITED, _FULL = 1, 1, 2


def library() -> Any:
    """PyAV. Raises ExportError when it is not there: it is needed for videos alone."""
    try:
        import av
    except ImportError as error:
        raise ExportError(f"videos need PyAV (pip install av), or choose PNG frames: {error}") from error
    return av


def encoder_name(suffix: str) -> str:
    """Which encoder makes this kind of video here: pieces of another one do not go with its own."""
    av = library()
    versions = ".".join(str(part) for part in av.library_versions["libavcodec"])
    return f"{KINDS[suffix].encoder} {versions}"


def encode(
    path: Path, suffix: str, size: Size, fps: int, frames: Iterator[Bytes | None]
) -> Generator[bool, None, None]:
    """Encode frames (height, width, 3) as a piece. Raises OSError and ExportError.

    It stops after each frame, with True, and where `frames` has None instead, with False.
    """
    av, kind = library(), KINDS[suffix]
    with (
        _plainErrors(path), wholefile.replacing(path) as file, av.open(file.name, "w", format="mp4") as container
    ):  # fmt: skip
        stream = container.add_stream(kind.encoder, fps, options=dict(kind.options))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.color_range, context.colorspace = _LIMITED, _BT709
        context.color_primaries = context.color_trc = _BT709
        number = 0
        for pixels in frames:
            if pixels is None:
                yield False
                continue
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame = frame.reformat(
                format="yuv420p", src_colorspace="ITU709", dst_colorspace="ITU709", src_color_range=_FULL,
                dst_color_range=_LIMITED,
            )  # fmt: skip
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
            number += 1
            yield True
        container.mux(stream.encode(None))


def join(
    path: Path, suffix: str, fps: int, pieces: Sequence[tuple[Path, int]], comment: str
) -> Generator[None, None, None]:
    """Put pieces, each with its number of frames, together to a video; stops after each. Raises OSError."""
    av, kind = library(), KINDS[suffix]
    with (
        _plainErrors(path),
        wholefile.replacing(path) as file,
        av.open(file.name, "w", format=kind.container, options=kind.joined) as whole,
    ):
        whole.metadata["comment"] = comment
        stream, begin, number = None, 0, 0
        for piece, frames in pieces:
            with av.open(str(piece)) as container:
                if stream is None:
                    stream = whole.add_stream_from_template(container.streams.video[0])
                for packet in container.demux(video=0):
                    if packet.size:
                        # The order of decoding is counted through: short pieces have another delay of their own.
                        packet.pts = begin + round(packet.pts * packet.time_base * fps)
                        packet.dts = number - kind.delay
                        packet.duration, packet.time_base, packet.stream = 1, Fraction(1, fps), stream
                        whole.mux(packet)
                        number += 1
            begin += frames
            yield


@contextmanager
def _plainErrors(path: Path) -> Iterator[None]:
    """FFmpeg's errors of the system as Python's own, which every process can read."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, os.strerror(error.errno or 0), str(path)) from error
