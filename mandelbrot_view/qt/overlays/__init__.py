# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be laid over the picture: a scale, the orbit and the Julia set of the point under the pointer, the tiles."""
