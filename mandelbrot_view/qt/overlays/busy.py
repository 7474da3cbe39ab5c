# SPDX-License-Identifier: GPL-3.0-or-later
"""What a view tells of the tiles that are not there yet."""

from __future__ import annotations

from typing import NamedTuple

from ...pictures.tiles import Tile


class Busy(NamedTuple):
    """A tile that is being computed or waits: where, in the view's pixels, its name, and the number of its worker."""

    tile: Tile
    name: str
    worker: int | None
