# SPDX-License-Identifier: GPL-3.0-or-later
from PyQt5.QtCore import Qt

from aqgui.models.headers import headerOf

TITLE = ("MB", "Resident memory")


def test_a_column_has_a_title_a_meaning_and_an_alignment():
    roles = (Qt.DisplayRole, Qt.ToolTipRole, Qt.TextAlignmentRole, Qt.FontRole)
    assert [headerOf(TITLE, 7, Qt.Horizontal, role) for role in roles] == ["MB", "Resident memory", 7, None]


def test_rows_have_no_header():
    assert headerOf(TITLE, 7, Qt.Vertical, Qt.DisplayRole) is None
