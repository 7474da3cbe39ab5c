# SPDX-License-Identifier: GPL-3.0-or-later
"""Orbits of single points in as many digits as a depth asks for: reference orbits, periods, nuclei."""
