"""Year files that were read, stored outside of memory by path and content.

The files that an interrupted run has read are kept, and the next run continues from there. SQLite provides the transactions.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.library.library import FileInfo
from sphinx_govreport.core.reports.report import ReportKey

from .executors import BatchError

_CREATE = """\
CREATE TABLE IF NOT EXISTS year_files (
  number INTEGER PRIMARY KEY, path BLOB UNIQUE, digest BLOB, head BLOB, body BLOB, seal BLOB)"""
_PUT = "INSERT OR REPLACE INTO year_files (path, digest, head, body, seal) VALUES (?, ?, ?, ?, ?)"
_GET = "SELECT head, digest, body, seal FROM year_files WHERE path = ?"


class FileRead(NamedTuple):
    """A year file that was read."""

    info: FileInfo
    body: bytes  #: its report and problems


class Store:
    """Year files that were read. Without a path, a temporary file that stays in memory while it is small."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.read = 0  #: number of files that were stored, for tests and benchmarks
        with self._errors_named():
            self._rows = self._open()

    def info(self, path: str, fingerprint: bytes) -> FileInfo | None:
        """Return the facts of a file that was read with this content; None if its row is missing or damaged."""
        found, head, _body = self._row(path)
        if found != fingerprint:
            return None
        key, forms, diagnostics, has_errors = json.loads(head)
        return FileInfo(path, ReportKey(*key), forms, diagnostics, has_errors)

    def body(self, path: str) -> bytes:
        """Return the body of a file that was stored or found in this run."""
        fingerprint, _head, body = self._row(path)
        if not fingerprint:  # the row was intact when this run began
            raise BatchError(text("The cache “{name}” is damaged; delete it.", name=self.path or ""))
        return body

    def put(self, files: Iterable[tuple[bytes, FileRead]]) -> None:
        """Store files permanently, each with its fingerprint."""
        with self._errors_named(), self._rows:  # one transaction
            for fingerprint, (info, body) in files:
                name, head = _name(info.path), json.dumps(info[1:5]).encode()
                self._rows.execute(_PUT, (name, fingerprint, head, body, _seal(name, fingerprint, head, body)))
                self.read += 1

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    def _row(self, path: str) -> tuple[bytes, bytes, bytes]:
        """Return fingerprint, facts and body of a file; empty ones if the row is missing or damaged."""
        name = _name(path)
        with self._errors_named():
            row = self._rows.execute(_GET, (name,)).fetchone()
        if row is None:
            return b"", b"", b""
        head, fingerprint, body, seal = row
        return (fingerprint, head, body) if seal == _seal(name, fingerprint, head, body) else (b"", b"", b"")

    def _open(self) -> sqlite3.Connection:
        """Open the file for this connection alone, and keep it intact if the process or the system crashes."""
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        rows = sqlite3.connect(self.path or "")
        rows.text_factory = bytes  # for damaged rows, too
        try:
            rows.execute("PRAGMA locking_mode = EXCLUSIVE")
            rows.execute(f"PRAGMA journal_mode = {'WAL' if self.path else 'OFF'}")
            rows.execute("PRAGMA synchronous = NORMAL")
            with rows:
                rows.execute(_CREATE)
        except sqlite3.Error:
            rows.close()
            raise
        return rows

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            message = text("The cache “{name}” cannot be used: {reason}.", name=self.path or "", reason=error)
            raise BatchError(message) from error


def _name(path: str) -> bytes:
    return path.encode(errors="surrogatepass")


def _seal(*columns: object) -> bytes:
    """Return a digest of the columns of a row; those of a damaged row can have any type."""
    return hashlib.sha256(repr(columns).encode()).digest()
