"""A report as a year file that a person would write: Chinese labels as comments, rows as lists, 0 for a branch of zeros."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sphinx_govreport.core.checks.registry import figure_rules
from sphinx_govreport.core.checks.values import rule_key
from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.core.forms.form import Form, Keys, each_row, of_kind, table_key, table_order
from sphinx_govreport.core.forms.indicators import Branch, Indicator
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.forms.same_as import FigureKey, counterparts
from sphinx_govreport.core.reports.figures import NOT_STATED, Figure, Status
from sphinx_govreport.core.reports.keys import DEFAULT_KEY, TOP_KEYS, written_key, yaml_text
from sphinx_govreport.core.reports.report import Report, correction_lines

from . import CannotHold

SCHEMA = "govreport-year.schema.json"  #: output of ``sphinx-govreport schema``

_PARTING = "；"
_TO_FILL = Figure(Status.BLANK, None, "", 0, 0)
_MANY = 4  # maximum number of figures without a total that are written on one line


def year_file_text(reports: Sequence[Report], forms: Mapping[str, Form]) -> str:
    """Return the year file of a report, with keys in the report's language.

    Raises :class:`.CannotHold` for several reports: each has a separate file.
    """
    if len(reports) != 1:
        raise CannotHold(text("A year file contains one report; specify one file."))
    (report,) = reports
    return "\n".join(_YearFileWriter(forms, report.keys).report(report)) + "\n"


class _Known(NamedTuple):
    """A figure that is known from last year's report."""

    figure: Figure
    row: str  #: its row there


class _LastYear(NamedTuple):
    """Last year's figures, written as comments after the rows of a table."""

    year: int
    figures: Mapping[str, Figure]
    known: Mapping[str, _Known]


