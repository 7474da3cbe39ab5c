# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.arguments import Arguments, parse
from mandelbrot_view.places.place import Place


def test_without_words_all_is_as_it_was_last():
    assert parse([]) == Arguments()


def test_all_that_can_be_asked_for(tmp_path):
    picture = tmp_path / "a.png"
    words = f"--workers 3 --size 1440x900 --theme dark --screenshot {picture} --after 2.5".split()
    assert parse(words) == Arguments(3, None, (1440, 900), "dark", picture, 2.5)


def test_a_location_is_a_link_or_a_file_with_one(tmp_path):
    link = "mandelbrot:re=-0.75&im=0.1&zoom=1e3&limit=auto"
    (tmp_path / "place").write_text(link)
    assert parse(["--location", link]).place == Place.parse(link)
    assert parse(["--location", str(tmp_path / "place")]).place == Place.parse(link)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("--workers 0", "--workers: give a whole number of workers from 1 to 256, not '0'"),
        ("--workers -1", "--workers: give a whole number of workers from 1 to 256, not '-1'"),
        ("--workers two", "--workers: give a whole number"),
        ("--workers", "--workers: expected one argument"),
        ("--size big", "--size: give width and height from 480x360 on, such as 1440x900, not 'big'"),
        ("--size 100x100", "--size: give width and height"),
        ("--theme blue", "--theme: invalid choice: 'blue'"),
        ("--location nowhere", "cannot read the place in 'nowhere': No such file or directory"),
        ("--location mandelbrot:re=1", "lacks im= and zoom="),
        ("--location mandelbrot:re=1&im=x&zoom=1", "im='x' is not a number"),
        ("--location mandelbrot:re=1&im=0&zoom=-1", "zoom=-1 must be greater than 0"),
        ("--screenshot /no/folder/a.png", "there is no folder '/no/folder'; make it, or name another file"),
        ("--screenshot /", "is a folder; name a file"),
        ("--after 3", "give --screenshot FILE, too"),
        ("--screenshot a.png --after soon", "--after: give a number of seconds from 0 to 86400, not 'soon'"),
        ("--screenshot a.png --after nan", "--after: give a number of seconds"),
        ("--work 3", "unrecognized arguments: --work 3"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(capsys, words, complaint):
    with pytest.raises(SystemExit) as ended:
        parse(words.split())
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("aqgui: ")
    assert complaint in err


@pytest.mark.parametrize(("word", "start"), [("--version", "aqgui 0."), ("--help", "usage: aqgui ")])
def test_version_and_help(capsys, word, start):
    with pytest.raises(SystemExit) as ended:
        parse([word])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(start)
