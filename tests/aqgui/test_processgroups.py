# SPDX-License-Identifier: GPL-3.0-or-later
import os
import subprocess
import sys

from aqgui.processgroups import families


def start(*words, **options):
    return subprocess.Popen([*words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **options)


def test_they_are_the_processes_in_the_group_of_each_leader():
    leader = start("sh", "-c", "sleep 1000 & echo $!; wait", process_group=0)
    other = start("sleep", "1000", process_group=leader.pid)
    alone = start("sleep", "1000", process_group=0)
    assert leader.stdout is not None
    child = int(leader.stdout.readline())
    try:
        assert families([leader.pid, alone.pid]) == {leader.pid: {child, other.pid}, alone.pid: set()}
    finally:
        os.killpg(leader.pid, 9)
        os.killpg(alone.pid, 9)
        for process in (leader, other, alone):
            process.communicate()


def test_a_descendant_that_has_left_the_group_is_among_them():
    leader = start("sh", "-c", "setsid sh -c 'echo $$; exec sleep 1000' & wait", process_group=0)
    assert leader.stdout is not None
    child = int(leader.stdout.readline())
    try:
        assert families([leader.pid]) == {leader.pid: {child}}
    finally:
        os.kill(child, 9)
        leader.communicate()


def test_one_that_is_not_there_has_none():
    gone = start(sys.executable, "-c", "")
    gone.communicate()
    assert families([gone.pid]) == {gone.pid: set()}
