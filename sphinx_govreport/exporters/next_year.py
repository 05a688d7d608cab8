"""Next year's file: what is known is filled in, last year's figures stand beside what is to be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..core.figures import Figure, Status
from ..core.form import TABLES, Form, form_in_force
from ..core.measures import Branch, Measure
from ..core.model import Report
from ..core.structure import Structure, structure_of
from .year_file import head_lines, heads_text, row_text


def next_year_text(last: Report, year: int, forms: Mapping[str, Form]) -> str:
    """The year file for ``year`` after the report ``last``. Raises :class:`ValueError` if no form is in force in that year."""
    by_table = {table: _form(last.forms[table], year, forms) for table in TABLES}
    lines = [*head_lines(last.agency, year, by_table)]
    for table, form in by_table.items():
        structure = structure_of(forms[form].table(table))
        measures = structure_of(forms[last.forms[table]].table(table)).measures
        before = last.figures[table] if form == last.forms[table] else {}
        lines += ["", *_branch(table, structure.root, _known(structure, measures, last), before, last.year, "", set())]
    return "\n".join(lines) + "\n"


def _form(name: str, year: int, forms: Mapping[str, Form]) -> str:
    """The form of last year as long as it is in force, else the one that is."""
    if forms[name].is_in_force(year):
        return name
    form = form_in_force(forms.values(), year)
    if form is None:
        raise ValueError(f"no form is in force in {year}")
    return form.name


class Known(NamedTuple):
    """A figure that last year's report tells."""

    figure: Figure
    row: str  #: what it is called there


def _known(structure: Structure, before: Mapping[str, Measure], last: Report) -> dict[str, Known]:
    """By key path: the figures that must equal one figure of last year's report, such as 上年结转."""
    known = {}
    for equation in structure.equations:
        if equation.is_at_most or len(equation.terms) != 2 or not equation.is_across_years:
            continue
        (then,) = [term for term in equation.terms if term.is_last]
        (now,) = [term for term in equation.terms if not term.is_last]
        figure = last.figures[structure.name].get(then.path)
        is_same = then.path in before and before[then.path].label == structure.measures[then.path].label
        if figure and is_same and figure.status is Status.NUMBER:
            known[now.path] = Known(figure._replace(unit="", note=""), before[then.path].label.rpartition("·")[0])
    return known


def _branch(
    key: str, branch: Branch, known: Mapping[str, Known], before: Mapping[str, Figure], last: int, indent: str, told: set[str]
) -> Iterator[str]:
    """A branch to be filled in; ``told`` are the heads that a line above has named already."""
    measures = [child for child in branch.children.values() if isinstance(child, Measure)]
    if len(measures) < len(branch.children):
        yield f"{indent}{key}:  # {branch.label}"
        for name, child in branch.children.items():
            if isinstance(child, Measure):
                yield f"{indent}  {name}:  # {child.head}"
            elif _is_wanted(child, before):
                yield from _branch(name, child, known, before, last, indent + "  ", told)
        return
    if all(measure.path in known for measure in measures):
        figures = {measure.path: known[measure.path].figure for measure in measures}
        yield f"{indent}{key}: {row_text(branch, figures)}  # {branch.label}（{last}年：{known[measures[0].path].row}）"
        return
    row = row_text(branch, before) if all(measure.path in before for measure in measures) else ""
    yield f"{indent}{key}:  # {branch.label}{heads_text(branch, told)}" + (f"；{last}年：{row}" if row else "")


def _is_wanted(branch: Branch, before: Mapping[str, Figure]) -> bool:
    """Totals that can be computed are asked for only if last year's file stated them."""
    is_computed = all(measure.parts for measure in branch.measures())
    return not is_computed or any(before[one.path].is_stated for one in branch.measures() if one.path in before)
