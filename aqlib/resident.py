# SPDX-License-Identifier: Apache-2.0
"""Resident: objects that travel to each worker process once. Both sides import this module."""

from __future__ import annotations


class Resident:
    """Base class of objects that stay in the workers.

    Such an object is pickled when it is first part of a call on a process worker. Every worker keeps that copy, and
    later calls only name it. What `update()` changes in it stays changed, on every worker; a worker that comes later
    gets the first copy and the updates again, never the object's present state here. What a plain call changes in it is
    not kept. When the object here dies, so do the copies.
    """
