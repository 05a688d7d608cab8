"""XML of office documents, element after element; whatever declares entities is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple
from xml.parsers import expat

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.importers.document import Refused

_CHUNK = 1 << 16


class Event(NamedTuple):
    """An element that begins or ends, or text."""

    kind: str  #: “start”, “end” or “text”
    name: str  #: of the element without its prefix; the text
    attributes: dict[str, str]  #: without prefixes

    def is_on(self, name: str) -> bool:
        """Whether an attribute says yes."""
        return self.attributes.get(name, "0") in ("1", "true", "on")


def events(file: IO[bytes]) -> Iterator[Event]:
    """Read a part of a document. Raises :class:`xml.parsers.expat.ExpatError` where it is no XML."""
    found: list[Event] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: found.append(
        Event("start", _local(name), {_local(key): value for key, value in attributes.items()})
    )
    parser.EndElementHandler = lambda name: found.append(Event("end", _local(name), {}))
    parser.CharacterDataHandler = lambda data: found.append(Event("text", data, {}))
    parser.StartDoctypeDeclHandler = _refuse
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk)
        yield from found
        found.clear()
    parser.Parse(b"", True)
    yield from found


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_declared: object) -> None:
    raise Refused(text("The document declares entities of its own, as no office program does."))
