# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies with workers in memory, and one with real ones."""

from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image
from twisted.internet.defer import CancelledError

from mandelbrot_view.colour.colouring import Colouring, Scale
from mandelbrot_view.export import film as filmModule
from mandelbrot_view.export.film import Film
from mandelbrot_view.export.movie import Movie
from mandelbrot_view.export.workfolder import folder_of
from mandelbrot_view.kernels.plain import PlainWork
from mandelbrot_view.places.place import Place

from .stage import Stage

SIZE = (48, 32)
DEEP = Place.make("-1.7400623825793399052208441670658256382966417204361718668798624184611829", "0", "1e15", 200)


def movie(zoom="8", start="1", **more):
    place = more.pop("place", None) or Place.make("-0.743643", "0.131825", zoom, 150)
    return Movie(place, start, SIZE, more.pop("colouring", Colouring()), 1, 10, more.pop("seconds", 2.0))


def decoded(path):
    with av.open(str(path)) as video:
        return [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]


def run(stage, target, theMovie=None):
    film = Film(stage.queue, theMovie or movie(), target)
    stage.run(film.run())
    return film


@pytest.fixture
def target(tmp_path):
    return tmp_path / "zoom.mp4"


def test_a_video_is_made_and_nothing_is_left_beside_it(target):
    stage = Stage()
    film = run(stage, target)
    stage.finishAll()
    assert stage.failure is None
    assert len(decoded(target)) == 20
    assert [path.name for path in target.parent.iterdir()] == ["zoom.mp4"]
    assert film.pace.share == 1


def test_frames_as_pictures_say_where_they_are(tmp_path):
    stage, target = Stage(), tmp_path / "zoom"
    run(stage, target)
    stage.finishAll()
    assert stage.failure is None
    files = sorted(target.iterdir())
    assert [file.name for file in files] == [f"frame-{number:05}.png" for number in range(1, 21)]
    places = []
    for file in files:
        with Image.open(file) as image:
            assert image.size == SIZE
            places.append(Place.parse(image.info["Place"]))
    assert places[-1] == movie().place
    assert float(places[0].zoom) == pytest.approx(1)
    assert [path.name for path in tmp_path.iterdir()] == ["zoom"]


def test_few_key_frames_are_kept_at_once(target):
    """However deep it goes: those that nothing needs any more are removed."""
    stage, most = Stage(1), 0
    run(stage, target, movie("1e5", seconds=4.0))
    while stage.workers[0].task is not None:
        stage.finish(stage.workers[0])
        most = max(most, len(list(folder_of(target).glob("key-*")))) if folder_of(target).exists() else most
    assert stage.failure is None
    assert 2 <= most <= 8


def test_a_cancelled_one_goes_on_where_it_was(target):
    stage = Stage(1)
    film = Film(stage.queue, movie(), target)
    deferred = stage.run(film.run())
    for _ in range(4):
        stage.finish(stage.workers[0])
    deferred.cancel()
    assert stage.failure.check(CancelledError)
    assert stage.names == []
    assert not target.exists()
    again = Stage(1)
    film = run(again, target)
    assert film.taken >= 2
    # Of the key frames, the pieces and the joining, what was not done.
    assert again.finishAll() == film.pieces + 1 - 4
    assert len(decoded(target)) == 20
    assert not folder_of(target).exists()


def test_a_key_frame_of_which_all_is_made_is_removed_when_it_goes_on(target):
    stage = Stage(1)
    deferred = stage.run(Film(stage.queue, movie(), target).run())
    while not (folder_of(target) / "piece-00000.mp4").exists():
        stage.finish(stage.workers[0])
    deferred.cancel()
    (folder_of(target) / "key-00000.png").write_bytes(b"left when the process was killed")
    again = Stage(1)
    run(again, target)
    assert not (folder_of(target) / "key-00000.png").exists()
    again.finishAll()
    assert again.failure is None
    assert len(decoded(target)) == 20


def test_another_movie_begins_anew(target):
    stage = Stage(1)
    deferred = stage.run(Film(stage.queue, movie(), target).run())
    stage.finish(stage.workers[0])
    deferred.cancel()
    other = Film(stage.queue, movie(start="2"), target)
    assert other.taken == 0
    stage.run(other.run()).cancel()


def test_an_error_ends_it_and_what_was_done_stays(target, monkeypatch):
    stage = Stage(1)

    def full(*_):
        raise OSError(28, "No space left on device")
        yield

    monkeypatch.setattr(filmModule, "video_chunk", full)
    run(stage, target)
    stage.finishAll()
    assert stage.failure.check(OSError)
    assert stage.failure.value.errno == 28
    assert not target.exists()
    monkeypatch.undo()
    again = Stage(1)
    assert run(again, target).taken >= 2
    again.finishAll()
    assert len(decoded(target)) == 20


def test_when_all_pieces_are_there_they_are_only_joined(target, monkeypatch):
    stage = Stage(1)

    def refuse(*_):
        raise OSError(13, "Permission denied")
        yield

    monkeypatch.setattr(filmModule, "join_chunks", refuse)
    run(stage, target)
    stage.finishAll()
    assert stage.failure.check(OSError)
    monkeypatch.undo()
    again = Stage(1)
    run(again, target)
    assert again.names == ["all of zoom.mp4"]
    again.finishAll()
    assert len(decoded(target)) == 20


def test_equalised_colours_pass_over_from_key_frame_to_key_frame(tmp_path):
    stage, target = Stage(), tmp_path / "zoom"
    run(stage, target, movie("64", colouring=Colouring(scale=Scale.EQUALISED), seconds=6.0))
    stage.finishAll()
    assert stage.failure is None
    frames = [np.asarray(Image.open(file)).astype(int) for file in sorted(target.iterdir())]
    changes = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert max(abs(b - a) for a, b in pairwise(changes)) < 0.5 * np.mean(changes)


def test_counts_beyond_those_that_single_precision_tells_apart_keep_their_colours(tmp_path, monkeypatch):
    class High(PlainWork):
        def smooth(self, first, end):
            super().smooth(first, end)
            rows = self.counts[first:end]
            rows[rows >= 0] += 2.0**26

    monkeypatch.setattr("mandelbrot_view.pictures.render.start_work", High)
    stage, target = Stage(), tmp_path / "zoom"
    run(stage, target, movie("2", colouring=Colouring(scale=Scale.EQUALISED), seconds=0.2))
    stage.finishAll()
    assert stage.failure is None, stage.failure.getTraceback()
    for file in target.iterdir():
        with Image.open(file) as image:
            assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) > 500


def test_one_orbit_serves_all_key_frames(target, monkeypatch):
    from mandelbrot_view.pictures import render

    def refuse(*_):
        raise AssertionError("a key frame computes an orbit of its own")

    monkeypatch.setattr(render, "reference_for", refuse)
    stage = Stage(1)
    # From double precision to beyond.
    run(stage, target, movie(place=DEEP, start="1e9", seconds=1.0))
    assert stage.names[0] == "reference orbit"
    stage.finishAll()
    assert stage.failure is None, stage.failure.getTraceback()
    assert len(decoded(target)) == 10
