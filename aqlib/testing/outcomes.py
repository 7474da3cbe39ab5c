# SPDX-License-Identifier: Apache-2.0
"""Looking at what a Deferred fires with, without waiting for it."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred


def outcomeOf(deferred: Deferred[Any]) -> list[Any]:
    """A list that gets what the Deferred fires with, the result or the Failure, and is empty until then.

    An error counts as handled by that.
    """
    outcome: list[Any] = []
    deferred.addBoth(outcome.append)
    return outcome
