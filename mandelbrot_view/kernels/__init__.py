# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts of points: escape times, compiled for the processor."""
