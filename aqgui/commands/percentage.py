# SPDX-License-Identifier: GPL-3.0-or-later
"""The progress of a command, as far as its output shows one."""

import re

# A progress bar rewrites its line, so the newest percentage is near the end.
_TAIL_CHARACTERS = 500
_PERCENTAGE = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?) ?%(?![\w%])")


def lastPercentage(text: str) -> float | None:
    """The last percentage from 0 to 100 near the end of a text, or None."""
    for found in reversed(_PERCENTAGE.findall(text[-_TAIL_CHARACTERS:])):
        value = float(found.replace(",", "."))
        if value <= 100:
            return value
    return None
