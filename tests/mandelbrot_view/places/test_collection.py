# SPDX-License-Identifier: GPL-3.0-or-later
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandelbrot_view.places.collection import PICTURE_SIZE, OwnPlaces, pictureOfShipped, shipped
from mandelbrot_view.places.pictureplace import SIGNATURE
from mandelbrot_view.places.place import HOME, Place

SEAHORSE = Place("-0.743643887037151", "0.13182590420533", "200000", 5000)


@pytest.fixture
def own(tmp_path):
    return OwnPlaces(tmp_path)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "places.json"


class TestShipped:
    def test_there_are_20_of_all_depths(self):
        zooms = [Decimal(entry.place.zoom) for entry in shipped()]
        assert len(zooms) == 20
        assert min(zooms) < 1000
        assert max(zooms) >= Decimal("1e1000")
        assert zooms == sorted(zooms)

    def test_each_has_a_name_and_a_line_of_its_own(self):
        entries = shipped()
        for texts in ({entry.name for entry in entries}, {entry.note for entry in entries}):
            assert len(texts) == len(entries)
        assert all(entry.name and 20 < len(entry.note) < 160 for entry in entries)

    def test_thumbnails_are_of_their_places(self):
        pictures = [(entry, pictureOfShipped(entry)) for entry in shipped()]
        found = [(entry, path) for entry, path in pictures if path.exists()]
        assert len(found) >= 14
        for entry, path in found:
            assert Place.load(str(path)) == entry.place
            head = path.read_bytes()[:24]
            assert head.startswith(SIGNATURE)
            assert (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")) == PICTURE_SIZE


class TestOwn:
    def test_at_first_there_are_none(self, own):
        assert own.entries() == []
        assert own.takeTrouble() == ""

    def test_what_is_added_is_there_the_next_time(self, own, tmp_path):
        one = own.add("Valley", "A note,\nin two lines.", SEAHORSE, b"a picture")
        two = own.add("Ensemble", "", HOME, None)
        again = OwnPlaces(tmp_path)
        assert again.entries() == [one, two]
        assert again.pictureOf(one).read_bytes() == b"a picture"
        assert not again.pictureOf(two).exists()

    def test_names_and_notes_can_be_changed(self, own):
        one = own.add("Valley", "", SEAHORSE, b"a picture")
        edited = own.edit(one, "Dale", "deep")
        assert own.entries() == [edited]
        assert (edited.name, edited.note, edited.place) == ("Dale", "deep", SEAHORSE)
        assert own.pictureOf(edited).read_bytes() == b"a picture"

    def test_a_removal_can_be_undone_in_its_place(self, own):
        entries = [own.add(name, "", SEAHORSE, name.encode()) for name in ("a", "b", "c")]
        removed = own.remove(entries[1])
        assert own.entries() == [entries[0], entries[2]]
        assert not own.pictureOf(entries[1]).exists()
        own.restore(removed)
        assert own.entries() == entries
        assert own.pictureOf(entries[1]).read_bytes() == b"b"

    def test_two_windows_lose_nothing_of_each_other(self, own, tmp_path):
        other = OwnPlaces(tmp_path)
        one, two = own.add("one", "", HOME, None), other.add("two", "", SEAHORSE, None)
        own.edit(one, "1", "")
        assert [entry.name for entry in own.entries()] == ["1", "two"]
        other.remove(two)
        assert [entry.name for entry in own.entries()] == ["1"]

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"places": 7}', b"\xff\xfe", b"[" * 100_000, b"null"])
    def test_a_damaged_file_is_kept_aside_and_told_once(self, own, file, tmp_path, content):
        file.write_bytes(content)
        assert own.entries() == []
        assert "damaged" in own.takeTrouble()
        assert own.takeTrouble() == ""
        added = own.add("new", "", HOME, None)
        assert own.entries() == [added]
        assert (tmp_path / "places-damaged-1.json").read_bytes() == content
        assert not (tmp_path / "places-damaged-2.json").exists()

    def test_what_can_be_read_of_a_damaged_file_serves(self, own, file, tmp_path):
        good = own.add("good", "", HOME, None)
        content = json.loads(file.read_text())
        one = content["places"][0]
        bad = [{**one, "key": "two", "place": "nowhere"}, {"key": "three"}, 4, {**one, "key": "../../etc"}]
        bad.append({**one, "key": "six", "note": None})
        damaged = json.dumps({"places": [bad[0], *content["places"], *bad[1:]]})
        file.write_text(damaged)
        assert own.entries() == [good]
        assert own.takeTrouble().startswith("5 of your 6 places could not be read. The file as it was is kept as ")
        own.add("new", "", SEAHORSE, None)
        assert (tmp_path / "places-damaged-1.json").read_text() == damaged

    def test_a_file_that_cannot_be_written_changes_nothing(self, own, tmp_path):
        one = own.add("one", "", HOME, None)
        (tmp_path / "nowhere").write_text("no folder")
        with pytest.raises(OSError, match="nowhere"):
            OwnPlaces(tmp_path / "nowhere").add("two", "", HOME, None)
        assert own.entries() == [one]

    @given(st.text(), st.text())
    def test_any_text_is_kept(self, tmp_path_factory, name, note):
        own = OwnPlaces(tmp_path_factory.mktemp("own"))
        own.add(name, note, HOME, None)
        [entry] = own.entries()
        assert (entry.name, entry.note) == (name, note)
