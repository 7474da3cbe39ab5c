# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking at what a Deferred fires with, without waiting for it."""

from typing import Any

from twisted.internet.defer import Deferred


def outcomeOf(deferred: "Deferred[Any]") -> list[Any]:
    """A list that gets the result or the Failure, and is empty until then."""
    outcome: list[Any] = []
    deferred.addBoth(outcome.append)
    return outcome
