# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.settings import Settings


@pytest.mark.parametrize("value", [True, False, 3, 1.5, "text", "", b"\x00\xff", ["one", "two"]])
def test_values_come_back_in_another_run(tmp_path, value):
    settings = Settings(tmp_path / "settings.ini")
    settings.set("key", value)
    assert settings.save() is None
    empty = type(value)()
    assert Settings(tmp_path / "settings.ini").get("key", empty) == value


def test_what_is_missing_or_spoiled_is_the_default(tmp_path):
    (tmp_path / "settings.ini").write_text("[General]\nworkers=many\n")
    settings = Settings(tmp_path / "settings.ini")
    assert settings.get("workers", 2) == 2
    assert settings.get("theme", "system") == "system"


def test_a_value_can_be_forgotten(tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    settings.set("key", 1)
    settings.forget("key")
    assert settings.get("key", 7) == 7


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    settings = Settings(tmp_path / "no" / "settings.ini")
    (tmp_path / "no").write_text("a file where a folder should be")
    settings.set("key", 1)
    assert "could not be written" in (settings.save() or "")
