# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panels show, without widgets: models know no widget."""
