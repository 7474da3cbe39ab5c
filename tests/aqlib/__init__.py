# SPDX-License-Identifier: GPL-3.0-or-later
"""aqlib, on Twisted's default reactor and without Qt."""
