# SPDX-License-Identifier: GPL-3.0-or-later
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from aqlib import WorkerLost
from mandelbrot_view.colour.colouring import Colouring, Scale
from mandelbrot_view.export.pump import MOST_TRIES, NICENESS
from mandelbrot_view.export.scene import draw
from mandelbrot_view.export.still import Still
from mandelbrot_view.places.place import Place

from ..truths.judging import load
from .stage import PLACE, Stage, scene

DEEP = Place.make("-1.7400623825793399052208441670658256382966417204361718668798624184611829", "0", "1e30", 200)
# Its counts are all from 10,000 to 10,030, or inside.
FLAT = Place.make("0.2500000985", "0", "2e10", 20_000)
TALL = scene((24, 1000))


def picture(file):
    with Image.open(io.BytesIO(file.getvalue())) as image:
        return np.asarray(image), image.info["Place"]


def whole(theScene):
    pixels = np.empty((theScene.size[1], theScene.size[0], 3), np.uint8)
    for _ in draw(pixels, theScene, 0):
        pass
    return pixels


@pytest.mark.parametrize("backwards", [False, True])
def test_bands_are_put_together_in_whatever_order_they_come(backwards):
    stage, file = Stage(), io.BytesIO()
    still = Still(stage.queue, TALL)
    stage.run(still.run(file))
    assert stage.finishAll(backwards) == 8
    assert stage.result == [None]
    pixels, link = picture(file)
    assert (pixels == whole(TALL)).all()
    assert link == PLACE.link
    assert still.shares.total() == 24 * 1000


def test_few_bands_wait_and_behind_all_else():
    stage = Stage()
    stage.run(Still(stage.queue, scene((24, 16384))).run(io.BytesIO())).addErrback(lambda _: None)
    tasks = [*stage.queue.running(), *stage.queue.schedule]
    assert len(tasks) == 4
    assert {(task.niceness, task.group) for task in tasks} == {(NICENESS, "Export")}


def test_no_band_runs_far_ahead_of_one_that_takes_long():
    stage = Stage()
    stage.run(Still(stage.queue, scene((24, 16384))).run(io.BytesIO())).addErrback(lambda _: None)
    slow, quick = stage.workers
    done = 0
    while quick.task is not None:
        stage.finish(quick)
        done += 1
    assert done < 10
    assert slow.task is not None


def test_progress_rises_to_the_whole():
    stage = Stage(1)
    shares = []
    still = Still(stage.queue, TALL, lambda: shares.append(still.pace.share))
    stage.run(still.run(io.BytesIO()))
    stage.finishAll()
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_band_whose_worker_died_is_computed_again_but_not_for_ever():
    stage, file = Stage(1), io.BytesIO()
    stage.run(Still(stage.queue, scene()).run(file))
    for _ in range(MOST_TRIES - 1):
        stage.workers[0].fail(Failure(WorkerLost(1, 9)))
    stage.finishAll()
    assert stage.result == [None]
    assert (picture(file)[0] == whole(scene())).all()
    stage.run(Still(stage.queue, scene()).run(io.BytesIO()))
    for _ in range(MOST_TRIES):
        stage.workers[0].fail(Failure(WorkerLost(1, 9)))
    assert stage.failure.check(WorkerLost)


class Full(io.BytesIO):
    """A disk with room for so many bytes."""

    def write(self, data):
        if self.tell() + len(data) > 500:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_full_disk_ends_it_and_all_its_tasks():
    stage = Stage()
    stage.run(Still(stage.queue, TALL).run(Full()))
    stage.finish(stage.workers[0])
    assert stage.failure.check(OSError)
    assert stage.names == []


def test_it_can_be_cancelled():
    stage = Stage()
    stage.run(Still(stage.queue, TALL).run(io.BytesIO())).cancel()
    assert stage.failure.check(CancelledError)
    assert stage.names == []


def test_one_of_its_tasks_that_somebody_cancels_ends_it():
    stage = Stage()
    stage.run(Still(stage.queue, TALL).run(io.BytesIO()))
    stage.queue.running()[0].cancel()
    assert stage.failure.check(CancelledError)
    assert stage.names == []


