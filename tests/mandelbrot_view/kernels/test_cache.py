# SPDX-License-Identifier: GPL-3.0-or-later
import os
import tempfile
from pathlib import Path

import pytest
from llvmlite import binding

from mandelbrot_view.kernels import cache


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A cache of its own for the test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


class TestFolder:
    def test_it_is_in_the_user_s_cache(self, home):
        assert cache.folder() == home / "aqgui"
        assert (home / "aqgui").is_dir()

    @pytest.mark.parametrize("configured", ["", "relative/path"])
    def test_without_a_proper_setting_it_is_in_the_home_folder(self, configured, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", configured)
        monkeypatch.setenv("HOME", str(tmp_path))
        assert cache.folder() == tmp_path / ".cache" / "aqgui"

    def test_where_it_cannot_be_written_a_private_temporary_one_serves(self, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/cache")
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        found = cache.folder()
        assert found is not None
        assert found.parent == tmp_path
        assert found.stat().st_mode & 0o777 == 0o700

    def test_a_temporary_folder_that_others_can_write_to_is_not_trusted(self, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/cache")
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        (tmp_path / f"aqgui-cache-{os.getuid()}").mkdir()
        (tmp_path / f"aqgui-cache-{os.getuid()}").chmod(0o777)
        assert cache.folder() is None
        assert cache.path("direct") is None


class TestKey:
    def test_it_is_the_same_while_nothing_changes(self):
        assert cache.key("direct") == cache.key("direct")

    def test_it_changes_with_the_compiler_s_version(self, monkeypatch):
        before = cache.key("direct")
        monkeypatch.setattr(cache, "_version", lambda package: b"another")
        assert cache.key("direct") != before

    @pytest.mark.parametrize("question", ["get_host_cpu_name", "get_host_cpu_features"])
    def test_it_changes_with_the_processor(self, question, monkeypatch):
        class Other:
            def encode(self):
                return b"another"

            def flatten(self):
                return "another"

        before = cache.key("direct")
        monkeypatch.setattr(binding, question, Other)
        assert cache.key("direct") != before

    def test_it_changes_with_any_source_of_the_kernel(self, tmp_path, monkeypatch):
        here = Path(cache.__file__).parent
        for name in cache.SOURCES["direct"]:
            (tmp_path / name).write_bytes((here / name).read_bytes())
        monkeypatch.setattr(cache, "__file__", str(tmp_path / "cache.py"))
        keys = {cache.key("direct")}
        for name in cache.SOURCES["direct"]:
            with (tmp_path / name).open("a") as source:
                source.write("\n")
            keys.add(cache.key("direct"))
        assert len(keys) == 1 + len(cache.SOURCES["direct"])

    def test_the_sources_are_all_that_the_kernel_imports(self):
        here = Path(cache.__file__).parent
        imported = {
            f"{line.split()[1].lstrip('.')}.py"
            for name in ("direct.py", "vectors.py", "lanes.py", "escape.py")
            for line in (here / name).read_text().splitlines()
            if line.startswith("from .")
        }
        assert imported <= set(cache.SOURCES["direct"])


class TestFiles:
    def test_what_was_written_is_read(self, tmp_path):
        file = tmp_path / "a.kernel"
        cache.write(file, b"code")
        assert cache.read(file) == b"code"
        assert list(tmp_path.iterdir()) == [file]

    @pytest.mark.parametrize("content", [b"", b"short", bytes(100)])
    def test_what_is_not_whole_is_not_used(self, content, tmp_path):
        file = tmp_path / "a.kernel"
        file.write_bytes(content)
        assert cache.read(file) is None

    def test_what_is_not_there_is_none(self, tmp_path):
        assert cache.read(tmp_path / "a.kernel") is None

    def test_the_kernels_not_used_for_longest_go_with_all_that_is_theirs(self, tmp_path):
        for age in range(cache.MOST_KERNELS + 2):
            file = tmp_path / f"{age}.kernel"
            file.write_bytes(b"")
            os.utime(file, (1e9 - age, 1e9 - age))
            (tmp_path / f"{age}.kernel.lock").touch()
        cache.tidy(tmp_path)
        kept = {str(age) for age in range(cache.MOST_KERNELS)}
        assert {file.name.partition(".")[0] for file in tmp_path.iterdir()} == kept
        assert len(list(tmp_path.iterdir())) == 2 * cache.MOST_KERNELS

    def test_using_a_kernel_keeps_it(self, tmp_path):
        file = tmp_path / "a.kernel"
        cache.write(file, b"code")
        os.utime(file, (1e9, 1e9))
        cache.read(file)
        assert file.stat().st_mtime > 1e9
