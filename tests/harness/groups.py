# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests run in this process: one process has one reactor.

The core group runs on Twisted's default reactor with PyQt5 blocked, the qt group on the guarded Qt reactor. A file's
folder says where it belongs. When the paths on the command line ask for both, this process runs the qt group and the
relay runs the core group in a process of its own.
"""

import enum
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
QT_FOLDERS = (TESTS / "aqgui", TESTS / "desktop", TESTS / "mandelbrot_view" / "qt")
BOTH_FOLDERS = (TESTS / "aqlib" / "contract",)

ENVIRONMENT_VARIABLE = "AQGUI_TEST_GROUP"


class Group(enum.StrEnum):
    CORE = "core"
    QT = "qt"


CHOSEN = pytest.StashKey[Group]()


def groupsOf(path: Path) -> set[Group]:
    """The groups to which a file belongs, or which have files in a folder."""
    if _isWithin(path, QT_FOLDERS):
        return {Group.QT}
    hasQt = _isWithin(path, BOTH_FOLDERS) or any(path in folder.parents for folder in QT_FOLDERS + BOTH_FOLDERS)
    return {Group.CORE, Group.QT} if hasQt else {Group.CORE}


def pathOf(argument: str, config: pytest.Config) -> Path:
    """The file or folder of a command-line argument, which may name a test behind `::`."""
    return (config.invocation_params.dir / argument.split("::")[0]).resolve()


def groupsOfArguments(arguments: Iterable[str], config: pytest.Config) -> set[Group]:
    """The groups that the paths on the command line ask for; both without any."""
    groups: set[Group] = set()
    for argument in arguments:
        groups |= groupsOf(pathOf(argument, config))
    return groups or set(Group)


def chosenGroup(config: pytest.Config) -> Group:
    """The group that this process runs."""
    return config.stash[CHOSEN]


def isMainProcess() -> bool:
    """Whether this process reports to the user, and not to another one through the relay."""
    return ENVIRONMENT_VARIABLE not in os.environ


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Choose the group: here, because no conftest.py that imports PyQt5 has been read and pytest-qt is not set up."""
    config = pluginmanager.get_plugin("pytestconfig")
    assert isinstance(config, pytest.Config)
    asked = groupsOfArguments(config.known_args_namespace.file_or_dir, config)
    group = Group(os.environ.get(ENVIRONMENT_VARIABLE) or (Group.QT if Group.QT in asked else Group.CORE))
    config.stash[CHOSEN] = group
    if group is Group.CORE:
        pluginmanager.unregister(name="pytest-qt")
        for module in ("PyQt5", "qt5reactor", "pyqtgraph"):
            sys.modules[module] = None  # type: ignore[assignment]  # that is how an import is blocked


def pytest_configure(config: pytest.Config) -> None:
    group = chosenGroup(config)
    if "XDG_RUNTIME_DIR" not in os.environ:
        # Qt warns when it is not set, as in a session without a login.
        folder = tempfile.mkdtemp(prefix="aqgui-tests-")
        os.environ["XDG_RUNTIME_DIR"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    config.args = [argument for argument in config.args if group in groupsOf(pathOf(argument, config))]
    needsScreen = group is Group.QT and sys.platform == "linux" and not config.option.collectonly
    if needsScreen and not os.environ.get("DISPLAY") and not os.environ.get("QT_QPA_PLATFORM"):
        raise pytest.UsageError("there is no display for the Qt tests: use ./test, which makes a virtual one")


def pytest_report_header(config: pytest.Config) -> str:
    return f"group: {chosenGroup(config)}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if chosenGroup(config) in groupsOf(collection_path) else True


def _isWithin(path: Path, folders: Iterable[Path]) -> bool:
    return any(path == folder or folder in path.parents for folder in folders)
