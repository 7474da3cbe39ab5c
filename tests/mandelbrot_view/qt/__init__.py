# SPDX-License-Identifier: GPL-3.0-or-later
"""mandelbrot_view's widgets, on the guarded Qt reactor."""
