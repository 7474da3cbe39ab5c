# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from aqgui.commands.percentage import lastPercentage


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("no number %", None),
        ("\r 10%|#    | 1/10\r 20%|##   | 2/10", 20),
        ("[download]  45.3% of 10.00MiB", 45.3),
        ("Fortschritt: 7,5 %", 7.5),
        ("100%", 100),
        ("0%", 0),
        ("250% of normal", None),
        ("50% then 250%", 50),
        ("%20%41 in%20a%20link", None),
        ("version 1.2.100%", None),
        ("5%" + "x" * 1000, None),
    ],
)
def test_the_newest_percentage_is_found(text, value):
    assert lastPercentage(text) == value
