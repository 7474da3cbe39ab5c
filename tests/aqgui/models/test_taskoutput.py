# SPDX-License-Identifier: GPL-3.0-or-later
import random

import pytest

from aqgui.models.outputfolder import OutputFolder
from aqgui.models.taskoutput import MAX_LINE_BYTES, MEMORY_BYTES, TaskOutput


@pytest.fixture
def folder(tmp_path):
    folder = OutputFolder(tmp_path)
    yield folder
    folder.close()


def linesOf(output):
    """All lines that are kept, by their numbers."""
    cut = output.cutLines
    kept = [n for n in range(output.lineCount) if n not in cut]
    return {n: line for n in kept for line in output.lines(n, 1)}


def test_what_is_short_needs_no_file(folder, tmp_path):
    output = TaskOutput(folder)
    output.add("one\n")
    output.add("two")
    assert output.text == "one\ntwo"
    assert output.lines(0, 9) == [b"one", b"two"]
    assert output.lineCount == 2
    assert list(tmp_path.iterdir()) == []


def test_all_of_it_is_kept(folder):
    output = TaskOutput(folder)
    text = "".join(f"{n}\n" for n in range(700_000))
    for start in range(0, len(text), 60_000):
        output.add(text[start : start + 60_000])
    assert output.lineCount == 700_000
    assert output.text == text
    for first in (0, 1, 63, 64, 65, 345_678, 699_990):
        assert output.lines(first, 20) == [str(n).encode() for n in range(first, min(first + 20, 700_000))]


@pytest.mark.parametrize("seed", range(20))
def test_beyond_the_limit_head_and_tail_are_kept(folder, seed):
    chance = random.Random(seed)
    limit = chance.choice([10, 1000, 200_000])
    output = TaskOutput(folder, limit)
    lines: list[str] = []
    while len("\n".join(lines)) < 3 * limit:
        pieces = [f"{chance.random()}"[: chance.randint(0, 18)] for _ in range(chance.choice([1, 10, 5000]))]
        lines += pieces
        output.add("".join(f"{piece}\n" for piece in pieces))
    text = "".join(f"{line}\n" for line in lines)
    half = limit // 2
    assert output.size == len(text)
    assert output.cutBytes == len(text) - 2 * half
    assert output.text == f"{text[:half]}\n{output.cutText}\n{text[-half:]}"
    assert output.lineCount == len(lines)
    cut = output.cutLines
    for n in chance.sample([n for n in range(len(lines)) if n not in cut], k=min(50, len(lines) - len(cut))):
        assert output.lines(n, 1) == [lines[n].encode()]


def test_the_last_line_that_is_not_ended_is_a_line(folder):
    output = TaskOutput(folder)
    output.add("a\nb")
    assert output.lineCount == 2
    output.add("c\n")
    assert output.lineCount == 2
    assert linesOf(output) == {0: b"a", 1: b"bc"}


def test_a_line_without_end_is_broken(folder):
    output = TaskOutput(folder)
    for _ in range(10):
        output.add("x" * MAX_LINE_BYTES)
    output.add("\nend")
    assert set(map(len, linesOf(output).values())) <= {MAX_LINE_BYTES, 3}
    assert b"".join(linesOf(output).values()) == b"x" * 10 * MAX_LINE_BYTES + b"end"


def test_a_task_that_has_ended_holds_no_file_open_and_can_be_read(folder, tmp_path):
    output = TaskOutput(folder)
    output.add("y" * (MEMORY_BYTES + 1))
    output.rest()
    assert len(output.text.replace("\n", "")) == MEMORY_BYTES + 1
    output.discard()
    assert [path.name for path in tmp_path.glob("*/*")] == ["lock"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    output = TaskOutput(OutputFolder(tmp_path / "file"))
    output.add("z" * (MEMORY_BYTES + 1))
    assert "Output could not be" in output.text


def test_a_folder_that_was_left_behind_is_removed_and_one_in_use_is_not(tmp_path):
    left, used = OutputFolder(tmp_path), OutputFolder(tmp_path)
    used.newFile().write_text("used")
    abandoned = tmp_path / "output-abandoned"
    abandoned.mkdir()
    file = left.newFile()
    assert not abandoned.exists()
    file.write_text("left")
    assert len(list(tmp_path.glob("*/[0-9]*"))) == 2
    left.close()
    used.close()
    assert list(tmp_path.iterdir()) == []
