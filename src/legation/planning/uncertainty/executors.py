"""Run independent tasks here, in processes of this machine, or on a Ray cluster: same results, in the order given."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Literal, TypeVar

from legation.errors import InputError
from legation.planning.engines.base import Halt

__all__ = ["Executor", "Lost", "check_workers", "memory_for", "run_tasks"]

Executor = Literal["serial", "processes", "ray"]
T = TypeVar("T")
_POLL = 0.2
_MOST_WORKERS = 256
_TRIES = 2
_BASE = 250_000_000  # bytes that a worker takes with its libraries loaded


class Lost:
    """What stands in place of a result: the task's process ended before it answered, twice."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def memory_for(workers: int, *, payload: int, per_task: int) -> int:
    """Give how many of these workers fit into the memory that is free; at least one.

    Parameters
    ----------
    workers
        How many are wanted.
    payload, per_task
        Bytes that each worker holds, and that a task takes at most beside it.
    """
    free = _free_memory()
    if free is None:
        return workers
    fits = int(0.8 * free // (_BASE + payload + per_task))
    return max(1, min(workers, fits))


def _free_memory() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = next((line for line in lines if line.startswith("MemAvailable:")), None)
    return None if found is None else int(found.split()[1]) * 1024


def check_workers(workers: int) -> None:
    """Refuse a number of workers that cannot be used.

    Raises
    ------
    InputError
        When it is not from 1 to 256.
    """
    if not 1 <= workers <= _MOST_WORKERS:
        raise InputError(f"{workers} workers cannot be used.", remedy=f"Give 1 to {_MOST_WORKERS}.")


def run_tasks(
    work: Callable[[Any, Any], T],
    shared: object,
    tasks: Sequence[object],
    *,
    executor: Executor = "serial",
    workers: int = 2,
    address: str | None = None,
    halt: Halt | None = None,
    done: Callable[[int], None] | None = None,
) -> list[T | Lost | None]:
    """Run ``work(shared, task)`` for each task.

    Parameters
    ----------
    work
        A function of a module, so that another process can import it.
    shared
        What all tasks see; it is sent to each worker once.
    tasks
        One after the other.
    executor
        ``serial`` here, ``processes`` in fresh processes of this machine, ``ray`` on a cluster.
    workers
        How many tasks run at the same time at most.
    address
        Of a Ray cluster; a local one is started and stopped again when left out.
    halt
        No task is started once it is set; those that run come to their end.
    done
        Told how many are done.

    Returns
    -------
    list
        In the order of the tasks; None for those that were not started.

    Raises
    ------
    InputError
        When there is no such executor, the workers are out of range, or Ray is asked for and not installed.
    """
    check_workers(workers)
    stop = halt or Halt()
    runs: dict[str, Callable[[], Iterator[tuple[int, T | Lost]]]] = {
        "serial": lambda: _serially(work, shared, tasks, stop),
        "processes": lambda: _in_processes(work, shared, tasks, workers, stop),
        "ray": lambda: _on_ray(work, shared, tasks, workers=workers, address=address, stop=stop),
    }
    if executor not in runs:
        raise InputError(f"{executor!r} runs no tasks.", remedy=f"Use one of {', '.join(runs)}.")
    results: list[T | Lost | None] = [None] * len(tasks)
    for count, (number, result) in enumerate(runs[executor](), start=1):
        results[number] = result
        if done is not None:
            done(count)
    return results


def _serially(
    work: Callable[[Any, Any], T], shared: object, tasks: Sequence[object], stop: Halt
) -> Iterator[tuple[int, T | Lost]]:
    for number, task in enumerate(tasks):
        if stop.is_set():
            return
        yield number, work(shared, task)


_SHARED: dict[str, Any] = {}


def _start_worker(work: Callable[[Any, Any], object], shared: object) -> None:
    _SHARED["work"], _SHARED["shared"] = work, shared
    import signal

    # an interrupt from the keyboard reaches the whole group; the parent alone decides what it means
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_here(task: object) -> object:
    return _SHARED["work"](_SHARED["shared"], task)


def _in_processes(
    work: Callable[[Any, Any], T], shared: object, tasks: Sequence[object], workers: int, stop: Halt
) -> Iterator[tuple[int, T | Lost]]:
    """Keep as many tasks under way as there are workers; a task whose process dies is tried once more, alone."""
    # fresh processes: a fork of one that holds threads of solvers or frames may hang
    context = multiprocessing.get_context("spawn")
    waiting = list(range(len(tasks)))
    tries = [0] * len(tasks)
    while waiting and not stop.is_set():
        alone = any(tries[number] for number in waiting)
        size = 1 if alone else min(workers, len(waiting))
        pool = ProcessPoolExecutor(size, mp_context=context, initializer=_start_worker, initargs=(work, shared))
        with pool:
            broken = yield from _drain(pool, tasks, waiting, size, stop)
        for number in broken:
            tries[number] += 1
            if tries[number] >= _TRIES:
                yield number, Lost("its process ended twice before it answered; the machine may lack memory")
            else:
                waiting.insert(0, number)


def _drain(
    pool: ProcessPoolExecutor, tasks: Sequence[object], waiting: list[int], size: int, stop: Halt
) -> Generator[tuple[int, Any], None, list[int]]:
    under_way: dict[Future[Any], int] = {}
    broken: list[int] = []
    while (waiting and not broken and not stop.is_set()) or under_way:
        while waiting and not broken and len(under_way) < size and not stop.is_set():
            number = waiting.pop(0)
            try:
                under_way[pool.submit(_run_here, tasks[number])] = number
            except BrokenProcessPool:
                # a process died since the last look; the task itself did nothing
                broken.append(number)
        finished, _ = wait(under_way, timeout=_POLL, return_when=FIRST_COMPLETED)
        for future in finished:
            number = under_way.pop(future)
            if isinstance(future.exception(), BrokenProcessPool):
                broken.append(number)
            else:
                yield number, future.result()
    return sorted(broken)


def _on_ray(
    work: Callable[[Any, Any], T],
    shared: object,
    tasks: Sequence[object],
    *,
    workers: int,
    address: str | None,
    stop: Halt,
) -> Iterator[tuple[int, T | Lost]]:
    ray = _ray()
    own = not ray.is_initialized()
    if own:
        _join(ray, address, workers)
    try:
        held = ray.put((work, shared))
        remote = ray.remote(num_cpus=1, max_retries=_TRIES - 1)(_run_on_ray)
        waiting = list(range(len(tasks)))
        under_way: dict[Any, int] = {}
        while (waiting and not stop.is_set()) or under_way:
            while waiting and len(under_way) < workers and not stop.is_set():
                number = waiting.pop(0)
                under_way[remote.remote(held, tasks[number])] = number
            finished, _ = ray.wait(list(under_way), timeout=_POLL)
            for reference in finished:
                number = under_way.pop(reference)
                try:
                    yield number, ray.get(reference)
                except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
                    yield number, Lost(str(error).splitlines()[0])
    finally:
        if own:
            ray.shutdown()


def _ray() -> Any:  # noqa: ANN401 - Ray is no dependency of the core
    # a worker of Ray is a fresh process as well: it needs the packages that are installed, and nothing from PyPI
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise InputError(
            "Ray is not installed.", remedy="Install it: pip install 'legation[ray]'; or use processes."
        ) from error
    return ray


def _join(ray: Any, address: str | None, workers: int) -> None:  # noqa: ANN401
    quiet = {"include_dashboard": False, "logging_level": "error", "log_to_driver": False}
    if address is None:
        # figures of a sweep are small: the least store that Ray takes holds them
        ray.init(num_cpus=workers, object_store_memory=100_000_000, **quiet)
        return
    _refuse_silent(address)
    try:
        ray.init(address=address, **{key: quiet[key] for key in ("logging_level", "log_to_driver")})
    except (ConnectionError, ValueError) as error:
        raise InputError(
            f"No Ray cluster answers at {address!r}: {str(error).splitlines()[0]}",
            remedy="Give its address, host:port or ray://host:port, or leave it out for a local one.",
        ) from error


_CONNECT = 20.0
"""Seconds within which a cluster has to answer; Ray itself tries for much longer, and writes its log while it does."""
_PROBE = """
import socket, sys
address = sys.argv[1]
host, _, port = address.removeprefix("ray://").rpartition(":")
try:
    socket.create_connection((host.strip("[]"), int(port)), 5).close()
    import ray
    ray.init(address=address, logging_level="critical", log_to_driver=False)
    ray.shutdown()
except (OSError, RuntimeError, ValueError) as error:
    print(str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__)
    sys.exit(3)
"""


def _refuse_silent(address: str) -> None:
    """Join the cluster once in a process that can be ended, so that no address keeps anybody waiting.

    Raises
    ------
    InputError
        When the address has no port, nothing answers there within 20 seconds, or what answers is no cluster.
    """
    if address == "auto":
        return
    remedy = "Give its address, host:port or ray://host:port, or 'local' for one on this machine."
    _, separator, port = address.removeprefix("ray://").rpartition(":")
    if not separator or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise InputError(f"{address!r} is no address of a Ray cluster: it names no port.", remedy=remedy)
    try:
        tried = subprocess.run(  # noqa: S603 - the program is this one's interpreter, and the address is an argument
            [sys.executable, "-c", _PROBE, address],
            capture_output=True, text=True, errors="replace", timeout=_CONNECT, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"No Ray cluster answers at {address!r} within {_CONNECT:g} seconds.", remedy=remedy
        ) from error
    if tried.returncode:
        lines = (tried.stdout if tried.returncode == 3 else "").strip().splitlines()
        reason = lines[-1] if lines else "what is there is no cluster that this version can join"
        raise InputError(f"No Ray cluster answers at {address!r}: {reason}.", remedy=remedy)


def _run_on_ray(held: tuple[Callable[[Any, Any], object], object], task: object) -> object:
    work, shared = held
    return work(shared, task)
