# SPDX-License-Identifier: GPL-3.0-or-later
"""The status bar: where the picture is, how far it is, and a sentence when there is something to say."""

from decimal import Context, Decimal

from PyQt5.QtCore import QSize, Qt, QTimer
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from aqgui.elided import ElidedLabel
from aqgui.texts import count, rate
from mandelbrot_view.places.place import Place

# Two digits beyond the pixel, so that a place can be told from its neighbours.
_SPARE_DIGITS = 2
# Of a coordinate with more characters, the first and the last are shown: those that say where it is, and those that
# change when the picture moves.
_MOST_CHARACTERS, _FIRST, _LAST = 20, 9, 6
# Characters in a line of a tool tip, and lines for a number.
_ROW, _MOST_ROWS = 80, 8
_EDGE = 12
HINT_MILLISECONDS = 12_000
_EXACT, _THREE, _TWO = Context(prec=8000), Context(prec=3), Context(prec=2)


class StatusBar(QStatusBar):
    """Centre, zoom, radius, limit, pixels a second and progress of the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(_EDGE, 2, _EDGE, 4)
        self.setAccessibleName("Status")
        self._hint = ElidedLabel(self, takesRest=True)
        self._hint.setAccessibleName("Hint")
        self._centre, self._zoom, self._radius, self._limit, self._speed = (ElidedLabel(self) for _ in range(5))
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setFixedSize(QSize(96, 6))
        self._progress.setAccessibleName("Progress of the picture")
        self._percent = QLabel(self)
        self._percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %") + 8)
        self._percent.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        self.addWidget(self._hint, 1)
        for widget in (
            self._centre, self._zoom, self._radius, self._limit, self._speed, self._progress, self._percent,
        ):  # fmt: skip
            widget.setContentsMargins(8, 0, 0, 0)
            self.addPermanentWidget(widget)
        # Of the same width when idle, so that nothing jumps.
        self._speed.setMinimumWidth(self.fontMetrics().horizontalAdvance("888.8 Mpx/s"))
        self._speed.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        self._hintTimer = QTimer(self)
        self._hintTimer.setSingleShot(True)
        self._hintTimer.setInterval(HINT_MILLISECONDS)
        self._hintTimer.timeout.connect(lambda: self.showHint(""))
        self.showSpeed(0)
        self.showProgress(0)

    def showPlace(self, place: Place, limit: int, height: int) -> None:
        """Show a place, the iteration limit that is in force there, and the centre as exact as pixels are.

        height: of the picture, in pixels.
        """
        re, im = (cut(rounded(text, place.exactSpacing(height))) for text in (place.re, place.im))
        self._centre.setText(f"re {re}   im {im}")
        self._centre.setToolTip(f"The centre of the picture:\n{_lines('re', place.re)}\n{_lines('im', place.im)}")
        self._zoom.setText(f"zoom {short(Decimal(place.zoom))}")
        self._radius.setText(f"radius {short(place.radius)}")
        self._zoom.setToolTip(f"zoom = {place.zoom}\nThe height of the picture is 4 / zoom, twice the radius.")
        self._radius.setToolTip("Half the height of the picture in the plane")
        self._limit.setText(f"limit {count(limit)}")
        by = "automatic" if place.limit is None else "set by hand"
        self._limit.setToolTip(f"Iteration limit {count(limit)}, {by}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """QWidget: show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide what there is no room for, the least important first: a number that is cut says nothing."""
        room = self.width() - 2 * _EDGE
        for widget in (self._centre, self._zoom, self._progress, self._percent):
            room -= widget.sizeHint().width() + self.layout().spacing()
        for widget in (self._limit, self._radius, self._speed):
            room -= max(widget.sizeHint().width(), widget.minimumWidth()) + self.layout().spacing()
            widget.setVisible(room >= 0)

    def showProgress(self, share: float) -> None:
        """Show how much of the picture is sharp, 0 to 1."""
        self._progress.setValue(round(share * 1000))
        self._percent.setText(f"{int(share * 100)} %")

    def showSpeed(self, pixels: float) -> None:
        """Show how many pixels are computed a second; 0: none are."""
        self._speed.setText(rate(pixels, "px") if pixels > 0 else "")

    @property
    def hint(self) -> str:
        """The sentence that it says."""
        return self._hint.text()

    def showHint(self, text: str) -> None:
        """Show a sentence for HINT_MILLISECONDS; an empty one clears it.

        One that ends in an ellipsis is about work in progress and stays until another replaces it.
        """
        if text and not text.endswith("…"):
            self._hintTimer.start()
        else:
            self._hintTimer.stop()
        self._hint.setText(text)
        self._hint.setToolTip(text)


def rounded(number: str, spacing: Decimal) -> str:
    """A coordinate, with the digits that pixels of this spacing can tell apart, and a real minus sign."""
    digits = max(0, -spacing.adjusted()) + _SPARE_DIGITS
    text = f"{Decimal(number).quantize(Decimal(1).scaleb(-digits, _EXACT), context=_EXACT):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("0" if text in ("-0", "") else text).replace("-", "−")


def cut(text: str) -> str:
    """A coordinate's text, without its middle when it is long."""
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_FIRST]}…{text[-_LAST:]}"


def short(number: Decimal) -> str:
    """A number of any size in a few characters: '1.6', '2.0e5', '1.0e−1000'."""
    if Decimal("0.01") <= number < 1000:
        return f"{_THREE.plus(number).normalize():f}"
    kept = _TWO.plus(number)
    exponent = kept.adjusted()
    return f"{kept.scaleb(-exponent):.1f}e{exponent}".replace("-", "−")


def _lines(name: str, text: str) -> str:
    """A number of many digits as lines of a tool tip, and no more of them than a screen has room for."""
    rows = [text[i : i + _ROW] for i in range(0, len(text), _ROW)]
    if len(rows) > _MOST_ROWS:
        rows[_MOST_ROWS - 2 : -1] = [f"… {len(text):,} characters; copy the place to get them all …"]
    return "\n    ".join([f"{name} = {rows[0]}", *rows[1:]])
