# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from PyQt5.QtWidgets import QLabel

from aqgui.elided import ElidedLabel


@pytest.fixture
def label(qtbot):
    label = ElidedLabel()
    qtbot.addWidget(label)
    return label


def drawn(label, width):
    label.resize(width, 20)
    return label.grab().toImage()


def test_with_room_it_is_a_label_as_any(label):
    label.setText("short")
    whole = QLabel("short")
    assert label.sizeHint() == whole.sizeHint()


def test_it_gives_way_and_shows_that_there_is_more(label):
    label.setText("a sentence that is much too long")
    assert label.minimumSizeHint().width() < label.sizeHint().width() / 3
    cut = drawn(label, 80)
    label.setText("a sentence that is much too long, and even longer")
    assert drawn(label, 80) == cut
    label.setText("a sente")
    assert drawn(label, 80) != cut
