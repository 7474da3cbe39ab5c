# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m mandelbrot_view.mcm`: the command `mcm`."""

from . import main

if __name__ == "__main__":
    main()
