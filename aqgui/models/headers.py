# SPDX-License-Identifier: GPL-3.0-or-later
"""What the header of a panel's list says of a column."""

from collections.abc import Sequence
from typing import Any

from PyQt5.QtCore import Qt


def headerOf(title: Sequence[str], alignment: int, orientation: Qt.Orientation, role: int) -> Any:
    """A model's `headerData` for a column: its title and what that means, and how both it and its cells are aligned."""
    if orientation != Qt.Horizontal:
        return None
    text, meaning = title
    if role == Qt.DisplayRole:
        return text
    if role == Qt.ToolTipRole:
        return meaning
    return alignment if role == Qt.TextAlignmentRole else None
