# SPDX-License-Identifier: GPL-3.0-or-later
"""Where compiled kernels are kept between runs: a file each, named by a hash of all that it depends on."""

import hashlib
import os
import stat
import sys
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

# What the machine code of each kernel is made from. numba itself does not notice a change in an imported module.
_SHARED = (
    "arithmetic.py", "bailout.py", "compiler.py", "direct.py", "escape.py", "lanes.py", "options.py", "vectors.py",
)  # fmt: skip
SOURCES = {
    "direct": _SHARED,
    "deep": (
        *_SHARED, "approximation.py", "complexes.py", "deep.py", "deepstate.py", "deeptable.py",
        "lastlanes.py", "periods.py", "pixellanes.py", "pixelpoints.py", "taylor.py", "tilelanes.py", "widewalk.py",
    ),
}  # fmt: skip
# Other versions and other checkouts keep theirs; what was not used for longest goes.
MOST_KERNELS = 8
_SUFFIX = ".kernel"
_DIGEST_SIZE = hashlib.sha256().digest_size


def user_folder() -> Path | None:
    """The user's cache folder for this project; None for a user without a home."""
    with suppress(RuntimeError):
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "aqgui"
        # The XDG base directory specification: a relative path is to be ignored.
        configured = os.environ.get("XDG_CACHE_HOME", "")
        base = Path(configured) if os.path.isabs(configured) else Path.home() / ".cache"
        return base / "aqgui"
    return None


def folder() -> Path | None:
    """A folder for compiled kernels that can be written; made if need be.

    The user's cache, else a folder of the user's own under the system's for temporary files, else None.
    """
    wanted = user_folder()
    if wanted is not None:
        with suppress(OSError):
            wanted.mkdir(parents=True, exist_ok=True)
            if os.access(wanted, os.W_OK | os.X_OK):
                return wanted
    return _private_temporary_folder()


def _private_temporary_folder() -> Path | None:
    path = Path(tempfile.gettempdir(), f"aqgui-cache-{os.getuid()}")
    with suppress(OSError):
        path.mkdir(mode=0o700, exist_ok=True)
        # Machine code is run from there: nobody else may have made it, or may write to it.
        found = path.lstat()
        private = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
        if private and os.access(path, os.W_OK | os.X_OK):
            return path
    return None


def key(kind: str) -> str:
    """A hash of a kernel's sources, the versions of its compilers, and the processor with its features.

    Raises ImportError where there is no compiler.
    """
    from llvmlite import binding as llvm

    parts = [(Path(__file__).parent / name).read_bytes() for name in SOURCES[kind]]
    parts += [_version(package) for package in ("numba", "llvmlite")]
    parts += [llvm.get_host_cpu_name().encode(), llvm.get_host_cpu_features().flatten().encode()]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]


def path(kind: str) -> Path | None:
    """The file for this computer's kernel of a kind, whether it is there or not; None if it can be kept nowhere.

    Raises ImportError as key() does.
    """
    where = folder()
    return None if where is None else where / (key(kind) + _SUFFIX)


def read(file: Path) -> bytes | None:
    """The machine code in a file of the cache; None if it is not there, or not whole, for then it would crash."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, code = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
    if hashlib.sha256(code).digest() != digest:
        return None
    with suppress(OSError):
        os.utime(file)  # it was used: see tidy()
    return code


def write(file: Path, code: bytes) -> None:
    """Put machine code into the cache; others see all of it or nothing."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".tmp")
    with open(descriptor, "wb") as new:
        new.write(hashlib.sha256(code).digest() + code)
    os.replace(name, file)
    tidy(file.parent)


def tidy(where: Path) -> None:
    """Keep the kernels used last, and nothing of the others."""
    kernels = sorted(where.glob(f"*{_SUFFIX}"), key=_used, reverse=True)
    kept = {kernel.name for kernel in kernels[:MOST_KERNELS]}
    for leftover in where.glob(f"*{_SUFFIX}*"):
        if leftover.name.partition(_SUFFIX)[0] + _SUFFIX not in kept:
            leftover.unlink(missing_ok=True)


def _used(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _version(package: str) -> bytes:
    """A package's file _version.py: to import numba takes longer than all else that a worker does at its start."""
    found = find_spec(package)
    if found is None or found.origin is None:
        return b""
    return (Path(found.origin).parent / "_version.py").read_bytes()
