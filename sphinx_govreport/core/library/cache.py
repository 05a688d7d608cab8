"""Results that are kept between builds, by content."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from sphinx_govreport.core.files import atomic_write
from sphinx_govreport.core.yaml.source import digest_of

T = TypeVar("T")


class Cache(Generic[T]):
    """Results by content. A damaged or older cache is empty."""

    def __init__(self, path: Path | None, version: str) -> None:
        self.path = path
        self.version = version
        self.added = 0  #: number of results that were computed, for tests and the benchmark
        self._old = self._load()
        self._used: dict[str, T] = {}

    def get(self, key: str, compute: Callable[[], T]) -> T:
        """Return the result with this key; compute it only if it is not kept."""
        result = self._old.get(key)
        if result is None:
            self.added += 1
            result = compute()
        self._used[key] = result
        return result

    def save(self) -> None:
        """Write the results that were used, in one step, if they have changed."""
        if self.path is None or self._used.keys() == self._old.keys():
            return
        body = pickle.dumps(self._used, protocol=pickle.HIGHEST_PROTOCOL)
        with suppress(OSError):  # a disk that is full or read-only: the next build reads the files again
            self.path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(self.path, self._stamp(body) + body)

    def _load(self) -> dict[str, T]:
        try:
            data = self.path.read_bytes() if self.path else b""
            stamp, body = data[:64], data[64:]
            if stamp != self._stamp(body):
                return {}
            known = pickle.loads(body)  # noqa: S301  # as trusted as Sphinx's pickles in the same folder
        except Exception:  # noqa: BLE001  # whatever the error, the year files can be read again
            return {}
        return known if isinstance(known, dict) else {}

    def _stamp(self, body: bytes) -> bytes:
        return digest_of(self.version.encode() + body).encode()
