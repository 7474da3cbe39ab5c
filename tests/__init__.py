# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests mirror the packages: tests/aqlib/test_schedule.py tests aqlib/schedule.py."""
