"""What a table's style takes from its columns: how narrow it may become, and how wide its row headers are on a phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sphinx_govreport.core.forms.form import Form, FormTable, tables_of
from sphinx_govreport.core.forms.layout import layout_of

from .table import in_ascii

_LINE = 80  # characters of a line of text: a table that needs more has many narrow columns
_NARROW, _WIDE = 24, 44  # em; the widest tables have more, for each column to hold its figures
_STUBS = (2, 3, 8)  # em of three levels of row headers on a phone; fewer levels take the same room together

_ALL_SCREENS = "/* @tables */\n"
_SMALL_SCREENS = "  /* @tables on small screens */\n"


def declarations_of(forms: Iterable[Form]) -> Mapping[str, str]:
    """Return the CSS declarations of each table by its class, the widest table first."""
    return {class_of(table.name): ";".join(_declarations(table)) for table in _widest_first(forms)}


def class_of(table: str) -> str:
    """Return the class of a table in HTML."""
    return f"gov-{in_ascii(table)}"


def style_sheet(template: str, forms: Iterable[Form]) -> str:
    """Return the style sheet with the rules of the forms' tables at its marks."""
    forms = tuple(forms)
    rules = (
        f"table.gov-table.{name} {{ {own.replace(':', ': ').replace(';', '; ')}; }}\n"
        for name, own in declarations_of(forms).items()
    )
    small = (f"  {rule}\n" for table in _widest_first(forms) for rule in _on_small_screens(table))
    return template.replace(_ALL_SCREENS, "".join(rules)).replace(_SMALL_SCREENS, "".join(small))


def _widest_first(forms: Iterable[Form]) -> list[FormTable]:
    """Return the tables of the forms; of several with one name, that of the newest form."""
    tables = {table.name: table for table in reversed(tuple(tables_of(forms)))}
    return sorted(tables.values(), key=lambda table: -sum(table.widths))


def _min_width(table: FormTable) -> int:
    width = sum(table.widths)
    return max(_WIDE, width * 2 // 5) if width > _LINE else min(_NARROW, width // 2)


def _declarations(table: FormTable) -> Iterator[str]:
    yield f"min-width:{_min_width(table)}em"
    if sum(table.widths) > _LINE and len(set(table.widths)) == 1:
        yield "table-layout:fixed"


def _on_small_screens(table: FormTable) -> Iterator[str]:
    """Return the rules of a table with several levels of row headers: they stay in view, and must leave room for figures."""
    levels = layout_of(table).blocks[0].stubs if len(table.blocks) == 1 else 0
    if not 1 < levels <= len(_STUBS):
        return
    selector = f"table.gov-table.{class_of(table.name)}"
    yield f"{selector} {{ table-layout: fixed; width: {_min_width(table) - 1}em; }}"
    widths = (*_STUBS[: levels - 1], sum(_STUBS[levels - 1 :]))
    for number, width in enumerate(widths, start=1):
        yield f"{selector} col.gov-stub:nth-child({number}) {{ width: {width}em; }}"
