# SPDX-License-Identifier: GPL-3.0-or-later
"""A file whose writes are the items of a stream."""

import csv
import gc
import io
import threading
import zipfile

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from aqlib import Deferator, Filerator, IterationProducer, ListConsumer
from aqlib.testing import outcomeOf

from .inthread import inThread
from .stoppingclock import StoppingClock


@pytest.fixture
def clock():
    return StoppingClock()


@pytest.fixture
def file(clock):
    """Written in the reactor's thread, where no write waits."""
    return Filerator(10, reactor=clock)


def taken(file):
    """A list that gets what comes, and then what the stream ended with."""
    got: list[object] = []

    async def take():
        async for item in file:
            got.append(item)  # noqa: PERF401  # each is there as soon as it has come

    Deferred.fromCoroutine(take()).addBoth(got.append)
    return got


class TestWrites:
    def test_each_is_an_item(self, file):
        got = taken(file)
        assert file.write(b"abc") == 3
        assert got == [b"abc"]
        assert file.write("text") == 4
        file.close()
        assert got == [b"abc", "text", None]

    def test_buffers_may_be_used_again(self, file):
        got = taken(file)
        buffer = bytearray(b"abc")
        file.write(buffer)
        file.write(memoryview(buffer))
        buffer[:] = b"xyz"
        assert got == [b"abc", b"abc"]

    def test_the_length_of_a_buffer_is_in_bytes(self, file):
        assert file.write(memoryview(b"abcdefgh").cast("I")) == 8

    def test_an_empty_one_is_none(self, file):
        got = taken(file)
        assert file.write(b"") == 0
        assert got == []

    def test_lines_are_written_one_by_one(self, file):
        got = taken(file)
        file.writelines([b"a\n", b"b\n"])
        assert got == [b"a\n", b"b\n"]

    def test_what_is_no_data_is_a_TypeError(self, file):
        with pytest.raises(TypeError):
            file.write(3)

    def test_it_says_what_it_can(self, file):
        file.flush()
        assert (file.writable(), file.readable(), file.seekable(), file.closed) == (True, False, False, False)

    @pytest.mark.parametrize("n", [0, -1])
    def test_no_room_is_refused(self, n, clock):
        with pytest.raises(ValueError, match="1 byte or more"):
            Filerator(n, reactor=clock)


class TestWriters:
    """Code that writes files can write this one."""

    def test_csv(self, file):
        got = taken(file)
        csv.writer(file).writerow([1, "two"])
        assert got == ["1,two\r\n"]

    def test_a_text_wrapper(self, file):
        got = taken(file)
        with io.TextIOWrapper(file, "utf-8") as text:
            text.write("é")
        assert got == ["é".encode(), None]

    def test_zip(self, clock):
        file = Filerator(reactor=clock)
        got = taken(file)
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("name", "content")
        file.close()
        assert zipfile.ZipFile(io.BytesIO(b"".join(got[:-1]))).read("name") == b"content"


class TestTaking:
    def test_by_deferreds(self, file):
        file.write(b"a")
        file.write(b"b")
        file.close()
        assert [outcomeOf(deferred)[0] for deferred in file] == [b"a", b"b"]

    def test_by_a_producer(self, file):
        consumer = ListConsumer()
        outcome = outcomeOf(IterationProducer(file.deferator, consumer).run())
        file.write(b"a")
        file.close()
        assert outcome == [consumer]
        assert outcomeOf(consumer()) == [[b"a"]]

    def test_the_deferator_is_one(self, file):
        assert isinstance(file.deferator, Deferator)
        assert outcomeOf(next(file)) == []


