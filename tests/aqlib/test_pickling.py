# SPDX-License-Identifier: GPL-3.0-or-later
"""Pickles with large buffers apart, Residents by name, and the main module by another one."""

import pickle
import sys
from types import ModuleType

import pytest

from aqlib import EncodingError, Resident, pickling
from aqlib.pickling import SMALLEST_BUFFER, dumps, dumpsByValue, loads
from aqlib.processes.encoder import PLAIN, Encoder
from aqlib.task import Call

from . import jobs


class Block:
    """Hands its memory out, as arrays do."""

    def __init__(self, memory):
        self.memory = memory

    def __reduce_ex__(self, protocol):
        return Block, (pickle.PickleBuffer(self.memory),)


class TestBuffers:
    def test_large_ones_travel_apart_and_are_not_copied(self):
        memory = bytearray(SMALLEST_BUFFER)
        pickled = dumps(Block(memory))
        assert len(pickled.whole) < 200
        memory[:3] = b"new"
        assert bytes(loads(pickled.whole, pickled.buffers).memory[:3]) == b"new"

    def test_small_ones_are_part_of_the_pickle(self):
        pickled = dumps(Block(bytearray(SMALLEST_BUFFER - 1)))
        assert len(pickled.buffers) == 0
        assert len(loads(pickled.whole).memory) == SMALLEST_BUFFER - 1

    @pytest.mark.parametrize("f", [len, lambda block: None], ids=["by name", "by value"])
    @pytest.mark.parametrize("size", [10_000, 300_000])
    @pytest.mark.parametrize(
        "hold",
        [Block, lambda memory: Block(memoryview(memory).toreadonly()), lambda memory: memory],
        ids=["apart", "apart and read-only", "in the pickle"],
    )
    def test_what_is_in_a_call_is_as_it_was_when_that_was_encoded(self, f, size, hold):
        memory = bytearray(b"a" * size)
        encoded = Encoder(lambda token: None).encode(Call(f, (hold(memory),), {}))
        memory[:] = b"b" * size
        _, (held,), _ = loads(encoded.pickle.whole, encoded.pickle.buffers)
        assert bytes(getattr(held, "memory", held)) == b"a" * size

    def test_those_of_an_object_that_goes_by_value_travel_apart_too(self):
        memory = bytearray(300_000)
        pickled = dumpsByValue((lambda: None, Block(memory)))
        assert len(pickled.buffers) == 1
        assert pickled.size > len(memory) > len(pickled.whole)

    def test_more_than_a_frame_can_count_are_part_of_the_pickle(self, monkeypatch):
        monkeypatch.setattr(pickling, "_MOST_BUFFERS", 1)
        pickled = dumps([Block(bytearray(b"a" * 100_000)), Block(bytearray(b"b" * 100_000))])
        assert len(pickled.buffers) == 1
        one, other = loads(pickled.whole, pickled.buffers)
        assert (bytes(one.memory), bytes(other.memory)) == (b"a" * 100_000, b"b" * 100_000)


class TestLongStrings:
    def test_they_are_not_copied(self):
        long = bytes(range(256)) * 1000
        pickled = dumps(("short", long))
        assert any(piece is long for piece in pickled.payload)
        assert loads(pickled.whole) == ("short", long)
        assert pickled.size == len(pickled.whole)

    def test_what_is_in_them_is_no_name_of_the_main_module(self):
        assert not dumps(b"__main__" * 20_000).namesMain
        assert dumps(b"__main__").namesMain  # it may be one


class TestByValue:
    def test_a_lambda_travels(self):
        assert loads(dumpsByValue(lambda x: x + 1).whole)(1) == 2

    def test_a_resident_in_its_closure_goes_by_name(self):
        resident = jobs.Counter(5)
        payload = dumpsByValue(lambda: resident, lambda found: (str, ("a name",))).whole
        assert loads(payload)() == "a name"


