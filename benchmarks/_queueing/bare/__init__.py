# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine gives without a library: a descriptor, a process at its other end, and as little else as can be."""
