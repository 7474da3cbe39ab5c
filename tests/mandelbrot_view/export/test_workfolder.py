# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from mandelbrot_view.export.errors import ExportError
from mandelbrot_view.export.workfolder import WorkFolder, folder_of, kept

WHAT = {"movie": {"fps": 30}}


@pytest.fixture
def target(tmp_path):
    return tmp_path / "zoom.mp4"


def names(target):
    return sorted(path.name for path in folder_of(target).iterdir())


def test_pieces_stay_for_the_same_movie(target):
    folder = WorkFolder(target, WHAT)
    folder.key(3).write_bytes(b"key")
    folder.close()
    assert kept(target) == {"fps": 30}
    again = WorkFolder(target, WHAT)
    assert again.key(3).read_bytes() == b"key"
    again.close()


def test_and_not_for_another_one_nor_do_unfinished_ones(target):
    folder = WorkFolder(target, WHAT)
    folder.key(3).write_bytes(b"key")
    (folder.path / "key-00004.pngabcd1234.part").write_bytes(b"k")
    (folder.path / "notes.txt").write_text("somebody else's")
    folder.close()
    WorkFolder(target, WHAT).close()
    assert names(target) == ["key-00003.png", "lock", "movie.json", "notes.txt"]
    WorkFolder(target, {"movie": {"fps": 60}}).close()
    assert names(target) == ["lock", "movie.json", "notes.txt"]
    assert kept(target) == {"fps": 60}


def test_at_the_end_all_is_removed_but_what_is_not_ours(target):
    folder = WorkFolder(target, WHAT)
    folder.chunk(0).write_bytes(b"piece")
    folder.finish()
    assert not folder.path.exists()
    folder = WorkFolder(target, WHAT)
    (folder.path / "notes.txt").write_text("somebody else's")
    folder.finish()
    assert names(target) == ["notes.txt"]


def test_two_do_not_work_at_one_movie(target):
    folder = WorkFolder(target, WHAT)
    with pytest.raises(ExportError, match=r"zoom\.mp4 is being exported already"):
        WorkFolder(target, WHAT)
    folder.close()
    WorkFolder(target, WHAT).close()


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"[" * 100_000, b"\xff\xfe", b'"text"', b"{}"])
def test_a_folder_that_says_nothing_of_a_movie_has_none(target, content):
    folder_of(target).mkdir()
    if content is not None:
        (folder_of(target) / "movie.json").write_bytes(content)
    assert kept(target) is None
    folder = WorkFolder(target, WHAT)
    assert kept(target) == {"fps": 30}
    folder.close()


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path):
    (tmp_path / "zoom.mp4.unfinished").write_text("in the way")
    with pytest.raises(OSError, match="File exists"):
        WorkFolder(tmp_path / "zoom.mp4", WHAT)
