"""The fields that hold at a place of a page: those at its top, and those of a file that it includes there.

An author who includes a page of another report means that report's figures. Parsers put what is included into the page without
its front matter, and MyST parses ``eval-rst`` as a document of its own without the page's: there the text of the file says it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .pages import AGENCY_FIELD, YEAR_FIELD, page_fields

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_LAST = 900
_FIELDS = (YEAR_FIELD, AGENCY_FIELD)
_WRITTEN = re.compile(rf"^:({'|'.join(_FIELDS)}):[ \t]*(.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)


class Reading:
    """What is known of the files of a page while Sphinx reads it. Files are known by their real paths."""

    def __init__(self) -> None:
        self.text = ""  #: of the page, as parsers get it
        self.parents: dict[str, str] = {}  #: by included file: the file that includes it
        self.fields: dict[str, dict[str, str]] = {}  #: by file: what it says at its top

    @classmethod
    def of(cls, env: BuildEnvironment) -> Reading:
        """That of the page that is read now; Sphinx forgets it behind the page."""
        return cast("Reading", env.temp_data.setdefault("govreport", cls()))


def fields_at(env: BuildEnvironment, document: nodes.document, source: str | None) -> dict[str, str]:
    """The fields that hold where ``source`` is the file in which a directive, a role or a node stands."""
    page = str(env.doc2path(env.docname))
    fields = page_fields(document)
    if source in (page, None) and fields:
        return fields
    result = {**_fields_of(env, os.path.realpath(page)), **fields}
    for path in _chain(env, document, os.path.realpath(source or page)):
        result.update(_fields_of(env, path))
    return result


def is_own(env: BuildEnvironment, document: nodes.document) -> Callable[[nodes.Node], bool]:
    """Tells whether a node of a page speaks of the page's report, and not of that of an included file."""
    if not Reading.of(env).parents:  # as on most pages
        return lambda _node: True
    own = fields_at(env, document, None)
    known: dict[str | None, bool] = {None: True}

    def tells(node: nodes.Node) -> bool:
        if node.source not in known:
            there = fields_at(env, document, node.source)
            known[node.source] = all(there.get(field) == own.get(field) for field in _FIELDS)
        return known[node.source]

    return tells


def _chain(env: BuildEnvironment, document: nodes.document, innermost: str) -> Iterator[str]:
    """The files that include one another here, the outermost first. Only reStructuredText keeps a log of them."""
    log = [os.path.realpath(path) for path, _clip in document.include_log]
    inner = log if innermost in log else [innermost]
    parents = Reading.of(env).parents
    outer: list[str] = []
    path = parents.get(inner[0])
    while path and path not in outer:
        outer.insert(0, path)
        path = parents.get(path)
    yield from outer
    yield from inner


def _fields_of(env: BuildEnvironment, path: str) -> dict[str, str]:
    """What a file says at its top; nothing if there is no such file."""
    reading = Reading.of(env)
    if path not in reading.fields:
        text = reading.text
        if path != os.path.realpath(env.doc2path(env.docname)):
            text = ""
            with suppress(OSError):  # the docstring of an object has a name of its own
                text = Path(path).read_text("utf-8-sig", errors="replace")
        reading.fields[path] = dict(_written(text))
    return reading.fields[path]


def _written(text: str) -> Iterator[tuple[str, str]]:
    if not text.startswith("---"):
        yield from ((name.lower(), value) for name, value in _WRITTEN.findall(text))
        return
    from myst_parser.config.main import TopmatterReadError, read_topmatter  # only for Markdown

    with suppress(TopmatterReadError):  # MyST reports it where it reads the page itself
        found = {str(name).lower(): str(value).strip() for name, value in (read_topmatter(text) or {}).items()}
        yield from ((name, found[name]) for name in _FIELDS if name in found)


def note_text(app: Sphinx, _docname: str, content: list[str]) -> None:
    """Remember the text of the page that is read."""
    Reading.of(app.env).text = content[0].removeprefix("\ufeff")


def note_included(app: Sphinx, relative: Path, parent: str, _content: list[str]) -> None:
    """Remember who includes a file: MyST says the name of the including file without its suffix, Sphinx that of the page."""
    env = app.env
    parents = Reading.of(env).parents
    path = os.path.realpath(Path(app.srcdir, relative))
    by = next((known for known in reversed(parents) if Path(known).stem == parent), os.path.realpath(env.doc2path(env.docname)))
    parents.pop(path, None)
    parents[path] = by


def setup(app: Sphinx) -> None:
    """Connect the handlers; what others do with a text comes before."""
    app.connect("source-read", note_text, _LAST)
    app.connect("include-read", note_included, _LAST)
