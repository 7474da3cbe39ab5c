# SPDX-License-Identifier: Apache-2.0
"""What runs inside a worker process. It knows neither Twisted nor the queue: small, and quick to start."""