class _YearFileWriter:
    """Writes year files with keys in one language."""

    def __init__(self, forms: Mapping[str, Form], keys: Keys) -> None:
        self.forms = forms
        self.keys: Keys = keys
        self.last: _LastYear | None = None
        self.told: set[str] = set()  #: column headers that a row above has already named

    def top(self, key: str) -> str:
        return written_key(key, TOP_KEYS, self.keys)

    def table(self, name: str) -> str:
        return yaml_text(table_key(name, self.forms.values(), self.keys))

    def head(self, agency: str, year: int, forms: Mapping[str, str]) -> Iterator[str]:
        """Yield the beginning of a file; ``forms`` are the names of the tables' forms."""
        yield f"# yaml-language-server: $schema=./{SCHEMA}"
        yield f"{self.top('agency')}: {yaml_text(agency)}"
        yield f"{self.top('year')}: {year}"
        yield f"{self.top('form')}: {self.form(forms)}"

    def form(self, by_table: Mapping[str, str]) -> str:
        default = Counter(by_table.values()).most_common(1)[0][0]
        others = {table: form for table, form in by_table.items() if form != default}
        if not others:
            return yaml_text(default)
        parts = (f"{self.table(table)}: {yaml_text(form)}" for table, form in others.items())
        return f"{{{written_key('default', DEFAULT_KEY, self.keys)}: {yaml_text(default)}, {', '.join(parts)}}}"

    def report(self, report: Report) -> Iterator[str]:
        yield from self.head(report.published_by, report.year, report.forms)
        for table in report.forms:
            root = report.layout(table, self.forms).root
            yield ""
            yield from self.branch(self.table(table), root, report.figures[table], "", is_whole=table not in report.rows)
        if report.notes:
            yield ""
            yield f"{self.top('notes')}:"
            for table, lines in report.notes.items():
                said = yaml_text(lines[0]) if len(lines) == 1 else f"[{', '.join(map(yaml_text, lines))}]"
                yield f"  {self.table(table)}: {said}"
        if report.explanations:
            rules = figure_rules()
            yield ""
            yield f"{self.top('explanations')}:"
            for name, reason in report.explanations.items():
                yield f"  {yaml_text(rule_key(rules[name], self.keys) if name in rules else name)}: {yaml_text(reason.text)}"
        if report.corrections:
            yield ""
            yield f"{self.top('corrections')}:"
            for one in report.corrections:
                figure, date = report.figure_name(one.table, one.path, self.forms), one.date.isoformat()
                told = correction_lines(date, figure, one.before, one.after, yaml_text(one.reason), self.keys)
                yield f"  - {next(told)}"
                yield from (f"    {line}" for line in told)

    def branch(
        self, key: str, branch: Branch, figures: Mapping[str, Figure], indent: str, *, is_whole: bool = True
    ) -> Iterator[str]:
        """Yield the shortest complete YAML for a branch.

        ``is_whole``: one 0 can stand for the whole branch, because it has no rows that only the file names.
        """
        comment = f"  # {branch.label}" if yaml_text(branch.label) != key else ""
        below = [figures[one.path] for one in branch.indicators() if not one.is_text or figures[one.path].is_explicit]
        if is_whole and not self.last and all(figure.text == "0" and _is_bare(figure) for figure in below):
            yield f"{indent}{key}: 0{comment}"
        elif row := self.row(branch, figures):
            last = self.remark(branch)
            heads = self.heads(branch, row) if row[0] == "[" and not last.startswith("（") else ""
            remark = heads + last
            if remark and not comment:
                remark = f"  # {remark.lstrip(_PARTING)}"
            yield f"{indent}{key}: {row}{comment}{remark}"
        else:
            yield f"{indent}{key}:{comment}"
            for name, child in branch.children.items():
                own = yaml_text(branch.key(name, self.keys))
                if isinstance(child, Branch):
                    if any(figures[indicator.path].is_explicit for indicator in child.indicators()):
                        yield from self.branch(own, child, figures, indent + "  ")
                elif figures[child.path].is_explicit:
                    remarks = _PARTING.join(self.remarks(child, own))
                    yield f"{indent}  {own}: {self.figure(figures[child.path])}{f'  # {remarks}' if remarks else ''}"

    def remarks(self, indicator: Indicator, key: str) -> Iterator[str]:
        """Yield the comments after a figure on its own line: its header if that is not its ``key``, and last year's figure."""
        if yaml_text(indicator.head) != key:
            yield indicator.head
        if self.last and (figure := self.last.figures.get(indicator.path, NOT_STATED)).is_explicit:
            yield f"{self.last.year}年：{self.figure(figure)}"

    def heads(self, branch: Branch, row: str) -> str:
        """Return the column headers of a list in brackets, unless a line above already has them."""
        heads = "、".join(figure.head for figure in branch.numbers[: row.count(",") + 1])
        if heads in self.told:
            return ""
        self.told.add(heads)
        return f"（{heads}）"

    def remark(self, branch: Branch) -> str:
        """Return the comment after the label of a row in a new file: last year's figures, or the source of the figures."""
        if self.last is None:
            return ""
        year, figures, known = self.last
        numbers = [indicator.path for indicator in branch.numbers]
        if all(path in known for path in numbers):
            return f"（{year}年：{known[numbers[0]].row}）" if numbers else ""
        row = self.row(branch, figures) if all(indicator.path in figures for indicator in branch.figures) else ""
        return f"{_PARTING}{year}年：{row}" if row else ""

    def row(self, branch: Branch, figures: Mapping[str, Figure]) -> str:
        """Return all figures on one line, or an empty string if that would be ambiguous or too long."""
        indicators = branch.figures
        if len(indicators) < len(branch.children):
            return ""
        written = {
            name: figures[one.path]
            for name, one in zip(branch.children, indicators, strict=True)
            if figures[one.path].is_explicit
        }
        numbers = [name for name, one in zip(branch.children, indicators, strict=True) if not one.is_text]
        is_whole = [*written] in (numbers, numbers[:-1], [*branch.children])  # in a list, the position identifies the figure
        if is_whole and branch.ends_with_total and all(map(_is_bare, written.values())):
            return f"[{', '.join(map(self.figure, written.values()))}]"
        if len(indicators) <= _MANY and not any(figure.note for figure in written.values()):
            pairs = (f"{yaml_text(branch.key(name, self.keys))}: {self.figure(figure)}" for name, figure in written.items())
            return f"{{{', '.join(pairs)}}}"
        return ""

    def figure(self, figure: Figure) -> str:
        return yaml_text(figure.text) if figure.status is Status.TEXT else figure.as_yaml(self.keys)


def _is_bare(figure: Figure) -> bool:
    return not figure.note and not figure.unit


