# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/setup.sh, by way of ./run, in a copy of the checkout on a machine whose programs are stand-ins."""

import shutil
import subprocess
from pathlib import Path

import pytest

from .setuplists import librariesOf

ROOT = Path(__file__).resolve().parents[2]

TOOLS = ["bash", "cat", "chmod", "cksum", "dirname", "env", "find", "mkdir", "paste", "rm", "sort", "uname"]

OFFSCREEN_LIBRARIES = list(librariesOf("libraries_offscreen"))
ALL_LIBRARIES = OFFSCREEN_LIBRARIES + list(librariesOf("libraries_window"))

# Makes a virtual environment whose pip notes what it is asked for, and whose application prints its arguments.
PYTHON = r"""case "$*" in
    "-c import sys; sys.exit(sys.version_info < (3, 11))") exit {tooOld} ;;
    "-c import ensurepip") exit {withoutEnsurepip} ;;
    *"-venv"*) echo python3.11-venv ;;
    -V) echo Python {version} ;;
    "-m venv"*) mkdir -p "${{!#}}/bin"; cat "$0" >"${{!#}}/bin/python"; chmod +x "${{!#}}/bin/python" ;;
    "-m pip --version") ;;
    "-m pip install"*)
        echo "$*" >>"$HOME/installed"
        [ ! -e "$HOME/offline" ] || exit 1
        printf '#!/usr/bin/env bash\nprintf "[%%s]" "$@"\n' >"${{0%/python}}/aqgui"
        chmod +x "${{0%/python}}/aqgui" ;;
esac
"""


