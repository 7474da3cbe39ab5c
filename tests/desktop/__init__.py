# SPDX-License-Identifier: GPL-3.0-or-later
"""The real application as a process, driven by a real pointer under Xvfb."""
