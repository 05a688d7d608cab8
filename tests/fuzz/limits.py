"""A limit of computing time for one input: an input that exceeds it hangs. On a busy machine, a clock would say so of others."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 20  #: the slowest input takes less than two


class HangError(BaseException):
    """An input took too long; no ``except Exception`` in the tested code may catch it."""


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Raise :class:`HangError` in a block that takes too long."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
