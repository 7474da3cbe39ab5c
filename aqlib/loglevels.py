# SPDX-License-Identifier: Apache-2.0
"""LogLevels: from which level on each logger passes records. A worker process has those of its queue's process."""

from __future__ import annotations

import logging
from typing import NamedTuple, Self


class LogLevels(NamedTuple):
    """The levels of this process's loggers.

    Attributes: `root`; `named`, those of other loggers that have one of their own; `disabled`, what logging.disable
    was given.
    """

    root: int
    named: dict[str, int]
    disabled: int

    @classmethod
    def present(cls) -> Self:
        """Those of this process now."""
        root = logging.getLogger()
        loggers = list(root.manager.loggerDict.items())
        named = {name: it.level for name, it in loggers if isinstance(it, logging.Logger) and it.level}
        return cls(root.level, named, root.manager.disable)

    def set(self) -> None:
        """Give this process these levels."""
        logging.disable(self.disabled)
        logging.getLogger().setLevel(self.root)
        for name, level in self.named.items():
            logging.getLogger(name).setLevel(level)
