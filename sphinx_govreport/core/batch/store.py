"""What was read of year files, outside of memory: by path and content, each written once and for good.

A run that is interrupted has kept all that it had read; the next one goes on from there. SQLite has the transactions for this.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sphinx_govreport.core.diagnostics import Text, text

_CREATE = """\
CREATE TABLE IF NOT EXISTS year_files (
  number INTEGER PRIMARY KEY, path BLOB UNIQUE, digest BLOB, head BLOB, body BLOB, seal BLOB)"""
_ROW = "SELECT number, head, body, seal FROM year_files WHERE path = ? AND digest = ?"
_PUT = "INSERT OR REPLACE INTO year_files (path, digest, head, body, seal) VALUES (?, ?, ?, ?, ?)"
_BODY = "SELECT body, seal, path, digest, head FROM year_files WHERE number = ?"


class StoreError(Exception):
    """The file cannot be used. :attr:`message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.template)
        self.message = message


class Head(NamedTuple):
    """What is known of a year file without opening its report."""

    path: str  #: as the user knows it
    agency: str
    year: int  #: 0 if the file has no usable report
    forms: tuple[tuple[str, str], ...]  #: each table with the name of its form
    diagnostics: int  #: how many problems there were in reading it
    has_errors: bool  #: whether one of them is an error

    @property
    def key(self) -> tuple[str, int]:
        """What report it is."""
        return self.agency, self.year

    @property
    def by_table(self) -> dict[str, str]:
        """The form of each table."""
        return dict(self.forms)


class Kept(NamedTuple):
    """A year file that was read: its head, and the rest as bytes."""

    head: Head
    body: bytes


class Store:
    """Year files that were read. Without a path it is a file that the system deletes, and is in memory while it is small."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.read = 0  #: files that were new to it, for tests and benchmarks
        with self._told():
            self._rows = self._open()

    def head(self, path: str, digest: bytes) -> tuple[int, Head] | None:
        """The number and the head of a file, if it was read with this content. A damaged row is none: it is read again."""
        name = path.encode(errors="surrogatepass")
        with self._told():
            row = self._rows.execute(_ROW, (name, digest)).fetchone()
        if row is None:
            return None
        number, head, body, seal = row
        if not seal or seal != _seal(name, digest, head, body):
            return None
        agency, year, forms, diagnostics, has_errors = json.loads(head)
        return number, Head(path, agency, year, tuple(map(tuple, forms)), diagnostics, has_errors)

    def put(self, files: Iterable[tuple[bytes, Kept]]) -> list[int]:
        """Keep files, each with the digest of its content, for good; returns their numbers."""
        with self._told(), self._rows:  # one transaction
            numbers = [self._put(digest, kept) for digest, kept in files]
        self.read += len(numbers)
        return numbers

    def _put(self, digest: bytes, kept: Kept) -> int:
        path, *rest = kept.head
        name, head = path.encode(errors="surrogatepass"), json.dumps(rest).encode()
        number = self._rows.execute(_PUT, (name, digest, head, kept.body, _seal(name, digest, head, kept.body))).lastrowid
        assert number is not None
        return number

    def body(self, number: int) -> bytes:
        """The rest of a file that is kept."""
        with self._told():
            row = self._rows.execute(_BODY, (number,)).fetchone()
        body, seal, *others = row or (None, None)
        if not seal or seal != _seal(*others, body):  # it was sound when this run began
            raise StoreError(text("The cache “{name}” is damaged; delete it.", name=self.path or ""))
        assert isinstance(body, bytes)
        return body

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def _open(self) -> sqlite3.Connection:
        if self.path is None:
            return _prepared(sqlite3.connect(""), "OFF")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return _prepared(sqlite3.connect(self.path), "WAL")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                text("The cache “{name}” cannot be used: {reason}.", name=self.path or "", reason=error)
            ) from error


def _seal(*columns: object) -> bytes:
    """What a row is known by that is as it was written; nothing for one that never was."""
    seal = hashlib.sha256()
    for column in columns:
        if not isinstance(column, bytes):
            return b""
        seal.update(len(column).to_bytes(8))
        seal.update(column)
    return seal.digest()


def _prepared(rows: sqlite3.Connection, journal: str) -> sqlite3.Connection:
    """A connection that alone uses the file, and whose file survives that the process or the system dies."""
    rows.text_factory = bytes  # of a damaged row, too
    try:
        rows.execute("PRAGMA locking_mode = EXCLUSIVE")
        rows.execute(f"PRAGMA journal_mode = {journal}")
        rows.execute("PRAGMA synchronous = NORMAL")
        with rows:
            rows.execute(_CREATE)
    except sqlite3.Error:
        rows.close()
        raise
    return rows
