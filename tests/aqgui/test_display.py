# SPDX-License-Identifier: GPL-3.0-or-later
import os
import socket
import uuid

import pytest

from aqgui.display import whyNoDisplay


def test_without_a_display_it_is_said_why():
    assert whyNoDisplay({}) == "neither DISPLAY nor WAYLAND_DISPLAY is set"


def test_a_display_that_nothing_answers_at_is_none():
    assert whyNoDisplay({"DISPLAY": ":61234"}) == "nothing answers at the display :61234"


@pytest.mark.parametrize("environment", [{"WAYLAND_DISPLAY": "wayland-0"}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_what_qt_needs_no_x_server_for_is_taken_at_its_word(environment):
    assert whyNoDisplay(environment) is None


def test_a_display_on_another_machine_is_taken_at_its_word():
    assert whyNoDisplay({"DISPLAY": "elsewhere:10.0"}) is None


def test_a_server_that_accepts_connections_is_one():
    number = 50_000 + uuid.uuid4().int % 10_000
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen(1)
        assert whyNoDisplay({"DISPLAY": f":{number}.0"}) is None


def test_the_tests_own_display_is_found():
    assert whyNoDisplay({"DISPLAY": os.environ["DISPLAY"]}) is None
