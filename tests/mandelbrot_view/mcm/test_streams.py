# SPDX-License-Identifier: GPL-3.0-or-later
"""The exit status of a command whose output cannot be written, as a shell sees it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

COMMAND = """if True:
    import sys
    from mandelbrot_view.mcm.streams import exitStatus
    def command():
        if {text!r}:
            sys.stdout.write({text!r})
            sys.stderr.write({text!r}.rstrip())  # a whole line would be written at once
        {end}
    sys.exit(exitStatus(command))"""
RETURN_0, RETURN_3, EXIT_2 = "return 0", "return 3", "sys.exit(2)"

# Less than a buffer's size stays in the buffer until the flush; more fails in the write itself.
LITTLE = "a line\n"


def status(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE):
    """The exit status, and what arrived at stderr, if that is a pipe."""
    # Without buffers nothing is left for the last flush, which is what fails.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        words, cwd=ROOT, stdout=stdout, stderr=stderr, text=True, timeout=60, check=False, env=environment
    )
    return done.returncode, done.stderr


def python(end, text=LITTLE):
    return [sys.executable, "-X", "dev", "-c", COMMAND.format(end=end, text=text)]


@pytest.fixture(params=["a pipe without a reader", "a full disk"])
def broken(request):
    """A file to which nothing can be written."""
    if request.param == "a full disk":
        with open("/dev/full", "w") as full:
            yield full
        return
    ours, theirs = os.pipe()
    os.close(ours)
    with open(theirs, "w") as pipe:
        yield pipe


@pytest.mark.parametrize(("end", "expected"), [(RETURN_0, 0), (RETURN_3, 3), (EXIT_2, 2)])
def test_the_status_is_the_command_s_own(end, expected):
    assert status(python(end))[0] == expected


@pytest.mark.parametrize(("end", "expected"), [(RETURN_0, 1), (RETURN_3, 3), (EXIT_2, 2)])
def test_lost_output_makes_a_success_a_failure_and_no_other_status(broken, end, expected):
    assert status(python(end), stdout=broken) == (expected, LITTLE.rstrip())


@pytest.mark.parametrize(("end", "expected"), [(RETURN_0, 0), (RETURN_3, 3), (EXIT_2, 2)])
def test_lost_remarks_change_nothing(broken, end, expected):
    assert status(python(end), stderr=broken)[0] == expected


def test_a_command_that_writes_nothing_cannot_lose_anything(broken):
    assert status(python(RETURN_0, text=""), stdout=broken, stderr=broken)[0] == 0


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-"])
def test_a_stream_that_was_closed_before_the_start_is_no_loss(closed):
    words = ["sh", "-c", f'exec "$@" {closed}', "sh", *python(RETURN_0, text="")]
    assert status(words)[0] == 0


@pytest.mark.parametrize("module", ["mandelbrot_view.mcm", "aqgui"])
def test_help_that_nobody_reads_is_told_by_the_status_alone(broken, module):
    assert status([sys.executable, "-m", module, "--help"], stdout=broken) == (1, "")


@pytest.mark.parametrize("module", ["mandelbrot_view.mcm", "aqgui"])
def test_wrong_arguments_are_2_although_nobody_reads_why(broken, module):
    assert status([sys.executable, "-m", module, "--no-such-option"], stderr=broken)[0] == 2
