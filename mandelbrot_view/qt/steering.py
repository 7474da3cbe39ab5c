# SPDX-License-Identifier: GPL-3.0-or-later
"""Which gesture leads where."""

from .gestures import Gestures
from .navigator import Navigator


def steer(navigator: Navigator, gestures: Gestures) -> None:
    """Have a navigator go where gestures ask it to. A button that is held is not its business: that takes a clock."""
    gestures.wheelZoomed.connect(lambda factor, x, y: navigator.zoom(factor, (x, y), "wheel"))
    gestures.keyZoomed.connect(lambda factor: navigator.zoom(factor, gestures.focus, "key"))
    gestures.centred.connect(navigator.zoomCentred)
    gestures.rectangleChosen.connect(navigator.zoomToRectangle)
    gestures.dragBegan.connect(navigator.beginDrag)
    gestures.dragged.connect(navigator.drag)
    gestures.stepped.connect(navigator.step)
    gestures.homeAsked.connect(navigator.goHome)
