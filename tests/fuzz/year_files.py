"""Damaged year files, and the conditions for every year file.

The figures are compared with the text by two methods that share no code with the reader: each must be written, letter by
letter, at its reported position; and a file without a finding must have the same content for PyYAML's loader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import yaml
from yaml.composer import ComposerError
from yaml.scanner import ScannerError

from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import Diagnostic, Severity, translator
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.indicators import Branch
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.packed import pack, unpack
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.html import table_content
from sphinx_govreport.core.tables.table import table_of
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters import EXPORTS
from tests.fuzz.yaml_text import mutated
from tests.published import NAMES, TABLES, published, year_file

LOCAL = (
    "form: local\nextends: '2019'\nenglish: Local\nsource: {notice: 地方格式}\nadd-rows:\n  proactive-disclosure:\n"
    "    - {after: normative-documents, key: other-documents, label: 其他主动公开文件, english: Other documents}\n"
)
SHORT = """\
agency: 某局
year: 2024
form: {default: 2021, requests: 2019}
proactive-disclosure:
  rules: {issued: {value: 22, note: 其中修订16件}, repealed: /, in-force: }
  normative-documents: [1, 2, 3]
  licensing: 12
  penalties: {decisions: 0}
  coercive-measures: 0
  fees: {amount: 0.10}
requests:
  received: [3440, 75, 0, 1, 6, 3]
  carried-in: [1, 0, 0, 0, 0, 0, 1]
  results:
    granted: 0
    partly-granted: {natural-person: 3, enterprise: 0, research-institution: 0, public-interest-organisation: 0, legal-service: 0, other: 0}
    refused: 0
    unable: 0
    not-processed: 0
    other: 0
  carried-out: 0
