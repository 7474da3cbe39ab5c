# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `aqgui`."""

import signal
import sys


def main() -> None:
    """Run the command, and end the process with its exit status."""
    from mandelbrot_view.mcm.streams import exitStatus

    sys.exit(exitStatus(_run))


def _run() -> int:
    # Until the window is there, Ctrl-C ends the process at once, and its workers with it: a KeyboardInterrupt could
    # come in a slot, where Qt would swallow it, or in an import, with a traceback. One that is to be ignored, as in a
    # job of a shell's, stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from .arguments import parse

    arguments = parse(sys.argv[1:])
    from .application import run

    return run(arguments)
