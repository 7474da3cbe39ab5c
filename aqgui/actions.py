# SPDX-License-Identifier: GPL-3.0-or-later
"""Every action of the window: its text, shortcut and tool tip, and in which menu it stands.

The tables say what there is; the window connects what it does. The help on keys is made from the same tables.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from PyQt5.QtCore import QObject, Qt
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QMenu, QMenuBar

from .icons import icon


class Spec(NamedTuple):
    """One action. `icon` and `keys` may be empty; `keys` are written as in Qt's portable text."""

    name: str
    text: str
    keys: str
    icon: str
    tip: str
    checkable: bool = False


# Of favourite colours.
NUMBERS = range(1, 10)

SPECS = (
    Spec("openPlace", "&Open place…", "Ctrl+O", "open", "Open a file with a place"),
    Spec("savePlace", "Save p&lace…", "Ctrl+Shift+S", "", "Write the current place to a file"),
    Spec("savePicture", "&Save picture…", "Ctrl+S", "save", "Write the current picture to a PNG file"),
    Spec("export", "&Export…", "Ctrl+Shift+P", "", "Export a picture of any size, or a zoom movie"),
    Spec("resumeExport", "&Resume the movie", "Ctrl+Alt+P", "", "Continue the unfinished zoom movie"),
    Spec("copyPlace", "&Copy place", "Ctrl+C", "copy", "Copy the current place as a link"),
    Spec("pastePlace", "&Paste place", "Ctrl+V", "paste", "Go to the place whose link is on the clipboard"),
    Spec("quit", "&Quit", "Ctrl+Q", "quit", "End the application"),
    Spec("back", "&Back", "Alt+Left", "back", "Go to the previous place"),
    Spec("forward", "&Forward", "Alt+Right", "forward", "Go to the next place"),
    Spec("home", "&Home", "Ctrl+Home", "home", "Show the whole set"),
    Spec("zoomIn", "Zoom &in", "Ctrl++", "zoomin", "Zoom in by two, about the centre"),
    Spec("zoomOut", "Zoom &out", "Ctrl+-", "zoomout", "Zoom out by two, about the centre"),
    Spec("gallery", "&Gallery…", "Ctrl+G", "gallery", "Places worth seeing, and your own"),
    Spec("keepPlace", "&Keep this place…", "Ctrl+D", "", "Name the current place and keep it"),
    Spec("minibrot", "Nearest &minibrot", "Ctrl+M", "", "Go to the nearest small copy of the set"),
    Spec("overlayScale", "&Scale and coordinates", "Ctrl+Shift+1", "", "Show a scale bar and coordinates", True),
    Spec("overlayOrbit", "&Orbit", "Ctrl+Shift+2", "", "Show the orbit of the point under the pointer", True),
    Spec("overlayJulia", "&Julia set", "Ctrl+Shift+3", "", "Show the Julia set of the point under the pointer", True),
    Spec("overlayTiles", "&Tiles by worker", "Ctrl+Shift+4", "", "Show which worker computes which tile", True),
    Spec("raiseLimit", "&Raise the limit", "Ctrl+Shift+Up", "", "Double the iteration limit"),
    Spec("lowerLimit", "&Lower the limit", "Ctrl+Shift+Down", "", "Halve the iteration limit"),
    Spec("autoLimit", "Au&tomatic limit", "Ctrl+Shift+A", "", "Adapt the iteration limit to the picture"),
    Spec("antialias1", "&Off", "Ctrl+Alt+1", "", "One sample per pixel", True),
    Spec("antialias2", "&2 × 2", "Ctrl+Alt+2", "", "Four samples per pixel once the picture is sharp", True),
    Spec("antialias3", "&3 × 3", "Ctrl+Alt+3", "", "Nine samples per pixel once the picture is sharp", True),
    Spec("computeAgain", "Compute cancelled &pieces", "F5", "", "Compute the cancelled pieces of the picture"),
    Spec("freeze", "&Freeze the panels", "F7", "freeze", "Stop updating the panels; the queue keeps running", True),
    Spec("fullScreen", "F&ull screen", "F11", "", "Fill the screen", True),
    Spec("restoreLayout", "Restore the &layout", "Ctrl+Shift+L", "", "Move the panels back to their first places"),
    Spec("themeSystem", "Follow the &system", "Ctrl+Alt+S", "", "Light or dark, like the desktop", True),
    Spec("themeLight", "&Light", "Ctrl+Alt+L", "", "Dark text on a light background", True),
    Spec("themeDark", "&Dark", "Ctrl+Alt+D", "", "Light text on a dark background", True),
    Spec("editGradient", "&Edit the gradient…", "Ctrl+E", "palette", "Edit the palette with a live preview"),
    Spec("autoScale", "Equalise &automatically", "Ctrl+Shift+Q", "", "Equalise where colours barely differ", True),
    Spec("equalise", "E&qualise", "Ctrl+Shift+E", "", "Use every colour equally often", True),
    Spec("shadeDistance", "Shade by &distance", "Ctrl+Shift+D", "", "Darken points near the set", True),
    Spec("shadeRelief", "Shade as a &relief", "Ctrl+Shift+T", "", "Light the picture from the upper left", True),
    Spec("showPeriods", "Inside by &period", "Ctrl+Shift+I", "", "Colour the inside by its period", True),
    *(Spec(f"favourite{n}", f"Favourite &{n}", f"Alt+{n}", "", "Use these colours") for n in NUMBERS),
    *(Spec(f"keepFavourite{n}", f"As &{n}", f"Alt+Shift+{n}", "", "Keep the current colours") for n in NUMBERS),
    Spec("addWork", "&Add work…", "Ctrl+N", "add", "Queue commands"),
    Spec("pause", "&Pause the queue", "Ctrl+P", "pause", "Start no waiting task; running tasks continue", True),
    Spec("undo", "&Undo", "Ctrl+Z", "undo", "Undo the last move, niceness or cancel"),
    Spec("redo", "&Redo", "Ctrl+Shift+Z", "redo", "Redo what was undone"),
    Spec("search", "&Search tasks", "Ctrl+F", "search", "Show the tasks that match a text"),
    Spec("addWorker", "&Add a worker", "Ctrl+Shift+N", "add", "Start one more worker process"),
    Spec("removeWorker", "Re&move a worker", "Ctrl+Shift+M", "remove", "Stop a worker when its task has finished"),
    Spec("keys", "&Keys and gestures", "F1", "help", "Show the keys and mouse gestures"),
    Spec("about", "&About aqgui", "Shift+F1", "about", "Show versions and licences"),
)

