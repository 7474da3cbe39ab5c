# SPDX-License-Identifier: GPL-3.0-or-later
"""Grids of pixels and their tiles: the one way in which pictures are computed."""
