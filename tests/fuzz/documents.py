"""Damaged documents, and the conditions for reading them.

Three methods: a report's tables are changed cell by cell and written as a document (then the expected result is known),
the text or the parts of a document are changed by their grammar, or its bytes are changed.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from decimal import Decimal
from functools import cache
from random import Random
from typing import NamedTuple

from sphinx_govreport.core.checks.run import check_report
from sphinx_govreport.core.diagnostics import Severity, translator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.recognise.report import Imported, Wanted, import_documents
from tests.fuzz import pdf_text, yaml_text
from tests.importers import written
from tests.importers.written import SLOPPY, Cell, Rows
from tests.published import NAMES, TABLES, Published, published


class Made(NamedTuple):
    """A damaged document and, if known, its content."""

    name: str  #: of the file
    data: bytes
    source: Published | None = None  #: the report it was made from; None if its text or bytes are damaged
    changed: tuple[tuple[str, str, str], ...] = ()  #: table, key path and text of the figures that were changed


_QUICK = ("page.html", "gbk.html", "report.csv", "report.md", "stacked.txt", "tabbed.txt")
_SLOW = ("report.docx", "report.xlsx", "report.ods")
_FIGURES = (
    "0", "7", "12", "", " ", "/", "-", "——", "若干", "3 4", "12件", "12万元", "12元", "1,234", "1，234", "012", "+5", "-5", "1.50", "１２", "(12)", "12（其中3件）",
    "12(3)", "①", "Ⅲ", "二十", "0.0", "9" * 20, "NaN", "=1+1", "1e3", "<b>5</b>", "5\n6", "l2", "O", "5%", "±5", "12\u200b", "1\u00a0234", "1 234",
)  # fmt: skip
_LABELS = (
    "合计", "总计", "其他", "自然人", "行政许可", "（七）总计", "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "x", "", "小计", "备注",
    "本年制发件数", "结果维持", "2024", "行政强制", "属于国家秘密", "7.属于行政查询事项",
)  # fmt: skip


def rows_changed(rng: Random, rows: Rows) -> Rows:
    """Return a table with misplaced content."""
    rows = [list(row) for row in rows]
    luck = rng.random()
    row = rng.choice(rows)
    at = rng.randrange(len(row))
    if luck < 0.3:  # a cell
        heads = [number for number, cell in enumerate(row) if cell.is_head]
        if heads:
            at = rng.choice(heads)
            row[at] = row[at]._replace(text=rng.choice(_LABELS if rng.random() < 0.7 else _FIGURES))
    elif luck < 0.4:
        del row[at]
    elif luck < 0.5:
        row.insert(at, Cell(rng.choice((*_FIGURES, *_LABELS)), is_head=False))
    elif luck < 0.6:
        other = rng.choice([number for number, cell in enumerate(row) if cell.is_head != row[at].is_head] or [at])
        row[at], row[other] = row[other], row[at]
    elif luck < 0.7:
        rows.remove(row)
    elif luck < 0.8:
        rows.insert(rng.randrange(len(rows)), list(row))
    elif luck < 0.9:
        other = rng.randrange(len(rows))
        index = rows.index(row)
        rows[index], rows[other] = rows[other], rows[index]
    else:
        row[at] = row[at]._replace(rowspan=rng.choice((1, 2, 3, 9)), colspan=rng.choice((1, 2, 3, 9)))
    return [row for row in rows if row] or rows


def figure_changed(rng: Random, report: Published) -> tuple[Published, tuple[tuple[str, str, str], ...]]:
    """Return the report with other texts in one or two cells."""
    figures = {table: dict(of_table) for table, of_table in report.figures.items()}
    changed = []
    for _ in range(rng.choice((1, 2))):
        table = rng.choice(TABLES)
        path = rng.choice([*figures[table]])
        figures[table][path] = rng.choice(_FIGURES)
        changed.append((table, path, figures[table][path]))
    return report._replace(figures=figures), tuple(changed)


@cache
def whole(kind: str, name: str) -> bytes:
    """Return a document without damage."""
    return written.KINDS[kind](published(name), written.as_is)


@cache
def pdf(name: str) -> bytes:
    """Return the same as a PDF."""
    report = published(name)
    return pdf_text.pdf(
        written.title(report), [(written.heading(report, table), written.rows_of(report, table)) for table in TABLES]
    )


def make(rng: Random) -> Made:
    """Return a damaged document."""
    luck = rng.random()
    if luck < 0.45:
        return _of_cells(rng)
    name = rng.choice(NAMES)
    if luck < 0.5:
        return Made("a.csv", _records(rng, name))
    if luck < 0.505:
        return Made("a.pdf", _bytes_changed(rng, pdf(name)))
    kind = rng.choice(_QUICK if luck < 0.9 else _SLOW)
    body = whole(kind, name)
    if kind in _SLOW:
        return Made(kind, _part_changed(rng, body) if rng.random() < 0.7 else _bytes_changed(rng, body))
    if rng.random() < 0.3:
        return Made(kind, _bytes_changed(rng, body))
    return Made(kind, _text_changed(rng, body))


def _of_cells(rng: Random) -> Made:
    report = published(rng.choice(NAMES))
    sloppy = rng.choice([*SLOPPY.values()])
    kind = rng.choice(_QUICK if rng.random() < 0.97 else _SLOW)
    if rng.random() < 0.4:
        other, changed = figure_changed(rng, report)
        return Made(kind, written.KINDS[kind](other, sloppy), report, changed)
    wanted = rng.randrange(3)
    count = 0

    def one(rows: Rows) -> Rows:
        nonlocal count
        count += 1
        return rows_changed(rng, sloppy(rows)) if count - 1 == wanted else sloppy(rows)

    try:
        return Made(kind, written.KINDS[kind](report, one), report)
    except Exception:  # noqa: BLE001  (the tests' writers do not accept every table: then it is an HTML page)
        return Made("page.html", written.html(report, lambda rows: rows_changed(rng, rows)), report)


def _records(rng: Random, name: str) -> bytes:
    from tests.fuzz.year_files import forms
    from tests.published import year_file

    report = read_report(read_source("a.yaml", year_file(published(name)).encode()), forms()).report
    assert report
    text = str(EXPORTS["csv"]([report], forms()))
    for _ in range(rng.randrange(1, 4)):
        if rng.random() < 0.4:
            text = yaml_text.replaced(
                rng,
                text,
                re.compile(r"(?<=,)[^,\n]*(?=,)"),
                lambda _old: rng.choice((*_FIGURES, "2019", "requests", '"', "x" * 200_000)),
            )
        else:
            text = rng.choice(yaml_text.MUTATORS)(rng, text)
    return yaml_text.encoded(rng, text)


_TAGS = (
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td rowspan=3>", '<td colspan="999999999999">', "<td rowspan=0 colspan=-1>", "<!--", "-->", "<script>",
    "<style>", "<br>", "<p hidden>", "<div style='display:none'>", "<data value=7>", "<data value=七>零</data>", "<sup class='gov-mark'>", "<![CDATA[", "<?x?>", "&#0;",
    "&#xd800;", "&nbsp;", "&lt;", "<b" * 300, "<div>" * 3000, "|", "||", "---", "\n\n", "\t", "```", "    ", "<base href=//x>", "<meta charset=big5>", "<plaintext>",
    "<svg><td>7</td></svg>", "<template>", "<select><option>7", "<caption>", "<colgroup span=9>",
)  # fmt: skip


def _text_changed(rng: Random, body: bytes) -> bytes:
    encoding = "utf-16" if body.startswith(b"\xff\xfe") else "gb18030" if _is_gbk(body) else "utf-8"
    text = body.decode(encoding)
    for _ in range(rng.randrange(1, 6)):
        luck = rng.random()
        at = rng.randrange(len(text) + 1)
        if luck < 0.4:
            text = text[:at] + rng.choice(_TAGS) + text[at + rng.choice((0, 0, 1, 9)) :]
        elif luck < 0.6:
            text = yaml_text.replaced(rng, text, re.compile(r"(?<=[>|\t,])\d+(?=[<|\n,])"), lambda _old: rng.choice(_FIGURES))
        elif luck < 0.7:
            end = min(len(text), at + rng.randrange(2000))
            text = text[:end] + text[at:end] + text[end:]
        elif luck < 0.8:
            text = text[:at] + text[at + rng.randrange(2000) :]
        else:
            text = rng.choice(yaml_text.MUTATORS)(rng, text)
    return text.encode(encoding if rng.random() < 0.95 else "utf-8", "replace")


def _is_gbk(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _bytes_changed(rng: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randrange(1, 20)):
        at = rng.randrange(len(changed) + 1)
        changed[at : at + rng.randrange(30)] = bytes(rng.randrange(256) for _ in range(rng.randrange(10)))
    return bytes(changed[: rng.randrange(len(changed) + 1)] if rng.random() < 0.1 else changed)


_XML = (
    'w:val="999999"',
    "<w:tc>",
    "</w:tc>",
    "<w:tr/>",
    '<c r="A1"><v>1</v></c>',
    '<c r="ZZZ9999999"><v>1</v></c>',
    "<v>1e308</v>",
    "<v>NaN</v>",
    "&#1;",
    "<a/>",
    '" x="',
)


def _part_changed(rng: Random, body: bytes) -> bytes:
    """Return a part of a zipped document with other numbers, tags or a missing end."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(file, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as new,
    ):
        names = old.namelist()
        wanted = rng.choice(
            [name for name in names if "document.xml" in name or "sheet1" in name or "content.xml" in name] or names
        )
        wanted = wanted if rng.random() < 0.8 else rng.choice(names)
        for name in names:
            part = old.read(name)
            if name == wanted:
                text = part.decode("utf-8", "replace")
                for _ in range(rng.randrange(1, 5)):
                    at = rng.randrange(len(text) + 1)
                    luck = rng.random()
                    if luck < 0.5:
                        text = yaml_text.replaced(
                            rng,
                            text,
                            re.compile(r"(?<=[\">])\d+(?=[\"<])"),
                            lambda _old: rng.choice((*_FIGURES[:12], "99999999", "-1")),
                        )
                    elif luck < 0.8:
                        text = text[:at] + rng.choice(_XML) + text[at:]
                    else:
                        text = text[:at] + text[at + rng.randrange(300) :]
                part = text.encode("utf-8", "replace")
            new.writestr(name if rng.random() < 0.99 else f"../{name}", part)
    return file.getvalue()


