"""A year file: read by the form or forms that it names into a report, with all that is wrong with it."""

from __future__ import annotations

import re
from typing import NamedTuple

from .diagnostics import Diagnostic, Rule, in_order, text
from .form import TABLES, Form, form_in_force, table_names
from .model import Explanation, Report
from .packed import Figures
from .slips import WIDE_INDENT, YAML_SYNTAX
from .source import INVISIBLE, MappingNode, Node, ScalarNode, SequenceNode, Source
from .year_fields import BAD_VALUE, is_indented_wide, shape_hint, spellings
from .year_tables import TableReader

MISSING_KEY = Rule("missing-key")
UNKNOWN_FORM = Rule("unknown-form")

#: what stands at the top of a year file beside the tables, with its Chinese name
TOP_KEYS = {"agency": "机关", "year": "年度", "form": "格式", "notes": "附注", "explanations": "说明"}
FIRST_YEAR, LAST_YEAR = 2008, 2100  #: 《政府信息公开条例》 is in force since 2008


class ReportFile(NamedTuple):
    """What a year file says: the report, or why there is none, and all that is wrong with it."""

    report: Report | None
    diagnostics: tuple[Diagnostic, ...]


def read_report(source: Source, forms: dict[str, Form]) -> ReportFile:
    """Read a year file by the form or forms that it names. One with characters that nobody sees is no report."""
    if source.root is None:
        return ReportFile(None, source.diagnostics)
    reader = _Reader(source, forms)
    report = reader.report()
    if any(found.rule == INVISIBLE for found in source.diagnostics):
        report = None
    return ReportFile(report, in_order((*source.diagnostics, *reader.diagnostics)))


