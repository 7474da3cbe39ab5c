# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m aqgui`, the same as the command `aqgui`."""

from .cli import main

main()
