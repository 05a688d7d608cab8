"""A report as a year file that a person would write: Chinese labels as comments, rows as lists, 0 for a branch of zeros."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sphinx_govreport.core.forms.form import Form, of_kind, table_order
from sphinx_govreport.core.forms.indicators import Branch, Indicator
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.forms.same_as import FigureKey, counterparts
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.report import Report

SCHEMA = "govreport-year.schema.json"  #: what ``sphinx-govreport schema`` writes

_PLAIN = (
    r"[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9（）、，。；《》〔〕“”]*|[a-z][a-z0-9-]*|[1-9][0-9]*"  # needs no quotation marks
)
_MANY = 4  # figures without a total that still fit a line


def year_file_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """The year file of a report. Raises :class:`ValueError` for several: each has a file of its own."""
    if len(reports) != 1:
        raise ValueError("a year file has one report")
    (report,) = reports
    return "\n".join(_lines(report, forms)) + "\n"


def _lines(report: Report, forms: Mapping[str, Form]) -> Iterator[str]:
    yield from head_lines(report.published_by, report.year, report.forms)
    for table in report.forms:
        layout = report.layout(table, forms)
        yield ""
        yield from _branch(table, layout.root, report.figures[table], "", set(), is_whole=table not in report.rows)
    if report.notes:
        yield ""
        yield "notes:"
        for table, lines in report.notes.items():
            yield f"  {table}: {_text(lines[0])}" if len(lines) == 1 else f"  {table}: [{', '.join(map(_text, lines))}]"
    if report.explanations:
        yield ""
        yield "explanations:"
        yield from (f"  {_text(rule)}: {_text(reason.text)}" for rule, reason in report.explanations.items())
    if report.corrections:
        yield ""
        yield "corrections:"
        for one in report.corrections:
            yield f"  - date: {one.date}"
            yield f"    figure: {one.table}.{one.path}"
            yield f"    before: {one.before.as_yaml()}"
            yield f"    after: {one.after.as_yaml()}"
            yield f"    reason: {_text(one.reason)}"


def head_lines(agency: str, year: int, forms: Mapping[str, str]) -> Iterator[str]:
    """The top of a year file; ``forms`` are the names of the tables' forms."""
    yield f"# yaml-language-server: $schema=./{SCHEMA}"
    yield f"agency: {_text(agency)}"
    yield f"year: {year}"
    yield f"form: {_form(forms)}"


def _form(by_table: Mapping[str, str]) -> str:
    default = Counter(by_table.values()).most_common(1)[0][0]
    others = {table: form for table, form in by_table.items() if form != default}
    if not others:
        return _text(default)
    parts = (f"{table}: {_text(form)}" for table, form in others.items())
    return f"{{default: {_text(default)}, {', '.join(parts)}}}"


def _branch(
    key: str, branch: Branch, figures: Mapping[str, Figure], indent: str, told: set[str], *, is_whole: bool = True
) -> Iterator[str]:
    """A branch in the shortest way that says everything; ``told`` are the heads that a list above has named already.

    ``is_whole``: one 0 can stand for all of it, since it has no rows that only the file names.
    """
    comment = f"  # {branch.label}" if branch.label != key else ""
    key = _text(key)
    below = [figures[indicator.path] for indicator in branch.indicators()]
    if is_whole and all(figure.text == "0" and _is_bare(figure) for figure in below):
        yield f"{indent}{key}: 0{comment}"
    elif row := row_text(branch, figures):
        yield f"{indent}{key}: {row}{comment}{heads_text(branch, told) if row[0] == '[' else ''}"
    else:
        yield f"{indent}{key}:{comment}"
        for name, child in branch.children.items():
            if isinstance(child, Branch):
                if any(figures[indicator.path].is_explicit for indicator in child.indicators()):
                    yield from _branch(name, child, figures, indent + "  ", told)
            elif figures[child.path].is_explicit:
                head = f"  # {child.head}" if child.head != name else ""
                yield f"{indent}  {_text(name)}: {_figure(figures[child.path])}{head}"


def heads_text(branch: Branch, told: set[str]) -> str:
    """What the figures of a row are, in brackets, where no line above has said it; ``told`` is added to."""
    heads = "、".join(child.head for child in branch.children.values() if not (isinstance(child, Indicator) and child.is_text))
    if heads in told:
        return ""
    told.add(heads)
    return f"（{heads}）"


def row_text(branch: Branch, figures: Mapping[str, Figure]) -> str:
    """All figures in one line; empty if that would say too little or be too long."""
    indicators = [child for child in branch.children.values() if isinstance(child, Indicator)]
    if len(indicators) < len(branch.children):
        return ""
    stated = {
        name: figures[one.path] for name, one in zip(branch.children, indicators, strict=True) if figures[one.path].is_explicit
    }
    numbers = [name for name, one in zip(branch.children, indicators, strict=True) if not one.is_text]
    is_whole = [*stated] in (numbers, numbers[:-1])  # a list names its figures by their places
    if is_whole and _is_list(indicators) and all(map(_is_bare, stated.values())):
        return f"[{', '.join(map(_figure, stated.values()))}]"
    if len(indicators) <= _MANY and not any(figure.note for figure in stated.values()):
        return f"{{{', '.join(f'{_text(name)}: {_figure(figure)}' for name, figure in stated.items())}}}"
    return ""


