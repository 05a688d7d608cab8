"""Run tasks on an executor of :mod:`concurrent.futures`: in this process, in several, or on a Dask cluster.

Functions, tasks and results are picklable values. Results are in the order of the tasks.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from sphinx_govreport.core.diagnostics import MessageError, Text, text
from sphinx_govreport.core.extras import require
from sphinx_govreport.core.versions import __version__

T = TypeVar("T")
R = TypeVar("R")

_IN_FLIGHT = 3  # tasks for each worker: one runs, one waits for the worker, and the result of one waits for its turn
_RESTARTS = 3  # of a pool whose processes died
_TIMEOUT = "10s"  # for a scheduler to respond


class BatchError(MessageError):
    """The workers or the cache cannot be used."""


@dataclass
class TaskRunner:
    """Runs tasks on an executor, a bounded number at a time, so that pending tasks take no memory."""

    start: Callable[[], Executor]
    stop: Callable[[Executor], None]
    in_flight: Callable[[], int]  #: returns the number of tasks submitted at once
    failures: Mapping[type[Exception], Text] = field(default_factory=dict)  #: messages of the errors that mean lost workers
    restarts: int = 0  #: how often a new executor repeats what the last one has lost
    _executor: Executor | None = None

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Yield the result of each task. Raises :class:`BatchError` if workers are lost too often."""
        left = iter(tasks)
        pending: deque[T] = deque()
        futures: deque[Future[R]] = deque()  # of the same tasks
        failures = 0
        while True:
            try:
                pending.extend(islice(left, max(0, self.in_flight() - len(pending))))
                if not pending:
                    return
                self._executor = self._executor or self.start()
                for task in islice(pending, len(futures), None):
                    futures.append(self._executor.submit(function, task))
                result = futures[0].result()
            except tuple(self.failures) as error:
                failures += 1
                if failures > self.restarts:
                    raise BatchError(next(said for kind, said in self.failures.items() if isinstance(error, kind))) from error
                self.close()
                futures.clear()
                continue
            pending.popleft()
            futures.popleft()
            yield result

    def close(self) -> None:
        """Stop the executor."""
        if self._executor:
            self.stop(self._executor)
            self._executor = None


class SynchronousExecutor(Executor):
    """Runs each task when it is submitted."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Run the task and return a finished future."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  (result() raises any error)
            future.set_exception(error)
        return future


def this_process() -> TaskRunner:
    """Return a runner of one task after the other."""
    return TaskRunner(SynchronousExecutor, Executor.shutdown, lambda: 1)


def processes(jobs: int) -> TaskRunner:
    """Return a runner in processes. They are spawned and share nothing, so that the behaviour is the same on every system."""

    def start() -> Executor:
        from concurrent.futures import ProcessPoolExecutor  # it imports multiprocessing
        from multiprocessing import get_context

        return ProcessPoolExecutor(jobs, get_context("spawn"), _prepare_process)

    def stop(executor: Executor) -> None:
        executor.shutdown(cancel_futures=True)

    died = text("Processes crashed repeatedly; check that there is enough memory, or use fewer --jobs.")
    return TaskRunner(start, stop, lambda: jobs * _IN_FLIGHT, {BrokenExecutor: died}, _RESTARTS)


def dask_cluster(address: str) -> TaskRunner:
    """Return a runner on the workers of a Dask scheduler, which repeats the tasks of a dead worker.

    Workers that join later take part too. Raises :class:`BatchError` if there is no scheduler, or no worker of our version.
    """
    distributed: Any = require("distributed", "cluster", "Dask")
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # our messages report the problem
    try:
        client = distributed.Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise BatchError(text("There is no scheduler at “{address}”: {reason}.", address=address, reason=error)) from error
    if problem := _problem_of(client, address):
        client.close()
        raise BatchError(problem)
    gone = text("The scheduler at “{address}” is no longer available.", address=address)
    return TaskRunner(
        start=lambda: client.get_executor(pure=False),
        stop=lambda _executor: client.close(),  # does not wait for tasks whose results are no longer needed
        in_flight=lambda: max(1, sum(client.nthreads().values())) * _IN_FLIGHT,
        failures={
            distributed.KilledWorker: text("Workers crashed repeatedly; check that there is enough memory."),
            OSError: gone,  # tasks themselves neither read nor write
            CancelledError: gone,
        },
    )


def _problem_of(client: Any, address: str) -> Text | None:
    """Return a message if there are no workers, or if they have another version or cannot import this package."""
    try:
        versions = set(client.run(_version).values())
        reason = "、".join(sorted(versions))
    except Exception as error:  # noqa: BLE001  (any error that workers raise)
        versions, reason = {""}, str(error)
    if not versions:
        return text("The scheduler at “{address}” has no workers.", address=address)
    if versions == {__version__}:
        return None
    return text("The workers need sphinx-govreport {version}: {reason}.", version=__version__, reason=reason)


def _version() -> str:
    """Return the version of a worker's package."""
    return __version__


def _prepare_process() -> None:
    """Leave interrupts to the parent process, and end with it."""
    import signal
    import threading
    from multiprocessing import connection, parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield the items in tuples of ``size``; the last one may be shorter."""
    left = iter(items)
    while batch := tuple(islice(left, size)):
        yield batch