class TestBackPressure:
    async def test_a_thread_that_writes_waits_for_room(self, reactor):
        file = Filerator(10)
        written = []

        def write():
            for n in range(100):
                file.write(b"%05d" % n)
                written.append(n)
            file.close()

        writing = inThread(reactor, write)
        got = []
        async for item in file:
            got.append(item)
            # One more may have been written, and not noted; two have room; the write before was let in by the take.
            assert len(written) <= len(got) + 3
        await writing
        assert got == [b"%05d" % n for n in range(100)]

    async def test_what_is_larger_than_the_room_passes_all_the_same(self, reactor):
        file = Filerator(1)
        writing = inThread(reactor, lambda: [file.write(b"x" * 1000), file.write(b"y" * 1000)])
        file.endWith(writing)
        assert [len(item) async for item in file] == [1000, 1000]
        await writing

    def test_writes_on_their_way_wake_the_reactor_once(self, reactor):
        woken = []

        class Reactor(StoppingClock):
            def callFromThread(self, f, *args):
                woken.append(f)

        file = Filerator(reactor=Reactor())
        got = taken(file)
        file.writelines([b"a", b"b", b"c"])
        assert (len(woken), got) == (1, [])
        woken.pop()()
        assert got == [b"a", b"b", b"c"]
        file.write(b"d")
        assert len(woken) == 1

    def test_the_reactors_own_thread_never_waits(self, file):
        assert [file.write(b"x" * 10) for _ in range(5)] == [10] * 5


class TestEnd:
    def test_to_close_twice_is_to_close(self, file):
        got = taken(file)
        file.close()
        file.close()
        assert got == [None]
        assert file.closed

    def test_a_write_after_it_is_refused_as_files_do(self, file):
        file.close()
        with pytest.raises(ValueError, match="closed file"):
            file.write(b"a")

    def test_a_block_closes_it(self, file):
        got = taken(file)
        with file as itself:
            itself.write(b"a")
        assert got == [b"a", None]

    def test_an_error_in_the_block_fails_the_stream(self, file):
        got = taken(file)
        with pytest.raises(ZeroDivisionError), file:
            file.writelines(b"%d" % (1 // n) for n in (1, 0))
        assert got[0] == b"1"
        assert got[1].check(ZeroDivisionError)

    @pytest.mark.parametrize("error", [ZeroDivisionError(), Failure(ZeroDivisionError())], ids=["error", "Failure"])
    def test_it_may_fail_by_word(self, file, error):
        got = taken(file)
        file.fail(error)
        assert got[0].check(ZeroDivisionError)
        assert file.closed

    def test_it_ends_with_a_deferred(self, file):
        call: Deferred[str] = Deferred()
        assert file.endWith(call) is call
        outcome, got = outcomeOf(call), taken(file)
        call.callback("done")
        assert (outcome, got) == (["done"], [None])

    def test_it_fails_with_a_deferred(self, file):
        call: Deferred[str] = Deferred()
        outcome, got = outcomeOf(file.endWith(call)), taken(file)
        file.write(b"a")
        call.errback(ZeroDivisionError())
        assert outcome[0].check(ZeroDivisionError)
        assert got[0] == b"a"
        assert got[1].check(ZeroDivisionError)


class TestNobodyTakes:
    def test_a_write_after_the_stream_was_stopped_is_a_broken_pipe(self, file):
        file.write(b"a")
        file.deferator.stop()
        with pytest.raises(BrokenPipeError):
            file.write(b"b")

    @pytest.mark.parametrize(
        ("end", "error"),
        [(lambda file: file.deferator.stop(), BrokenPipeError), (lambda file: file.close(), ValueError)],
        ids=["stop", "close"],
    )
    async def test_a_writer_that_waits_is_freed(self, reactor, end, error):
        file = Filerator(1)
        written = threading.Event()

        def write():
            file.write(b"a")
            written.set()
            file.write(b"b")

        writing = inThread(reactor, write)
        assert written.wait(20)
        end(file)
        with pytest.raises(error):
            await writing

    def test_the_reactors_end_fails_the_stream_and_frees_the_writer(self, file, clock):
        file.write(b"a")
        failed = outcomeOf(file.deferator.d)
        clock.stop()
        assert failed[0].check(CancelledError)
        with pytest.raises(BrokenPipeError):
            file.write(b"b")

    @pytest.mark.parametrize("end", [lambda file: file.close(), lambda file: file.deferator.stop()])
    def test_nothing_is_left_at_the_reactor_after_the_end(self, file, clock, end):
        file.write(b"a")
        assert len(clock.triggers) == 1
        end(file)
        assert clock.triggers == []

    def test_one_that_is_forgotten_leaves_nothing(self, clock):
        Filerator(reactor=clock).write(b"a")
        gc.collect()
        assert clock.triggers == []
