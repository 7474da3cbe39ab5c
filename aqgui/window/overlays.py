# SPDX-License-Identifier: GPL-3.0-or-later
"""The overlays of the view, as checkable actions that are remembered."""

from __future__ import annotations

from PyQt5.QtCore import QObject

from aqgui import theme
from aqgui.actions import Actions
from aqgui.settings import Settings
from aqlib import TaskQueue
from mandelbrot_view.qt.overlays.layer import Overlay, OverlayLayer
from mandelbrot_view.qt.view import MandelbrotView

# The name of the action of each, and of its setting.
ACTIONS = {
    Overlay.SCALE: "overlayScale",
    Overlay.ORBIT: "overlayOrbit",
    Overlay.JULIA: "overlayJulia",
    Overlay.TILES: "overlayTiles",
}


class Overlays(QObject):
    """What the menu View does about overlays.

    Args:
        view: Over which they lie.
        queue: Computes the Julia set.
        actions: Have one action for each.
        settings: Keep which are on.
    """

    def __init__(self, view: MandelbrotView, queue: TaskQueue, actions: Actions, settings: Settings) -> None:
        super().__init__(view)
        self.layer = OverlayLayer(view, queue, MandelbrotView.GROUP, theme.workerColour)
        self._settings = settings
        view.placeChanged.connect(lambda place: self.layer.refresh())
        for overlay, name in ACTIONS.items():
            action = actions[name]
            action.toggled.connect(lambda on, overlay=overlay: self._set(overlay, on))
            action.setChecked(settings.get(f"view/{name}", False))

    def stop(self) -> None:
        """Compute nothing any more."""
        self.layer.stop()

    def _set(self, overlay: Overlay, on: bool) -> None:
        self.layer.setOn(overlay, on)
        self._settings.set(f"view/{ACTIONS[overlay]}", on)
