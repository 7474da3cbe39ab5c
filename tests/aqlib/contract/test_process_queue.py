# SPDX-License-Identifier: GPL-3.0-or-later
"""What a ProcessQueue promises, on every reactor."""

import operator
import os

import pytest
from twisted.internet.defer import gatherResults

import aqlib
from aqlib import CancelledError, ListConsumer, TaskState, TimeoutError, WorkerLost, WorkerState

from .. import jobs
from ..faults.helpers import queueSees


class TestCalls:
    async def test_a_call_gives_its_result(self, queue):
        assert await queue.call(operator.add, 1, 2) == 3

    async def test_it_runs_in_another_process(self, queue):
        [worker] = queue.workers()
        assert await queue.call(os.getpid) == worker.pid != os.getpid()

    async def test_keywords_that_are_no_options_go_to_the_callee(self, queue):
        assert await queue.call(sorted, [1, 3, 2], reverse=True, niceness=5) == [3, 2, 1]

    async def test_the_typed_form_keeps_options_and_arguments_apart(self, queue):
        assert await queue.using(niceness=5, name="a sum").call(jobs.add, 1, y=2) == 3

    async def test_an_exception_arrives_as_itself_with_the_remote_traceback_the_call_and_the_worker(self, queue):
        with pytest.raises(ValueError, match="so be it") as caught:
            await queue.call(jobs.fail, "so be it")
        text = str(caught.value.__cause__)
        assert "raise ValueError(text)" in text
        assert "fail('so be it')" in text
        assert f"process 1, process {queue.workers(1).pid}" in text
        assert "loop.py" not in text

    async def test_many_calls_on_several_workers_give_their_own_results(self, makeQueue):
        queue = makeQueue(2)
        results = await gatherResults([queue.call(operator.mul, i, i) for i in range(3000)])
        assert results == [i * i for i in range(3000)]

    async def test_a_task_knows_what_it_cost(self, queue):
        task = queue.submit(sum, range(300_000))
        await task.deferred
        assert task.state is TaskState.DONE
        assert task.cpuTime > 0
        assert task.resultSize > 0
        assert task.queuedAt <= task.startedAt <= task.finishedAt
        assert task.worker is queue.workers(1)

    async def test_so_does_a_stream_however_short(self, queue):
        task = queue.submit(jobs.count, 10, consumer=ListConsumer())
        await task.deferred
        assert task.cpuTime > 0

    async def test_large_arguments_and_results_travel_both_ways(self, makeQueue):
        queue = makeQueue(2)
        blocks = [bytes([i]) * 3_000_000 for i in range(6)]
        assert await gatherResults([queue.call(jobs.giveBack, block) for block in blocks]) == blocks

    async def test_an_argument_is_taken_as_it_is_when_the_call_is_queued(self, queue):
        data = bytearray(b"a" * 10_000)
        result = queue.call(bytes, data)
        data[:] = b"b" * 10_000
        assert await result == b"a" * 10_000

    async def test_arrays_arrive_writable_and_of_their_own(self, queue):
        numpy = pytest.importorskip("numpy")
        array = numpy.arange(100_000.0)
        result = await queue.call(jobs.giveBack, array)
        result += 1
        assert (result == array + 1).all()
        assert result.flags.aligned


class TestOrder:
    async def test_waiting_tasks_run_by_niceness(self, queue, tmp_path):
        log: list[int] = []
        gate = str(tmp_path / "gate")
        queue.call(jobs.untilThere, gate)
        calls = [
            queue.call(jobs.giveBack, niceness, niceness=niceness).addCallback(log.append) for niceness in (5, 0, -5)
        ]
        jobs.touch(gate)
        await gatherResults(calls)
        assert log == [-5, 0, 5]

    async def test_calls_that_were_sent_ahead_can_still_be_cancelled_and_moved(self, queue):
        await queue.call(operator.add, 1, 1)
        tasks = [queue.submit(operator.add, i, 0) for i in range(20)]
        log: list[int] = []
        for i, task in enumerate(tasks[1:-1], 1):
            task.deferred.addCallbacks(log.append, lambda f, i=i: f.trap(CancelledError))
        tasks[5].cancel()
        if tasks[-1].isWaiting:
            queue.move([tasks[-1]], before=next(iter(queue.schedule)))
        assert await gatherResults([tasks[0].deferred, tasks[-1].deferred]) == [0, 19]
        await tasks[-2].deferred
        assert log == [1, 2, 3, 4, *range(6, 19)]

    async def test_a_paused_queue_begins_nothing(self, queue):
        queue.pause()
        task = queue.submit(operator.add, 1, 1)
        assert task.isWaiting
        queue.resume()
        assert await task.deferred == 2

    async def test_a_slow_call_does_not_hold_those_behind_it_while_another_worker_is_idle(self, makeQueue, tmp_path):
        queue = makeQueue(2)
        gate = str(tmp_path / "gate")
        jobs.touch(gate)
        # Measured as short, and then not: what was sent ahead must not wait for it.
        for f in (jobs.untilThere, jobs.giveBack):
            await gatherResults([queue.call(f, gate) for _ in range(40)])
        os.unlink(gate)
        slow = [queue.call(jobs.untilThere, gate)]
        rest = [queue.call(jobs.giveBack, i) for i in range(20)]
        assert await gatherResults(rest) == list(range(20))
        jobs.touch(gate)
        await gatherResults(slow)


