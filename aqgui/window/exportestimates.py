# SPDX-License-Identifier: GPL-3.0-or-later
"""What an export will take, in sentences."""

from math import ceil

from aqgui.texts import count, duration
from mandelbrot_view.export.film import FRAME_COST
from mandelbrot_view.export.movie import VIDEOS, Movie, doublings

# Bytes a pixel, about: of a picture as PNG, of a frame as PNG, and of one in a video. Fine pictures have a lot in them.
_PNG, _VIDEO = 1.5, 0.12
# What a worker does besides computing samples, in proportion.
_OVERHEAD = 1.3


def still(size: tuple[int, int], antialias: int, speed: float) -> str:
    """Of a picture. speed: samples that the view computes a second; 0: not known."""
    pixels = size[0] * size[1]
    samples = pixels * antialias**2
    return f"{_millions(samples)} samples. {_takes(samples, speed, _bytes(pixels * _PNG))}"


def movie(asked: Movie, suffix: str, speed: float) -> str:
    """Of a movie. suffix: of the file's name."""
    octaves = doublings(asked)
    keys = ceil(octaves) + 1
    pixels = asked.size[0] * asked.size[1]
    samples = pixels * (keys * (2 * asked.antialias) ** 2 + FRAME_COST * asked.frames)
    size = _bytes(pixels * asked.frames * (_VIDEO if suffix.lower() in VIDEOS else _PNG))
    pace = _pace(octaves / asked.seconds) if asked.seconds else ""
    return f"{count(asked.frames)} frames from {count(keys)} key frames{pace}. {_takes(samples, speed, size)}"


def _pace(octavesPerSecond: float) -> str:
    rates = {1.0: "once", 2.0: "twice"}
    number = float(f"{octavesPerSecond:.2g}")
    return f", zoom doubling {rates.get(number, f'{number:g} times')} per second"


def _takes(samples: float, speed: float, size: str) -> str:
    """A sentence of the time, when it is known, and of the file's size."""
    return f"Takes about {duration(samples * _OVERHEAD / speed)}, about {size}." if speed > 0 else f"About {size}."


def _millions(number: int) -> str:
    return f"{number / 1e6:,.0f} million" if number >= 10e6 else f"{number / 1e6:.1f} million"


def _bytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(size / 1e6, 0.1):.3g} MB"