class TestMainModule:
    def test_names_of_main_are_found_in_what_stands_for_it(self):
        standIn = ModuleType("__aq_main__")
        exec("class A:\n    class B:\n        pass", vars(standIn))
        payload = b"\x80\x05c__main__\nA.B\n."
        assert loads(payload, (), lambda name: standIn) is vars(standIn)["A"].B

    def test_other_names_are_found_where_they_are(self):
        payload = dumps(jobs.add).whole
        assert loads(payload, (), lambda name: sys.modules["__main__"]) is jobs.add


class Pair(Resident):
    def __init__(self, other):
        self.other = other


class TestEncoder:
    @pytest.fixture
    def encoder(self):
        self.forgotten: list[int] = []
        return Encoder(self.forgotten.append)

    def test_a_call_is_pickled_once_as_it_was_when_it_was_prepared(self, encoder):
        items = [1, 2]
        call = Call(len, (items,), {})
        encoder.prepare(call)
        items.append(3)
        first, second = encoder.encode(call), encoder.encode(call)
        assert first.pickle.payload is second.pickle.payload
        assert loads(first.pickle.whole) == (len, ([1, 2],), {})

    def test_one_that_nobody_can_change_keeps_nothing_until_it_is_sent(self, encoder):
        call = Call(jobs.add, (1, 2.5), {})
        encoder.prepare(call)
        assert call.payload is PLAIN
        assert loads(encoder.encode(call).pickle.whole) == (jobs.add, (1, 2.5), {})

    @pytest.mark.parametrize("isPrepared", [False, True])
    def test_one_whose_function_was_replaced_in_its_module_calls_the_one_that_was_given(
        self, encoder, monkeypatch, isPrepared
    ):
        module = ModuleType("reloaded")
        monkeypatch.setitem(sys.modules, "reloaded", module)
        source = "def f(n):\n    return n + {}"
        exec(source.format(1), vars(module))
        before, later = Call(module.f, (1,), {}), Call(module.f, (2,), {})
        encoder.prepare(before)
        exec(source.format(100), vars(module))
        if isPrepared:
            encoder.prepare(later)
        for call in (before, later):
            f, args, _ = loads(encoder.encode(call).pickle.whole)
            assert f(*args) == args[0] + 1

    @pytest.mark.parametrize("f", [[1, 2].index, lambda x: x, jobs.Counter(1).add])
    def test_what_is_not_found_by_its_name_is_no_such_call(self, encoder, f):
        call = Call(f, (1,), {})
        encoder.prepare(call)
        assert call.payload is not PLAIN

    @pytest.mark.parametrize(
        "call", [Call(len, ("ab",), {}), Call(sorted, ([2, 1],), {"reverse": True}), Call(jobs.add, (1, 2.5), {})]
    )
    def test_calls_come_out_as_they_went_in(self, encoder, call):
        assert loads(*encoder.encode(call).pickle) == (call.f, call.args, call.kw)

    def test_residents_are_named_and_their_own_residents_too(self, encoder):
        inner = jobs.Counter(1)
        outer = Pair(inner)
        encoded = encoder.encode(Call(len, (outer,), {}))
        assert encoded.pickle.size < 200
        [token] = encoded.tokens
        assert len(encoder.resident(token).tokens) == 1
        assert encoder.encode(Call(len, (outer, inner), {})).tokens == (token, *encoder.resident(token).tokens)

    def test_one_that_dies_is_forgotten(self, encoder):
        resident = jobs.Counter(1)
        [token] = encoder.encode(Call(len, (resident,), {})).tokens
        del resident
        assert self.forgotten == [token]
        with pytest.raises(KeyError):
            encoder.resident(token)

    def test_what_cannot_be_pickled_is_an_error_with_the_remedy(self, encoder):
        with pytest.raises(EncodingError, match=r"len\(.*cannot be pickled.*use a thread worker"):
            encoder.encode(Call(len, (jobs.giveLock(),), {}))
