# SPDX-License-Identifier: GPL-3.0-or-later
"""The help on keys and gestures, and what there is to say about the application."""

import platform
from collections.abc import Iterable
from html import escape
from importlib.metadata import PackageNotFoundError, version

from PyQt5.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, Qt
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from aqgui.actions import GESTURES, QUEUE_GESTURES, Actions

_PACKAGES = ("Twisted", "qt5reactor", "numpy", "numba", "pyqtgraph", "psutil")


def showKeys(parent: QWidget, actions: Actions) -> QDialog:
    """Open the list of keys and gestures."""
    parts = [
        _table("In the picture", GESTURES),
        _table("In the queue panel", QUEUE_GESTURES),
        _table("Everywhere", actions.keys()),
    ]
    return _open(parent, "Keys and gestures", "".join(parts), scrolls=True)


def showAbout(parent: QWidget) -> QDialog:
    """Open the versions and licences."""
    versions = [("aqgui", version("aqgui")), ("Python", platform.python_version())]
    versions += [("Qt", QT_VERSION_STR), ("PyQt5", PYQT_VERSION_STR)]
    versions += [(package, _version(package)) for package in _PACKAGES]
    text = (
        "<p>A priority queue of worker processes that draw the Mandelbrot set, to be watched and steered.</p>"
        + _table("Versions", versions)
        + "<p>aqlib is under the Apache License 2.0, all the rest under the GNU General Public License, "
        "version 3 or later.</p>"
    )
    return _open(parent, "About aqgui", text, scrolls=False)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding: 2px 24px 2px 0'><b>{escape(left)}</b></td><td>{escape(right)}</td></tr>"
        for left, right in rows
    )
    return f"<h3>{escape(title)}</h3><table>{cells}</table>"


def _open(parent: QWidget, title: str, text: str, scrolls: bool) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WA_DeleteOnClose)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(12, 12, 12, 12)
    label = QLabel(text)
    label.setTextFormat(Qt.RichText)
    label.setWordWrap(not scrolls)
    label.setTextInteractionFlags(Qt.TextSelectableByMouse | Qt.TextSelectableByKeyboard)
    if scrolls:
        area = QScrollArea()
        area.setWidget(label)
        area.setFrameShape(QScrollArea.NoFrame)
        label.setContentsMargins(0, 0, 24, 12)
        layout.addWidget(area)
        dialog.resize(label.sizeHint().width() + 48, min(label.sizeHint().height() + 80, 640))
    else:
        label.setMinimumWidth(360)
        layout.addWidget(label)
    buttons = QDialogButtonBox(QDialogButtonBox.Close)
    buttons.rejected.connect(dialog.close)
    layout.addWidget(buttons)
    dialog.open()
    return dialog
