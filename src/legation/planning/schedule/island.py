"""A second search over lists in a process of its own, which trades its best schedules with the first.

Lists are many short steps in Python, so two threads would wait for each other; a process has a core to itself.
"""

from __future__ import annotations

import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Self

from legation.errors import EngineError
from legation.planning.schedule.generation import Plain
from legation.planning.schedule.improve import Found, improve

__all__ = ["Island", "Task", "work"]

_PROGRAM = "from legation.planning.schedule.island import work; work()"

_WAIT = 5.0
"""Seconds for the process to end by itself once its input is closed."""


@dataclass(frozen=True, eq=False)
class Task:
    """What the process is told first."""

    plain: Plain
    seconds: float
    seed: int
    target: int
    below: int | None
    size: int


class Island:
    """The process, seen from outside; use it as a context, which ends the process.

    Parameters
    ----------
    task
        The problem and the limits.
    found
        Called in a thread with every schedule that is shorter than those the process knows of.
    """

    def __init__(self, task: Task, found: Callable[[Found], None]) -> None:
        self._found = found
        self._closed = False
        self._process = subprocess.Popen(  # noqa: S603 - a program written above, nothing from outside
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._send(task)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the process still searches."""
        return self._process.poll() is None

    def tell(self, found: Found) -> None:
        """Hand the process a schedule found elsewhere."""
        if self.alive:
            self._send(found)

    def close(self) -> None:
        """End the process.

        Raises
        ------
        EngineError
            When it failed.
        """
        if self._closed:
            return
        self._closed = True
        with suppress(BrokenPipeError):  # it may have ended already
            _stream(self._process.stdin).close()
        try:
            code = self._process.wait(_WAIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            code = 0
        self._reader.join(_WAIT)
        _stream(self._process.stdout).close()
        if code:
            raise EngineError(
                f"The second search for schedules ended with code {code}.", remedy="Use one worker, and report it."
            )

    def _send(self, message: object) -> None:
        try:
            pickle.dump(message, _stream(self._process.stdin))
            _stream(self._process.stdin).flush()
        except BrokenPipeError:
            return  # what it ended with is told at the end

    def _read(self) -> None:
        for found in _messages(_stream(self._process.stdout)):
            if isinstance(found, Found):
                self._found(found)


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise EngineError("A process has no stream to it.", remedy="Report the problem.")
    return stream


def _messages(stream: IO[bytes]) -> Iterator[object]:
    while True:
        try:
            yield pickle.load(stream)  # noqa: S301 - from the process started here
        except EOFError:
            return


def work() -> None:
    """Search in this process: the task and schedules come in by standard input, schedules found go out."""
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    task = pickle.load(incoming)  # noqa: S301 - from the process that started this one
    over = threading.Event()
    arrived: queue.SimpleQueue[Found] = queue.SimpleQueue()

    def listen() -> None:
        for message in _messages(incoming):
            if isinstance(message, Found):
                arrived.put(message)
        over.set()

    threading.Thread(target=listen, daemon=True).start()

    def accept(found: Found) -> int:
        try:
            pickle.dump(found, outgoing)
            outgoing.flush()
        except BrokenPipeError:
            over.set()
        return found.makespan

    improve(
        task.plain,
        seconds=task.seconds,
        seed=task.seed,
        target=task.target,
        below=task.below,
        size=task.size,
        halt=over.is_set,
        accept=accept,
        arrivals=lambda: [arrived.get() for _ in range(arrived.qsize())],
    )
