# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with an export."""


class ExportError(Exception):
    """What is asked for cannot be exported. Its message says why, and what to do."""
