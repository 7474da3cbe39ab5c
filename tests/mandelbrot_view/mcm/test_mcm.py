# SPDX-License-Identifier: GPL-3.0-or-later
"""The command mcm, as a process."""

import io
import os
import pty
import re
import signal
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from mandelbrot_view.colour.colour import colour
from mandelbrot_view.colour.colouring import Colouring
from mandelbrot_view.colour.palettes import DEFAULT, PALETTES
from mandelbrot_view.mcm.arguments import Job
from mandelbrot_view.mcm.running import report
from mandelbrot_view.mcm.still import output
from mandelbrot_view.pictures.render import render_picture
from mandelbrot_view.places.place import Place

PLACE = Place.make("-0.6", "0", "1.8", 300)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def with_a_warm_cache(warm_cache, monkeypatch):
    """Nothing is compiled, so that no compiler is at work when a test ends."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(warm_cache))


def command(*words):
    return [sys.executable, "-m", "mandelbrot_view.mcm", *words]


def mcm(*words, **options):
    return subprocess.run(command(*words), cwd=ROOT, capture_output=True, timeout=60, check=False, **options)


def read(file):
    """The picture in a file, and the place that it names."""
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB")), Place.parse(image.info["Place"])


def expected(job):
    counts = render_picture(job.place, job.size)
    blue, green, red, _ = np.moveaxis(colour(counts, job.colouring.palette), 2, 0)
    return np.stack([red, green, blue], axis=2)


def test_a_picture_is_computed_and_written(tmp_path):
    file = tmp_path / "set.png"
    done = mcm("300", "-6e-1", "0", "1.5", "1", "-N", "300", "-o", str(file), "--workers", "2")
    assert (done.returncode, done.stdout) == (0, b"")
    pixels, place = read(file)
    assert place == Place.make("-0.6", "0", "2", 300)
    job = Job(place, (300, 200), Colouring(PALETTES[DEFAULT]), None, None)
    assert (pixels == expected(job)).mean() > 0.999  # two kernels may differ in the last digit
    lines = done.stderr.decode().splitlines()
    assert lines[-3].startswith("60,000 pixels in ")
    shares = [float(line.split(": ")[1].rstrip("%")) for line in lines[-2:] if line.startswith("process ")]
    assert sum(shares) == pytest.approx(100, abs=0.2)
    assert stat.S_IMODE(file.stat().st_mode) & 0o600 == 0o600


def test_a_place_comes_from_one_pipe_and_the_picture_goes_to_another(tmp_path):
    place = b"Re: -0.6\r\nIm: 0\r\nZoom: 1.8\r\nIterations: 300\r\n"
    done = mcm("96", "--place", "-", "--rows", "64", "--antialias", "2", "--workers", "1", input=place)
    assert done.returncode == 0
    pixels, place = read(io.BytesIO(done.stdout))
    assert (place, pixels.shape) == (PLACE, (64, 96, 3))
    assert b"100%" in done.stderr
    (tmp_path / "set.png").write_bytes(done.stdout)
    assert Place.load(str(tmp_path / "set.png")) == PLACE


def test_without_a_file_it_goes_to_stdout():
    done = mcm("64", "0", "0", "2", "--workers", "1")
    assert done.returncode == 0
    assert Image.open(io.BytesIO(done.stdout)).size == (64, 64)


def test_a_terminal_as_stdout_is_refused():
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command("64", "0", "0", "2"), cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert done.stderr.startswith(b"mcm: a picture is no text for a terminal")
    assert done.stderr.count(b"\n") == 1


def test_it_imports_no_qt():
    code = "import sys, mandelbrot_view.mcm; print('PyQt5' in sys.modules, 'mandelbrot_view.qt' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_full_disk_is_told_and_leaves_nothing():
    done = mcm("64", "0", "0", "2", "-o", "/dev/full")
    assert done.returncode == 1
    assert b"mcm: /dev/full: No space left on device; the picture was not written" in done.stderr


def test_an_older_picture_stays_when_the_new_one_cannot_be_written(tmp_path, monkeypatch):
    file = tmp_path / "set.png"
    file.write_bytes(b"an older picture")
    monkeypatch.setattr(os, "replace", refuse)
    job = Job(PLACE, (4, 4), Colouring(), file, None)
    with pytest.raises(OSError, match="no"), output(job) as there:
        there.write(b"a new one")
    assert [path.name for path in tmp_path.iterdir()] == ["set.png"]
    assert file.read_bytes() == b"an older picture"


def refuse(*_):
    raise OSError("no")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(number, tmp_path):
    file = tmp_path / "set.png"
    words = ("8000", "-0.75", "0.05", "1e-4", "-N", "1000000000", "-o", str(file))
    process = subprocess.Popen(command(*words), cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
    while not catches(process.pid, signal.SIGTERM):
        os.sched_yield()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert list(tmp_path.iterdir()) == []
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "mcm: interrupted; no picture was written"


def test_an_interrupt_before_it_has_begun_leaves_no_traceback():
    code = """if True:
        import builtins, os, signal, sys
        real = builtins.__import__
        def interrupting(name, *rest):
            if name.startswith("twisted"):
                os.kill(os.getpid(), signal.SIGINT)
            return real(name, *rest)
        from mandelbrot_view.mcm import main
        builtins.__import__ = interrupting
        main()"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


