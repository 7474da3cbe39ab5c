# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that is lent is given back when nothing lies in it any more, and used again."""

import gc
import os
import resource
import socket
import sys

import pytest

from aqlib import lending
from aqlib.frames import SMALLEST_LENT, Decoder, Kind, pack
from aqlib.lending import Borrower, Lender

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no memfd")

BODY = bytes(range(256)) * (SMALLEST_LENT // 256)


class Pair:
    """A lender and a borrower; what the borrower gives back is noted, and told when the test says so."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self.lender = Lender(ours)
        self.given: list[tuple[int, bool]] = []
        self.borrower = Borrower(theirs, lambda *memory: self.given.append(memory))

    def borrow(self, *pieces: bytes) -> memoryview:
        """What comes of these pieces at the other side."""
        lent = self.lender.lend(pieces)
        assert lent is not None
        return self.borrower.borrow(*lent)

    def giveBack(self) -> None:
        while self.given:
            self.lender.returned(*self.given.pop())


@pytest.fixture
def pair():
    pair = Pair()
    yield pair
    pair.lender.close()
    pair.borrower.close()


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_what_is_lent_is_read_where_it_lies(pair):
    view = pair.borrow(b"head", BODY)
    assert bytes(view) == b"head" + BODY
    view[:4] = b"tail"
    assert bytes(view[:4]) == b"tail"


def test_it_is_given_back_with_the_last_object_that_lies_in_it(pair):
    view = pair.borrow(BODY)
    part = view[10:20]
    del view
    assert pair.given == []
    del part
    assert len(pair.given) == 1


def test_memory_that_was_given_back_is_used_again(pair):
    pair.borrow(BODY)
    before = descriptors()
    for i in range(20):
        pair.giveBack()
        view = pair.borrow(bytes([i]) * len(BODY))
        assert bytes(view) == bytes([i]) * len(BODY)
        del view
    assert descriptors() == before


def test_memory_that_is_in_use_is_never_written_again(pair):
    views = [pair.borrow(bytes([i]) * len(BODY)) for i in range(3)]
    assert [view[0] for view in views] == [0, 1, 2]


def test_when_much_is_in_use_no_more_is_lent(pair):
    views = [pair.borrow(BODY) for _ in range(lending._MOST_LENT)]
    assert pair.lender.lend([BODY]) is None
    views.clear()
    pair.giveBack()
    assert pair.lender.lend([BODY]) is not None


def test_what_would_take_long_to_copy_is_not_lent(pair):
    assert pair.lender.lend([bytes(lending.LARGEST), b"1"]) is None


def test_when_descriptors_run_out_the_socket_serves(pair):
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))) + 1, limits[1]))
    fillers = []
    try:
        while True:
            fillers.append(os.dup(0))
    except OSError:
        assert pair.lender.lend([BODY]) is None
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for filler in fillers:
            os.close(filler)


def test_a_descriptor_that_does_not_come_is_an_error_and_the_memory_given_back(pair):
    lent = pair.lender.lend([BODY])
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        with pytest.raises(OSError, match="too many open files"):
            pair.borrower.borrow(*lent)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert pair.given == [(lent[0], True)]


def test_one_that_nobody_has_spoken_of_does_not_come_in_place_of_the_next(pair):
    before = descriptors()
    pair.lender.lend([BODY])
    view = pair.borrow(bytes(len(BODY)))
    assert bytes(view) == bytes(len(BODY))
    assert descriptors() == before + 5  # two of each memory and one of the view, for a map keeps one of its own


def test_memory_that_a_forked_process_has_is_never_written_again(pair):
    view = pair.borrow(BODY)
    before = descriptors()
    forked = os.fork()
    if not forked:
        del view
        os._exit(len(pair.given))  # it is not for this process to give it back
    assert os.waitpid(forked, 0)[1] == 0
    del view
    assert [isFree for _, isFree in pair.given] == [False]
    pair.giveBack()
    assert descriptors() == before - 3
    pair.borrow(BODY)
    assert [isFree for _, isFree in pair.given] == [True]


def test_closing_leaves_no_descriptor_and_what_was_borrowed_stays():
    before = descriptors()
    pair = Pair()
    view = pair.borrow(BODY)
    pair.lender.close()
    pair.borrower.close()
    assert bytes(view) == BODY
    del view
    gc.collect()
    pair.giveBack()
    assert descriptors() == before


class TestFrames:
    def test_a_large_body_takes_no_room_on_the_socket(self, pair):
        sent = b"".join(pack(Kind.RESULT, 7, b"payload", [BODY], 1, 2, 0.5, 0.25, pair.lender))
        assert len(sent) < 100
        decoder = Decoder(pair.borrower.borrow)
        decoder.room()[: len(sent)] = sent
        decoder.received(len(sent))
        (frame,) = decoder.frames()
        assert (frame.kind, frame.seq, frame.flags, frame.mail, frame.wall, frame.cpu) == (
            Kind.RESULT, 7, 1, 2, 0.5, 0.25,
        )  # fmt: skip
        assert bytes(frame.payload) == b"payload"
        assert [bytes(buffer) for buffer in frame.buffers] == [BODY]

    def test_one_that_cannot_be_had_says_what_it_was_and_why(self):
        def refuse(number, size):
            raise OSError("too many open files")

        pair = Pair()
        sent = b"".join(pack(Kind.RESULT, 7, BODY, lender=pair.lender))
        decoder = Decoder(refuse)
        decoder.room()[: len(sent)] = sent
        decoder.received(len(sent))
        (frame,) = decoder.frames()
        assert (frame.kind, frame.seq, frame.flags) == (Kind.UNREADABLE, 7, Kind.RESULT)
        assert frame.payload == b"too many open files"
        pair.lender.close()
        pair.borrower.close()
