# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that the application can queue besides the picture. What runs in the workers here imports no Qt."""
