# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `mcm`: pictures of the Mandelbrot set and zoom movies, by a queue of workers, without Qt or a display."""

import signal
import sys
from typing import Any


def main() -> None:
    """Run the command, and end the process with its exit status."""
    from .streams import exitStatus

    sys.exit(exitStatus(_run))


def _run() -> int:
    # Until the queue takes it, Ctrl-C ends the process as it is, without a traceback of whatever is being imported.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # with nohup it is ignored
        # A terminal that is closed ends it in order, as the queue does on SIGTERM, and leaves no unfinished file.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    from twisted.internet import reactor as installed
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

    from .arguments import parse, stdoutIsTerminal
    from .running import FAILED, run
    from .terminal import Terminal

    job = parse(sys.argv[1:], stdoutIsTerminal())
    terminal = Terminal(sys.stderr)
    reactor: Any = installed
    statuses: list[int] = []

    def failed(failure: Failure) -> int:
        failure.printTraceback()
        return FAILED

    def ended(status: int) -> None:
        statuses.append(status)
        reactor.stop()

    def begin() -> None:
        Deferred.fromCoroutine(run(reactor, job, terminal)).addErrback(failed).addCallback(ended)

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    return statuses[0]
