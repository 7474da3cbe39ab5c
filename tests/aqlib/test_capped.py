# SPDX-License-Identifier: GPL-3.0-or-later
"""The head and the tail of a long text."""

from random import Random

import pytest

from aqlib import capped
from aqlib.capped import Capped


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(capped, "MAX_HEAD_CHARACTERS", 10)
    monkeypatch.setattr(capped, "MAX_TAIL_CHARACTERS", 6)


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 15, 16])
@pytest.mark.parametrize("step", [1, 3, 100])
def test_what_is_short_enough_is_whole(length, step):
    text, kept = "abcdefghijklmnopqrstuvwxyz"[:length], Capped()
    heads = [kept.add(text[i : i + step]) for i in range(0, length, step)]
    assert "".join(heads) == text[:10]
    assert "".join(heads) + kept.end() == text


def test_what_is_longer_loses_its_middle_and_says_how_much():
    random = Random(3)
    for _ in range(200):
        text, kept, passed, i = str(random.getrandbits(400)), Capped(), "", 0
        while i < len(text):
            step = random.randint(1, 30)
            passed += kept.add(text[i : i + step])
            i += step
        assert passed == text[:10]
        assert kept.end() == f"\n[{len(text) - 16:,} characters are missing here]\n{text[-6:]}"


def test_another_text_may_follow():
    kept = Capped()
    kept.add("x" * 100)
    kept.end()
    assert (kept.add("again"), kept.end()) == ("again", "")
