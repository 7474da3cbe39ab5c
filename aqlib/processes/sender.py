# SPDX-License-Identifier: Apache-2.0
"""The Sender: what goes to the processes of one worker, and what is taken back on its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..frames import MAIN_KNOWN, SEQ, Buffer, Kind, Payload, pack
from .child import Child
from .encoder import PLAIN, Encoder, dumpsPlain
from .inflight import InFlight, Sent

if TYPE_CHECKING:
    from .succession import Succession


class Sender:
    """Sends calls, each after the Residents that it needs, and notes them as being in flight.

    Args:
        succession: Has the process that there is.
        encoder: Has the calls' pickles.
        inFlight: What was sent and has not been answered.
    """

    def __init__(self, succession: Succession, encoder: Encoder, inFlight: InFlight) -> None:
        self._succession = succession
        self._encoder = encoder
        self._inFlight = inFlight
        self._lastSeq = 0

    @property
    def _child(self) -> Child:
        child = self._succession.child
        assert child is not None, "The worker has ended."
        return child

    def nextSeq(self) -> int:
        """The number of the next call."""
        self._lastSeq += 1
        return self._lastSeq

    def send(self, kind: Kind, sent: Sent, isMail: bool) -> None:
        """Send a call. One that goes to an idle process is sent at once. Raises EncodingError.

        Args:
            isMail: A stream is to notice it between two items.
        """
        child, call, flags = self._child, sent.call, 0
        child.updatePath()
        payload: Payload | None = dumpsPlain(call) if call.payload is PLAIN else None
        buffers: Sequence[Buffer] = ()
        if payload is None:
            encoded = self._encoder.encode(call)
            for token in encoded.tokens:
                self._sendResident(child, token)
            payload, buffers, namesMain = encoded.pickle
            flags = MAIN_KNOWN if namesMain else 0
        mail = child.post()[0] if isMail else 0
        pieces = pack(kind, sent.seq, payload, buffers, flags, mail, lender=child.lender)
        isFirst = self._inFlight.head is None
        self._inFlight.add(sent)
        if isFirst:
            child.send(pieces)
        else:
            child.cork(pieces)

    def revokeAfter(self, seq: int) -> list[Sent]:
        """Take back the tasks' calls after this number that have not begun."""
        child = self._child
        mail, begun = child.post()
        back = self._inFlight.popTasksAfter(max(seq, begun))
        child.send(pack(Kind.REVOKED, 0, b"".join(SEQ.pack(sent.seq) for sent in back), mail=mail))
        return back

    def nudge(self) -> None:
        """Have a stream look up between two items, and see what was sent."""
        child = self._child
        child.send(pack(Kind.REVOKED, mail=child.post()[0]))

    def _sendResident(self, child: Child, token: int) -> None:
        if token not in child.residents:
            encoded = self._encoder.resident(token)
            child.residents.add(token)
            for inner in encoded.tokens:
                self._sendResident(child, inner)
            payload, buffers, namesMain = encoded.pickle
            child.cork(pack(Kind.RESIDENT, token, payload, buffers, MAIN_KNOWN if namesMain else 0))
