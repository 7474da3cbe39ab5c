# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

# What a file that is being written is called in the end.
PART = ".part"


def replace(path: Path, content: bytes) -> None:
    """Write a file; when that fails, what was there stays. A link goes on to lead there. Raises OSError."""
    with replacing(path) as new:
        new.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to be written, which takes the place of `path` at the end of the block; not when that raises.

    A device or a pipe, which has no older content to lose, is written to directly. Its `name` is that of what is
    written to. Raises OSError.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as there:
            yield there
        return
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=PART)
    os.close(descriptor)
    try:
        with open(name, "wb") as new:
            yield new
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
