# SPDX-License-Identifier: Apache-2.0
"""`queue.map`: calls of one function with many inputs, sent to the workers in chunks."""