# None is a line between; a menu may stand in another one. The panels' own actions are here, too.
Menu = tuple[str, tuple["str | Menu | None", ...]]
MENUS: tuple[Menu, ...] = (
    (
        "&File",
        (
            "openPlace", "savePlace", "savePicture", None, "export", "resumeExport", None, "copyPlace", "pastePlace",
            None, "quit",
        ),
    ),
    (
        "&View",
        (
            "back", "forward", "home", None, "zoomIn", "zoomOut", None, "raiseLimit", "lowerLimit", "autoLimit",
            "computeAgain", ("Antialia&sing", ("antialias1", "antialias2", "antialias3")), None,
            ("Over&lays", ("overlayScale", "overlayOrbit", "overlayJulia", "overlayTiles")), None,
            "freeze", "queuePanel", "workersPanel", "eventsPanel", "restoreLayout", None,
            ("T&heme", ("themeSystem", "themeLight", "themeDark")), "fullScreen",
        ),
    ),
    ("P&laces", ("gallery", "keepPlace", None, "minibrot")),
    (
        "P&alette",
        (
            "editGradient", None, "autoScale", "equalise", "shadeDistance", "shadeRelief", "showPeriods", None,
            ("&Favourites", tuple(f"favourite{n}" for n in NUMBERS)),
            ("&Keep as favourite", tuple(f"keepFavourite{n}" for n in NUMBERS)),
        ),
    ),
    (
        "&Queue",
        (
            "addWork", "pause", None, "undo", "redo", None, "top", "up", "down", "bottom", "niceness", None,
            "pauseTask", "cancel", "retry", "editAgain", "copyCommand", "copyOutput",
            "details", None, "search", "selectAll", "clearFinished",
        ),
    ),
    ("&Workers", ("addWorker", "removeWorker", None, "restartWorker", "killWorker")),
    ("&Help", ("keys", "about")),
)  # fmt: skip

