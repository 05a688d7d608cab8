"""What was on the pages that a builder has written, so that a build that was killed does not leave old ones behind.

Sphinx keeps its environment before it writes pages. A build that ends between the two has read a change that no page shows,
and by the environment alone the next one would find nothing to do. So every build that comes to its end writes down what its
pages say of reports; a page of which the environment knows something else is read and written again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

from ..core.diagnostics import text, translator
from ..core.files import remove_partial, write_whole
from ..core.source import digest_of
from .domain import domain_of
from .outdated import page_digests

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder


def unwritten(app: Sphinx) -> Iterator[str]:
    """Pages that say something else than when this builder's last whole build ended."""
    written = _written(app)
    return (docname for docname, digest in page_digests(domain_of(app.env)) if written.get(docname) != digest)


def write_output(builder: Builder, target: Path, data: bytes) -> None:
    """Write a file of the output, which is never half there. Ends the build with a sentence if it cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, data, Path(builder.doctreedir))
    except OSError as error:
        message = text("“{name}” cannot be written: {reason}.", name=target, reason=error.strerror or str(error))
        raise SphinxError(message.render(translator(builder.config.language))) from error


def tidy(app: Sphinx) -> None:
    """Remove what a killed build has left."""
    remove_partial(Path(app.doctreedir))


def note_written(app: Sphinx, exception: Exception | None) -> None:
    """Write down what the pages say, at the end of a whole build."""
    digests = dict(page_digests(domain_of(app.env)))
    if exception is None and digests != _written(app):
        write_output(app.builder, _path(app), json.dumps([_stamp(digests), digests]).encode())


def _written(app: Sphinx) -> dict[str, str]:
    try:
        stamp, digests = json.loads(_path(app).read_bytes())
        return dict(digests) if stamp == _stamp(digests) else {}
    except (OSError, ValueError, TypeError, RecursionError):  # without it, or if it is damaged, all pages are written
        return {}


def _stamp(digests: dict[str, str]) -> str:
    return digest_of(json.dumps(digests).encode())


def _path(app: Sphinx) -> Path:
    """One for each place of output: several builders may share an environment."""
    return Path(app.doctreedir) / f"govreport-written-{digest_of(str(app.outdir).encode())[:8]}.json"


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("builder-inited", tidy)
    app.connect("build-finished", note_written)
