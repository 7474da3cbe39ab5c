# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands beside the packages: run, test, setup, README, layout of the sources."""
