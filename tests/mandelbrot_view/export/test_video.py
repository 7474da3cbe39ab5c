# SPDX-License-Identifier: GPL-3.0-or-later
import sys

import av
import numpy as np
import pytest

from mandelbrot_view.export.errors import ExportError
from mandelbrot_view.export.video import KINDS, encode, encoder_name, join

SIZE = (96, 64)
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (128, 128, 128), (255, 170, 0)]


def plain(colour):
    return np.broadcast_to(np.array(colour, np.uint8), (SIZE[1], SIZE[0], 3)).copy()


def numbered(first, count):
    """Frames that are told from each other by their grey."""
    return [plain((3 * i, 3 * i, 3 * i)) for i in range(first, first + count)]


def pieces(folder, suffix, lengths):
    """Encoded pieces of numbered frames."""
    made, begin = [], 0
    for length in lengths:
        path = folder / f"piece{begin}"
        assert sum(encode(path, suffix, SIZE, 25, iter([None, *numbered(begin, length)]))) == length
        made.append((path, length))
        begin += length
    return made


@pytest.mark.parametrize("suffix", list(KINDS))
def test_pieces_of_any_length_are_joined_frame_by_frame(suffix, tmp_path):
    target = tmp_path / f"zoom{suffix}"
    for _ in join(target, suffix, 25, pieces(tmp_path, suffix, (20, 1, 2, 3, 7, 30)), "mandelbrot:there"):
        pass
    with av.open(str(target)) as movie:
        assert {key.lower(): value for key, value in movie.metadata.items()}["comment"] == "mandelbrot:there"
        frames = list(movie.decode(video=0))
    assert [round(frame.time * 25, 1) for frame in frames] == pytest.approx(range(63), abs=0.05)
    greys = [float(frame.to_ndarray(format="gray").mean()) for frame in frames]
    luma = [16 + 3 * i * 219 / 255 for i in range(63)]
    assert greys == pytest.approx(luma, abs=4) or greys == pytest.approx(range(0, 189, 3), abs=4)


@pytest.mark.parametrize("suffix", list(KINDS))
def test_colours_are_those_of_high_definition_television(suffix, tmp_path):
    for _ in encode(tmp_path / "piece", suffix, SIZE, 25, iter([plain(colour) for colour in COLOURS])):
        pass
    with av.open(str(tmp_path / "piece")) as movie:
        for frame, (red, green, blue) in zip(movie.decode(video=0), COLOURS, strict=True):
            expected = 16 + 219 * (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
            luma = bytes(frame.planes[0])[SIZE[0] * 20]
            assert float(luma) == pytest.approx(expected, abs=3)
            assert (frame.colorspace, frame.color_range) == (1, 1)


@pytest.mark.parametrize("suffix", list(KINDS))
def test_a_full_disk_is_an_error_of_the_system(suffix, tmp_path):
    """/dev/full stands for the disk."""
    made = pieces(tmp_path, suffix, (3,))
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        list(encode(full, suffix, SIZE, 25, iter(numbered(0, 3))))
    with pytest.raises(OSError, match="No space left"):
        list(join(full, suffix, 25, made, ""))


def test_what_is_given_up_leaves_nothing(tmp_path):
    encoding = encode(tmp_path / "piece", ".mp4", SIZE, 25, iter(numbered(0, 3)))
    next(encoding)
    assert len(list(tmp_path.iterdir())) == 1
    encoding.close()
    assert list(tmp_path.iterdir()) == []


def test_without_pyav_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ExportError, match="pip install av"):
        encoder_name(".mp4")
