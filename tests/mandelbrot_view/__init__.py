# SPDX-License-Identifier: GPL-3.0-or-later
"""mandelbrot_view: its computing modules here, without Qt; its widgets in qt/."""
