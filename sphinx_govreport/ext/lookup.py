"""Shared by directives and roles: finds the report that they refer to, and reports findings at their line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import OptionSpec

from sphinx_govreport.core.characters import cleaned, is_clean
from sphinx_govreport.core.checks.page import check_front_matter, line_of_field
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Text, listed, rendered, text, translator
from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.library.library import Library
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.yaml.source import invisible
from sphinx_govreport.ext.doctree_tables import simple_group
from sphinx_govreport.ext.domain.domain import GovDomain, ListQuery, Lookup, domain_of
from sphinx_govreport.ext.log import report_on_page, site_rule
from sphinx_govreport.ext.nodes import gov_small_table
from sphinx_govreport.ext.pages import AGENCY_FIELD, KIND_FIELD, YEAR_FIELD, PageReading, fields_at, fields_of_line

BAD_OPTION = site_rule(
    "bad-option",
    "选项有误",
    text("An option of a directive has an invalid value."),
    text("The directive would have to guess what to print."),
    text("Write one of the values that the message lists."),
    page="# 页面\n\n```{gov-disclosure-table} requests\n:year: 2024\n:zero: /\n```\n",
    wrong=":zero: /",
    right=":zero: 零",
)

UNKNOWN_FIGURE = site_rule(
    "unknown-figure",
    "未知的数据",
    text("A quotation refers to a figure that the form of the report does not have."),
    text("The sentence would be published without its number."),
    text("Write the whole key path; the message suggests the closest one."),
    page="# 页面\n\n新收 {gov-figure}`2024: requests.recieved.total` 件。\n",
    wrong="{gov-figure}`requests.received.sum`",
    right="{gov-figure}`requests.received.total`",
)

UNKNOWN_REPORT = site_rule(
    "unknown-report",
    "未知的年报",
    text("A page asks for a report for which there is no year file."),
    text("The page would be published without its tables."),
    text("Check govreport-year and govreport-agency at the top of the page; the message lists the available reports."),
    page="# 页面\n\n```{gov-disclosure-table} requests\n:year: 2034\n```\n",
    wrong="govreport-year: 2031",
    right="govreport-year: 2024",
)


class ReportLookupMixin:
    """Shared by directives and roles: finds the page's report, and reports findings at their line."""

    if TYPE_CHECKING:  # both inherit them from Sphinx, or define them

        @property
        def env(self) -> BuildEnvironment: ...
        @property
        def config(self) -> Config: ...
        def get_location(self) -> str: ...
        def page(self) -> nodes.document: ...  # that is being read
        def get_source_info(self) -> tuple[Any, Any]: ...

    @property
    def domain(self) -> GovDomain:
        """The domain."""
        return domain_of(self.env)

    @property
    def library(self) -> Library:
        """All reports of the site."""
        return self.domain.build.library

    @property
    def forms(self) -> Mapping[str, Form]:
        """The forms of the site by name."""
        return self.library.forms

    def fields(self) -> dict[str, str]:
        """Return the fields that apply here: those of the page, or of a file that it includes."""
        return fields_of_line(self.env, self.page(), *self.get_source_info())

    def problem(self, rule: Rule, message: Text, hint: Text | None = None, line: int = 0) -> None:
        """Report a finding once, here or in the ``line`` of a field: Sphinx parses translations twice. Read the page again."""
        faulty, docname = self.domain.faulty, self.env.docname
        location = f"{self.env.doc2path(docname)}:{line}" if line else self.get_location()
        told = PageReading.of(self.env).told
        if (message, location) not in told:
            told.add((message, location))
            source, number = self.get_source_info()
            pos = Pos(source or "", line or number or 0)
            faulty[docname] = (*faulty.get(docname, ()), Diagnostic(rule, pos, message, hint))
            report_on_page(rule, message, hint, location, self.config.language)

    def clean(self, raw: str) -> str:
        """Remove invisible characters from the author's text, and report them."""
        if not is_clean(raw):
            found = invisible(Pos(""), raw)
            self.problem(found.rule, found.message, found.hint)
        return cleaned(raw)

    def render(self, shown: str | Text) -> str:
        """Return a text in the site's language."""
        return rendered(shown, translator(self.config.language))

    def page_year(self) -> str:
        """Return the year at the top of the page; empty if there is none."""
        return self.fields().get(YEAR_FIELD, "").strip()

    def agency(self, named: str) -> str:
        """Return the agency specified here, else by the page, else in the configuration; empty: the only one."""
        return str(named or self.fields().get(AGENCY_FIELD, "")).strip() or str(self.config.govreport_agency)

    def report_kind(self, named: str) -> str:
        """Return the kind of report specified here, else by the page; empty: see :meth:`.Library.kind_of`."""
        return named.strip() or self.fields().get(KIND_FIELD, "").strip()

    def report_of(self, agency: str, year: str, kind: str = "", names: tuple[str, ...] = ()) -> Report | None:
        """Return the report specified here, else by the page, else in the configuration; report if there is none.

        If there are several kinds of report and no ``kind`` is given, the one with tables or sets of these ``names`` is used.
        """
        is_named = bool(agency or year or kind)
        written = (year or self.page_year()).strip()
        agency = self.agency(agency)
        is_year = re.fullmatch(r"[0-9]{4}", written) is not None
        if is_year:
            names = () if kind.strip() else names
            found = self.domain.lookup_report(self.env.docname, agency, int(written), self.report_kind(kind), names)
        else:
            message = text("The year of the report is not specified.")
            if written:
                message = text("“{written}” is not a year.", written=written)
            hint = text(
                "Write “govreport-year: 2024” at the top of the page, “:year: 2024” in a directive, or “2024: …” in a role."
            )
            found = Lookup(None, message, hint)
        if found.problem:  # it is at a field of the page, if that names the report
            is_of_page = not is_named and self.fields() == fields_at(self.env, self.page(), None)
            content = PageReading.of(self.env).text if is_of_page else ""
            is_known = not is_year or self.library.years(self.domain.build.resolve_agency(agency))
            line = 0 if is_known else line_of_field(content, AGENCY_FIELD)
            if not check_front_matter("", content):  # it is reported when the page has been read
                self.problem(UNKNOWN_REPORT, found.problem, found.hint, line or line_of_field(content, YEAR_FIELD))
        return found.report


