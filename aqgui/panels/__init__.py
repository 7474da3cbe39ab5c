# SPDX-License-Identifier: GPL-3.0-or-later
"""The panels of the window, each a view of models."""
