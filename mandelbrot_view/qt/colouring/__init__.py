# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing and making colours.

images, sliders     a palette as a picture; density and offset
strip, stopfields   a gradient with its stops, by hand and by figures
editor              joins them all in a dialog
"""
