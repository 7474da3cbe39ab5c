# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: the picture in the middle, the panels around it, tool bar, menus and status bar."""
