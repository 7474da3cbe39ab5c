# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether there is a screen to show a window on. Qt aborts the process when it finds none, so we look before."""

import os
import re
import socket
import sys
from collections.abc import Mapping


def whyNoDisplay(environment: Mapping[str, str] = os.environ) -> str | None:
    """Why no window can be shown, in a few words; None when one can."""
    if sys.platform != "linux" or environment.get("QT_QPA_PLATFORM"):
        return None
    if environment.get("WAYLAND_DISPLAY"):
        return None
    name = environment.get("DISPLAY")
    if not name:
        return "neither DISPLAY nor WAYLAND_DISPLAY is set"
    if not _answers(name):
        return f"nothing answers at the display {name}"
    return None


def _answers(name: str) -> bool:
    """Whether an X server accepts connections; one on another machine is taken at its word."""
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if local is None:
        return True
    for address in (f"\0/tmp/.X11-unix/X{local[1]}", f"/tmp/.X11-unix/X{local[1]}"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(address)
            except OSError:
                continue
            return True
    return False
