# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell commands as tasks: slots of their own run them, and a guardian process ends them with the application."""
