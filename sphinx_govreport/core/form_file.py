"""Form files: the statutory ones of the package and a site's local ones, read and checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from .diagnostics import Diagnostic
from .form import Form
from .form_parts import FormReader
from .local_form import read_local_form
from .source import MappingNode, Source, read_source

FormFiles: TypeAlias = tuple[tuple[str, bytes], ...]  #: names and bytes, as far as files can be read

FORMS_DIR = Path(__file__).parent.parent / "forms"


class FormFile(NamedTuple):
    """What a form file says: the form, or why there is none."""

    form: Form | None
    diagnostics: tuple[Diagnostic, ...]


def statutory_files() -> FormFiles:
    """The files of the law's forms, oldest first."""
    return tuple((path.name, path.read_bytes()) for path in sorted(FORMS_DIR.glob("*.yaml")))


@cache
def statutory_forms() -> dict[str, Form]:
    """The forms of the law by name, oldest first."""
    forms: dict[str, Form] = {}
    for name, data in statutory_files():
        form, diagnostics = read_form(read_source(name, data), forms)
        if form is None:  # our own file: a mistake of ours, not of a user
            raise ValueError("; ".join(f"{d.pos}: {d.render(str)}" for d in diagnostics))
        forms[form.name] = form
    return forms


def read_form(source: Source, known: dict[str, Form]) -> FormFile:
    """Read and check a form file. A local form may extend one of the ``known`` forms."""
    if source.root is None or source.diagnostics:
        return FormFile(None, source.diagnostics)
    reader = FormReader(source)
    if isinstance(source.root, MappingNode) and source.root.get("extends") is not None:
        form = read_local_form(reader, source.root, known)
    else:
        form = reader.form(source.root)
    return FormFile(None if reader.diagnostics else form, tuple(reader.diagnostics))
