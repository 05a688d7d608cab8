"""The text of a published report as a Markdown page: directives replace the tables, roles replace the figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from sphinx_govreport.core.characters import without_breaks
from sphinx_govreport.core.checks.publication import PUBLISHED_FIELD
from sphinx_govreport.core.checks.signature import SIGNED_FIELD, read_date
from sphinx_govreport.core.forms.equations import terms_of
from sphinx_govreport.core.forms.form import Form, FormTable, Section, did_you_mean, table_key
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.markdown import escaped, front_matter, table_directive
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.tables.table import FORM_PREFIX, report_title, titled

from .document import Grid, Paragraph, Part
from .labels import key_of, plain
from .recognise.report import Imported
from .recognise.title import titles_in, titles_of

_PART = re.compile(r"[(（][一二三四五六七八九十]+[)）]")
_BEGINNING = re.compile(
    r"[（(]?[一二三四五六七八九十\d]+[)）、.．]|第.{1,3}[章节条部]|[表图注]\s*\d|(?:说明|备注|附注|注|附件)[：:]|[-*•●·]"
)
_FULL_LINE = 18  # minimum number of characters of a full line
_MAX_HEADING = 30  # characters of a heading within a section
#: a line of our own pages: the day, optionally with the time
_PUBLISHED = re.compile(r"发布日期[：:]\s*([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)(?: ([0-9]{2}:[0-9]{2}))?")
_FOOTER = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|主办单位|承办单位|技术支持|上一篇|下一篇|打印本页|关闭窗口|扫一扫|分享到"
)
_NUMBER = re.compile(r"(?<![\d.．,，/])\d{3,}(?:\.\d+)?(?![\d.．/]|,\d|[年月日号%％])")


def page_text(imported: Imported, forms: Mapping[str, Form], *, with_roles: bool = False) -> str:
    """Return the page of an imported report. ``with_roles`` replaces numbers that match one figure of the report by roles."""
    report, document = imported.report, imported.document
    assert report
    assert document
    own = _of_report(document.parts, titles_of(forms.values()))
    parts, days = _without_days(own if document.has_lines else _lines_of(own), report.agency)
    lines = [front_matter(report.agency, report.year, report.key(forms).other_kind, days)]
    lines += [f"# {escaped(report_title(report, forms))}", ""]
    tables = {id(grid): name for name, reading in imported.readings.items() for grid in reading.grids}
    page = _PageWriter(report, forms, tables, with_roles=with_roles)
    for part in _unwrapped(parts) if document.has_lines else parts:
        lines.extend(page.part(part))
    lines.extend(page.rest())
    return "\n".join(lines).rstrip() + "\n"


def _of_report(parts: tuple[Part, ...], titles: frozenset[str]) -> Iterator[Part]:
    """Return the document from the report's title to the portal's footer."""
    above = [part for part in takewhile(lambda part: isinstance(part, Paragraph), parts) if isinstance(part, Paragraph)]
    start = max((one.end for one in titles_in(above, titles)), default=0)
    has_ended = False
    for number, part in enumerate(parts[start:], start=start):
        has_ended = has_ended or (isinstance(part, Paragraph) and number > len(above) and bool(_FOOTER.search(part.text)))
        if not has_ended:
            yield part


def _lines_of(parts: Iterable[Part]) -> Iterator[Part]:
    """Return the document with each line as a paragraph."""
    for part in parts:
        yield from (part._replace(text=line) for line in part.text.split("\n")) if isinstance(part, Paragraph) else (part,)


def _without_days(parts: Iterable[Part], agency: str) -> tuple[list[Part], dict[str, str]]:
    """Return the document without the date below the title and the signature after the tables, and fields with their values.

    Only an agency's name on a line with a date on the next is treated as a signature.
    """
    left = [part for part in parts if not isinstance(part, Paragraph) or part.text.strip()]
    lines = ["" if isinstance(part, Grid) else part.text.strip() for part in left]
    days: dict[str, str] = {}
    found = _PUBLISHED.fullmatch(lines[0]) if lines else None
    if found and (day := read_date(found[1])):
        days[PUBLISHED_FIELD] = " ".join(filter(None, (day.isoformat(), found[2])))
    is_shown = len(days)
    for at in range(len(left) - 2, max((at for at, part in enumerate(left) if isinstance(part, Grid)), default=0), -1):
        if "".join(lines[at].split()) == "".join(agency.split()) and (day := read_date("".join(lines[at + 1].split()))):
            days[SIGNED_FIELD] = day.isoformat()
            del left[at : at + 2]
            break
    return left[is_shown:], days


def _unwrapped(parts: Iterable[Part]) -> Iterator[Part]:
    """Return the document with lines of a sentence joined into one paragraph if they were broken because they were full."""
    last: Part | None = None
    for part in parts:
        if isinstance(last, Paragraph) and isinstance(part, Paragraph) and _goes_on(last, part):
            last = part._replace(text=without_breaks(f"{last.text}\n{part.text}"))
            continue
        if last:
            yield last
        last = part
    if last:
        yield last


def _goes_on(last: Paragraph, part: Paragraph) -> bool:
    """Return whether a paragraph is the rest of a sentence that begins in the one above it."""
    is_text = not (last.is_in_grid or last.level or part.is_in_grid or part.level)
    is_broken = len(last.text) >= _FULL_LINE and not last.text.endswith((*"。！？；：.!?;:", "。”", "。）"))
    return is_text and part.line - last.line in (0, 1) and is_broken and not _BEGINNING.match(part.text)


class _PageWriter:
    """Writes one part after another and remembers which tables are printed."""

    def __init__(self, report: Report, forms: Mapping[str, Form], tables: Mapping[int, str], *, with_roles: bool) -> None:
        self.report = report
        self.forms = forms
        self.tables = tables
        self.printed: list[str] = []
        self.titles = {key_of(titled(report.agency, report.year, table.label)) for table in report.tables(forms).values()}
        self.notes = {plain(note) for notes in report.notes.values() for note in notes}
        self.numbered = {one.title[:2]: one.names for one in report.form(forms).sections}
        self.roles = _Roles(report, forms) if with_roles else None

    def part(self, part: Part) -> Iterator[str]:
        if isinstance(part, Grid):
            name = self.tables.get(id(part))
            if name is None:
                yield from _markdown_table(part) if len(part.rows) > 1 else ()  # a single row is a portal's menu
            elif name not in self.printed:
                self.printed.append(name)
                yield from self._directive(name)
        else:
            yield from self._paragraph(part.text.strip())

    def rest(self) -> Iterator[str]:
        """Yield the tables that have no position in the text, as in a workbook."""
        for name in self.report.forms:
            if name not in self.printed:
                yield from self._directive(name)

    def _paragraph(self, written: str) -> Iterator[str]:
        note = plain(written).partition(":")[2]
        if section := _section(written, self.report.form(self.forms)):
            yield from (f"## {escaped(section.title)}", "")
        elif key_of(written) in self.titles or note in self.notes or written.startswith(FORM_PREFIX):
            return
        elif _PART.match(written) and len(written) <= _MAX_HEADING and not written.endswith(("。", "；", "，")):
            yield from (f"### {escaped(written)}", "")
        elif len(written) <= _MAX_HEADING and did_you_mean(written, self.numbered.get(written[:2], ())):
            yield from (f"## {escaped(written)}", "")  # in other words than prescribed, which the check reports
        else:
            yield from (self.roles.quoted(written) if self.roles else escaped(written), "")

    def _directive(self, name: str) -> tuple[str, ...]:
        key = table_key(name, self.forms.values(), self.report.keys)
        return table_directive(key)


def _section(written: str, form: Form) -> Section | None:
    if len(written) > 2 * _MAX_HEADING:
        return None
    return next((one for one in form.sections if key_of(written) in map(key_of, (one.title, *one.names))), None)


def _markdown_table(grid: Grid) -> Iterator[str]:
    """Yield another table of the report, as far as Markdown can represent it."""
    for number, cells in enumerate(grid.rows):
        texts = (
            escaped(without_breaks(cell.shown)) if cell and (cell.row, cell.column) == (number, at) else ""
            for at, cell in enumerate(cells)
        )
        yield f"| {' | '.join(texts)} |"
        if not number:
            yield f"|{' --- |' * len(cells)}"
    yield ""


class _Roles:
    """Matches the numbers in a sentence with figures."""

    def __init__(self, report: Report, forms: Mapping[str, Form]) -> None:
        self.report = report
        self.forms = forms
        self.tables = report.tables(forms)
        by_text: dict[str, list[str]] = {}
        for table, figures in report.figures.items():
            for path, figure in figures.items():
                if figure.status is Status.NUMBER and figure.is_explicit:
                    by_text.setdefault(figure.text, []).append(report.figure_name(table, path, forms))
        self.unique = {written: paths[0] for written, paths in by_text.items() if len(paths) == 1}

    def quoted(self, written: str) -> str:
        """Return the sentence with roles: for figures whose wording the form gives, and for unique numbers."""
        found = {match.span(): path for match in _NUMBER.finditer(written) if (path := self.unique.get(match[0]))}
        found |= dict(self._by_phrases(written))
        parts: list[str] = []
        at = 0
        for (start, end), path in sorted(found.items()):
            if start >= at:
                parts += [escaped(written[at:start]), f"{{gov-figure}}`{path}`"]
                at = end
        return "".join((*parts, escaped(written[at:])))

    def _by_phrases(self, written: str) -> Iterator[tuple[tuple[int, int], str]]:
        for table, form in self.tables.items():
            for phrase in form.phrases:
                for match in re.finditer(phrase.pattern, written):
                    path = self._meant(table, form, phrase.figures, match[1]) if match.groups() else None
                    if path:
                        yield match.span(1), path

    def _meant(self, table: str, form: FormTable, sides: tuple[str, ...], number: str) -> str | None:
        indicators = layout_of(form).indicators
        for side in sides:
            terms = terms_of(side, indicators)
            figure = self.report.figures[table][terms[0].path]
            if len(terms) == 1 and figure.is_explicit and figure.text == number and figure.status is Status.NUMBER:
                return self.report.figure_name(table, terms[0].path, self.forms)
        return None
