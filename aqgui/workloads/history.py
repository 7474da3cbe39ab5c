# SPDX-License-Identifier: GPL-3.0-or-later
"""CommandHistory: the commands that the user has queued before, kept between runs."""

import json

from aqgui.settings import Settings

MAX_ENTRIES = 50
# A longer text is a file rather than something to choose from a list.
MAX_CHARACTERS = 20_000
_KEY = "commands/history"


class CommandHistory:
    """Texts, the newest first, each one once.

    Args:
        settings: Keep them.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def texts(self) -> list[str]:
        """All of them."""
        try:
            kept = json.loads(self._settings.get(_KEY, "[]"))
        except ValueError:
            return []
        return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []

    def add(self, text: str) -> None:
        """Put one first."""
        text = text.strip()
        if text and len(text) <= MAX_CHARACTERS:
            texts = [text, *(other for other in self.texts if other != text)]
            self._settings.set(_KEY, json.dumps(texts[:MAX_ENTRIES]))
