# SPDX-License-Identifier: GPL-3.0-or-later
from aqgui.window.overlays import ACTIONS
from mandelbrot_view.qt.overlays.layer import Overlay


def test_each_has_an_action_that_switches_it(window):
    for overlay, name in ACTIONS.items():
        assert not window.overlays.layer.isOn(overlay)
        window.actions_[name].trigger()
        assert window.overlays.layer.isOn(overlay)
        window.actions_[name].trigger()
        assert not window.overlays.layer.isOn(overlay)


def test_what_is_on_is_remembered(makeWindow, settings):
    makeWindow().actions_["overlayScale"].trigger()
    later = makeWindow()
    assert later.actions_["overlayScale"].isChecked()
    assert later.overlays.layer.isOn(Overlay.SCALE)
    assert not later.overlays.layer.isOn(Overlay.JULIA)


def test_the_tiles_that_are_shown_are_those_of_the_view(window):
    window.view.frame()
    for busy in window.view.busyTiles():
        assert busy.name.startswith(("coarse", "tile"))