class TestCancelling:
    async def test_a_waiting_task_leaves_the_queue(self, queue):
        queue.pause()
        task = queue.submit(operator.add, 1, 1)
        task.deferred.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert len(queue.schedule) == 0

    async def test_a_running_task_is_asked_to_end(self, queue, watcher, tmp_path):
        begun, ended = str(tmp_path / "begun"), str(tmp_path / "ended")
        [worker] = queue.workers()
        pid = worker.pid
        task = queue.submit(jobs.untilCancelled, begun, ended)
        await queueSees(queue, begun)
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert worker.state is WorkerState.STOPPING
        assert await queue.call(jobs.isThere, ended)
        assert worker.pid == pid

    async def test_one_that_does_not_listen_loses_its_process_after_a_grace_time(self, queue, watcher, tmp_path):
        begun = str(tmp_path / "begun")
        [worker] = queue.workers()
        task = queue.submit(jobs.forEver, begun)
        await queueSees(queue, begun)
        pid = worker.pid
        task.cancel()
        with pytest.raises(CancelledError):
            await task.deferred
        assert await queue.call(jobs.pid) != pid
        assert watcher.happened("workerLost") == []
        assert len(watcher.happened("workerReplaced")) == 1

    async def test_a_time_out_ends_a_task_and_says_so(self, queue, tmp_path):
        with pytest.raises(TimeoutError, match=r"forEver\(\) ran for longer than 0.05 s"):
            await queue.call(jobs.forEver, timeout=0.05)
        assert await queue.call(operator.add, 1, 1) == 2


class TestStreams:
    async def test_a_generator_arrives_as_a_deferator(self, queue):
        deferator = await queue.call(jobs.count, 5)
        assert [await deferred for deferred in deferator] == [0, 1, 2, 3, 4]

    async def test_async_for_gets_each_item(self, queue):
        items = [item async for item in await queue.call(jobs.count, 1000)]
        assert items == list(range(1000))

    async def test_a_consumer_gets_the_items_and_the_deferred_fires_with_it(self, queue):
        consumer = ListConsumer()
        assert await queue.call(jobs.count, 50_000, consumer=consumer) is consumer
        assert await consumer() == list(range(50_000))

    async def test_items_are_taken_as_they_are_when_they_are_yielded(self, queue):
        consumer = await queue.call(jobs.lists, 4, consumer=ListConsumer())
        assert await consumer() == [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]

    async def test_an_empty_stream_ends(self, queue):
        assert [item async for item in await queue.call(jobs.count, 0)] == []

    async def test_a_stream_gives_way_to_an_urgent_task_between_two_items(self, queue, watcher):
        deferator = await queue.call(jobs.naturals, niceness=5)
        assert await queue.call(operator.add, 1, 1, niceness=0) == 2
        assert await next(deferator) == 0
        deferator.stop()

    async def test_the_stream_that_gave_way_goes_on(self, queue, watcher):
        consumer = ListConsumer()
        stream = queue.submit(jobs.count, 200_000, consumer=consumer, niceness=5)
        await watcher.untilHappened("taskItems")
        urgent = queue.submit(jobs.giveBack, "now", doNext=True)
        assert await urgent.deferred == "now"
        assert not stream.isFinished
        await stream.deferred
        assert await consumer() == list(range(200_000))
        names = [name for name, (task, *_) in watcher.events if task is stream and name.startswith("task")]
        assert names.index("taskSuspended") < names.index("taskResumed") < names.index("taskFinished")