reviews: 0
notes: {reviews: [一, 二]}
explanations: {carried-over: 说明}
"""
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_PROPERTIES = re.compile(r"(?:(?:&[^\s,\[\]{}]+|!)\s+)*")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


@cache
def forms() -> dict[str, Form]:
    """Return the statutory forms and a local one."""
    known = statutory_forms()
    form, problems = read_form(read_source("local.yaml", LOCAL.encode()), known)
    assert form, problems
    return {**known, form.name: form}


@cache
def seeds() -> tuple[str, ...]:
    """Return year files in the style of people and of the exporter; short ones more often, because they are read faster."""
    whole = tuple(year_file(published(name)) for name in NAMES)
    brief = []
    for text in whole:
        report = read_report(read_source("a.yaml", text.encode()), forms()).report
        assert report
        brief.append(str(EXPORTS["yaml"]([report], forms())))
    local = "机关: 某局\n年度: 2020\n格式: local\n主动公开: {rules: 0, other-documents: {made: 1, disclosed: 2, total: 3}}\n依申请公开: 0\nreviews: 0\n"
    return (*(SHORT, local) * 12, *brief, *brief, *whole)


def make(rng: Random) -> bytes:
    """Return a damaged year file."""
    return mutated(rng, rng.choice(seeds()))


def check(data: bytes, *, thorough: bool = True) -> Report | None:
    """Read a year file and check all conditions. Raises :class:`AssertionError`."""
    source = read_source("data/2024.yaml", data)
    report, diagnostics = read_report(source, forms())
    check_diagnostics(diagnostics, data)
    errors = [found for found in diagnostics if found.rule.severity is Severity.ERROR]
    if report is None:
        assert errors, "no report, and nobody says why"
        return None
    check_figures(report, data.decode("utf-8-sig"), has_errors=bool(errors))
    if thorough:
        assert unpack(pack(report), forms()) == report
        if not errors:
            check_other_loader(report, data.decode("utf-8-sig"))
        check_outputs(report, has_errors=bool(errors))
    return report


def check_diagnostics(diagnostics: tuple[Diagnostic, ...], data: bytes) -> None:
    """Check that each is a sentence in both languages, at a position inside the file."""
    lines = 1 + len(re.findall(rb"\r\n|[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9]", data))
    for found in diagnostics:
        for language in ("en", "zh_CN"):
            said = found.render(translator(language))
            assert said.strip()
            assert len(said.splitlines()) == 1
            said.encode()
        assert 1 <= found.pos.line <= lines, found
        assert found.pos.column >= 1, found
    assert len(set(diagnostics)) == len(diagnostics)


def check_figures(report: Report, content: str, *, has_errors: bool) -> None:
    """Check that each figure is written at its position, or computed from its parts."""
    starts = [0, *(match.end() for match in _BREAK.finditer(content))]
    seen: set[tuple[int, int, str]] = set()
    for table, figures in report.figures.items():
        layout = layout_of(forms()[report.forms[table]].table(table))
        assert [*figures] == [*layout.indicators]
        for path, figure in figures.items():
            if figure.status is Status.INVALID:
                assert has_errors, path
                continue
            place = (figure.line, figure.column, figure.text)
            if figure.is_explicit and place in seen:
                continue
            seen.add(place)
            if figure.is_explicit:
                check_written(figure, content, starts)
            else:
                parts = [figures[part] for part in layout.indicators[path].parts]
                assert parts, path
                assert figure.value == sum((part.value or 0 for part in parts), Decimal(0)) or figure.value is None
            if figure.status is Status.NUMBER:
                assert _NUMBER.fullmatch(figure.text), figure
                assert figure.value == Decimal(figure.text), figure
                assert layout.indicators[path].signed or figure.text[0] not in "+-", figure
                assert layout.indicators[path].decimal or "." not in figure.text, figure


def check_written(figure: Figure, content: str, starts: list[int]) -> None:
    """Check that a figure was read as it is written at its position."""
    at = starts[figure.line - 1] + figure.column - 1
    at = _skipped(content, at)
    rest = content[at : at + 20_000].lstrip()  # all kinds of spaces
    if figure.status is Status.BLANK:
        return
    if rest[:1] in ("'", '"', "|", ">"):
        said = _said(rest)
        assert said == figure.text, (figure, rest[:40])
        return
    assert rest.startswith(figure.text), (figure, rest[:40])
    behind = rest[len(figure.text) :][:1]
    assert not behind or behind.isspace() or behind in ",]}:#\ufeff", (figure, rest[:40])


def _skipped(content: str, at: int) -> int:
    match = _PROPERTIES.match(content, at)
    return match.end() if match else at


def _said(rest: str) -> str:
    """Return a quoted scalar or a block, read separately."""
    if rest[0] == "'":
        match = re.match(r"'(?:[^']|'')*'", rest)
    elif rest[0] == '"':
        match = re.match(r'"(?:[^"\\]|\\.)*"', rest, re.DOTALL)
    else:
        words = rest.split()
        return words[1] if words[1:] else ""
    assert match, rest[:40]
    return str(yaml.load(match[0], yaml.BaseLoader)).strip()  # noqa: S506  (it creates only texts)


def check_other_loader(report: Report, content: str) -> None:
    """Check that a file without findings has the same content for another reader."""
    try:
        loaded = yaml.load(content, yaml.BaseLoader)  # noqa: S506
    except (ComposerError, ScannerError) as error:
        # it does not know that YAML 1.2 allows redefined anchors, and a tab after a colon
        if isinstance(error, ComposerError) or "\t" in content:
            return
        raise
    top = {"".join(str(name).split()): value for name, value in loaded.items()}
    assert (top.get("agency") or top.get("机关") or "").strip() == report.agency
    assert int(top.get("year") or top.get("年度")) == report.year
    for table in TABLES:
        layout = layout_of(forms()[report.forms[table]].table(table))
        names = {table, *_names(table)}
        (value,) = [value for name, value in top.items() if name in names]
        expected = dict(_flat(layout.root, value))
        found = {path: one.text for path, one in report.figures[table].items() if one.is_explicit}
        assert found == expected, table


def _names(table: str) -> Iterator[str]:
    from sphinx_govreport.core.forms.form import table_spellings, tables_of

    return (name for name, canonical in table_spellings(tables_of(forms().values())).items() if canonical == table)


def _flat(branch: Branch, value: Any) -> Iterator[tuple[str, str]]:
    """Return the figures of a loaded value by key path."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            child = branch.children[branch.names.get(name) or branch.names["".join(name.split())]]
            if isinstance(child, Branch):
                yield from _flat(child, below)
            else:
                written = (below.get("value") or below.get("数值") or "") if isinstance(below, Mapping) else below
                yield child.path, _text(written)
    elif isinstance(value, list):
        for indicator, one in zip(branch.indicators(), value, strict=False):
            yield indicator.path, _text((one.get("value") or one.get("数值") or "") if isinstance(one, Mapping) else one)
    else:
        stated = _text(value)
        assert stated in ("", "0")
        # of figures that are not known, there is no total; of a row of totals, only the last is one of its own figures
        indicators = tuple(branch.indicators())
        is_total = all(indicator.parts for indicator in indicators)
        computed = [one for one in indicators if (one.is_column_total if is_total else one.parts)]
        yield from ((indicator.path, stated) for indicator in indicators if stated or indicator not in computed)


def _text(written: str) -> str:
    return "" if written.strip() in ("", "~", "null") else written.strip()


def check_outputs(report: Report, *, has_errors: bool) -> None:
    """Check that all data can be checked, printed and exported, and that a rewritten file has the same content."""
    checked = check_report(report, None, forms(), {})
    for found in checked.findings:
        found.render(translator("zh_CN"))
    for name in TABLES:
        table = table_of(report, forms(), name).marked(checked.errors(name), str)
        ET.fromstring(f"<table>{table_content(table)}</table>")  # noqa: S314
    for kind in ("csv", "json", "html", "text"):
        EXPORTS[kind].encoded([report], forms())
    if not has_errors:
        again, problems = read_report(read_source("b.yaml", EXPORTS["yaml"].encoded([report], forms())), forms())
        assert again, problems
        assert _figures(again) == _figures(report)
        assert (again.agency, again.year, again.notes) == (report.agency, report.year, report.notes)


def _figures(report: Report) -> dict[str, tuple[object, ...]]:
    return {
        f"{table}.{path}": (one.status, one.value, one.text, one.unit, one.note)
        for table, figures in report.figures.items()
        for path, one in figures.items()
    }