class ReportRole(SphinxRole, ReportLookupMixin):
    """A role that refers to a report."""

    def __call__(
        self, name: str, rawtext: str, text: str, *rest: Any, **more: Any
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Read the text of the role without invisible characters."""
        result = super().__call__(name, rawtext, cleaned(text), *rest, **more)
        self.clean(text)
        return result

    def page(self) -> nodes.document:
        """Return the page that is being read."""
        document: nodes.document = self.inliner.document
        return document


KIND_OPTION = "report-kind"  #: ``kind`` is the kind of chart
#: options shared by all directives that print tables
TABLE_OPTIONS = ("agency", KIND_OPTION, "caption", "name", "class")
_ORDERS = {"newest": "newest", "由新到旧": "newest", "oldest": "oldest", "由旧到新": "oldest"}
_SPAN = re.compile(r"(?P<first>[0-9]{4})年?(?P<to>[-–—~～至](?:(?P<last>[0-9]{4})年?)?)?|[-–—~～至](?P<until>[0-9]{4})年?")
_FIRST, _LAST = 0, 9999  # of open spans
_KINDS = {"class": directives.class_option, "numbered": directives.flag}
C = TypeVar("C", bound=nodes.TextElement)


def options(*names: str) -> OptionSpec:
    """Return options; their values are texts by default."""
    return {name: _KINDS.get(name, directives.unchanged) for name in names}


class GovReportDirective(SphinxDirective, ReportLookupMixin):
    """A directive that prints parts of a report."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Remove invisible characters from everything the author has written."""
        super().__init__(*args, **more)
        self.arguments = [self.clean(argument) for argument in self.arguments]
        self.options = {name: self.clean(value) if isinstance(value, str) else value for name, value in self.options.items()}
        for number, line in enumerate(self.content.data):
            self.content.data[number] = self.clean(line)

    def page(self) -> nodes.document:
        """Return the page that is being read."""
        return self.state.document

    def report(self, names: tuple[str, ...] = ()) -> Report | None:
        """Return the report named by the options, the page or the configuration, or that has tables with these names."""
        named = self.options.get(KIND_OPTION, "")
        return self.report_of(self.options.get("agency", ""), self.options.get("year", ""), named, names)

    @property
    def is_numbered(self) -> bool:
        """Whether captions in the output of the directive have a number."""
        return "numbered" in self.options or bool(self.config.govreport_numbered)

    def choice(self, name: str, words: Mapping[str, str], hint: Text) -> str:
        """Return the value of an option, by its words; empty if it is not set or unknown."""
        written = str(self.options.get(name) or "").strip()
        if written and written not in words:
            self.problem(BAD_OPTION, text("{name}: unknown value “{written}”.", name=name, written=written), hint)
        return words.get(written, "")

    def order(self) -> str:
        """Return which year comes first, ``newest`` or ``oldest``; empty if the option is not set."""
        return self.choice("order", _ORDERS, text("Write oldest or newest: the year that comes first."))

    def years(self) -> tuple[tuple[int, int], ...]:
        """Return the first and last year of each span in the option ``years``; the same twice for a single year."""
        spans = []
        written = re.sub(r"\s*([-–—~～至])\s*(?=[0-9])", r"\1", self.options.get("years", "").strip())
        for part in filter(None, re.split(r"[\s,，、]+", written)):
            match = _SPAN.fullmatch(part)
            first = int((match and match["first"]) or _FIRST)
            last = int((match and (match["last"] or match["until"])) or (_LAST if match and match["to"] else first))
            if match and first <= last:
                spans.append((first, last))
            else:
                message = text("“{written}” is neither a year nor a range of years.", written=part)
                self.problem(BAD_OPTION, message, text("Write for example 2008-2024, 2019- or 2022 2024."))
        return tuple(spans)

    def no_years(self, known: Iterable[int], query: ListQuery) -> None:
        """Report that there is no report in any of the specified years, unless a message about a file has said it."""
        if not any(year == 0 or query.has(year) for year in self.library.unusable):
            problem = text("There is no report for these years: {years}.", years=self.options["years"])
            hint = text("There are reports for: {years}.", years=listed(map(str, sorted(known))))
            self.problem(UNKNOWN_REPORT, problem, hint)

    def written_caption(self, kind: type[C]) -> C | None:
        """Return the author's caption, which may have markup and is translated with the page; None if there is none."""
        written = str(self.options.get("caption") or "").strip()
        if not written:
            return None
        parsed, messages = self.parse_inline(written)
        node = kind(written, "", *parsed, *messages)
        self.set_source_info(node)
        return node

    def caption_or(self, kind: type[C], shown: str) -> C:
        """Return that caption or ``shown``, which is in the site's language already, so that no catalog contains it."""
        return self.written_caption(kind) or kind(shown, shown, translatable=False)

    def small_table(
        self, kind: str, title: nodes.title | None, lines: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> nodes.table:
        """Return a table, which every builder can write: column headers, then rows that begin with a row header."""
        node = nodes.table("") if title is None else gov_small_table("", title, numbered=self.is_numbered)
        node["classes"] += [kind, *self.options.get("class", [])]
        node += simple_group(lines[0], lines[1:], widths)
        self.set_source_info(node)
        self.add_name(node)
        return node