def _is_list(indicators: Sequence[Indicator]) -> bool:
    """Whether the figures of a row are written as a list: it ends with a total, and texts may be left out."""
    figures = [indicator for indicator in indicators if not indicator.is_text]
    return bool(figures) and figures[-1].is_column_total


def _is_bare(figure: Figure) -> bool:
    return not figure.note and not figure.unit


def _figure(figure: Figure) -> str:
    written = "~" if figure.status is Status.BLANK else figure.text
    if figure.status is Status.TEXT:
        return _text(written)
    more = [f"{name}: {_text(said)}" for name, said in (("unit", figure.unit), ("note", figure.note)) if said]
    return f"{{value: {', '.join((written, *more))}}}" if more else written


def _text(written: str) -> str:
    """Plain where nobody could misread it, else in quotation marks."""
    plain = re.fullmatch(_PLAIN, written)
    return written if plain else json.dumps(written, ensure_ascii=False)


def next_year_text(last: Report, year: int, forms: Mapping[str, Form]) -> str:
    """The year file for ``year`` after the report ``last``. Raises :class:`ValueError` if no form is in force in that year."""
    by_table = _next_forms(last, year, forms)
    lines = [*head_lines(last.agency, year, by_table)]
    for table, form in by_table.items():
        layout = layout_of(forms[form].table(table), year, last.rows.get(table, ()))
        former = last.forms.get(table)
        before = last.figures[table] if form == former else {}
        same = {(table, path): (table, path) for path in before} or counterparts(by_table, last.forms, forms)
        lines += ["", *_blank_branch(table, layout.root, _known(layout, same, last, forms), before, last.year, "", set())]
    return "\n".join(lines) + "\n"


def _next_forms(last: Report, year: int, forms: Mapping[str, Form]) -> dict[str, str]:
    """The form of each table: last year's as long as it is in force, else one that is, with all of its tables."""
    in_force = [form for form in of_kind(forms.values(), last.form(forms).kind) if form.is_in_force(year)]
    chosen: dict[str, Form] = {}
    for table, name in last.forms.items():
        if forms[name] in in_force:
            chosen[table] = forms[name]
        elif form := next((form for form in in_force if table in form.table_names), None):
            chosen = dict.fromkeys(form.table_names, form) | chosen | {table: form}
    if not chosen:
        raise ValueError(f"no form is in force in {year}")
    return {table: chosen[table].name for table in table_order(chosen.values()) if table in chosen}


class Known(NamedTuple):
    """A figure that last year's report tells."""

    figure: Figure
    row: str  #: what it is called there


def _known(
    layout: TableLayout, same: Mapping[FigureKey, FigureKey], last: Report, forms: Mapping[str, Form]
) -> dict[str, Known]:
    """By key path: the figures that must equal one figure of last year's report, such as 上年结转.

    ``same``: where that report has what counts the same as a figure of this form.
    """
    known = {}
    for equation in layout.equations:
        if equation.is_at_most or len(equation.terms) != 2 or not equation.is_across_years:
            continue
        (then,) = [term for term in equation.terms if term.is_last]
        (now,) = [term for term in equation.terms if not term.is_last]
        table, path = same.get((layout.name, then.path), ("", ""))
        figure = last.figures[table][path] if table else None
        if figure and figure.status is Status.NUMBER:
            row = last.layout(table, forms).indicators[path].label.rpartition("·")[0]
            known[now.path] = Known(figure._replace(unit="", note=""), row)
    return known


def _blank_branch(
    key: str, branch: Branch, known: Mapping[str, Known], before: Mapping[str, Figure], last: int, indent: str, told: set[str]
) -> Iterator[str]:
    """A branch to be filled in; ``told`` are the heads that a line above has named already."""
    indicators = [child for child in branch.children.values() if isinstance(child, Indicator)]
    if len(indicators) < len(branch.children):
        yield f"{indent}{_text(key)}:  # {branch.label}"
        for name, child in branch.children.items():
            if isinstance(child, Indicator):
                yield f"{indent}  {_text(name)}:  # {child.head}"
            elif _is_wanted(child, before):
                yield from _blank_branch(name, child, known, before, last, indent + "  ", told)
        return
    if all(indicator.path in known for indicator in indicators):
        figures = {indicator.path: known[indicator.path].figure for indicator in indicators}
        then = known[indicators[0].path].row
        yield f"{indent}{_text(key)}: {row_text(branch, figures)}  # {branch.label}（{last}年：{then}）"
        return
    row = row_text(branch, before) if all(indicator.path in before for indicator in indicators) else ""
    label = branch.label if branch.label != key else ""
    said = label + heads_text(branch, told) + (f"；{last}年：{row}" if row else "")
    yield f"{indent}{_text(key)}:" + (f"  # {said}" if said else "")


def _is_wanted(branch: Branch, before: Mapping[str, Figure]) -> bool:
    """Totals that can be computed are asked for only if last year's file stated them."""
    is_computed = all(indicator.parts for indicator in branch.indicators())
    return not is_computed or any(before[one.path].is_explicit for one in branch.indicators() if one.path in before)
