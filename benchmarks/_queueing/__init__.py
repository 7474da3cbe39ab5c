# SPDX-License-Identifier: GPL-3.0-or-later
"""What `python -m benchmarks queue` measures: libraries/ has an adapter a library, measures/ a module a measurement."""
