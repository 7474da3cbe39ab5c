# SPDX-License-Identifier: GPL-3.0-or-later
"""aqgui: the desktop application that runs and shows work."""
