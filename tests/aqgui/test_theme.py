# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtGui import QColor, QPalette

from aqgui import theme
from aqgui.theme import DARK, LIGHT, TEXT_ROLES, stateColour, workerColour
from aqlib import TaskState


def luminance(colour):
    """The relative luminance of WCAG 2."""
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3])
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("chosen", [DARK, LIGHT], ids=lambda chosen: chosen.name)
@pytest.mark.parametrize("role", TEXT_ROLES)
@pytest.mark.parametrize("ground", ["window", "panel"])
def test_text_can_be_read(chosen, role, ground):
    assert contrast(getattr(chosen, role), getattr(chosen, ground)) >= 4.5


@pytest.mark.parametrize("chosen", [DARK, LIGHT], ids=lambda chosen: chosen.name)
def test_chosen_text_can_be_read(chosen):
    palette = chosen.palette()
    assert contrast(palette.color(QPalette.HighlightedText), palette.color(QPalette.Highlight)) >= 4.5


@pytest.mark.parametrize("chosen", [DARK, LIGHT], ids=lambda chosen: chosen.name)
@pytest.mark.parametrize("ID", range(1, 7))
def test_workers_colours_show_on_the_panel(chosen, ID):
    assert contrast(workerColour(ID), chosen.panel) >= 1.9


def test_workers_keep_their_colour_and_neighbours_differ():
    assert len({workerColour(ID).name() for ID in range(1, 7)}) == 6
    assert workerColour(7) == workerColour(1)


def test_each_state_has_a_colour_of_the_theme():
    colours = [getattr(LIGHT, role) for role in TEXT_ROLES]
    assert all(stateColour(state, LIGHT) in colours for state in TaskState)


@pytest.mark.parametrize(("name", "background", "found"), [
    ("light", "black", LIGHT), ("dark", "white", DARK), ("system", "black", DARK), ("system", "white", LIGHT),
])  # fmt: skip
def test_a_theme_is_chosen_by_name_or_as_the_system_is(qtbot, name, background, found):
    system = QPalette(QColor(background))
    system.setColor(QPalette.Window, QColor(background))
    themes = theme.Themes()
    with qtbot.waitSignal(themes.changed):
        themes.choose(name, system)
    assert themes.current is found