class _Reader(TableReader):
    """Reads one year file."""

    def __init__(self, source: Source, forms: dict[str, Form]) -> None:
        super().__init__(source)
        self.forms = forms

    def report(self) -> Report | None:
        root = self.source.root
        if not isinstance(root, MappingNode):
            assert root is not None
            message = text("A year file begins with keys such as agency, year and form.")
            self.add(BAD_VALUE, root, message, shape_hint(root))
            return None
        if outside := [key for key, _value in root.entries if is_indented_wide(key)]:  # YAML has put it where it is not meant
            for key in outside:
                self.add(YAML_SYNTAX, key, *WIDE_INDENT)
            return None
        tables = table_names(self.forms.values())
        names = spellings(TOP_KEYS) | tables
        needed = ("agency", "year", "form", *TABLES)
        fields, missing = self.fields(root, names, needed)
        self.misspelt = {name for name in needed if name not in fields and name not in missing}
        agency = self.agency(fields.get("agency"), root)
        year = self.year(fields.get("year"), root)
        forms = self.table_forms(fields.get("form"), root, tables, year)
        first = len(self.diagnostics)
        figures = self.tables(forms, fields, root)
        if self.is_wrong_form(fields.get("form"), forms, year, fields, first):
            figures = {name: self.unread(forms[name], name, root) for name in figures}
        notes = self.notes(fields.get("notes"), tables)
        explanations = self.explanations(fields.get("explanations"))
        if not agency or not year or len(figures) < len(TABLES):
            return None
        digests = sorted({form.digest for form in forms.values()})
        return Report(
            agency=agency,
            year=year,
            path=self.source.path,
            digest="-".join((self.source.digest, *digests)),
            forms={name: form.name for name, form in forms.items()},
            figures=figures,
            notes=notes,
            explanations=explanations,
            year_at=(fields["year"].line, fields["year"].column),
        )

    def tables(self, forms: dict[str, Form], fields: dict[str, Node], root: Node) -> dict[str, Figures]:
        return {name: self.table(name, forms[name], fields.get(name), root) for name in TABLES if name in forms}

    def is_wrong_form(self, node: Node | None, forms: dict[str, Form], year: int, fields: dict[str, Node], first: int) -> bool:
        """Whether tables that do not fit their form fit the one in force better: then the name of the form is the mistake.

        It takes the place of what was said of the tables: all diagnostics from the ``first`` on.
        """
        chosen, in_force = set(forms.values()), form_in_force(self.forms.values(), year)
        problems = self.diagnostics[first:]
        if not problems or not isinstance(node, ScalarNode) or not in_force or in_force in chosen or not self.source.root:
            return False
        other = _Reader(self.source, self.forms)
        other.misspelt = self.misspelt
        other.tables(dict.fromkeys(forms, in_force), fields, self.source.root)
        if len(other.diagnostics) >= len(problems):
            return False
        self.diagnostics[first:] = other.diagnostics
        message = text("The tables are not those of form {form}, but of form {other}.", form=node.text, other=in_force.name)
        self.add(UNKNOWN_FORM, node, message, text("Write “form: {form}”, the form for this year.", form=in_force.name))
        return True

    def agency(self, node: Node | None, root: Node) -> str:
        if isinstance(node, ScalarNode) and node.text.strip():
            name = node.text.strip()
            if node.plain and name[0] in "“”「『‘" and name[-1] in "“”」』’":
                message = text("The name of the agency is in Chinese quotation marks; they would be printed.")
                self.add(BAD_VALUE, node, message, text("Write {name} without quotation marks.", name=name[1:-1]))
            return name
        if "agency" in self.misspelt:
            return ""
        self.add(
            MISSING_KEY,
            node or root,
            text("The name of the agency is missing."),
            text("Write it at the top: “agency: …”."),
        )
        return ""

    def year(self, node: Node | None, root: Node) -> int:
        if "year" in self.misspelt:
            return 0
        if node is None:
            message = text("The year of the report is missing.")
            self.add(MISSING_KEY, root, message, text("Write it at the top, such as “year: 2024”."))
        elif isinstance(node, ScalarNode) and re.fullmatch("[0-9]{4}", node.text):
            if FIRST_YEAR <= (year := int(node.text)) <= LAST_YEAR:
                return year
            self.add(BAD_VALUE, node, text("There is no report for the year {year}.", year=node.text))
        else:
            self.add(BAD_VALUE, node, text("The year must be four digits."), text("Write it such as “year: 2024”."))
        return 0

    def table_forms(self, node: Node | None, root: Node, tables: dict[str, str], year: int) -> dict[str, Form]:
        """The form of each table. Without a valid one, a table is not read."""
        if "form" in self.misspelt:
            return {}
        if node is None:
            in_force = form_in_force(self.forms.values(), year)
            hint = text("Write “form: {form}”, the form for this year.", form=in_force.name) if in_force else None
            self.add(MISSING_KEY, root, text("The form of the report is missing."), hint)
            return {}
        if not isinstance(node, MappingNode):
            form = self.form(node)
            return dict.fromkeys(TABLES, form) if form else {}
        fields = self.named(node, {"default": "default", "默认": "default"} | tables)
        chosen = {name: self.form(value) for name, value in fields.items()}
        default = chosen.pop("default", None)
        missing = [name for name in TABLES if name not in chosen]
        if "default" not in fields and missing:
            message = text("The form of {names} is missing.", names="、".join(missing))
            self.add(MISSING_KEY, node, message, text("Write “default: …”."))
        by_table = {name: chosen.get(name, default) for name in TABLES}
        return {name: form for name, form in by_table.items() if form}

    def form(self, node: Node) -> Form | None:
        if isinstance(node, ScalarNode) and node.text in self.forms:
            return self.forms[node.text]
        message = (
            text("There is no form “{name}”.", name=node.text)
            if isinstance(node, ScalarNode)
            else text("The form is one name.")
        )
        self.add(UNKNOWN_FORM, node, message, text("Known forms are: {names}.", names="、".join(self.forms)))
        return None

    def notes(self, node: Node | None, tables: dict[str, str]) -> dict[str, tuple[str, ...]]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            message = text("Notes are written by table.")
            self.add(BAD_VALUE, node, message, text("Write “notes: {{reviews: …}}”."))
            return {}
        fields = self.named(node, tables)
        texts = {
            name: tuple(filter(None, map(self.string, value.items if isinstance(value, SequenceNode) else (value,))))
            for name, value in fields.items()
        }
        return {name: lines for name, lines in texts.items() if lines}

    def explanations(self, node: Node | None) -> dict[str, Explanation]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            message = text("Explanations are written by rule.")
            self.add(BAD_VALUE, node, message, text("Write “explanations: {{carried-over: …}}”."))
            return {}
        return {key.text: Explanation(self.string(value), key.line, key.column) for key, value in node.entries}
