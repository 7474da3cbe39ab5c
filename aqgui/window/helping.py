# SPDX-License-Identifier: GPL-3.0-or-later
"""The help on keys and gestures, and what there is to say about the application."""

import platform
from collections.abc import Iterable
from html import escape
from importlib.metadata import PackageNotFoundError, version

from PyQt5.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, QSize, Qt
from PyQt5.QtGui import QTextDocument
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from aqgui.actions import GESTURES, QUEUE_GESTURES, Actions
from aqgui.dialogs import plainButtons

# Of the text, in pixels.
_WIDTH = 480
_CELL = "style='padding: 2px 24px 2px 0'"
_PACKAGES = ("Twisted", "qt5reactor", "numpy", "numba", "pyqtgraph", "psutil")


def showKeys(parent: QWidget, actions: Actions) -> QDialog:
    """Open the list of keys and gestures."""
    tables = [
        ("In the picture", GESTURES),
        ("In the list of tasks", [*QUEUE_GESTURES, *actions.keys(Qt.WidgetWithChildrenShortcut)]),
        ("Everywhere", actions.keys(Qt.WindowShortcut)),
    ]
    return _open(parent, "Keys and gestures", _table(tables))


def showAbout(parent: QWidget) -> QDialog:
    """Open the versions and licences."""
    versions = [("aqgui", version("aqgui")), ("Python", platform.python_version())]
    versions += [("Qt", QT_VERSION_STR), ("PyQt5", PYQT_VERSION_STR)]
    versions += [(package, _version(package)) for package in _PACKAGES]
    text = (
        "<p>Watch and steer a priority queue whose worker processes draw the Mandelbrot set.</p>"
        + _table([("Versions", versions)])
        + "<p>aqlib is under the Apache License 2.0, all the rest under the GNU General Public License, "
        "version 3 or later.</p>"
    )
    return _open(parent, "About aqgui", text)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _table(parts: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """One table for all parts, so that their columns stand below each other."""
    rows = []
    for title, pairs in parts:
        rows.append(f"<tr><td colspan='2' style='padding-top: 8px'><h3>{escape(title)}</h3></td></tr>")
        for left, right in pairs:
            rows.append(f"<tr><td {_CELL}><b>{escape(left)}</b></td><td {_CELL}>{escape(right)}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _open(parent: QWidget, title: str, text: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WA_DeleteOnClose)
    view = QTextBrowser(dialog)
    view.setFrameShape(QTextBrowser.NoFrame)
    view.viewport().setAutoFillBackground(False)
    view.setAccessibleName(title)
    view.setHtml(text)
    buttons = QDialogButtonBox(QDialogButtonBox.Close)
    buttons.rejected.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(12, 12, 12, 12)
    layout.addWidget(view)
    layout.addWidget(buttons)
    dialog.resize(_fitting(text, parent))
    dialog.open()
    plainButtons(dialog)
    return dialog


def _fitting(text: str, parent: QWidget) -> QSize:
    """The size of a dialog that shows all of a text, but is no higher than the window."""
    document = QTextDocument()
    document.setHtml(text)
    document.setTextWidth(_WIDTH)
    height = round(document.size().height()) + 88
    return QSize(_WIDTH + 56, min(height, max(parent.height() - 40, 240)))
