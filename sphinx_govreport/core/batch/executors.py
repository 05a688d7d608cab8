"""Where pure functions run: in this process, on the cores of this machine, or on a Dask cluster.

All give the same results in the same order, and hold no more tasks at once than they need to keep busy, so that what is still
to be done takes no memory. A worker that dies loses nothing but time: its tasks are done again.
"""

from __future__ import annotations

import logging
import os
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sphinx_govreport.core.diagnostics import Text, text
from sphinx_govreport.core.extras import require
from sphinx_govreport.core.versions import __version__

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 3  # tasks for each worker: one in work, one that waits for it, one whose result waits for its turn
_DEATHS = 3  # times that workers of this machine may die before one gives up
_TIMEOUT = "10s"  # for a scheduler to answer


class NoWorkers(Exception):  # noqa: N818  (it is how things are, not a fault)
    """There is nobody to do the work. :attr:`message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.template)
        self.message = message


class Workers(ABC):
    """Something that runs functions. Functions and tasks are values that can be pickled."""

    @abstractmethod
    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """The results in the order of the tasks. Raises :class:`NoWorkers` if there is nobody left to do them."""

    @abstractmethod
    def close(self) -> None:
        """Let go of processes and connections."""


class ThisProcess(Workers):
    """One task after the other."""

    def close(self) -> None:
        """There is nothing to let go of."""

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Nothing is done before it is asked for."""
        return map(function, tasks)


@dataclass(slots=True)
class _Waiting(Generic[T, R]):
    """A task whose result is wanted."""

    task: T
    future: Future[R] | None = None


class Cores(Workers):
    """As many processes as were asked for. They are new ones that share nothing, so that it is the same on every system."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._executor: Executor | None = None

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """If a process dies, new ones do again what was not done."""
        from concurrent.futures.process import BrokenProcessPool

        deaths = 0
        left = iter(tasks)
        waiting: deque[_Waiting[T, R]] = deque()
        while True:
            waiting.extend(map(_Waiting[T, R], islice(left, self.jobs * _AHEAD - len(waiting))))
            if not waiting:
                return
            try:
                for one in waiting:
                    one.future = one.future or self._submit(function, one.task)
                assert waiting[0].future
                result = waiting[0].future.result()
            except BrokenProcessPool as error:
                deaths += 1
                if deaths > _DEATHS:
                    raise NoWorkers(text("Processes die again and again; is there enough memory? Try fewer --jobs.")) from error
                self.close()
                for one in waiting:
                    one.future = None
                continue
            waiting.popleft()
            yield result

    def _submit(self, function: Callable[[T], R], task: T) -> Future[R]:
        if self._executor is None:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            self._executor = ProcessPoolExecutor(self.jobs, get_context("spawn"), _begin)
        return self._executor.submit(function, task)

    def close(self) -> None:
        """Stop the processes."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None


class Cluster(Workers):
    """The workers of a Dask scheduler. It does the tasks of a dead worker again by itself."""

    def __init__(self, address: str) -> None:
        self._distributed: Any = require("distributed", "cluster", "Dask")
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong we say ourselves
        try:
            self._client: Any = self._distributed.Client(address, timeout=_TIMEOUT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise NoWorkers(text("There is no scheduler at “{address}”: {reason}.", address=address, reason=error)) from error
        self._address = address
        self._look()

    def _look(self) -> None:
        """Workers must be there, and have the same version as we."""
        try:
            versions = set(self._client.run(_version).values())
        except Exception as error:  # whatever the workers raise, such as that they do not know us
            self.close()
            raise NoWorkers(_unfit(error)) from error
        if versions != {__version__}:
            self.close()
            raise NoWorkers(
                _unfit("、".join(sorted(versions)))
                if versions
                else text("The scheduler at “{address}” has no workers.", address=self._address)
            )

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Workers that come later take part too."""
        from concurrent.futures import CancelledError

        left = iter(tasks)
        waiting: deque[Any] = deque()
        try:
            while True:
                ahead = max(1, sum(self._client.nthreads().values())) * _AHEAD
                waiting.extend(
                    self._client.submit(function, task, pure=False) for task in islice(left, max(0, ahead - len(waiting)))
                )
                if not waiting:
                    return
                yield waiting.popleft().result()
        except self._distributed.KilledWorker as error:
            raise NoWorkers(text("Workers die again and again; is there enough memory?")) from error
        except (OSError, CancelledError) as error:  # tasks themselves neither read nor write
            raise NoWorkers(text("The scheduler at “{address}” has gone.", address=self._address)) from error

    def close(self) -> None:
        """Leave the cluster as it is."""
        self._client.close()


def _unfit(reason: object) -> Text:
    return text("The workers need sphinx-govreport {version}: {reason}.", version=__version__, reason=reason)


def _version() -> str:
    """What a worker answers that knows us."""
    return __version__


def _begin() -> None:
    """In a new process: an interruption is the parent's to handle, and without a parent there is nothing to do."""
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


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The same things in tuples."""
    left = iter(things)
    while batch := tuple(islice(left, size)):
        yield batch
