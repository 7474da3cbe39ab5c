# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever happens while a picture is computed: what comes of it in the end is right."""

import os
import random
import signal

import pytest
from twisted.internet.task import deferLater

from mandelbrot_view.colour.palettes import PALETTES
from mandelbrot_view.places.place import HOME, Place

from .conftest import SIZE, becomesSharp
from .hands import drag, wheel
from .test_view import SEAHORSE, assertRight

# Where the bulb of period 3 touches the cardioid: half of it is inside, and drawn into its cycle by a billionth in each
# turn, which nobody can wait for. Doubles suffice.
ENDLESS = Place("-0.125", "0.6495190528383290", "1e9", 10**9)


def killAWorker(view, queue, dice):
    os.kill(dice.choice(queue.workers()).pid, signal.SIGKILL)


def hideAndShow(view, queue, dice):
    view.hide()
    view.setPlace(dice.choice([HOME, SEAHORSE]))
    view.show()


def pauseAndResume(view, queue, dice):
    queue.pause()
    wheel(view, 50, 50)
    view.frame()
    queue.resume()


TURMOIL = [
    lambda view, queue, dice: wheel(view, dice.randrange(SIZE[0]), dice.randrange(SIZE[1]), dice.choice([120, -120])),
    lambda view, queue, dice: drag(view, (200, 150), (dice.randrange(150, 250), dice.randrange(100, 200))),
    lambda view, queue, dice: view.resize(dice.randrange(300, 600), dice.randrange(200, 400)),
    lambda view, queue, dice: view.setPalette(dice.choice(list(PALETTES.values()))),
    lambda view, queue, dice: view.setDensity(dice.choice([0.5, 1.0, 3.0])),
    lambda view, queue, dice: view.setOffset(dice.random()),
    lambda view, queue, dice: view.setLimit(dice.choice([1, 2, 60, 700, None])),
    lambda view, queue, dice: dice.choice([view.goBack, view.goForward, view.goHome])(),
    hideAndShow,
    pauseAndResume,
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2])
async def test_after_any_turmoil_the_picture_is_right(seed, view, direct, queue, reactor):
    dice = random.Random(seed)
    deaths = set(dice.sample(range(60), 2))
    for step in range(60):
        dice.choice(TURMOIL)(view, queue, dice)
        if step in deaths:
            killAWorker(view, queue, dice)
        await deferLater(reactor, dice.choice([0, 0.005, 0.04]), lambda: None)
    view.resize(*SIZE)
    await becomesSharp(view)
    while view.picture.isStale:
        view.picture.recolour(10**6)
    assertRight(view)


async def test_a_place_that_would_take_for_ever_can_be_left_and_costs_no_worker(view, direct, queue, reactor):
    await becomesSharp(view)
    pids = [worker.pid for worker in queue.workers()]
    view.setPlace(ENDLESS)
    while len(queue.running()) < len(pids):
        await deferLater(reactor, 0.005, lambda: None)
    view.goHome()
    view.setLimit(None)
    await becomesSharp(view)
    assert [worker.pid for worker in queue.workers()] == pids
    assertRight(view)
