# SPDX-License-Identifier: GPL-3.0-or-later
"""Chaos: a ProcessQueue under fire, and a judge who sees whether it keeps its promises. See benchmarks/chaos.py."""
