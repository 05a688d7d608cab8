"""Files of the output: a file system error ends the build with a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sphinx.builders import Builder
from sphinx.errors import SphinxError

from sphinx_govreport.core.diagnostics import text, translator
from sphinx_govreport.core.files import atomic_write, reason_of


def write_output(builder: Builder, target: Path, data: bytes) -> None:
    """Write a file of the output atomically. Raises ``SphinxError`` if it cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, data, Path(builder.doctreedir))
    except OSError as error:
        message = text("“{name}” cannot be written: {reason}.", name=target, reason=reason_of(error))
        raise SphinxError(message.render(translator(builder.config.language))) from error


@contextmanager
def removing(builder: Builder) -> Iterator[None]:
    """Raise ``SphinxError`` if a file cannot be removed: it would be published."""
    try:
        yield
    except OSError as error:
        message = text("“{name}” cannot be removed: {reason}.", name=error.filename, reason=reason_of(error))
        raise SphinxError(message.render(translator(builder.config.language))) from error
