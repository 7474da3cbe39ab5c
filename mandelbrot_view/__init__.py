# SPDX-License-Identifier: GPL-3.0-or-later
"""mandelbrot_view: the Mandelbrot set, computed and shown."""