def blank_report(agency: str, year: int, form: Form, keys: Keys) -> Report:
    """Return a report in which nothing is filled in; totals are left to be computed."""
    rows = {table.name: (each.label,) for table in form.tables if (each := each_row(table))}
    forms = dict.fromkeys(form.table_names, form.name)
    figures = {
        table.name: {
            path: NOT_STATED if indicator.is_computed else _TO_FILL
            for path, indicator in layout_of(table, year, rows.get(table.name)).indicators.items()
        }
        for table in form.tables
    }
    return Report(agency, year, "", "", forms, figures, {}, {}, rows=rows, keys=keys)


def next_year_text(last: Report, year: int, forms: Mapping[str, Form], keys: Keys) -> str:
    """Return the year file for ``year``, based on the report ``last``: known figures are filled in, the others left blank.

    Last year's figures are comments after each row. Raises :class:`ValueError` if no form is in force in that year.
    """
    by_table = _next_forms(last, year, forms)
    writer = _YearFileWriter(forms, keys)
    lines = [*writer.head(last.agency, year, by_table)]
    for table, form in by_table.items():
        each = None if table in last.forms else each_row(forms[form].table(table))  # its name is to be replaced
        layout = layout_of(forms[form].table(table), year, (each.label,) if each else last.rows.get(table, ()))
        before = last.figures[table] if form == last.forms.get(table) else {}
        same = {(table, path): (table, path) for path in before} or counterparts(by_table, last.forms, forms)
        known = _known(layout, same, last, forms) if year == last.year + 1 else {}
        wanted = _wanted(layout, before)
        figures = {
            path: known[path].figure if path in known else _TO_FILL if path in wanted else NOT_STATED
            for path in layout.indicators
        }
        writer.last = _LastYear(last.year, before, known)
        lines += ["", *writer.branch(writer.table(table), layout.root, figures, "")]
    return "\n".join(lines) + "\n"


def _wanted(layout: TableLayout, before: Mapping[str, Figure]) -> set[str]:
    """Return the key paths of the figures to be filled in.

    Totals that can be computed are included only if last year's file stated such a total: those at the ends of rows, or a row
    of them.
    """
    computed = {path for path, indicator in layout.indicators.items() if indicator.parts}
    rows = {path.rpartition(".")[0] for path, one in layout.indicators.items() if not one.is_text and path not in computed}
    # one 0 may stand for a whole branch, with its totals
    stated = {path for path in computed if path in before and before[path].is_explicit and before[path].value}
    stated_rows = {path.rpartition(".")[0] for path in stated}
    has_ends = any(path.rpartition(".")[0] in rows for path in stated)
    left_out = {path for path in computed if layout.indicators[path].is_column_total and not has_ends}
    wanted_rows = rows | stated_rows
    wanted = {path for path, one in layout.indicators.items() if not one.is_text and path.rpartition(".")[0] in wanted_rows}
    return wanted - left_out


def _next_forms(last: Report, year: int, forms: Mapping[str, Form]) -> dict[str, str]:
    """Return the form of each table: last year's while it is in force, else one that is in force, with all of its tables.

    If none of the tables goes on, the form is the last that is in force.
    """
    in_force = [form for form in of_kind(forms.values(), last.form(forms).kind) if form.is_in_force(year)]
    chosen: dict[str, Form] = {}
    for table, name in last.forms.items():
        if forms[name] in in_force:
            chosen[table] = forms[name]
        elif form := next((form for form in in_force if table in form.table_names), None):
            chosen = dict.fromkeys(form.table_names, form) | chosen | {table: form}
    if not in_force:
        raise ValueError(f"no form is in force in {year}")
    chosen = chosen or dict.fromkeys(in_force[-1].table_names, in_force[-1])  # of other tables
    return {table: chosen[table].name for table in table_order(chosen.values()) if table in chosen}


def _known(
    layout: TableLayout, same: Mapping[FigureKey, FigureKey], last: Report, forms: Mapping[str, Form]
) -> dict[str, _Known]:
    """Return, by key path, the figures that must equal one figure of last year's report, such as 上年结转.

    ``same``: where that report has the figure that counts the same as a figure of this form.
    """
    known = {}
    for equation in layout.equations:
        if not equation.carried:
            continue
        then, now = equation.carried
        table, path = same.get((layout.name, then.path), ("", ""))
        figure = last.figures[table][path] if table else None
        if figure and figure.status is Status.NUMBER:
            row = last.layout(table, forms).indicators[path].label.rpartition("·")[0]
            known[now.path] = _Known(figure._replace(unit="", note=""), row)
    return known
