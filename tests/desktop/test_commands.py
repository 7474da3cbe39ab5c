# SPDX-License-Identifier: GPL-3.0-or-later
"""The command as a process: screenshots, a machine without a display, and what is said of bad arguments."""

import os
import subprocess

import numpy as np
import pytest
from PIL import Image

from .screen import ROOT, command

WITHOUT_DISPLAY = {
    name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
}


def run(*words, **options):
    return subprocess.run(
        command(*words), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=90, check=False, **options
    )


def colourfulness(picture):
    """How many colours the left half has: a picture of the set has thousands, a plain window few."""
    pixels = np.asarray(picture.convert("RGB"))
    return len(np.unique(pixels[:, : pixels.shape[1] // 2].reshape(-1, 3), axis=0))


@pytest.mark.parametrize("size", ["1024x700", "640x480"])
def test_the_whole_window_is_written_and_the_command_ends(screen, tmp_path, size):
    file = tmp_path / "window.png"
    done = run(
        "--screenshot", file, "--size", size, "--settings", tmp_path / "settings.ini", cwd=ROOT, env=screen.environment
    )
    assert done.returncode == 0, done.stderr
    assert str(file) in done.stderr
    with Image.open(file) as picture:
        assert picture.size == tuple(map(int, size.split("x")))
        assert colourfulness(picture) > 1000


def test_it_may_be_written_after_a_time(screen, tmp_path):
    file = tmp_path / "window.png"
    words = ("--screenshot", file, "--after", "0.1", "--settings", tmp_path / "settings.ini")
    assert run(*words, cwd=ROOT, env=screen.environment).returncode == 0
    assert file.exists()


def test_without_a_display_it_draws_offscreen_and_tells_the_path(tmp_path):
    environment = {**WITHOUT_DISPLAY, "PYTHONPATH": str(ROOT)}
    done = run("--settings", tmp_path / "settings.ini", cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)" in done.stderr
    file = tmp_path / "aqgui-screenshot.png"
    assert str(file) in done.stderr
    with Image.open(file) as picture:
        assert colourfulness(picture) > 1000


def test_a_display_that_does_not_answer_is_none(tmp_path):
    environment = {**WITHOUT_DISPLAY, "PYTHONPATH": str(ROOT), "DISPLAY": ":54321"}
    done = run("--settings", tmp_path / "settings.ini", cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    assert "nothing answers at the display :54321" in done.stderr


@pytest.mark.parametrize("words", [("--workers", "0"), ("--location", "nonsense"), ("--screenshot", "/no/such/a.png")])
def test_wrong_arguments_are_one_line_and_exit_status_2(words):
    done = run(*words, cwd=ROOT)
    assert done.returncode == 2
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
