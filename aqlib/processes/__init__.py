# SPDX-License-Identifier: Apache-2.0
"""The queue's side of worker processes: starting and watching them, and talking to them without ever waiting."""