class TestUpdates:
    async def test_an_update_runs_on_every_worker_and_on_later_ones(self, makeQueue):
        queue = makeQueue(2)
        pids = await queue.update(jobs.put, "key", "value")
        assert sorted(pids) == sorted(worker.pid for worker in queue.workers())
        await queue.addWorkers(1)
        assert await gatherResults([queue.call(jobs.get, "key") for _ in range(20)]) == ["value"] * 20

    async def test_a_worker_that_is_replaced_makes_the_updates_again_in_order(self, queue):
        await queue.update(jobs.append, "key", 1)
        await queue.update(jobs.append, "key", 2, ephemeral=True)
        await queue.update(jobs.append, "key", 3)
        assert await queue.call(jobs.get, "key") == [1, 2, 3]
        queue.killWorker(1)
        assert await queue.call(jobs.get, "key") == [1, 3]

    async def test_one_that_replaces_another_stands_in_its_place(self, queue):
        await queue.update(jobs.append, "key", 1, replaces="it")
        await queue.update(jobs.append, "key", 2, replaces="it")
        queue.killWorker(1)
        assert await queue.call(jobs.get, "key") == [2]

    async def test_those_that_a_process_did_not_get_to_are_made_in_order_by_the_next_one(self, queue):
        updates = [queue.update(jobs.append, "key", number, replaces="it") for number in (1, 2)]
        queue.killWorker(1)  # before it has started
        await gatherResults(updates)
        assert await queue.call(jobs.get, "key") == [1, 2]

    async def test_an_update_runs_before_what_is_queued_after_it_and_between_the_items_of_a_stream(self, queue):
        deferator = await queue.call(jobs.naturals)
        updated = queue.update(jobs.put, "key", "value")
        await updated
        assert await next(deferator) == 0
        deferator.stop()
        assert await queue.call(jobs.get, "key") == "value"

    async def test_an_error_is_told(self, queue):
        with pytest.raises(ValueError, match="not here"):
            await queue.update(jobs.fail, "not here", ephemeral=True)

    async def test_one_that_no_worker_will_make_is_told(self, makeQueue):
        queue = makeQueue(1)
        update = queue.update(operator.add, 1, 1)
        ended = queue.shutdown()  # before the process has started
        with pytest.raises(WorkerLost):
            await update
        await ended


class TestResidents:
    async def test_a_resident_travels_once(self, queue):
        counter = jobs.Counter(5)
        first = queue.submit(counter)
        size = first.call.payload.pickle.size
        assert await first.deferred == 5
        assert size < 1000
        assert await queue.call(counter) == 5

    async def test_what_an_update_changes_in_it_stays_and_what_a_call_changes_does_not_leave_its_worker(
        self, makeQueue
    ):
        queue = makeQueue(2)
        counter = jobs.Counter(5)
        assert await queue.update(counter.add, 2) == [7, 7]
        assert await gatherResults([queue.call(counter) for _ in range(10)]) == [7] * 10
        assert counter.n == 5

    async def test_a_replaced_worker_gets_the_first_copy_and_the_updates_never_the_present_state(self, queue):
        counter = jobs.Counter(5)
        await queue.update(counter.add, 2)
        counter.n = 1000
        queue.killWorker(1)
        assert await queue.call(counter) == 7

    async def test_copies_go_when_the_object_dies(self, queue):
        counter = jobs.Counter(5)
        await queue.call(counter)
        [worker] = queue.workers()
        assert worker.child.residents
        del counter
        while worker.child.residents:  # the queue is told in some next turn of the reactor
            await queue.call(operator.add, 1, 1)


class TestOutputAndProgress:
    async def test_what_a_task_writes_comes_back_with_it(self, queue, watcher):
        task = queue.submit(jobs.speak, "hello")
        await task.deferred
        await watcher.until(lambda: "descriptor hello\n" in watcher.output())
        assert "print hello\n" in watcher.output("stdout")
        assert watcher.output("stderr") == "stderr hello\n"
        assert watcher.output("log") == "WARNING jobs: log hello\n"
        assert all(told is task for told, _, stream, text in watcher.happened("taskOutput") if "descr" not in text)

    async def test_a_flood_is_capped_and_says_how_much_is_missing(self, queue, watcher):
        await queue.call(jobs.flood, 3_000_000)
        await watcher.until(lambda: "missing" in watcher.output())
        head, tail = watcher.output().split(f"\n[{3_000_000 - (1 << 20):,} characters are missing here]\n")
        assert (len(head), len(tail)) == (1 << 19, 1 << 19)

    async def test_nothing_is_lost_when_threads_of_a_task_print_at_once(self, queue, watcher):
        await queue.call(jobs.printLines, 3000, 4)
        lines = "0123456789"
        await watcher.until(lambda: watcher.output().count("\n") == 12_000)
        assert set(watcher.output()) == {*lines, "\n"}

    async def test_progress_is_told_and_the_last_word_is_not_lost(self, queue, watcher):
        task = queue.submit(jobs.report, 1000)
        await task.deferred
        assert task.progress == (1000, 1000, "step 1000")
        assert 1 <= len(watcher.happened("taskProgress")) <= 1000

    def test_outside_a_task_progress_and_cancelled_do_nothing(self):
        aqlib.progress(1, 2)
        assert not aqlib.cancelled()
