# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames survive whatever pieces the socket cuts them into."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aqlib.frames import CHUNK, Decoder, Frame, Kind, pack

SIZES = st.one_of(st.integers(0, 300), st.sampled_from([4095, 4096, CHUNK // 2, CHUNK // 2 + 1, CHUNK, 3 * CHUNK]))


def framesOf(size: int, buffers: list[int]) -> tuple[bytes, list[bytes]]:
    return bytes(i % 251 for i in range(size)), [bytes([7 + i]) * length for i, length in enumerate(buffers)]


def neverLent(number: int, size: int) -> memoryview:
    raise AssertionError("nothing was lent")


def receive(decoder: Decoder, data: bytes, most: int) -> list[Frame]:
    """Let a decoder have data in pieces of `most` bytes at most."""
    frames: list[Frame] = []
    rest = memoryview(data)
    while rest:
        room = decoder.room()
        count = min(len(room), len(rest), most)
        room[:count] = rest[:count]
        decoder.received(count)
        rest = rest[count:]
        frames += decoder.frames()
    return frames


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(SIZES, st.lists(SIZES, max_size=3)), max_size=4), st.sampled_from([1000, 70_000, 1 << 20]))
def test_whatever_is_packed_comes_out(messages, most):
    contents = [framesOf(*message) for message in messages]
    sent = b"".join(
        bytes(piece)
        for seq, (payload, buffers) in enumerate(contents)
        for piece in pack(Kind.CALL, seq, payload, buffers, 1, 2, 0.5, 0.25)
    )
    frames = receive(Decoder(neverLent), sent, most)
    assert [(frame.kind, frame.seq, frame.flags, frame.mail, frame.wall, frame.cpu) for frame in frames] == [
        (Kind.CALL, seq, 1, 2, 0.5, 0.25) for seq in range(len(contents))
    ]
    got = [(bytes(frame.payload), [bytes(buffer) for buffer in frame.buffers]) for frame in frames]
    assert got == contents


@pytest.mark.parametrize("most", [1, 7, 31, 32, 33])
def test_a_frame_may_come_byte_by_byte(most):
    sent = b"".join(bytes(piece) for piece in [*pack(Kind.RESULT, 1, b"first"), *pack(Kind.RESULT, 2)])
    frames = receive(Decoder(neverLent), sent, most)
    assert [(frame.seq, frame.payload) for frame in frames] == [(1, b"first"), (2, b"")]


def test_buffers_are_writable_aligned_and_no_other_frames_memory():
    decoder = Decoder(neverLent)
    sent = b"".join(bytes(piece) for _ in range(2) for piece in pack(Kind.CALL, 1, b"p", [b"a" * 5000, b"b" * 17]))
    first, second = receive(decoder, sent, 1 << 20)
    memoryview(first.buffers[0])[:] = b"z" * 5000
    assert bytes(second.buffers[0]) == b"a" * 5000
    assert bytes(first.buffers[1]) == b"b" * 17


def test_one_may_stop_among_the_frames_and_go_on_later():
    decoder = Decoder(neverLent)
    sent = b"".join(bytes(piece) for seq in range(3) for piece in pack(Kind.RESULT, seq, b"x"))
    room = decoder.room()
    room[: len(sent)] = sent
    decoder.received(len(sent))
    assert next(decoder.frames()).seq == 0
    assert [frame.seq for frame in decoder.frames()] == [1, 2]
