# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.texts import count, duration, megabytes, plural, rate, sentence


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"), (-1, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"),
        (59.6, "1 min 00 s"), (185, "3 min 05 s"), (3599, "59 min 59 s"), (7800, "2 h 10 min"),
        (360_000, "100 h 00 min"),
    ],
)  # fmt: skip
def test_a_duration_has_two_units_at_most(seconds, text):
    assert duration(seconds) == text


def test_numbers_have_commas_and_nouns_their_plural():
    assert count(1234567) == "1,234,567"
    assert [plural(n, "task") for n in (0, 1, 2000)] == ["0 tasks", "1 task", "2,000 tasks"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zoom=-3 must be greater than 0", "zoom=-3 must be greater than 0."),
        ("re='abc' is not a number", "re='abc' is not a number."),
        ("there is no disk.", "There is no disk."),
        ("name a file, such as a=b", "Name a file, such as a=b."),
    ],
)
def test_a_message_becomes_a_sentence_but_keys_keep_their_case(text, said):
    assert sentence(text) == said


def test_sizes_are_in_megabytes_and_rates_have_a_prefix():
    assert megabytes(1_234_567_890) == "1,235"
    assert [rate(n, "px") for n in (12, 1500, 18_300_000, 2.5e9)] == ["12 px/s", "1.5 kpx/s", "18.3 Mpx/s", "2.5 Gpx/s"]