def test_a_reader_that_has_gone_is_told():
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        command("64", "0", "0", "2"), cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(theirs)
    assert done.returncode == 1
    assert done.stderr.endswith(b"mcm: standard output: Broken pipe; the picture was not written\n")


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&-"])
def test_with_nobody_to_tell_the_picture_is_written_all_the_same(redirection, tmp_path):
    words = command("64", "-0.5", "0", "2", "-o", str(tmp_path / "set.png"))
    done = subprocess.run(["sh", "-c", f'"$@" {redirection}', "sh", *words], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0
    assert read(tmp_path / "set.png")[0].shape == (64, 64, 3)


def test_a_kernel_that_no_worker_can_import_is_told_and_the_plain_one_serves(tmp_path):
    (tmp_path / "llvmlite").mkdir()
    (tmp_path / "llvmlite" / "__init__.py").write_text("raise ImportError('libLLVM is broken')")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = mcm("64", "0", "0", "2", "-o", str(tmp_path / "set.png"), "--workers", "1", env=environment)
    assert done.returncode == 0
    assert b"a plain one, many times slower, goes on: libLLVM is broken; install llvmlite and numba anew" in done.stderr
    assert read(tmp_path / "set.png")[0].shape == (64, 64, 3)


def test_a_link_goes_on_to_lead_to_its_file(tmp_path):
    (tmp_path / "link.png").symlink_to(tmp_path / "set.png")
    with output(Job(PLACE, (4, 4), Colouring(PALETTES[DEFAULT]), tmp_path / "link.png", None)) as there:
        there.write(b"a picture")
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "set.png").read_bytes() == b"a picture"


def catches(pid, number):
    """Whether a process has a handler of its own for a signal."""
    [mask] = re.findall(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(int(mask, 16) >> (number - 1) & 1)


def test_a_colorcet_palette_and_the_reference_of_a_deep_picture_reach_the_workers(tmp_path):
    deep = "-1.7400623825793399052208441670658256382966417204361718668798624184611829"
    words = ("48", deep, "0", "--zoom", "1e30", "-N", "300", "--palette", "fire", "-o", str(tmp_path / "deep.png"))
    done = mcm(*words, "--workers", "1")
    assert (done.returncode, done.stdout) == (0, b"")
    pixels, place = read(tmp_path / "deep.png")
    assert place == Place.make(deep, "0", "1e30", 300)
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 20


def test_the_report_tells_what_was_made_and_by_whom():
    shares = Counter({"process 2": 300, "process 1": 100})
    assert report("1,200 pixels", 2.5, shares) == "1,200 pixels in 2.50 s\nprocess 1: 25.0%\nprocess 2: 75.0%\n"


MOVIE = ("64", "-0.743643", "0.131825", "--zoom", "20", "--rows", "48", "-N", "200", "--movie", "--seconds", "1")


def frames(file):
    with av.open(file) as movie:
        return [frame.to_ndarray(format="rgb24") for frame in movie.decode(video=0)]


def test_a_movie_is_computed_and_written(tmp_path):
    file = tmp_path / "zoom.webm"
    done = mcm(*MOVIE, "--from-zoom", "5", "--fps", "12", "-o", str(file), "--workers", "2")
    assert (done.returncode, done.stdout) == (0, b"")
    assert [frame.shape for frame in frames(str(file))] == [(48, 64, 3)] * 12
    lines = done.stderr.decode().splitlines()
    assert lines[-3].startswith("12 frames in ")
    assert any("100%" in line for line in lines)
    assert [path.name for path in tmp_path.iterdir()] == ["zoom.webm"]


def test_a_movie_to_where_all_counts_are_alike_has_colours_by_rank(tmp_path):
    words = ("96", "0.2500000985", "0", "--zoom", "2e10", "--rows", "64", "-N", "20000", "--from-zoom", "1e10")
    done = mcm(*words, "--movie", "--seconds", "0.1", "--workers", "1", "-o", str(tmp_path / "zoom"))
    assert done.returncode == 0
    with Image.open(tmp_path / "zoom" / "frame-00003.png") as last:
        assert len(np.unique(np.asarray(last).reshape(-1, 3), axis=0)) > 200


def test_a_movie_goes_to_a_pipe():
    done = mcm(*MOVIE, "--fps", "5", "--workers", "1")
    assert done.returncode == 0
    assert len(frames(io.BytesIO(done.stdout))) == 5


def test_frames_go_to_a_folder(tmp_path):
    done = mcm(*MOVIE, "--fps", "5", "--workers", "1", "-o", str(tmp_path / "zoom"))
    assert done.returncode == 0
    assert [path.name for path in sorted((tmp_path / "zoom").iterdir())] == [f"frame-0000{i}.png" for i in range(1, 6)]
    assert Place.load(str(tmp_path / "zoom" / "frame-00005.png")) == Place.make("-0.743643", "0.131825", "20", 200)


def test_an_interrupted_movie_goes_on(tmp_path):
    file = tmp_path / "zoom.mp4"
    words = (*MOVIE, "--fps", "5", "--workers", "1", "--from-zoom", "0.001", "-o", str(file))
    process = subprocess.Popen(command(*words), cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
    while not list(tmp_path.glob("zoom.mp4.unfinished/*.png")) and process.poll() is None:
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "mcm: interrupted; the same command goes on with it"
    assert [path.name for path in tmp_path.iterdir()] == ["zoom.mp4.unfinished"]
    done = mcm(*words)
    assert done.returncode == 0
    assert done.stderr.decode().startswith("going on: ")
    assert len(frames(str(file))) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["zoom.mp4"]


def test_a_movie_for_which_there_is_no_room_says_how_it_goes_on(tmp_path):
    """No file may grow beyond 20 kB, and a key frame has more."""
    words = command("320", *MOVIE[1:], "-o", str(tmp_path / "zoom.mp4"))
    limited = ["sh", "-c", 'ulimit -f 40; exec "$@"', "sh", *words]
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1].endswith("the same command goes on with it")
    assert not list(tmp_path.rglob("*.part"))
    assert not (tmp_path / "zoom.mp4").exists()
