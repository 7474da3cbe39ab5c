# SPDX-License-Identifier: Apache-2.0
"""The first things that a worker process does, in the order in which they matter."""

from __future__ import annotations

import os
import signal
import socket
import sys

# A thread that waits for another gets its turn within so many seconds: the outbox must not wait for a task.
_SWITCH_INTERVAL = 0.0005
_PR_SET_PDEATHSIG = 1


def main(socketDescriptor: int, lendingDescriptor: int, pageDescriptor: int, parentPID: int, niceness: int) -> None:
    """Serve the queue at the other end of the socket until it says stop, or is gone.

    Args:
        socketDescriptor: A connected stream socket.
        lendingDescriptor: Another, for the descriptors of lent memory.
        pageDescriptor: The memory of the Page.
        parentPID: The queue's process. When that has ended already, this one ends, too.
        niceness: What to add to the operating system's niceness.
    """
    _dieWithParent(parentPID)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for descriptor in (socketDescriptor, lendingDescriptor, pageDescriptor):
        os.set_inheritable(descriptor, False)
    if niceness:
        os.nice(niceness)

    import faulthandler

    faulthandler.enable(2)

    from ..lending import Borrower, Lender
    from ..page import Page
    from .loop import Loop
    from .mailbox import Mailbox
    from .outbox import Outbox

    sys.setswitchinterval(_SWITCH_INTERVAL)
    sock, lending = socket.socket(fileno=socketDescriptor), socket.socket(fileno=lendingDescriptor)
    page = Page(pageDescriptor)
    os.close(pageDescriptor)
    for ours in (sock, lending):
        os.register_at_fork(after_in_child=ours.close)  # what a task forks must not speak for this process
    outbox = Outbox(sock, Lender(lending))
    Loop(Mailbox(sock, Borrower(lending, outbox.giveBack).borrow), outbox, page).run()


def _dieWithParent(parentPID: int) -> None:
    """Have the kernel end this process when its parent ends, where there is a way to ask for it."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parentPID:
        # The parent ended before it could be watched.
        os._exit(1)
