"""``gov-disclosure-table``: the statutory tables of a report, as its form prescribes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import numeric

from docutils import nodes

from sphinx_govreport.core.diagnostics import Severity, listed, text
from sphinx_govreport.core.examples import year_file
from sphinx_govreport.core.forms.form import hint_about, language_of, split_names, table_key, table_keys, table_spellings
from sphinx_govreport.core.reports.quoting import WORDS
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.table import (
    CORRECTION_PREFIX,
    EXPLANATION_PREFIX,
    corrections_of,
    fits_comparison,
    note_line,
    table_ident,
    titled,
)
from sphinx_govreport.ext.log import site_rule
from sphinx_govreport.ext.lookup import BAD_OPTION, TABLE_OPTIONS, GovReportDirective, options
from sphinx_govreport.ext.nodes import NOTE, gov_table, key_attributes

NOT_COMPARABLE = site_rule(
    "not-comparable",
    "口径不可比",
    text("Two years are to be compared, but their forms count differently."),
    text("A change of the form would be mistaken for a change of the facts."),
    text("Remove the option, or choose a year with the same form."),
    files=(
        (
            "not-comparable.md",
            "# 页面\n\n```{gov-disclosure-table} requests\n:agency: 某局\n:year: 2021\n:compare: 2020\n```\n",
        ),
        ("data/bureau-2020.yaml", year_file("某局", year=2020, form=2019)),
        ("data/bureau-2021.yaml", year_file("某局", year=2021)),
    ),
    severity=Severity.WARNING,
)
UNKNOWN_TABLE = site_rule(
    "unknown-table",
    "未知的表",
    text("A directive specifies a table that no form has."),
    text("There is nothing to print."),
    text("Write proactive-disclosure, requests or reviews, or the Chinese label."),
    page="# 页面\n\n```{gov-disclosure-table} request\n:year: 2024\n```\n",
    wrong="```{gov-disclosure-table} request\n```",
    right="```{gov-disclosure-table} requests\n```",
)


class DisclosureTable(GovReportDirective):
    """One or more statutory tables of a report, as their form prescribes; without an argument all of them."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = options("year", "zero", "compare", "numbered", *TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Return the tables, each followed by its notes, explanations and corrections."""
        report = self.report(tuple(self.arguments))
        names = list(self._table_names(report)) if report else []
        zero = self._zero()
        if self.options.get("caption") and len(names) > 1:
            message = text("One caption cannot be used for {count} tables.", count=len(names))
            self.problem(BAD_OPTION, message, text("Write one directive for each table, or no caption."))
        if report is None:
            return []
        last = self._compared(report, names) if "compare" in self.options else None
        return [node for name in names for node in self._table(report, name, zero, last, single=len(names) == 1)]

    def _table_names(self, report: Report) -> Iterator[str]:
        """Return the names of the requested tables in the report's forms."""
        tables = report.tables(self.forms).values()
        known = table_spellings(tables)
        for word in dict.fromkeys(split_names(self.arguments[0], known) if self.arguments else list(report.forms)):
            if word in known:
                yield known[word]
                continue
            hint = hint_about(word, known, table_keys(tables, word))
            self.problem(UNKNOWN_TABLE, text("There is no table “{name}”.", name=word), hint)

    def _zero(self) -> str:
        """Return the text printed for 0: any text without another meaning."""
        zero = str(self.options.get("zero", "0")).strip()
        is_number = any(char.isdigit() or numeric(char, 0) for char in zero)  # 一 is one
        if zero != "0" and (is_number or not any(map(str.isalnum, zero)) or zero in map(self.render, WORDS.values())):
            message = text("“{written}” cannot be printed for 0: it means something else.", written=zero)
            self.problem(BAD_OPTION, message, text("Write a word such as 零, or leave the option out."))
            return "0"
        return zero

    def _compared(self, report: Report, names: list[str]) -> Report | None:
        """Return the report to compare with, and report tables that count differently."""
        key = report.key(self.forms)
        year = self.options["compare"].strip() or str(key.year - 1)
        if not re.fullmatch("[0-9]{4}", year):
            hint = text("Write for example “:compare: 2023”, or no year for the previous one.")
            self.problem(BAD_OPTION, text("“{written}” is not a year.", written=year), hint)
            return None
        last = self.report_of(key.agency, year, key.kind)
        changed = [name for name in names if last and last.forms.get(name) != report.forms[name]]
        keys = language_of(self.arguments[0]) if self.arguments else report.keys
        tables = listed(table_key(name, self.forms.values(), keys) for name in changed or names)
        if last and changed:
            message = text("{year} and {last} count differently: {tables}.", year=report.year, last=last.year, tables=tables)
            self.problem(NOT_COMPARABLE, message, text("They are printed without a comparison; remove the option."))
        elif last and not any(fits_comparison(report, last, self.forms, name) for name in names):
            message = text("The form of {tables} already contains last year's figures.", tables=tables)
            self.problem(NOT_COMPARABLE, message, text("Remove the option."))
        return last

    def _table(self, report: Report, name: str, zero: str, last: Report | None, *, single: bool) -> Iterator[nodes.Node]:
        """Yield a table, its notes, explanations and corrections."""
        key = report.key(self.forms)
        caption = titled(report.published_by, report.year, report.layout(name, self.forms).label)
        node = gov_table("", table=name, zero=zero, caption=caption, numbered=self.is_numbered, **key_attributes(key))
        if last and fits_comparison(report, last, self.forms, name):
            node["compare"] = last.year
        node["classes"] = list(self.options.get("class", []))
        self.set_source_info(node)
        title = self.written_caption(nodes.title) if single else None
        if label := self.options.get("name", "").strip():
            if not title:  # a link of MyST, `[](#name)`, takes its text from a child
                title = nodes.title(caption, caption)
                self.set_source_info(title)
            node["names"].append(nodes.fully_normalize_name(label if single else f"{label}-{name}"))
            self.state.document.note_explicit_target(node, node)
        node += title or []
        self._set_permanent_id(node, table_ident(key, name))
        yield node
        yield from self._lines_below(report, name, node)

    def _set_permanent_id(self, node: gov_table, ident: str) -> None:
        """Add an id to that of the label, which comes first. If the page prints the table twice, only the first has it."""
        document = self.state.document
        if ident not in document.ids:
            document.ids[ident] = node
            node["ids"].append(ident)
        elif not node["ids"]:
            document.note_implicit_target(node, node)

    def _lines_below(self, report: Report, name: str, table: gov_table) -> Iterator[nodes.Node]:
        explanations = self.domain.build.checked[report.key(self.forms)].explanations(name)
        corrections = corrections_of(report, self.forms, name)
        for source, line in (
            *((note, note_line(note)) for note in report.notes.get(name, ())),
            *((reason, f"{EXPLANATION_PREFIX}{reason}") for reason in explanations),
            *((one, f"{CORRECTION_PREFIX}{one}") for one in corrections),
        ):
            paragraph = nodes.paragraph(source, line, classes=[NOTE])
            paragraph.source, paragraph.line = table.source, table.line
            yield paragraph
