# SPDX-License-Identifier: GPL-3.0-or-later
"""Light and dark: the colours of the application by what they are for, as Qt palettes and not as style sheets."""

from dataclasses import dataclass, fields

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtGui import QColor, QPalette

from aqlib import TaskState

LIGHT_NAME, DARK_NAME, SYSTEM = "light", "dark", "system"

# Colours that colour-blind people can tell apart too (Masataka Okabe and Kei Ito, 2008), without black and yellow,
# which do not show on one of the two backgrounds.
_OKABE_ITO = ("0072B2", "E69F00", "009E73", "CC79A7", "56B4E9", "D55E00")


@dataclass(frozen=True)
class Theme:
    """Colours by role: `panel` is where rows stand, `muted` is text of less weight, `accent` what runs or is chosen."""

    name: str
    window: QColor
    panel: QColor
    line: QColor
    text: QColor
    muted: QColor
    accent: QColor
    good: QColor
    warn: QColor
    bad: QColor

    @property
    def isDark(self) -> bool:
        """Whether text is lighter than its background."""
        return self.text.lightness() > self.window.lightness()

    def palette(self) -> QPalette:
        """The colours as Qt's widgets ask for them."""
        palette = QPalette()
        onAccent = self.window if self.isDark else self.panel
        roles = {
            QPalette.Window: self.window,
            QPalette.Base: self.panel,
            QPalette.AlternateBase: _mixed(self.panel, self.window, 0.5),
            QPalette.Button: self.panel,
            QPalette.WindowText: self.text,
            QPalette.Text: self.text,
            QPalette.ButtonText: self.text,
            QPalette.BrightText: self.bad,
            QPalette.ToolTipBase: self.panel,
            QPalette.ToolTipText: self.text,
            QPalette.PlaceholderText: self.muted,
            QPalette.Highlight: self.accent,
            QPalette.HighlightedText: onAccent,
            QPalette.Link: self.accent,
            QPalette.LinkVisited: self.accent,
            # Fusion draws its frames in shades of these.
            QPalette.Light: _mixed(self.panel, self.text, 0.08),
            QPalette.Midlight: _mixed(self.panel, self.line, 0.5),
            QPalette.Mid: self.line,
            QPalette.Dark: self.line,
            QPalette.Shadow: self.line,
        }
        for role, colour in roles.items():
            palette.setColor(role, colour)
        for role in (QPalette.WindowText, QPalette.Text, QPalette.ButtonText):
            palette.setColor(QPalette.Disabled, role, _mixed(self.muted, self.panel, 0.35))
        palette.setColor(QPalette.Disabled, QPalette.Highlight, self.line)
        palette.setColor(QPalette.Disabled, QPalette.HighlightedText, self.muted)
        return palette


def _theme(name: str, *colours: str) -> Theme:
    return Theme(name, *(QColor(f"#{colour}") for colour in colours))


DARK = _theme(DARK_NAME, "15181d", "1b1f26", "2a303a", "d8dee6", "8b95a3", "5aa9e6", "6fbf73", "e5b567", "e06c75")
LIGHT = _theme(LIGHT_NAME, "f6f7f9", "ffffff", "d9dee5", "1d232b", "5c6773", "1f6fb2", "2f7d3a", "9a6700", "b3261e")
TEXT_ROLES = [field.name for field in fields(Theme)][4:]


class Themes(QObject):
    """Which theme is in force. The application sets it; whoever paints asks for `current`."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._current = DARK

    @property
    def current(self) -> Theme:
        """The theme in force."""
        return self._current

    def choose(self, name: str, system: QPalette) -> None:
        """Put a theme in force: 'light', 'dark', or as the `system`'s palette is."""
        if name == SYSTEM:
            name = DARK_NAME if system.window().color().lightness() < 128 else LIGHT_NAME
        self._current = DARK if name == DARK_NAME else LIGHT
        self.changed.emit()


themes = Themes()


def current() -> Theme:
    """The theme in force."""
    return themes.current


def workerColour(ID: int) -> QColor:
    """The colour of a worker, the same one everywhere."""
    return QColor(f"#{_OKABE_ITO[(ID - 1) % len(_OKABE_ITO)]}")


def stateColour(state: TaskState, theme: Theme) -> QColor:
    """The colour of a task's state; its shape says the same, see shapes.py."""
    return {
        TaskState.RUNNING: theme.accent,
        TaskState.STOPPING: theme.warn,
        TaskState.PAUSED: theme.warn,
        TaskState.FAILED: theme.bad,
        TaskState.DONE: theme.good,
    }.get(state, theme.muted)


def faded(colour: QColor) -> QColor:
    """A colour through which the ground shows."""
    thin = QColor(colour)
    thin.setAlphaF(0.3)
    return thin


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with so much of `other` in it."""
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