# conditions -------------------------------------------------------------------------------------------------------


def check(made: Made, *, thorough: bool = True) -> None:
    """Read a document and check all conditions. Raises :class:`AssertionError`."""
    forms = statutory_forms()
    read = import_documents(made.name, made.data, forms, Wanted())
    found = [finding for one in read for finding in one.findings]
    for finding in found:
        for language in ("en", "zh_CN"):
            assert finding.render(translator(language)).strip()
    for one in read:
        again = _check_report(one)
        if made.source and one.report:
            checked = check_report(again, None, forms, {}).findings if again else ()
            if not any(finding.rule.severity is not Severity.HINT for finding in (*found, *checked)):
                _check_against(one.report, made)


def _check_report(one: Imported) -> Report | None:
    """Check the report, and return it as it is read from its year file."""
    report = one.report
    if report is None:
        return None
    forms = statutory_forms()
    for table, figures in report.figures.items():
        indicators = layout_of(forms[report.forms[table]].table(table)).indicators
        assert [*figures] == [*indicators]
        for path, figure in figures.items():
            if figure.status is Status.INVALID:
                assert not figure.is_explicit
                continue
            if figure.status is Status.NUMBER:
                assert figure.value == Decimal(figure.text)
                assert indicators[path].signed or figure.text[0] not in "+-"
                assert indicators[path].decimal or "." not in figure.text
                assert not one.readings or figure.text in _plain(one.readings[table].figures[path].cell.text)
    text = EXPORTS["yaml"].encoded([report], forms)
    again, problems = read_report(read_source("b.yaml", text), forms)
    syntax = [
        str(problem)
        for problem in problems
        if problem.rule.name in ("yaml-syntax", "duplicate-key", "unknown-key", "bad-number")
    ]
    assert not syntax, syntax
    if again:
        assert again.agency == report.agency
        for table, figures in report.figures.items():
            for path, figure in figures.items():
                if figure.status is Status.NUMBER:
                    assert again.figures[table][path].text == figure.text, path
    if one.document:
        page_text(one, forms, with_roles=True)
    return again


def _plain(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", cell).replace(",", "").replace("−", "-").replace("–", "-")
    return "".join(plain.split()).replace("\u200b", "")


def _check_against(report: Report, made: Made) -> None:
    """Check that every figure that is neither the published nor the changed one has a finding of the reader or the checks."""
    assert made.source
    changed = {(table, path): text for table, path, text in made.changed}
    for table, figures in report.figures.items():
        for path, figure in figures.items():
            expected = changed.get((table, path), made.source.figures[table][path])
            if figure.is_explicit and figure.status is Status.NUMBER:
                assert figure.text in _plain(expected), (table, path, figure.text, expected)
