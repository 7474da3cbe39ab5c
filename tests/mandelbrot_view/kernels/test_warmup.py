# SPDX-License-Identifier: GPL-3.0-or-later
import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mandelbrot_view.kernels import cache, warmup
from mandelbrot_view.kernels.machinecode import CompiledWork
from mandelbrot_view.kernels.plain import PlainWork
from mandelbrot_view.kernels.warmup import LOOK_EVERY, Warmup

ROOT = Path(__file__).parents[3]
POINT = (np.array([0.3]), np.array([0.5]), 100, None)


def python(code: str, cache_home: Path, **options) -> subprocess.Popen:
    """A process of its own, as a worker is, with a cache folder."""
    environment = os.environ | {"XDG_CACHE_HOME": str(cache_home)}
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, text=True, **options)


def answer(process: subprocess.Popen):
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(output)


@pytest.fixture
def file(tmp_path):
    """Where a kernel will be."""
    return tmp_path / "test.kernel"


class TestWithAKernelInTheCache:
    def test_a_worker_has_it_at_once_and_loads_nothing_else(self, warm_cache):
        code = """if True:
            import json, sys
            from mandelbrot_view import HOME, Tile, render_tile
            from mandelbrot_view.kernels import warmup
            ready = warmup.prepare()
            render_tile(HOME, (64, 64), Tile(0, 0, 64, 64))
            print(json.dumps([ready, sorted(sys.modules)]))"""
        ready, modules = answer(python(code, warm_cache, stdout=subprocess.PIPE))
        assert ready
        packages = {name.partition(".")[0] for name in modules}
        assert packages.isdisjoint({"numba", "twisted", "zope", "PyQt5", "PIL", "psutil"})
        assert {name for name in modules if name.startswith("aqlib")} == {"aqlib", "aqlib.context"}

    def test_work_is_compiled_work(self, file, warm_cache):
        file.write_bytes((warm_cache / "aqgui" / f"{cache.key('direct')}.kernel").read_bytes())
        loaded = Warmup(file)
        assert isinstance(loaded.look()(*POINT), CompiledWork)
        assert loaded.isCompiled


class TestWithAnEmptyCache:
    def test_one_of_many_processes_compiles_and_all_change_over(self, tmp_path):
        code = """if True:
            import json
            from mandelbrot_view import HOME, Tile, render_tile
            from mandelbrot_view.kernels import warmup
            at_once = warmup.prepare()
            compiling = warmup.warmup().isCompiling
            tiles = 0
            while not warmup.warmup().isCompiled:
                render_tile(HOME, (64, 64), Tile(0, 0, 64, 64), limit=20)
                tiles += 1
            print(json.dumps([at_once, compiling, tiles, warmup.warmup().isCompiled]))"""
        processes = [python(code, tmp_path, stdout=subprocess.PIPE) for _ in range(3)]
        at_once, compiling, tiles, finally_compiled = zip(*map(answer, processes), strict=True)
        assert at_once == (False, False, False)
        assert sum(compiling) == 1
        assert min(tiles) > 0
        assert all(finally_compiled)

    def test_the_compiler_ends_with_its_worker_and_the_next_one_compiles(self, tmp_path):
        code = """if True:
            import os, signal
            from mandelbrot_view.kernels import warmup
            warmup.prepare()
            assert warmup.warmup().isCompiling
            os.kill(os.getpid(), signal.SIGKILL)"""
        assert python(code, tmp_path).wait(timeout=60) == -signal.SIGKILL
        lock = tmp_path / "aqgui" / f"{cache.key('direct')}.kernel.lock"
        with lock.open() as owner:
            fcntl.flock(owner, fcntl.LOCK_EX)  # returns when the compiler is gone
        kernel = lock.with_suffix("")
        assert not kernel.exists()
        heir = Warmup(kernel)
        assert isinstance(heir.wait()(*POINT), CompiledWork)

    def test_a_kernel_that_is_damaged_is_made_anew(self, file):
        file.write_bytes(b"half a ker")
        assert isinstance(Warmup(file).wait()(*POINT), CompiledWork)


class TestPriority:
    @pytest.fixture
    def urgencies(self, monkeypatch):
        """Of each compiler that is started: its kind, and whether it is urgent."""
        found = {}

        def start(kind, file, lock, isUrgent):
            found[kind] = isUrgent
            return subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE)

        monkeypatch.setattr(warmup, "_start_compiler", start)
        monkeypatch.setattr(warmup, "_warmups", {})
        return found

    def end_compilers(self):
        for kind in ("direct", "deep"):
            warmup.warmup(kind).wait()

    def test_only_the_direct_kernel_is_urgent_from_the_start_on(self, urgencies, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert not warmup.prepare()
        assert warmup.is_deep_kernel_awaited()
        assert urgencies == {"direct": True, "deep": False}
        self.end_compilers()
        assert not warmup.is_deep_kernel_awaited()

    def test_a_program_that_waits_for_a_kernel_compiles_it_at_its_own_priority(self, urgencies, file):
        Warmup(file, "deep").wait()
        assert urgencies == {"deep": True}

    @pytest.mark.parametrize("isUrgent", [True, False])
    def test_a_compiler_that_is_not_urgent_is_nice(self, file, isUrgent):
        lock = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT)
        with warmup._start_compiler("direct", file, lock, isUrgent) as compiler:
            os.close(lock)
            highest = 0
            while compiler.poll() is None:
                highest = max(highest, os.getpriority(os.PRIO_PROCESS, compiler.pid))
        assert file.exists()
        assert highest == (os.getpriority(os.PRIO_PROCESS, 0) if isUrgent else 19)


class TestWithoutACompiler:
    def test_the_plain_kernel_goes_on_and_the_log_says_why(self, file, caplog, monkeypatch):
        attempts = []

        def start_failing(kind, file, lock, isUrgent):
            attempts.append(file)
            return subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"], stdin=subprocess.PIPE)

        monkeypatch.setattr(warmup, "_start_compiler", start_failing)
        times = iter(range(100))
        broken = Warmup(file, clock=lambda: next(times) * LOOK_EVERY)
        assert broken.wait() is PlainWork
        assert broken.look() is PlainWork
        assert len(attempts) == 1
        [record] = caplog.records
        assert (record.levelno, record.name) == (logging.WARNING, "mandelbrot_view.kernels.warmup")
        assert "the compiler failed" in record.message
        assert str(file) in record.message

    def test_where_nothing_can_be_kept_the_log_says_what_to_do(self, caplog):
        assert Warmup(None).look() is PlainWork
        assert "XDG_CACHE_HOME" in caplog.text

    def test_a_lock_that_cannot_be_made_is_told(self, caplog):
        assert Warmup(Path("/dev/null/test.kernel")).look() is PlainWork
        assert "/dev/null/test.kernel" in caplog.text

    def test_it_does_not_look_before_every_tile(self, file, monkeypatch):
        reads: list[Path] = []
        monkeypatch.setattr(cache, "read", reads.append)
        monkeypatch.setattr(Warmup, "_compile", lambda self, file: None)
        now = [100.0]
        waiting = Warmup(file, clock=lambda: now[0])
        for _ in range(5):
            waiting.look()
        assert len(reads) == 1
        now[0] += LOOK_EVERY
        waiting.look()
        assert len(reads) == 2
