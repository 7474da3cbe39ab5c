# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that a queue and a worker process share."""

import os
import threading

import pytest

from aqlib.page import Page, createMemory


@pytest.fixture
def pages():
    """The queue's page and the worker's, of the same memory."""
    descriptor = createMemory()
    both = Page(descriptor), Page(descriptor)
    os.close(descriptor)
    yield both
    for page in both:
        page.close()


def test_what_one_side_stores_the_other_sees(pages):
    ours, theirs = pages
    theirs.begin(7)
    theirs.running = 5
    ours.cancelled = 3
    assert (ours.begun, ours.running, theirs.cancelled) == (7, 5, 3)


def test_a_call_that_begins_after_mail_was_posted_sees_it(pages):
    ours, theirs = pages
    assert ours.post(1) == 0
    assert theirs.begin(4) == 1
    assert ours.post(2) == 4


def test_at_least_one_side_sees_the_other(pages):
    """Both take their step at the same time, again and again."""
    ours, theirs = pages
    rounds = 2000
    meeting = threading.Barrier(2)
    seenByWorker, seenByQueue = [], []

    def worker():
        for i in range(1, rounds):
            meeting.wait()
            seenByWorker.append(theirs.begin(i) == i)

    thread = threading.Thread(target=worker)
    thread.start()
    for i in range(1, rounds):
        meeting.wait()
        seenByQueue.append(ours.post(i) == i)
    thread.join()
    assert all(one or other for one, other in zip(seenByWorker, seenByQueue, strict=True))
