# SPDX-License-Identifier: GPL-3.0-or-later
"""What befalls a queue: its workers are killed, its tasks re-ordered and cancelled, its workers come and go."""

import os
import signal

from aqlib import ProcessWorker, Task, WorkerError, WorkerState

from .jobs import setVersion
from .record import Record
from .stage import Stage

MOST_WORKERS = 4


def kill(stage: Stage) -> None:
    """SIGKILL a worker, out of the blue."""
    _send(stage, _aWorker(stage), signal.SIGKILL)
    stage.tally.count("SIGKILL")


def crash(stage: Stage) -> None:
    """SIGSEGV a worker."""
    _send(stage, _aWorker(stage), signal.SIGSEGV)
    stage.tally.count("SIGSEGV")


def stop(stage: Stage) -> None:
    """SIGSTOP a worker, and after a while kill it or let it go on."""
    worker = _aWorker(stage)
    pid = _send(stage, worker, signal.SIGSTOP)
    last = stage.chance.choice((signal.SIGKILL, signal.SIGCONT))

    def end() -> None:
        if worker is not None and worker.pid == pid:
            _send(stage, worker, last)

    stage.later(stage.chance.uniform(0.01, 0.3), end)
    stage.tally.count(f"SIGSTOP, then {last.name}")


def killWorker(stage: Stage) -> None:
    """Have the queue kill a worker."""
    worker = _aWorker(stage)
    if worker is not None and worker.pid is not None:
        stage.circumstances.killed.add(worker.pid)
        stage.queue.killWorker(worker)
        stage.tally.count("killWorker")


def restartWorker(stage: Stage) -> None:
    """Have a worker go on in a new process."""
    worker = _aWorker(stage)
    if worker is not None:
        stage.queue.restartWorker(worker)
        stage.tally.count("restartWorker")


def cancel(stage: Stage) -> None:
    """Cancel some calls, wherever they are, by the task or by its Deferred."""
    for record in _some(stage, 20):
        record.wasCancelled = True
        assert record.task is not None
        if stage.chance.random() < 0.5 and not record.task.deferred.called:
            record.task.deferred.cancel()
        else:
            record.task.cancel()
        stage.tally.count("cancelled")


def move(stage: Stage) -> None:
    """Put some tasks elsewhere by hand."""
    tasks = _tasks(stage, 50)
    before = _tasks(stage, 1)
    stage.queue.move(tasks, before[0] if before and stage.chance.random() < 0.8 else None)
    stage.tally.count("moved", len(tasks))


def renice(stage: Stage) -> None:
    """Give some tasks another niceness."""
    tasks = _tasks(stage, 50)
    stage.queue.setNiceness(tasks, stage.chance.randint(-20, 20))
    stage.tally.count("re-niced", len(tasks))


def update(stage: Stage) -> None:
    """Give every worker a new version, which all later calls must see."""
    stage.version += 1
    done = stage.queue.update(setVersion, stage.version, replaces="version")
    done.addErrback(lambda failure: failure.trap(WorkerError))
    stage.tally.count("updates")


def pause(stage: Stage) -> None:
    """Let no task begin for a moment."""
    stage.queue.pause()
    stage.later(stage.chance.uniform(0.0, 0.05), stage.queue.resume)
    stage.tally.count("pauses")


def addWorkers(stage: Stage) -> None:
    """Start more workers, if there are few."""
    if len(stage.queue) < MOST_WORKERS:
        stage.queue.addWorkers(stage.chance.randint(1, MOST_WORKERS - len(stage.queue)))
        stage.tally.count("addWorkers")


def detachWorker(stage: Stage) -> None:
    """Let a worker go, if it is not the last one: at its leisure, or crashed, its tasks put back or not."""
    worker = _aWorker(stage)
    if worker is None or len(stage.queue) < 2:
        return
    reassigns, crashes = stage.chance.random() < 0.5, stage.chance.random() < 0.5

    def gone(unfinished: list[Task]) -> None:
        for task in unfinished:
            numbers = stage.numbersOf(task)
            stage.unfinished.add(numbers[0])
            if reassigns:
                for number in numbers:
                    stage.tally.mayRunAgain(number)

    stage.queue.detachWorker(worker, reassign=reassigns, crash=crashes).addCallback(gone)
    stage.tally.count("detachWorker, crashed" if crashes else "detachWorker")


def _aWorker(stage: Stage) -> ProcessWorker | None:
    """A worker, and rather one that is busy: a queue gives up on workers that die again and again for nothing."""
    workers = [worker for worker in stage.queue.workers() if worker.state is WorkerState.BUSY]
    if not workers or stage.chance.random() < 0.05:
        workers = stage.queue.workers()
    return stage.chance.choice(workers) if workers else None


def _send(stage: Stage, worker: ProcessWorker | None, number: signal.Signals) -> int | None:
    """Send a signal to a worker's process. Returns its pid, if it has one."""
    pid = worker.pid if worker is not None else None
    if pid is not None:
        if number in (signal.SIGKILL, signal.SIGSEGV):
            stage.circumstances.killed.add(pid)
        os.kill(pid, number)
    return pid


def _some(stage: Stage, most: int) -> list[Record]:
    """Some of the calls that have not ended, maps not among them."""
    records = [record for record in stage.records if record.task is not None]
    return stage.chance.sample(records, min(stage.chance.randint(1, most), len(records)))


def _tasks(stage: Stage, most: int) -> list[Task]:
    return [record.task for record in _some(stage, most) if record.task is not None]
