"""What a report, its tables and its figures are called wherever one can refer to them, on other sites too.

Such as ``宿迁市/2024``, ``宿迁市/2024:requests``, ``宿迁市/2024:requests.received.total``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from .diagnostics import Text, text
from .form import TABLES, Form, table_names
from .model import Report
from .quote import Problem, quote, unknown_name
from .structure import Structure, structure_of
from .tables import figure_ident, table_ident, titled


class Target(NamedTuple):
    """What a reference means."""

    agency: str
    year: int
    table: str = ""  #: empty: the whole report
    path: str = ""  #: empty: the whole table

    @property
    def name(self) -> str:
        """What it is called everywhere."""
        report = f"{'_'.join(self.agency.split())}/{self.year}"
        return ":".join(filter(None, (report, ".".join(filter(None, (self.table, self.path))))))

    @property
    def anchor(self) -> str:
        """The id on its page; empty: the page itself."""
        if not self.table:
            return ""
        table = table_ident(self.agency, self.year, self.table)
        return figure_ident(table, self.path) if self.path else table


class Referable(NamedTuple):
    """A target by its name, and what is printed for it."""

    kind: str  #: ``report``, ``table`` or ``figure``
    name: str
    title: str
    anchor: str


def referables(report: Report, forms: Mapping[str, Form], table: str) -> Iterator[Referable]:
    """A table that is printed, and its figures."""
    structure = structure_of(forms[report.forms[table]].table(table))
    whole = Target(report.agency, report.year, table)
    name, anchor, about = whole.name, whole.anchor, titled(report, "")
    yield Referable("table", name, f"{about}{structure.label}", anchor)
    for path, suffix, label in _figures(structure):  # 200 for each report: nothing is worked out here
        yield Referable("figure", f"{name}.{path}", f"{about}{label}", f"{anchor}{suffix}")


@cache
def _figures(structure: Structure) -> tuple[tuple[str, str, str], ...]:
    """The figures of a table by name, as Sphinx sorts them: key path, what it adds to the table's id, label."""
    measures = sorted(structure.measures.values(), key=lambda measure: measure.path)
    return tuple((one.path, figure_ident("", one.path), one.label) for one in measures)


def title_of(target: Target, report: Report, forms: Mapping[str, Form]) -> str:
    """What is printed for a table or a figure where the author gives no words."""
    structure = structure_of(forms[report.forms[target.table]].table(target.table))
    if not target.path:
        return titled(report, structure.label)
    return structure.measures[target.path].label


def meant(kind: str, key: str, report: Report, forms: Mapping[str, Form]) -> Target | Problem:
    """The target that an author's words mean in a report, in English or Chinese, or why there is none."""
    whole = Target(report.agency, report.year)
    if kind == "report":
        return whole if not key else _no(key, text("Write the year, such as 2024."))
    if kind == "table":
        names = table_names(forms.values())
        table = names.get("".join(key.split()))
        return whole._replace(table=table) if table else unknown_name(key, names, TABLES)
    found = quote(key, report, forms)
    if isinstance(found, Problem):
        return found
    if len(found.paths) != 1:
        return _no(key, text("A reference leads to one figure."))
    return Target(report.agency, report.year, *found.paths[0])


def _no(key: str, hint: Text) -> Problem:
    return Problem(text("“{key}” is not known here.", key=key), hint)