# In the help on keys, the first of nine stands for all.
_FIRST = {"favourite1": "Favourite colours", "keepFavourite1": "Keep the colours as a favourite"}
_LATER = tuple(f"avourite{n}" for n in NUMBERS[1:])

# Show the keys and mouse gestures in the picture, where the view itself looks after them.
GESTURES = (
    ("Wheel", "zoom about the pointer"),
    ("Middle button, or Ctrl+left, held", "zoom in about the pointer; with Shift, or Ctrl+right: out"),
    ("Drag", "move the picture"),
    ("Shift+drag, or right drag", "zoom into a rectangle (Esc cancels)"),
    ("Double click", "centre there and zoom in"),
    ("Arrow keys", "move by an eighth"),
    ("+  −", "zoom in and out about the pointer; hold to keep zooming"),
    ("Home", "the whole set"),
)
QUEUE_GESTURES = (
    ("Drag rows", "move them in the queue"),
    ("Double click, Return", "show the task's details"),
    ("Double click on a niceness", "edit it; F2 sets it for all selected rows"),
)


class Actions:
    """The actions by name.

    Args:
        parent: The window that owns them; their shortcuts work anywhere in it.
    """

    def __init__(self, parent: QObject) -> None:
        self._actions: dict[str, QAction] = {}
        for spec in SPECS:
            action = QAction(icon(spec.icon), spec.text, parent) if spec.icon else QAction(spec.text, parent)
            action.setShortcuts(_sequences(spec.keys))
            action.setShortcutContext(Qt.WindowShortcut)
            action.setCheckable(spec.checkable)
            action.setToolTip(f"{spec.tip} ({_keysText(action)})" if spec.keys else spec.tip)
            self._actions[spec.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def connect(self, slots: Mapping[str, Callable[[], object]]) -> None:
        """Say what actions do. One that is checkable calls its slot after each change; ask it for its state."""
        for name, slot in slots.items():
            self._actions[name].triggered.connect(lambda _=False, slot=slot: slot())

    def adopt(self, actions: Mapping[str, QAction]) -> None:
        """Take in a panel's actions, for the menus and the help."""
        self._actions.update(actions)

    def fill(self, bar: QMenuBar | QMenu, menus: Iterable[Menu] = MENUS) -> None:
        """Make the menus of the window."""
        for title, entries in menus:
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            for entry in entries:
                if entry is None:
                    menu.addSeparator()
                elif isinstance(entry, str):
                    menu.addAction(self._actions[entry])
                else:
                    self.fill(menu, [entry])

    def keys(self, context: Qt.ShortcutContext) -> list[tuple[str, str]]:
        """Each shortcut of a context (the whole window, or the panel that has the keyboard), and what it does.

        Those of the nine favourites are told in a line.
        """
        found = []
        for name in _names(MENUS):
            action = self._actions.get(name)
            if action is None or action.shortcutContext() != context or name.endswith(_LATER):
                continue
            text = _FIRST.get(name)
            keys = _keysText(action) if text is None else f"{_keysText(action)} … {NUMBERS[-1]}"
            found.append((keys, text or _plain(action.text())))
        return found


def _names(menus: Iterable[Menu]) -> Iterator[str]:
    for _, entries in menus:
        for entry in entries:
            if isinstance(entry, str):
                yield entry
            elif entry is not None:
                yield from _names([entry])


def _sequences(keys: str) -> list[QKeySequence]:
    # On most keyboards + is typed with Shift, or is the same key as =.
    texts = [keys, "Ctrl+="] if keys == "Ctrl++" else [keys]
    return [QKeySequence(text) for text in texts if text]


def _keysText(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.NativeText)


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")
