# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a picture is: places, and the texts and files that name them."""
