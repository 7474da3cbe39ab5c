# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.qt.colouring.sliders import DensitySlider, OffsetSlider


@pytest.fixture
def sliders(qtbot):
    sliders = DensitySlider(), OffsetSlider()
    for slider in sliders:
        qtbot.addWidget(slider)
    return sliders


def test_what_is_shown_is_not_told(sliders, qtbot):
    density, offset = sliders
    with qtbot.assertNotEmitted(density.chosen), qtbot.assertNotEmitted(offset.chosen):
        density.show_(2.0)
        offset.show_(0.25)
    assert (density.density, offset.offset) == (2.0, 0.25)


def test_what_a_hand_does_is_told(sliders, qtbot):
    density, offset = sliders
    with qtbot.waitSignal(density.chosen) as told:
        density.setValue(density.maximum())
    assert told.args == [8.0]
    with qtbot.waitSignal(offset.chosen) as told:
        offset.setValue(offset.maximum())
    assert told.args == [1.0]


def test_at_its_end_the_offset_is_the_same_as_at_its_beginning_and_stays(sliders):
    _, offset = sliders
    offset.setValue(offset.maximum())
    offset.show_(0.0)
    assert offset.value() == offset.maximum()


@pytest.mark.parametrize(("density", "shown"), [(1e-3, 1 / 8), (100.0, 8.0)])
def test_densities_beyond_its_ends_are_shown_at_them(sliders, density, shown):
    sliders[0].show_(density)
    assert sliders[0].density == shown
