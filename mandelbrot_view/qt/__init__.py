# SPDX-License-Identifier: GPL-3.0-or-later
"""The zoomable view of the Mandelbrot set: a widget fed by tasks of an aqlib queue.

    framing, history; picture with resampling and scaling    what is to be seen, and what is known of it
    paint                                                    what colours that has
    plan, pieces, renderer, speed                            what is computed
    gestures, navigator                                      what hands do
    picturewidget, overlay, saving                           what is painted and saved
    colouring/                                               how colours are chosen and made
    view                                                     joins them all

Those of the first three lines know no Qt, except scaling.
"""
