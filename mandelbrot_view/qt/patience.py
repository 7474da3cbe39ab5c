# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said over a picture that keeps its viewer waiting, which happens at depth only."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, QTimer

from ..kernels import cache

# Milliseconds after which somebody begins to wonder.
_PAUSE = 1500
COMPILING = "The code for deep places is being compiled, once on this computer. This takes less than a minute."
REFERENCE = "The orbit that all points of this deep place are compared with is being computed."
COARSE = "The first coarse picture of this deep place is being computed."


class Patience(QObject):
    """Tells why there is nothing to be seen yet, when that lasts.

    say: called with a sentence, or with None when there is nothing more to be said; isReferenceAwaited: whether a
    reference orbit is being computed; isCompiled: whether the kernel for deep places is there.
    """

    def __init__(
        self,
        say: Callable[[str | None], None],
        isReferenceAwaited: Callable[[], bool],
        parent: QObject,
        isCompiled: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(parent)
        self._say = say
        self._isReferenceAwaited = isReferenceAwaited
        self._isCompiled = _isDeepCompiled if isCompiled is None else isCompiled
        self._isTelling = False
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._tell)

    def begin(self) -> None:
        """Something is waited for from now on, if it is not already."""
        if not self._timer.isActive():
            self._timer.start()

    def end(self) -> None:
        """It is there, or nobody wants it any more."""
        self._timer.stop()
        if self._isTelling:
            self._isTelling = False
            self._say(None)

    def _tell(self) -> None:
        self._isTelling = True
        if self._isReferenceAwaited():
            self._say(REFERENCE)
        else:
            self._say(COARSE if self._isCompiled() else COMPILING)


def _isDeepCompiled() -> bool:
    """Whether there is nothing to be compiled, or no compiler."""
    try:
        file = cache.path("deep")
    except ImportError:
        return True
    return file is None or file.exists()
