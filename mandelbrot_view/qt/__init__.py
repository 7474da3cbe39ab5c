# SPDX-License-Identifier: GPL-3.0-or-later
"""The zoomable view of the Mandelbrot set: a widget fed by tasks of an aqlib queue.

framing, picture, plan, history, speed and renderer know no Qt; gestures, overlay, picturewidget and view do.
"""