def test_equalised_colours_follow_a_first_look_at_the_whole():
    stage, file = Stage(), io.BytesIO()
    stage.run(Still(stage.queue, scene((60, 300), colouring=Colouring(scale=Scale.EQUALISED))).run(file))
    assert stage.names == ["colours"]
    assert stage.finishAll() == 4
    assert len(np.unique(picture(file)[0].reshape(-1, 3), axis=0)) > 50


def distance(one, other):
    """Of colours, the mean over two pictures."""
    return np.abs(one.astype(int) - other.astype(int)).mean()


@pytest.mark.parametrize(("place", "scale"), [(PLACE, Scale.SMOOTH), (FLAT, Scale.EQUALISED)])
def test_an_automatic_scale_is_the_one_that_shows_something(place, scale):
    pictures = {}
    for each in Scale:
        stage, file = Stage(), io.BytesIO()
        stage.run(Still(stage.queue, scene((96, 64), colouring=Colouring(scale=each), place=place)).run(file))
        stage.finishAll()
        assert stage.failure is None
        pictures[each] = picture(file)[0]
    assert (pictures[Scale.AUTOMATIC] == pictures[scale]).all()
    assert distance(pictures[Scale.SMOOTH], pictures[Scale.EQUALISED]) > 10


def test_the_orbit_of_a_deep_picture_is_computed_once(monkeypatch):
    from mandelbrot_view.pictures import render

    def refuse(*_):
        raise AssertionError("a band computes an orbit of its own")

    monkeypatch.setattr(render, "reference_for", refuse)
    stage, file = Stage(), io.BytesIO()
    still = Still(stage.queue, scene((32, 160), place=DEEP))
    stage.run(still.run(file))
    assert stage.names == ["reference orbit"]
    assert stage.finishAll() == 3
    assert stage.result == [None]
    assert picture(file)[0].shape == (160, 32, 3)


def minibrot():
    """About one of period 11,380, without a limit of its own."""
    return replace(next(truth.place for truth in load() if truth.name == "minibrot_1e151"), limit=None)


def test_an_automatic_limit_below_the_period_of_a_minibrot_is_raised():
    stage, file = Stage(), io.BytesIO()
    stage.run(Still(stage.queue, scene((48, 32), place=minibrot())._replace(limit=4000)).run(file))
    stage.finishAll()
    assert stage.failure is None
    assert (picture(file)[0] != 0).any()


def test_a_limit_that_was_given_stays():
    stage, file = Stage(), io.BytesIO()
    stage.run(Still(stage.queue, scene((48, 32), place=replace(minibrot(), limit=4000))).run(file))
    stage.finishAll()
    assert stage.failure is None
    assert (picture(file)[0] == 0).all()


# The most memory that a process has had since it began, in kB.
PEAK = """if True:
    import re
    from pathlib import Path

    def peak():
        return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""

LARGE = (
    PEAK
    + """
    import sys
    from tests.mandelbrot_view.export.stage import Stage, scene
    from mandelbrot_view.export import still as stillModule
    from mandelbrot_view.export.png import pack
    import numpy as np
    noise = pack(np.random.default_rng(0).integers(0, 256, (128, 16384, 3), np.uint8), 1)
    before = peak()
    stage = Stage()
    with open(sys.argv[1], "wb") as file:
        stage.run(stillModule.Still(stage.queue, scene((16384, 16384))).run(file))
        while busy := [worker for worker in stage.workers if worker.task is not None]:
            busy[-1].stream().feed([noise._replace(data=bytes(noise.data))])
            busy[-1].succeed()
    assert stage.result == [None], stage.failure
    print(peak() - before)
"""
)


def test_a_picture_of_the_largest_size_takes_little_memory(tmp_path):
    """Of bands that cannot be compressed, so that there are 800 MB in all; none of them is kept."""
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", LARGE, "/dev/null"], cwd=root, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 120_000  # kilobytes


BAND = (
    PEAK
    + """
    from tests.mandelbrot_view.export.stage import scene
    from mandelbrot_view.export.scene import packed_band
    from mandelbrot_view.places.place import Place
    far = Place.make("0", "0", "0.001", 5)
    for item in packed_band(scene((16384, 16384), 1, place=far), 0, 128):
        pass
    print(peak())
"""
)


def test_a_band_of_the_largest_size_takes_little_memory_in_a_worker():
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", BAND], cwd=root, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200_000
