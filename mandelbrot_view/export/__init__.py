# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of any size and zoom movies, as files: computed and coloured in workers, in bounded memory."""
