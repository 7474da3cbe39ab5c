# SPDX-License-Identifier: GPL-3.0-or-later
"""The pytest plugins of this project, loaded by tests/conftest.py.

groups      one process has one reactor, so the tests are two groups: core (default reactor, no Qt) and qt
relay       runs the core group in a process of its own and reports its tests in the one summary
checks      counts a linter that failed in ./test as a failed test
deferreds   `async def` tests and the fixtures `reactor` and `wait`
leftovers   fails a test that leaves a logged error, a delayed call, a descriptor or a child process behind
"""