class Machine:
    """A checkout, a home folder with a font, and a PATH with nothing but stand-ins and a few plain tools."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.home = folder / "home"
        self.bin = folder / "bin"
        self.environment = {"PATH": str(self.bin), "HOME": str(self.home), "DISPLAY": ":0"}
        for new in (self.checkout, self.bin, self.home / ".fonts"):
            new.mkdir(parents=True)
        (self.home / ".fonts" / "plain.ttf").touch()
        for name in ("run", "scripts", "pyproject.toml", "setup.py"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.checkout / name)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (self.bin / tool).symlink_to(found)
        self.command("id", "echo 1000")
        self.command("apt-cache", "exit 1")
        self.command("apt-get", 'echo "$*" >>"$HOME/apt"')
        self.python()
        self.libraries(*ALL_LIBRARIES)

    def command(self, name: str, script: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)  # it may be a link to the real program, which is not to be written to
        path.write_text(f"#!/usr/bin/env bash\n{script}\n")
        path.chmod(0o755)

    def python(self, *, tooOld: bool = False, withoutEnsurepip: bool = False) -> None:
        version = "3.9.2" if tooOld else "3.11.2"
        script = PYTHON.format(tooOld=int(tooOld), withoutEnsurepip=int(withoutEnsurepip), version=version)
        self.command("python3", script)

    def libraries(self, *names: str) -> None:
        (self.home / "libraries").write_text("".join(f"\t{name} (libc6,x86-64) => /lib/{name}\n" for name in names))
        self.command("ldconfig", 'cat "$HOME/libraries"')

    def withoutDisplay(self) -> None:
        del self.environment["DISPLAY"]

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.checkout / "run", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )

    def installations(self) -> list[str]:
        return self._lines("installed")

    def aptCalls(self) -> list[str]:
        return self._lines("apt")

    def _lines(self, name: str) -> list[str]:
        path = self.home / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


# --- the virtual environment


def test_the_first_start_installs_the_application_and_starts_it(machine):
    result = machine.run()
    assert result.returncode == 0, result.stderr
    [installation] = machine.installations()
    assert installation.endswith(f"{machine.checkout}[gui]")


def test_arguments_go_through_as_they_are(machine):
    assert machine.run("--size", "800x600", "two words", "").stdout == "[--size][800x600][two words][]"


def test_the_second_start_installs_nothing_and_says_nothing(machine):
    machine.run()
    result = machine.run()
    assert (result.returncode, result.stderr) == (0, "")
    assert len(machine.installations()) == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.py"])
def test_changed_requirements_are_installed(machine, name):
    machine.run()
    with open(machine.checkout / name, "a") as file:
        file.write("# changed\n")
    machine.run()
    machine.run()
    assert len(machine.installations()) == 2


def test_a_checkout_that_was_moved_is_set_up_again(machine):
    machine.run()
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("elsewhere"))
    machine.run()
    assert len(machine.installations()) == 2


def test_an_interrupted_installation_is_done_again(machine):
    (machine.home / "offline").touch()
    result = machine.run()
    assert result.returncode != 0
    assert "could not be installed" in result.stderr
    (machine.home / "offline").unlink()
    assert machine.run().returncode == 0
    assert len(machine.installations()) == 2


def test_an_interrupted_change_is_done_again_although_the_change_was_taken_back(machine):
    machine.run()
    before = (machine.checkout / "pyproject.toml").read_text()
    (machine.checkout / "pyproject.toml").write_text(before + "# changed\n")
    (machine.home / "offline").touch()
    machine.run()
    (machine.home / "offline").unlink()
    (machine.checkout / "pyproject.toml").write_text(before)
    machine.run()
    assert len(machine.installations()) == 3


def test_a_python_that_is_too_old_is_one_clear_line(machine):
    machine.python(tooOld=True)
    result = machine.run()
    assert result.returncode != 0
    assert result.stderr == "Python 3.11 or newer is needed; this machine has Python 3.9.2.\n"


def test_a_newer_python_is_found_under_its_own_name(machine):
    newer = machine.bin / "python3.12"
    (machine.bin / "python3").rename(newer)
    machine.command("python3", "exit 1")
    assert machine.run().returncode == 0


def test_a_machine_without_python_is_told_so(machine):
    (machine.bin / "python3").unlink()
    result = machine.run()
    assert result.returncode != 0
    assert result.stderr == "Python 3.11 or newer is needed; this machine has no Python 3.\n"


# --- the system's packages


def test_a_user_gets_the_one_command_that_installs_what_is_missing(machine):
    machine.python(withoutEnsurepip=True)
    machine.libraries(*(name for name in ALL_LIBRARIES if name not in ("libGL.so.1", "libxcb-shape.so.0")))
    result = machine.run()
    assert result.returncode != 0
    said, command = result.stderr.splitlines()
    assert said == "Some system packages are missing. This command installs them:"
    assert command.startswith("sudo apt-get update && sudo apt-get install ")
    assert command.endswith(" libgl1 libxcb-shape0 python3.11-venv")
    assert machine.aptCalls() == machine.installations() == []


def test_without_a_display_the_window_s_libraries_are_not_asked_for(machine):
    machine.withoutDisplay()
    machine.libraries(*OFFSCREEN_LIBRARIES)
    assert machine.run().returncode == 0


def test_root_has_the_packages_installed_and_is_told_so(machine):
    machine.command("id", "echo 0")
    machine.libraries("libc.so.6")
    machine.command(
        "apt-get",
        f'echo "$*" >>"$HOME/apt"\nprintf \'\\t%s (libc6) => /lib\\n\' {" ".join(ALL_LIBRARIES)} >"$HOME/libraries"',
    )
    result = machine.run()
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith("Installing system packages: libdbus-1-3 libfontconfig1 libgl1 libglib2.0-0 ")
    assert [call.split()[0] for call in machine.aptCalls()] == ["update", "install"]


def test_root_is_told_what_is_missing_still(machine):
    machine.command("id", "echo 0")
    machine.libraries(*(name for name in ALL_LIBRARIES if name != "libGL.so.1"))
    result = machine.run()
    assert result.returncode != 0
    assert result.stderr.splitlines()[-1] == "Still missing after they were installed: libgl1"


def test_a_newer_release_s_name_of_glib_is_used(machine):
    machine.command("apt-cache", "exit 0")
    machine.libraries(*(name for name in ALL_LIBRARIES if name != "libglib-2.0.so.0"))
    assert machine.run().stderr.endswith(" libglib2.0-0t64\n")


def test_another_distribution_is_told_the_names(machine):
    (machine.bin / "apt-get").unlink()
    machine.libraries(*(name for name in ALL_LIBRARIES if name != "libGL.so.1"))
    result = machine.run()
    assert result.returncode != 0
    assert "libgl1" in result.stderr


def test_a_machine_without_fonts_is_offered_one(machine):
    machine.command("find", "exit 1")
    assert machine.run().stderr.endswith(" fonts-dejavu-core\n")
