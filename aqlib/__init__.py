# SPDX-License-Identifier: Apache-2.0
"""aqlib: priority queueing of tasks to asynchronous, thread and process workers, Twisted style."""
