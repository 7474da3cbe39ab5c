# SPDX-License-Identifier: GPL-3.0-or-later
"""aqgui, on the guarded Qt reactor."""
