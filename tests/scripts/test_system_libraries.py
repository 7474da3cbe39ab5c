# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of libraries in scripts/setup.sh hold what the installed Python packages need: no less and no more."""

import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile

from .setuplists import librariesOf

OFFSCREEN, WINDOW = librariesOf("libraries_offscreen"), librariesOf("libraries_window")

# Imports every module of the three packages and prints the files of Qt that are loaded then.
IMPORT_ALL = """if True:
    import importlib, pkgutil
    for name in ("aqlib", "mandelbrot_view", "aqgui"):
        for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    with open("/proc/self/maps") as maps:
        print(*{line.split()[-1] for line in maps if "/PyQt5/" in line}, sep="\\n")"""

# The plugins that Qt loads by itself, by their folders: to draw at all, and to show windows on an X server. It goes on
# without those of other folders, such as the theme of a desktop that is not there.
OFFSCREEN_PLUGINS = ("platforms/libqoffscreen.so", "iconengines/libqsvgicon.so", "imageformats/libqsvg.so")
WINDOW_PLUGINS = ("platforms/libqxcb.so", "platforminputcontexts/*.so", "xcbglintegrations/libqxcb-glx-integration.so")

# numba's pools of threads, for loops that run in parallel. It takes the first that loads, and we have no such loops.
OPTIONAL = ("omppool", "tbbpool")


def pyqt5() -> Path:
    # The core group of tests runs with PyQt5 blocked, so another process is asked.
    code = "import PyQt5; print(PyQt5.__path__[0])"
    return Path(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip())


@pytest.fixture(scope="module")
def qtFiles() -> list[Path]:
    """The files of PyQt5's wheel that are loaded when the application's modules are imported."""
    words = [sys.executable, "-c", IMPORT_ALL]
    printed = subprocess.run(words, check=True, capture_output=True, text=True, timeout=100).stdout
    return [Path(line) for line in printed.split()]


@pytest.fixture(scope="module")
def otherFiles() -> list[Path]:
    """All shared objects of the other installed packages that are not optional."""
    found = [path for path in pyqt5().parent.rglob("*.so*") if "PyQt5" not in path.parts and isElf(path)]
    return [path for path in found if path.name.partition(".")[0] not in OPTIONAL]


def plugins(patterns: Iterable[str]) -> list[Path]:
    found = [path for pattern in patterns for path in (pyqt5() / "Qt5" / "plugins").glob(pattern)]
    assert found
    return found


def isElf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


@cache
def needed(path: Path) -> frozenset[str]:
    """The libraries that an ELF file names as needed."""
    with path.open("rb") as file:
        [section] = [part for part in ELFFile(file).iter_sections() if isinstance(part, DynamicSection)]
        return frozenset(cast(Any, tag).needed for tag in section.iter_tags("DT_NEEDED"))


def systemLibraries(files: Iterable[Path]) -> dict[str, str]:
    """The libraries outside the wheels these files need, directly or through the wheels, each with a user of it."""
    bundled = {path.name: path for path in pyqt5().parent.rglob("*.so*") if isElf(path)}
    found: dict[str, str] = {}
    waiting, seen = list(files), set(files)
    while waiting:
        path = waiting.pop()
        for library in needed(path):
            if library not in bundled:
                found.setdefault(library, path.name)
            elif bundled[library] not in seen:
                seen.add(bundled[library])
                waiting.append(bundled[library])
    return found


@cache
def dependencies() -> dict[str, list[str]]:
    """What each installed Debian package depends on."""
    return {package: needs for package, _, needs in installedPackages()}


@cache
def barePackages() -> list[str]:
    """What every Debian with Python starts from: the essential and required packages, apt and python3."""
    return ["apt", "python3", *(package for package, isRequired, _ in installedPackages() if isRequired)]


@cache
def installedPackages() -> list[tuple[str, bool, list[str]]]:
    """Each installed Debian package: its name, whether it is essential or required, and what it depends on."""
    fields = "${Package}\t${Essential}\t${Priority}\t${Pre-Depends}, ${Depends}\n"
    listing = subprocess.run(["dpkg-query", "-W", "-f", fields], check=True, capture_output=True, text=True).stdout
    packages = []
    for line in listing.splitlines():
        package, essential, priority, needs = line.split("\t")
        alternatives = needs.replace("|", ",").split(",")
        names = [word.split()[0].split(":")[0] for word in alternatives if word.strip()]
        packages.append((package, essential == "yes" or priority == "required", names))
    return packages


def withDependencies(packages: Iterable[str]) -> set[str]:
    """Packages and all that they depend on, by names without the t64 that newer releases have behind some."""
    waiting, found = list(packages), set()
    while waiting:
        package = waiting.pop()
        name = package if package in dependencies() else f"{package}t64"
        if name in dependencies() and name not in found:
            found.add(name)
            waiting += dependencies()[name]
    return {package.removesuffix("t64") for package in found}


def packagesOf(library: str) -> set[str]:
    """The installed packages that have a library, by names without t64."""
    done = subprocess.run(["dpkg", "-S", f"*/{library}"], check=False, capture_output=True, text=True)
    return {line.split(":")[0].removesuffix("t64") for line in done.stdout.splitlines()}


def missing(files: Iterable[Path], *lists: dict[str, str]) -> list[str]:
    """What these files need that is neither on a bare machine nor comes with the packages of the lists."""
    there = withDependencies([*barePackages(), *(package for each in lists for package in each.values())])
    return [
        f"{asker} needs {library}, of the package {packagesOf(library)}"
        for library, asker in systemLibraries(files).items()
        if there.isdisjoint(packagesOf(library))
    ]


def test_importing_and_drawing_offscreen_needs_what_the_offscreen_list_has(qtFiles, otherFiles):
    assert missing([*qtFiles, *otherFiles, *plugins(OFFSCREEN_PLUGINS)], OFFSCREEN) == []


def test_showing_windows_needs_what_both_lists_have(qtFiles):
    assert missing([*qtFiles, *plugins(WINDOW_PLUGINS)], OFFSCREEN, WINDOW) == []


def test_no_list_asks_for_more_than_is_needed(qtFiles, otherFiles):
    offscreen = systemLibraries([*qtFiles, *otherFiles, *plugins(OFFSCREEN_PLUGINS)])
    window = systemLibraries(plugins(WINDOW_PLUGINS))
    assert set(OFFSCREEN) - set(offscreen) == set()
    assert set(WINDOW) - set(window) == set()


@pytest.mark.parametrize(("library", "package"), [*OFFSCREEN.items(), *WINDOW.items()])
def test_the_package_has_the_library(library, package):
    assert package.removesuffix("t64") in packagesOf(library)


def test_a_library_without_an_entry_is_found(qtFiles):
    """The fault that this file is for: QtDBus is imported at the start, and its library was listed for windows only."""
    without = {library: package for library, package in OFFSCREEN.items() if library != "libdbus-1.so.3"}
    [complaint] = missing(qtFiles, without)
    assert complaint.startswith("libQt5DBus.so.5 needs libdbus-1.so.3")
