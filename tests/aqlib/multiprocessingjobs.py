# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that are handed objects of multiprocessing."""

import multiprocessing
import socket
from typing import Any


def answer(connection: Any) -> str:
    """Answer what comes from the other end of a connection."""
    question = connection.recv()
    connection.send(f"{question}!")
    return "answered"


def receive(connection: Any) -> Any:
    return connection.recv()


def answerAll(connections: dict[str, list[Any]]) -> int:
    for name, ends in connections.items():
        for number, end in enumerate(ends):
            end.send((name, number, end.recv()))
    return sum(map(len, connections.values()))


def shout(sock: socket.socket) -> int:
    sock.sendall(sock.recv(100).upper())
    return sock.family


def increment(values: Any, lock: Any, key: str) -> int:
    with lock:
        values[key] += 1
        return int(values[key])


def ping() -> str:
    return "pong"


def openPipe() -> Any:
    return multiprocessing.Pipe()


def openSocket() -> Any:
    return socket.socket()


def giveBack(value: Any) -> Any:
    return value


def fill(memory: Any, byte: int) -> int:
    memory.buf[:] = bytes([byte]) * len(memory.buf)
    return len(memory.buf)


def fillList(shared: Any) -> list[Any]:
    before = list(shared)
    shared[0] = 7
    return before


def failWith(connection: Any) -> None:
    raise OSError(f"no answer to {connection.recv()}")
