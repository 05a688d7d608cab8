"""XML of office documents as trees; whatever declares entities is refused."""

from __future__ import annotations

import zipfile
from xml.etree.ElementTree import Element, TreeBuilder, XMLParser

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.importers.document import Refused


class _Builder(TreeBuilder):
    """Builds a tree whose names and attributes have no namespaces."""

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        return super().start(_local(tag), {_local(name): value for name, value in attrs.items()})

    def end(self, tag: str, /) -> Element:
        return super().end(_local(tag))

    def doctype(self, *_declared: object) -> None:
        raise Refused(text("The document declares entities of its own, as no office program does."))


def read_part(archive: zipfile.ZipFile, name: str) -> Element:
    """Read a part of a document. Raises :class:`xml.etree.ElementTree.ParseError` where it is no XML."""
    parser = XMLParser(target=_Builder())  # noqa: S314  (expat bounds what entities expand to, and none may be declared)
    parser.feed(archive.read(name))
    root: Element = parser.close()
    return root


def is_on(element: Element, name: str) -> bool:
    """Whether an attribute says yes."""
    return element.get(name) in ("1", "true", "on")


def whole_number(element: Element, name: str, default: int) -> int:
    """Return an attribute of nine digits at most."""
    written = element.get(name, "").strip()
    return int(written[:9]) if written.isascii() and written.isdecimal() else default


def _local(name: str) -> str:
    return name.rpartition("}")[2]
