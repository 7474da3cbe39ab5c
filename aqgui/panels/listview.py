# SPDX-License-Identifier: GPL-3.0-or-later
"""A flat list of rows, as the panels for workers and events have one."""

from PyQt5.QtCore import QAbstractItemModel, pyqtSignal
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QTreeView

from .cells import CellDelegate
from .header import PanelHeader


class ListView(QTreeView):
    """Shows a model without children. `resized` tells of another size."""

    resized = pyqtSignal()

    def __init__(self, model: QAbstractItemModel, delegate: CellDelegate, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.setParent(self)
        self.setHeader(PanelHeader(self))
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setFrameShape(QTreeView.NoFrame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is another room for columns."""
        super().resizeEvent(event)
        self.resized.emit()
