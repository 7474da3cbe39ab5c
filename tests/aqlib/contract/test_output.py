# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks say, by whatever way, reaches the observers with the task that said it."""

import logging
import os
import sys
import threading
import warnings
from typing import Any

import pytest
from twisted.internet.defer import gatherResults

from aqlib import WorkerLost
from aqlib.capped import MAX_HEAD_CHARACTERS, MAX_TAIL_CHARACTERS
from aqlib.child.output import Output
from aqlib.frames import Decoder

from .. import jobs


def speak(number: int) -> None:
    print(f"print {number}")  # noqa: T201  # it is what is tested
    logging.getLogger("jobs").error("log %d", number)
    warnings.warn(f"warning {number}", stacklevel=1)
    sys.stderr.write(f"stderr {number}\n")


def logTraceback() -> None:
    try:
        jobs.fail("on purpose")
    except ValueError:
        logging.getLogger("jobs").exception("it failed")


def speakInFork() -> int:
    """Fork a process that speaks, and is alone then: gives its exit code."""
    handler, stdout = logging.StreamHandler(), sys.stdout
    forked = os.fork()
    if not forked:
        handler.handle(logging.makeLogRecord({"msg": "kept handler"}))
        print("kept stdout", file=stdout)  # it is what is tested
        for thread in set(threading.enumerate()) - {threading.current_thread()}:
            thread.join()
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1])


async def test_what_a_forked_process_says_comes_though_it_has_kept_the_files_of_the_task(queue, watcher):
    assert await queue.call(speakInFork) == 7
    await watcher.until(lambda: "kept handler\n" in watcher.output("stderr"))
    await watcher.until(lambda: "kept stdout\n" in watcher.output("stdout"))


async def test_prints_logs_and_warnings_are_told_apart_by_their_tasks(queue, watcher):
    tasks = [queue.submit(speak, i) for i in range(30)]
    await gatherResults([task.deferred for task in tasks])
    await watcher.until(lambda: "stderr 29" in watcher.output("stderr"))
    for i, task in enumerate(tasks):
        said: dict[str, str] = {}
        for told, _, stream, text in watcher.happened("taskOutput"):
            if told is task:
                said[stream] = said.get(stream, "") + text
        assert said["stdout"] == f"print {i}\n"
        assert said["log"] == f"ERROR jobs: log {i}\n"
        assert f"UserWarning: warning {i}\n" in said["stderr"]
        assert said["stderr"].endswith(f"stderr {i}\n")


async def test_a_logged_exception_comes_with_its_traceback(queue, watcher):
    await queue.call(logTraceback)
    await watcher.until(lambda: "on purpose" in watcher.output("log"))
    assert watcher.output("log").startswith("ERROR jobs: it failed\nTraceback (most recent call last):\n")
    assert watcher.output("log").endswith("ValueError: on purpose\n")


async def test_what_faulthandler_writes_at_a_crash_is_the_crashed_tasks(queue, watcher):
    task = queue.submit(jobs.segfault)
    with pytest.raises(WorkerLost):
        await task.deferred
    tellers = {told for told, _, _, text in watcher.happened("taskOutput") if "Segmentation fault" in text}
    assert tellers == {task}


class Gathering:
    """An outbox whose suppliers the test asks."""

    def __init__(self):
        self.suppliers: list[Any] = []

    def soon(self, supplier):
        self.suppliers.append(supplier)

    def text(self):
        suppliers, self.suppliers = self.suppliers, []
        decoder = Decoder(lambda number, size: memoryview(b""))
        frames: list[Any] = []
        for piece in [piece for supplier in suppliers for piece in supplier()]:
            rest = memoryview(piece)
            while rest:
                room = decoder.room()
                count = min(len(room), len(rest))
                room[:count] = rest[:count]
                decoder.received(count)
                rest = rest[count:]
                frames += decoder.frames()
        return "".join(str(frame.payload, "utf-8") for frame in frames)


def test_what_lasting_threads_write_between_tasks_has_its_cap_anew_after_each_task():
    outbox = Gathering()
    output = Output(outbox, lambda: 0)  # type: ignore[arg-type]
    channel = output._channels["stdout"]
    channel.write("x" * (MAX_HEAD_CHARACTERS + MAX_TAIL_CHARACTERS + 5))
    output.ended(7)
    channel.write("y" * 10)
    text = outbox.text()
    assert "\n[5 characters are missing here]\nx" in text
    assert text.endswith("y" * 10)
