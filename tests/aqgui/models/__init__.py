# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the models, which know no widget."""
