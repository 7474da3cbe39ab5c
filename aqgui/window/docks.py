# SPDX-License-Identifier: GPL-3.0-or-later
"""The docks around the picture: at first beside it, as tabs when the window is narrow, and wherever the user wants."""

from PyQt5.QtCore import QSize, Qt
from PyQt5.QtWidgets import QAction, QDockWidget, QMainWindow, QToolBar, QWidget

# Below this width of the window, in pixels at 100 %, and where they do not fit one above the other, the docks on the
# right stack as tabs.
NARROW = 1000
# At first start the picture has so much of the window's width.
PICTURE_SHARE = 0.64
# And in a narrow one.
NARROW_PICTURE_SHARE = 0.55
_VERSION = 1


class Docks:
    """The window's docks.

    Args:
        window: Its `centralWidget` is the picture.
        queue, workers, events: What is in them.
    """

    def __init__(self, window: QMainWindow, queue: QWidget, workers: QWidget, events: QWidget) -> None:
        self._window = window
        self._isNarrow = False
        self.queue = _dock(window, "Queue", queue)
        self.workers = _dock(window, "Workers", workers)
        self.events = _dock(window, "Events", events)
        window.setDockOptions(QMainWindow.AnimatedDocks | QMainWindow.AllowNestedDocks | QMainWindow.AllowTabbedDocks)
        window.setTabPosition(Qt.AllDockWidgetAreas, window.tabPosition(Qt.TopDockWidgetArea))
        self.arrange()

    def arrange(self) -> None:
        """Put all where they are at first: queue above workers on the right, events hidden at the bottom."""
        # While they are being moved the docks may ask for more height than the screen has; the window keeps its own.
        size = self._window.size()
        for dock, area in (
            (self.queue, Qt.RightDockWidgetArea),
            (self.workers, Qt.RightDockWidgetArea),
            (self.events, Qt.BottomDockWidgetArea),
        ):
            dock.setFloating(False)
            self._window.addDockWidget(area, dock)
            dock.setVisible(dock is not self.events)
        self._isNarrow = self._isCrowded(size)
        if self._isNarrow:
            self._stackAsTabs(size.width())
        else:
            self._window.splitDockWidget(self.queue, self.workers, Qt.Vertical)
            self.share()
        self._window.resize(size)

    def share(self) -> None:
        """Give the picture and the docks their first shares of the window."""
        right = round(self._window.width() * (1 - PICTURE_SHARE))
        height = self._window.height()
        self._window.resizeDocks([self.queue, self.workers], [right, right], Qt.Horizontal)
        self._window.resizeDocks([self.queue, self.workers], [round(height * 0.58), round(height * 0.42)], Qt.Vertical)

    def fit(self) -> None:
        """The window has another size: stack the docks as tabs when that is small, and unstack them when it is not."""
        size = self._window.size()
        isNarrow = self._isCrowded(size)
        if isNarrow == self._isNarrow:
            return
        self._isNarrow = isNarrow
        both = (self.queue, self.workers)
        if any(dock.isFloating() or self._window.dockWidgetArea(dock) != Qt.RightDockWidgetArea for dock in both):
            return
        if isNarrow:
            self._stackAsTabs(size.width())
        elif self.workers in self._window.tabifiedDockWidgets(self.queue):
            # Qt splits nothing with a dock that is a tab of the same stack.
            self._window.addDockWidget(Qt.RightDockWidgetArea, self.workers)
            self._window.splitDockWidget(self.queue, self.workers, Qt.Vertical)
            self.share()

    def _isCrowded(self, size: QSize) -> bool:
        """Whether a window of this size has no room for one dock above the other beside the picture."""
        bars = (self._window.menuBar(), self._window.statusBar(), *self._window.findChildren(QToolBar))
        height = sum(bar.sizeHint().height() for bar in bars)
        height += sum(dock.minimumSizeHint().height() for dock in (self.queue, self.workers))
        return size.width() < NARROW * self._window.logicalDpiX() / 96 or size.height() < height

    def _stackAsTabs(self, width: int) -> None:
        self._window.tabifyDockWidget(self.queue, self.workers)
        self.queue.raise_()
        self._window.resizeDocks([self.queue], [round(width * (1 - NARROW_PICTURE_SHARE))], Qt.Horizontal)

    def actions(self) -> dict[str, QAction]:
        """What shows and hides each dock, by name."""
        actions = {}
        for dock, name, keys in (
            (self.queue, "queuePanel", "F8"),
            (self.workers, "workersPanel", "F9"),
            (self.events, "eventsPanel", "F10"),
        ):
            actions[name] = action = dock.toggleViewAction()
            action.setShortcut(keys)
            action.setText(f"{dock.windowTitle()} panel")
            action.setToolTip(f"Show or hide the panel ({keys})")
        return actions

    def state(self) -> bytes:
        """Where all stand, for `restore`."""
        return bytes(self._window.saveState(_VERSION))

    def restore(self, state: bytes) -> bool:
        """Put all where they stood. False when that is not known."""
        restored = bool(state) and self._window.restoreState(state, _VERSION)
        self._isNarrow = self.workers in self._window.tabifiedDockWidgets(self.queue)
        return restored


def _dock(window: QMainWindow, title: str, content: QWidget) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(title.lower())
    dock.setWidget(content)
    dock.setAccessibleName(f"{title} panel")
    return dock
