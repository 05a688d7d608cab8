"""Year files: read by their form or forms into reports, with all problems."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Literal, NamedTuple

from sphinx_govreport.core.diagnostics import (
    Diagnostic,
    Pos,
    Problem,
    Rule,
    Severity,
    Text,
    bilingual,
    explained_rule,
    in_order,
    listed,
    ntext,
    text,
)
from sphinx_govreport.core.examples import Example, year_file_2019
from sphinx_govreport.core.forms.form import (
    Form,
    FormTable,
    Keys,
    did_you_mean,
    each_row,
    filled,
    form_in_force,
    hint_for,
    is_open,
    of_kind,
    table_key,
    table_order,
    table_spellings,
    tables_of,
)
from sphinx_govreport.core.forms.indicators import Branch, Indicator
from sphinx_govreport.core.forms.layout import TableLayout, layout_of
from sphinx_govreport.core.yaml import pitfalls
from sphinx_govreport.core.yaml.source import (
    BLANKS,
    INVISIBLE,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    duplicate_key,
    is_text,
)

from .figures import Figure, Status, Written, exact_sum, figure_of, in_arabic, in_digits, in_one_unit, is_count, parse
from .keys import CORRECTION_KEYS, DEFAULT_KEY, FIGURE_KEYS, TOP_KEYS
from .packed import Figures
from .quoting import named_figure
from .report import Correction, Explanation, Report

UNKNOWN_KEY = explained_rule(
    "unknown-key",
    "未知的键",
    text("A key is unknown: neither the form nor the year file defines it."),
    text("A figure under a misspelt key would be lost."),
    text("Write the key as it is in the form; the message suggests the closest one. You can also write the Chinese label."),
    wrong="  carry-in: 0",
    right="  carried-in: 0",
)
BAD_VALUE = explained_rule(
    "bad-value",
    "内容类型不符",
    text("A value has the wrong type: a list instead of a text, one number instead of a table, an invalid year."),
    text("Guessing what was intended could change a statutory figure."),
    text("Write what the message asks for. Only 0 can be written for all figures of a branch."),
    wrong="reviews: 5",
    right="reviews: 0",
)
BAD_NUMBER = explained_rule(
    "bad-number",
    "数字写法",
    text("A figure is not a number as reports print it."),
    text("YAML would read 012 as 10, 1:30 as 90 and 1_000 as 1000 without a message."),
    text("Write half-width digits without separators or leading zeros, such as 0, 12 or 72701.2578."),
    wrong="  received: [3, 01, 0, 0, 0, 0]",
    right="  received: [3, 1, 0, 0, 0, 0]",
)
BAD_UNIT = explained_rule(
    "bad-unit",
    "单位不符",
    text("The unit is not one that the form allows for this figure."),
    text("An amount in another unit is another amount."),
    text("Write one of the units that the message lists, and convert the number."),
    wrong="proactive-disclosure:\n"
    "  rules: 0\n"
    "  normative-documents: 0\n"
    "  licensing: 0\n"
    "  penalties: 0\n"
    "  coercive-measures: 0\n"
    "  fees: {amount: {value: 1, unit: 亿元}}",
    right="proactive-disclosure: 0",
)
MISSING_UNIT = explained_rule(
    "missing-unit",
    "缺少单位",
    text("The form allows several units, but the amount has no unit."),
    text("The 2019 form prints both yuan and ten thousand yuan: without the unit, the amount is ambiguous."),
    text("Write the number together with its unit."),
    wrong="    amount: 22",
    right="    amount: {value: 22, unit: 万元}",
    example=Example((("data/2020.yaml", year_file_2019(2020, procurement="{projects: 6, amount: 251000}")),)),
    severity=Severity.WARNING,
)
MISSING_FIGURE = explained_rule(
    "missing-figure",
    "缺少数据",
    text("A figure or a whole table of the form is not in the file."),
    text("A figure that is left out is not 0; the report would be printed with a gap."),
    text("Write every figure, even 0. If all figures of a branch or a table are 0, one 0 is enough."),
    wrong="reviews: {reconsideration: 0}",
    right="reviews: {reconsideration: 0, litigation: 0}",
)
ROW_LENGTH = explained_rule(
    "row-length",
    "数据个数不符",
    text("A list has more or fewer figures than the row has columns."),
    text("Every figure after the missing one would be in the wrong column."),
    text("Write the figures in statutory order, with or without the total at the end."),
    wrong="  received: [3, 1, 0, 0, 0]",
    right="  received: [3, 1, 0, 0, 0, 0]",
)
MISSING_KEY = explained_rule(
    "missing-key",
    "缺少必填项",
    text("The file lacks the agency, the year or the form, or a correction lacks one of its keys."),
    text("Without them, the agency, the meaning of the figures or the correction is unknown."),
    text("Write the key, at the top of the file or in the correction."),
    wrong="agency:",
    right="agency: 某市某局",
)
UNKNOWN_FORM = explained_rule(
    "unknown-form",
    "未知的表样",
    text("The specified form is neither a statutory form nor a local form of the site."),
    text("The form determines to which tables, rows and columns the figures belong."),
    text(
        "Write 2021 for reports since 2021, 2019 for those of 2019 and 2020; list the file of a local form in govreport_forms."
    ),
    wrong="form: 2020",
    right="form: 2021",
)

FIRST_YEAR, LAST_YEAR = 2008, 2100  #: 《政府信息公开条例》 has been in force since 2008

DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_DAY = re.compile("([0-9]{4})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?")
_COLON = re.compile(" *[:：=＝] *")
#: several numbers where one is expected, separated by anything but a half-width comma
_RUN_TOGETHER = re.compile(r"\d+(?:(?:\s*[，、；;。]\s*|\s+)\d+)+")
_NO_CELL = re.compile(r"\t *\t|[,，、；;] *[,，、；;]")  #: between them, a copied table has an empty cell
_NO_NAME = re.compile("[.．·+＋/|:：*]")  # separators of key paths, sums and shares
_BEFORE_GROUP = re.compile("[1-9][0-9]{0,2}")
_LONGEST_LIST = 300  #: characters of a text that may be intended as a list
_REST = re.compile(r"\d+(?:\.\d+)?[^\W\d_]{0,2}")  # of a number with commas, and its unit
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[， ]\d{3})+")
_QUOTES = "“”「」『』‘’《》＂＇"  #: marks that people write around a name or a year, and that would be printed
#: messages for a branch in a syntax that YAML does not read, by the first character of the correct one
_WRONG_SHAPES = {
    "0": (text("{what}: the 0 is followed by text: “{written}”."), pitfalls.COMMENT),
    "[": (text("{what}: the numbers are not in half-width brackets with half-width commas: “{written}”."), None),
    "{": (text("{what}: the keys are not in half-width braces with half-width punctuation: “{written}”."), None),
}


class ReportFile(NamedTuple):
    """The result of reading a year file: the report, or None, and all problems."""

    report: Report | None
    diagnostics: tuple[Diagnostic, ...]


def read_report(source: Source, forms: dict[str, Form], rule_names: Mapping[str, str] | None = None) -> ReportFile:
    """Read a year file by its form or forms. A file with invisible characters gives no report.

    ``rule_names``: the names of rules by their spellings in explanations.
    """
    root = source.root or source.draft
    if root is None:
        return ReportFile(None, source.diagnostics)
    reader = _YearFileReader(source, forms, rule_names or {})
    report = reader.report(root)
    if source.root is None or any(found.rule == INVISIBLE for found in source.diagnostics):
        report = None
    return ReportFile(report, in_order(reader.problems()))


class _YearFileReader:
    """Reads one year file and collects its problems."""

    def __init__(self, source: Source, forms: dict[str, Form], rule_names: Mapping[str, str]) -> None:
        self.source = source
        self.forms = forms
        self.rule_names = rule_names
        self.keys = keys_of(source)
        self.diagnostics: list[Diagnostic] = []
        self.rows: dict[str, tuple[str, ...]] = {}  #: by table: the rows that the file lists
        self.misspelt: set[str] = set()  #: top-level keys that are missing because a similar one was written, which is reported
        self.colons: set[tuple[int, Text]] = set()  #: lines with a wrong colon, and what was said about it
        self.edits: dict[tuple[int, int], tuple[str, str]] = {}  #: by line and column: the wrong text and its replacement

    def add(self, rule: Rule, node: Node, message: Text, hint: Text | None = None, instead: str = "") -> None:
        """Report a problem; ``instead`` replaces the text, if the correction is certain."""
        self.diagnostics.append(Diagnostic(rule, self.source.pos(node), message, hint))
        if instead and isinstance(node, ScalarNode) and node.plain:
            self.edits[node.line, node.column] = node.text, instead

    def problems(self) -> Iterator[Diagnostic]:
        """Yield all problems, with the corrected line where it is known, at their positions in the file."""
        if not self.diagnostics:
            yield from self.source.diagnostics
            return
        lines = pitfalls.lines_of(self.source.content)
        right = dict(enumerate(lines, start=1))
        done = set()
        for (number, column), (old, new) in sorted(self.edits.items(), reverse=True):
            before, rest = right[number][: column - 1], right[number][column - 1 :]
            if rest.startswith(old) and ("#" not in new or not rest[len(old) :].strip()):
                right[number] = before + new + rest[len(old) :]
                done.add((number, column))
        to_fill = {one.pos.line for one in self.source.diagnostics if one.hint == pitfalls.FILL}
        for one in self.source.diagnostics:
            yield pitfalls.with_more(one, lines[one.pos.line - 1], right[one.pos.line]) if one.pos.line in right else one
        for one in self.diagnostics:
            if one.pos.line in to_fill:
                continue
            number, column = one.pos.line, one.pos.column
            was = self.source.replaced.get(number)
            if was is not None and not was.startswith(lines[number - 1][: column - 1]):  # after the error in this line
                column = max(1, column + len(was) - len(lines[number - 1]))
            found = replace(one, pos=one.pos._replace(column=column))
            yield pitfalls.with_line(found, lines[number - 1] if (number, one.pos.column) in done else None, right[number])

    # keys as the file writes them

    def own(self, key: str, names: Mapping[str, str] = TOP_KEYS) -> str | Text:
        """Return a key in the file's language, or in the reader's if the file's is unknown."""
        return {"zh": names[key], "en": key}.get(self.keys) or bilingual(key, names[key])

    def own_names(self, keys: Iterable[str], names: Mapping[str, str] = TOP_KEYS) -> tuple[str | Text, ...]:
        """Return the same for several keys."""
        return listed(self.own(key, names) for key in keys)

    def own_top(self, key: str) -> str | Text:
        """Return the same for a top-level key or a table."""
        names = TOP_KEYS | DEFAULT_KEY
        return self.own(key, names) if key in names else self.own_table(key)

    def own_table(self, name: str) -> str | Text:
        """Return the key of a table."""
        if self.keys:
            return table_key(name, self.forms.values(), self.keys)
        return bilingual(name, table_key(name, self.forms.values(), "zh"))

    def own_key(self, branch: Branch, child: str) -> str:
        """Return the key of a child of a branch."""
        return branch.key(child, self.keys or "en")

    def own_rule(self, name: str) -> str:
        """Return the name of a rule."""
        chinese = (own for own, rule in self.rule_names.items() if rule == name and own != name)
        return next(chinese, name) if self.keys == "zh" else name

    def path(self, layout: TableLayout, branch: Branch) -> str:
        """Return the key path of a branch, from its table."""
        table = table_key(layout.name, self.forms.values(), self.keys or "en")
        return ".".join((table, layout.root.path_in(branch.path, self.keys or "en"))) if branch.path else table

    def shown(self, layout: TableLayout, branch: Branch) -> str | Text:
        """Return the key path of a branch, with its label if that differs."""
        path = self.path(layout, branch)
        return path if path.rpartition(".")[2] == branch.label else text("{name} ({label})", name=path, label=branch.label)

    def with_labels(self, branch: Branch, children: Iterable[str]) -> tuple[str | Text, ...]:
        """Return the keys of children, with their labels if those differ."""
        pairs = ((self.own_key(branch, child), branch.children[child].head) for child in children)
        return listed(key if key == label else text("{name} ({label})", name=key, label=label) for key, label in pairs)

    # the top level of the file

    def report(self, root: Node) -> Report | None:
        if not isinstance(root, MappingNode):
            message = text("A year file begins with keys such as {names}.", names=self.own_names(("agency", "year", "form")))
            self.add(BAD_VALUE, root, message, shape_hint(root))
            return None
        if outside := [key for key, _value in root.entries if is_indented_wide(key)]:  # YAML has put it in the wrong place
            for key in outside:
                self.wide_indent(key)
            return None
        top = spellings(TOP_KEYS)
        form_node = next((value for key, value in root.entries if top.get("".join(key.text.split())) == "form"), None)
        forms = self.table_forms(form_node) if form_node else {}
        is_whole = bool(forms) and not any(found.rule in (UNKNOWN_FORM, MISSING_KEY) for found in self.diagnostics)
        own_tables = (form.table(name) for name, form in forms.items()) if is_whole else tables_of(self.forms.values())
        tables = table_spellings(own_tables)
        needed = ("agency", "year", "form", *dict.fromkeys(tables.values()))
        names = top | tables | top
        if form_node and not is_whole:  # other keys may be tables of the unknown form
            root = root._replace(entries=tuple(one for one in root.entries if did_you_mean(one[0].text, names)))
        fields, missing = self.fields(root, names, needed, own=self.own_top)
        self.misspelt = {name for name in needed if name not in fields and name not in missing}
        agency = self.agency(fields.get("agency"), root)
        year = self.year(fields.get("year"), root)
        if form_node is None and "form" not in self.misspelt:
            in_force = form_in_force(self.forms.values(), year)
            hint = in_force and text("Write “{key}: {form}”, the form for this year.", key=self.own("form"), form=in_force.name)
            self.add(MISSING_KEY, root, text("The form of the report is missing."), hint)
        first = len(self.diagnostics)
        figures = self.tables(forms, year, fields, root)
        is_wrong_form = self.is_wrong_form(form_node, forms, year, fields, root, self.diagnostics[first:])
        if is_wrong_form:
            self.rows.clear()
            figures = {name: self.unread(layout_of(form.table(name), year, ()), root) for name, form in forms.items()}
        notes = self.notes(fields.get("notes"), tables)
        explanations = self.explanations(
            fields.get("explanations"),
            {check.rule for form in forms.values() for table in form.tables for check in table.identities},
        )
        corrections: tuple[Correction, ...] = ()
        if is_whole and not is_wrong_form:
            filled_tables = {name: filled(form.table(name), year, self.rows.get(name, ())) for name, form in forms.items()}
            corrections = self.corrections(fields.get("corrections"), filled_tables)
        if not agency or not year or not is_whole:
            return None
        return Report(
            agency=agency,
            year=year,
            path=self.source.path,
            digest="-".join((self.source.digest, *sorted({form.digest for form in forms.values()}))),
            forms={name: form.name for name, form in forms.items()},
            figures=figures,
            notes=notes,
            explanations=explanations,
            year_at=(fields["year"].line, fields["year"].column),
            corrections=corrections,
            rows=self.rows,
            keys=self.keys or "en",
        )

    def table_forms(self, node: Node) -> dict[str, Form]:
        """Return the form of each table, in the order of the tables. Tables without a valid form are left out."""
        if not isinstance(node, MappingNode):
            form = self.form(node)
            return dict.fromkeys(form.table_names, form) if form else {}
        names = table_spellings(tables_of(self.forms.values())) | spellings(DEFAULT_KEY)
        fields = self.fields(node, names, own=self.own_top)[0]
        chosen = {name: self.form(value, name) for name, value in fields.items() if name != "default"}
        default = self.form(fields["default"]) if "default" in fields else None
        used = [form for form in (default, *chosen.values()) if form]
        order = table_order(used or self.forms.values())
        if "default" not in fields and (missing := [name for name in order if name not in chosen]):
            message = text("The form of {names} is missing.", names=listed(map(self.own_table, missing)))
            self.add(MISSING_KEY, node, message, text("Write “{key}: …”.", key=self.own("default", DEFAULT_KEY)))
        named = [(fields[name], form) for name, form in (("default", default), *chosen.items()) if form]
        if odd := next((value for value, form in named if form.kind != named[0][1].kind), None):
            kinds = listed(dict.fromkeys(form.kind for form in used))
            message = text("The forms are of several kinds of report: {kinds}.", kinds=kinds)
            self.add(UNKNOWN_FORM, odd, message, text("Write a year file for each kind."))
        if default:
            chosen = {**dict.fromkeys(default.table_names, default), **chosen}
        return {name: form for name in order if (form := chosen.get(name))}

    def form(self, node: Node, table: str = "") -> Form | None:
        """Return the form at the node, which may be that of a single ``table``."""
        form = self.forms.get(node.text) if isinstance(node, ScalarNode) else None
        if form and table and table not in form.table_names:
            message = text("Form {form} has no table {table}.", form=form.name, table=self.own_table(table))
            hint = text("Its tables are: {names}.", names=listed(map(self.own_table, form.table_names)))
            self.add(UNKNOWN_FORM, node, message, hint)
            return None
        if form is None:
            message = text("The form must be a single name.")
            if isinstance(node, ScalarNode):
                message = text("There is no form “{name}”.", name=node.text)
            meant = _bare(node)
            known = meant if meant.partition(" ")[0] in self.forms else ""
            self.add(UNKNOWN_FORM, node, message, text("Known forms are: {names}.", names=listed(self.forms)), known)
        return form

    def is_wrong_form(
        self,
        node: Node | None,
        forms: dict[str, Form],
        year: int,
        fields: dict[str, Node],
        root: MappingNode,
        problems: list[Diagnostic],
    ) -> bool:
        """Return whether tables that do not fit their form fit the one in force better: then the form's name is wrong.

        Report this instead of the ``problems`` of the tables, which are the last diagnostics.
        """
        in_force = form_in_force(of_kind(self.forms.values(), next(iter(forms.values())).kind), year) if forms else None
        if not problems or not isinstance(node, ScalarNode) or not in_force or in_force in forms.values():
            return False
        if not forms.keys() <= set(in_force.table_names):
            return False
        other = _YearFileReader(self.source, self.forms, self.rule_names)
        other.misspelt = self.misspelt
        other.tables(dict.fromkeys(forms, in_force), year, fields, root)
        if len(other.diagnostics) >= len(problems):
            return False
        self.diagnostics[-len(problems) :] = other.diagnostics
        self.edits |= other.edits
        message = text("The tables are those of form {other}, not of form {form}.", form=node.text, other=in_force.name)
        hint = text("Write “{key}: {form}”, the form for this year.", key=self.own("form"), form=in_force.name)
        self.add(UNKNOWN_FORM, node, message, hint)
        return True

    def agency(self, node: Node | None, root: Node) -> str:
        if is_text(node):
            name = node.text.strip()
            if node.plain and len(name) > 2 and name[0] in _QUOTES and name[-1] in _QUOTES:
                message = text("The name of the agency is in Chinese quotation marks; they would be printed.")
                self.add(BAD_VALUE, node, message, text("Write {name} without quotation marks.", name=name[1:-1]), name[1:-1])
            return name
        if "agency" in self.misspelt:
            return ""
        hint = text("Write it at the top: “{key}: …”.", key=self.own("agency"))
        self.add(MISSING_KEY, node or root, text("The name of the agency is missing."), hint)
        return ""

    def year(self, node: Node | None, root: Node) -> int:
        if "year" in self.misspelt:
            return 0
        if node is None:
            message = text("The year of the report is missing.")
            self.add(MISSING_KEY, root, message, text("Write it at the top, for example “{key}: 2024”.", key=self.own("year")))
        elif isinstance(node, ScalarNode) and re.fullmatch("[0-9]{4}", node.text):
            if FIRST_YEAR <= (year := int(node.text)) <= LAST_YEAR:
                return year
            self.add(BAD_VALUE, node, text("There is no report for the year {year}.", year=node.text))
        else:
            meant = _bare(node)
            is_year = re.fullmatch("20[0-9]{2}(?:  # .*)?", meant) is not None
            hint = None if is_year else text("Write for example “{key}: 2024”.", key=self.own("year"))
            self.add(BAD_VALUE, node, text("The year must be four digits."), hint, meant if is_year else "")
        return 0

    def notes(self, node: Node | None, tables: dict[str, str]) -> dict[str, tuple[str, ...]]:
        if node is None or _is_blank(node):
            return {}
        hint = text("Write “{key}: {{{table}: …}}”.", key=self.own("notes"), table=self.own_table([*tables.values()][-1]))
        by_table = self.grouped(node, tables, text("Notes must be grouped by table."), hint)
        fields = self.fields(by_table, tables, own=self.own_top)[0]
        texts = {
            name: tuple(filter(None, map(self.prose, value.items if isinstance(value, SequenceNode) else (value,))))
            for name, value in fields.items()
        }
        return {name: lines for name, lines in texts.items() if lines}

    def grouped(self, node: Node, names: Mapping[str, str], message: Text, hint: Text) -> MappingNode:
        """Return a mapping; report anything else with the message, or with its colon if that makes it a text."""
        if isinstance(node, MappingNode):
            return node
        if isinstance(node, ScalarNode) and self.glued(node, names):
            self.colon(node)
        else:
            self.add(BAD_VALUE, node, message, hint)
        return MappingNode((), node.line, node.column)

    def explanations(self, node: Node | None, own: Collection[str]) -> dict[str, Explanation]:
        """Return the explanations by the names of their rules; ``own`` are the rules of the forms."""
        if node is None or _is_blank(node):
            return {}
        hint = text("Write “{key}: {{{rule}: …}}”.", key=self.own("explanations"), rule=self.own_rule("carried-over"))
        by_rule = self.grouped(node, self.rule_names, text("Explanations must be grouped by rule."), hint)
        found: dict[str, Explanation] = {}
        for key, value in by_rule.entries:
            name = key.text if key.text in own else self.rule_names.get(key.text, key.text)
            if self.glued(key, self.rule_names):
                self.colon(key)
            elif name in found:
                self.diagnostics.append(duplicate_key(self.source.path, key, found[name].line))
            else:
                reason = self.reason(value, text("Write the reason, or delete the explanation."))
                found[name] = Explanation(reason, key.line, key.column)
        return found

    def corrections(self, node: Node | None, by_name: Mapping[str, FormTable]) -> tuple[Correction, ...]:
        """Return the valid corrections, oldest first."""
        if node is None or _is_blank(node):
            return ()
        if not isinstance(node, SequenceNode):
            key = self.own("date", CORRECTION_KEYS)
            hint = text("Begin each with “- ”: “- {key}: 2025-03-10”, with its other keys below.", key=key)
            self.add(BAD_VALUE, node, text("Corrections must be a list."), hint)
            return ()
        return tuple(sorted(filter(None, (self.correction(item, by_name) for item in node.items)), key=lambda one: one.date))

    def correction(self, node: Node, by_name: Mapping[str, FormTable]) -> Correction | None:
        """Return a correction; report problems and return None if it is invalid."""
        if not isinstance(node, MappingNode):
            message = text("A correction must have keys.")
            self.add(BAD_VALUE, node, message, text("Write {names}.", names=self.own_names(CORRECTION_KEYS, CORRECTION_KEYS)))
            return None
        names = spellings(CORRECTION_KEYS)
        fields, missing = self.fields(node, names, CORRECTION_KEYS, own=lambda key: self.own(key, CORRECTION_KEYS))
        if missing:
            message = text("The correction lacks {names}.", names=self.own_names(missing, CORRECTION_KEYS))
            self.add(MISSING_KEY, node, message, text("Write each of its keys; write “~” for a figure that was not filled in."))
        if fields.keys() != CORRECTION_KEYS.keys():
            return None
        date, reason = self.day(fields["date"]), self.reason(fields["reason"], text("Say why the figure was wrong."))
        named = named_figure(self.string(fields["figure"]), by_name)
        if isinstance(named, Problem):
            if isinstance(fields["figure"], ScalarNode) and fields["figure"].text.strip():
                self.add(UNKNOWN_KEY, fields["figure"], named.message, named.hint)
            return None
        table, path = named
        indicator = layout_of(by_name[table]).indicators[path]
        if indicator.is_text:
            message = text("{label} is a text: only figures can have a correction.", label=indicator.label)
            self.add(BAD_VALUE, fields["figure"], message, text("State the correction in a note under the table."))
            return None
        before, after = (self.corrected(indicator, fields[name]) for name in ("before", "after"))
        if not date or not reason or Status.INVALID in (before.status, after.status):
            return None
        return Correction(date, table, path, before, after, reason, node.line, node.column)

    def corrected(self, indicator: Indicator, node: Node) -> Figure:
        """Return a figure before or after its correction."""
        figure = figure_of(self.figure(indicator, node))
        if figure.note:
            message = text("{label}: a correction cannot have a note.", label=indicator.label)
            self.add(BAD_VALUE, node, message, text("Write it next to the figure itself, or in the reason."))
            return nothing(node)
        return figure

    def reason(self, node: Node, hint: Text) -> str:
        """Return a reason; report it and return an empty text if it has no words."""
        written = self.prose(node)
        if any(map(str.isalnum, written)):
            return written
        if written:
            self.add(BAD_VALUE, node, text("“{written}” is not a reason.", written=written), hint)
        return ""

    def day(self, node: Node) -> datetime.date | None:
        """Return a date; report it and return None if it is invalid."""
        written = node.text.strip() if isinstance(node, ScalarNode) else ""
        if DAY.fullmatch(written) and (day := date_of(written)):
            return day
        parts = _OTHER_DAY.fullmatch(written)
        meant = date_of("{:0>4}-{:0>2}-{:0>2}".format(*parts.groups())) if parts else None
        message = text("“{written}” is not a date.", written=written)
        self.add(BAD_VALUE, node, message, text("Write for example {day}.", day=meant or "2025-03-10"))
        return None

    # tables

    def tables(self, forms: dict[str, Form], year: int, fields: dict[str, Node], root: Node) -> dict[str, Figures]:
        return {name: self.table(form.table(name), year, fields.get(name), root) for name, form in forms.items()}

    def table(self, table: FormTable, year: int, node: Node | None, root: Node) -> Figures:
        name = table.name
        node = self.named_rows(table, year, node)
        layout = layout_of(table, year, self.rows.get(name, ()))
        if node is None and name in self.misspelt:
            return self.unread(layout, root)
        if node is None or (_is_blank(node) and is_open(table)):
            message = text("The table {what} is missing.", what=self.shown(layout, layout.root))
            hint = text("If all its figures are 0, write “{name}: 0”.", name=self.own_table(name))
            self.add(MISSING_FIGURE, node or root, message, hint)
            return self.unread(layout, node or root)
        written: dict[str, Written] = {}
        self.branch(layout.root, node, layout, written)
        return Figures.of(with_totals(layout, written, node), layout)

    def named_rows(self, table: FormTable, year: int, node: Node | None) -> Node | None:
        """Store the rows that the file lists, if the form allows them; return ``node`` with valid names.

        An invalid name loses its marks, so that the figures of its row are read and sums are not wrong because of it.
        """
        each = each_row(table)
        if not each or not isinstance(node, MappingNode):
            return node
        layout = layout_of(table, year, ())
        fixed = layout.root.names
        names: dict[str, None] = {}
        entries = []
        for key, value in node.entries:
            name = " ".join(key.text.split())
            if name not in fixed and "".join(name.split()) not in fixed:
                if _is_blank(value) and self.glued(key, {_COLON.split(name)[0]: ""}):
                    self.colon(key)
                    continue
                if not name or _NO_NAME.search(name):
                    message = text("“{name}” cannot be the name of a row.", name=name)
                    self.add(BAD_VALUE, key, message, text("A name must not contain these characters: . · + / | : *"))
                    name = _NO_NAME.sub("", name)
                    if not name or name in fixed or name in names:
                        continue
                names[name] = None
            entries.append((key._replace(text=name), value))
        self.rows[table.name] = tuple(names)
        if not names and not fixed and len(entries) == len(node.entries):
            message = text("{what} has no rows.", what=self.shown(layout, layout.root))
            self.add(MISSING_FIGURE, node, message, text("Write a row for each {label}.", label=each.label))
        return node._replace(entries=tuple(entries))

    def unread(self, layout: TableLayout, node: Node) -> Figures:
        """Return a table of which no figure could be read."""
        return Figures.of(dict.fromkeys(layout.indicators, nothing(node)), layout)

    def branch(self, branch: Branch, node: Node, layout: TableLayout, into: dict[str, Written]) -> None:
        """Read the figures below a branch in any syntax: keys, a list, or one 0 for all."""
        if isinstance(node, MappingNode):
            self.mapping(branch, node, layout, into)
        elif isinstance(node, SequenceNode):
            self.row(branch, node, layout, into)
        elif node.text == "0":
            into.update((indicator.path, node) for indicator in branch.indicators() if not indicator.is_text)
        elif _is_blank(node):  # like a list of empty values: its totals are computed, and unknown
            is_total = branch.is_computed
            empty = (one for one in branch.indicators() if not (one.is_column_total if is_total else one.parts))
            into.update((one.path, self.figure(one, node)) for one in empty)
        else:
            if self.glued(node, branch.names):
                self.colon(node)
            else:
                self.not_a_branch(branch, node, layout)
            into.update(nothings(branch, node))

    def not_a_branch(self, branch: Branch, node: ScalarNode, layout: TableLayout) -> None:
        name, part = next(iter(branch.children.items()))
        is_only = len(branch.children) == 1 and isinstance(part, Indicator) and not parse(node.text, part, "en")[2]
        only = f"{{{self.own_key(branch, name)}: {node.text}}}" if is_only else ""
        if not only and (meant := self.list_of(branch, node.text)):
            message, more = _WRONG_SHAPES[meant[0]]
            values = (("what", self.shown(layout, branch)), ("written", node.text))
            self.add(BAD_VALUE, node, message._replace(values=values), more, meant)
            return
        message = text("“{written}” cannot be written for all of {what}.", written=node.text, what=self.shown(layout, branch))
        hint = shape_hint(node) or text("Only 0 can be written for all figures of a branch; otherwise write each figure.")
        self.add(BAD_VALUE, node, message, hint, only)

    def list_of(self, branch: Branch, written: str) -> str:
        """Return the list or the keys that are intended, or the 0 with a comment; empty if that is not certain."""
        if len(written) > _LONGEST_LIST:
            return ""
        if match := re.fullmatch(r"0\s*(?://+\s*|(?=[（(]))(.+)", written):
            return f"0  # {match[1]}"
        if re.fullmatch(r"[｛{].*[｝}]", written):
            flow = pitfalls.half_width(written)
            keys = [name in branch.names for name in re.findall(r"([^\s,{}:]+): *[\d.]+ *[,}]", flow)]
            return flow if keys and all(keys) and len(keys) == flow.count(":") else ""
        match = re.fullmatch(r"[\[［【（(]?\s*([\d\s,，、；;]+?)[,，、；;。]?\s*[\]］】）)]?", written)
        numbers = re.findall(r"\d+", pitfalls.half_width(match[1])) if match else []
        lengths = _lengths(branch) if numbers else ()
        is_sure = bool(lengths) and len(numbers) == max(lengths) > min(lengths) and _adds_up(numbers)
        has_separators = not is_sure and re.search(r"(?<!\d)\d{1,3}[,，]\d{3}(?!\d)", written)
        if len(numbers) not in lengths or has_separators or _may_lack_cell(written, numbers, lengths):
            return ""
        return f"[{', '.join(numbers)}]" if all(map(is_count, numbers)) else ""

    def mapping(self, branch: Branch, node: MappingNode, layout: TableLayout, into: dict[str, Written]) -> None:
        if node.entries and all(_is_rest(key, value) for key, value in node.entries):
            self.in_braces(branch, node, layout)
            into.update(nothings(branch, node))
            return
        whole = node
        if not branch.names.keys() >= {key.text for key, _value in node.entries}:
            node = node._replace(entries=_rejoined(node))
        fields, unexplained = self.fields(node, branch.names, branch.needed, own=lambda child: self.own_key(branch, child))
        for child, part in branch.children.items():
            if child not in fields:
                into.update(nothings(part, node) if child in branch.needed else ())
            elif isinstance(part, Branch):
                self.branch(part, fields[child], layout, into)
            else:
                into[part.path] = self.figure(part, fields[child])
        if unexplained and len(node.entries) < len(whole.entries):  # a number with a comma may be two, one of them without key
            for value in fields.values():
                here = self.source.pos(value)
                if isinstance(value, ScalarNode) and (here.line, here.column) in self.edits:
                    del self.edits[here.line, here.column]
                    self.diagnostics[:] = [one for one in self.diagnostics if one.pos != here]
                    self.one_or_two(branch.label, value, value.text.replace(",", ""), value.text.replace(",", ", "))
        elif unexplained:
            missing = self.with_labels(branch, unexplained)
            message = text("{name} lacks {missing}.", name=self.path(layout, branch), missing=missing)
            self.add(MISSING_FIGURE, node, message, text("Write each figure, even 0."))

    def in_braces(self, branch: Branch, node: MappingNode, layout: TableLayout) -> None:
        """Report numbers without keys."""
        message = text("{what}: a list of numbers is in braces.", what=self.shown(layout, branch))
        self.add(BAD_VALUE, node, message, text("Write half-width brackets and commas “[1, 2]”."))
        numbers = [key.text for key, _value in node.entries]
        match = re.compile(r"\{[^{}#]*\}").match(pitfalls.lines_of(self.source.content)[node.line - 1], node.column - 1)
        lengths = _lengths(branch)
        if match and len(numbers) in lengths and not _may_lack_cell(match[0], numbers, lengths):
            self.edits[node.line, node.column] = match[0], f"[{', '.join(numbers)}]"

    def one_or_two(self, label: str, node: Node, one: str, two: str) -> None:
        """Report a number that may be two numbers."""
        message = text("{label}: “{two}” may be one number or two.", label=label, two=two.replace(" ", ""))
        hint = text("Write {one} if it is one; if not, write all numbers: {two}.", one=one, two=two)
        self.add(BAD_NUMBER, node, message, hint)

    def row(self, branch: Branch, node: SequenceNode, layout: TableLayout, into: dict[str, Written]) -> None:
        """Read a list in statutory order, with or without the total at its end."""
        indicators = branch.figures
        if len(indicators) < len(branch.children):
            message = text("{what} cannot be a list: it has branches.", what=self.shown(layout, branch))
            hint = text("Write its keys: {names}.", names=listed(self.own_key(branch, child) for child in branch.children))
            self.add(BAD_VALUE, node, message, hint)
            into.update(nothings(branch, node))
            return
        lengths = _lengths(branch)
        first = len(self.diagnostics)
        if len(node.items) in lengths:
            if len(node.items) < len(indicators):  # texts may be omitted
                indicators = branch.numbers
            for indicator, item in zip(indicators, node.items, strict=False):
                into[indicator.path] = self.figure(indicator, item)
            if len(self.diagnostics) == first:  # as for most lists
                if lengths[2] < len(node.items) == lengths[0] and self.is_one_or_two(branch, node):
                    into.update(nothings(branch, node))
                return
        if problem := self.keys_in_list(branch, node, layout) or self.run_together(branch, node, lengths):
            self.diagnostics[first:] = [problem]
        elif len(node.items) in lengths:
            return
        else:
            self.row_length(branch, node, layout)
        into.update(nothings(branch, node))

    def is_one_or_two(self, branch: Branch, node: SequenceNode) -> bool:
        """Report a list with a wrong total that would have none if two items were one number with a separator of thousands."""
        for one, two in pairwise(node.items):
            if not isinstance(one, ScalarNode) or not isinstance(two, ScalarNode) or not _may_be_one(one.text, two.text):
                continue
            texts = [item.text for item in node.items if isinstance(item, ScalarNode)]
            if two.column == one.column + len(one.text) + 1 and all(map(is_count, texts)) and not _adds_up(texts):
                self.one_or_two(branch.label, one, one.text + two.text, f"{one.text}, {two.text}")
                return True
        return False

    def keys_in_list(self, branch: Branch, node: SequenceNode, layout: TableLayout) -> Diagnostic | None:
        """Return the diagnostic of a list of keys with their values; None for other lists."""
        keys = {key.text for item in node.items if isinstance(item, MappingNode) for key, _value in item.entries}
        if keys.isdisjoint(branch.names):
            return None
        message = text("{what} cannot be a list of keys.", what=self.shown(layout, branch))
        hint = text("Write the keys without “-” or “[ ]”, or in braces “{{key: 1, key: 2}}”.")
        return Diagnostic(BAD_VALUE, self.source.pos(node), message, hint)

    def run_together(self, branch: Branch, node: SequenceNode, lengths: tuple[int, ...]) -> Diagnostic | None:
        """Return the diagnostic of the first item with several numbers, if commas between them would make the list complete.

        The positions of the other numbers are unknown then.
        """
        texts = [item.text.strip() if isinstance(item, ScalarNode) else "" for item in node.items]
        found = [(item, written) for item, written in zip(node.items, texts, strict=True) if _RUN_TOGETHER.fullmatch(written)]
        numbers = [re.findall(r"\d+", pitfalls.half_width(written)) for _item, written in found]
        whole = re.findall(r"\d+", pitfalls.half_width(" ".join(texts)))
        is_complete = len(node.items) + sum(map(len, numbers)) - len(found) in lengths
        if not found or not is_complete or any(_may_lack_cell(written, whole, lengths) for _item, written in found):
            return None
        item, written = found[0]
        here = self.source.pos(item)
        if len(node.items) in lengths and all(_THOUSANDS.fullmatch(written) for _item, written in found):
            if len(whole) == max(lengths) != min(lengths) and not _adds_up(whole):
                return None  # with the full length, all of them may be separators of thousands
            self.edits.pop((item.line, item.column), None)
            self.one_or_two(branch.label, item, "".join(numbers[0]), ", ".join(numbers[0]))
            return self.diagnostics.pop()
        for (one, text_of_one), split in zip(found, numbers, strict=True):
            self.edits[one.line, one.column] = text_of_one, ", ".join(split)
        label, hint = branch.label, text("Write half-width commas.")
        if marks := "".join(dict.fromkeys(re.findall(r"[^\d\s]", written))):
            message = text(
                "{label}: the numbers are separated by “{marks}”: “{written}”.", label=label, marks=marks, written=written
            )
        elif "\t" in written:
            message = text("{label}: the numbers are separated by tabs, as when copied from Excel.", label=label)
        else:
            message = text("{label}: “{written}” is more than one number.", label=label, written=written)
            hint = text("A half-width comma is missing between two numbers: {numbers}.", numbers=", ".join(numbers[0]))
        return Diagnostic(BAD_NUMBER, here, message, hint)

    def row_length(self, branch: Branch, node: SequenceNode, layout: TableLayout) -> None:
        what = self.shown(layout, branch)
        message = ntext("{what} has {count} figure.", "{what} has {count} figures.", what=what, count=len(node.items))
        order = listed(child.head for child in branch.children.values())
        whole, _figures, plain = _lengths(branch)
        hint = (
            text("Write {plain}, or {whole} with the total, in this order: {order}.", plain=plain, whole=whole, order=order)
            if plain != whole
            else text("Write {plain}, in this order: {order}.", plain=plain, order=order)
        )
        readings = list(_without_separators([item.text if isinstance(item, ScalarNode) else "" for item in node.items]))
        if any(len(numbers) in (plain, whole) for numbers in readings):
            hint = text("Write numbers without thousands separators: 3440, not 3,440.")
        sure = [one for one in readings if len(one) == plain or (len(one) == whole and _adds_up(one))]
        line = pitfalls.lines_of(self.source.content)[node.line - 1]
        if len(sure) == 1 and (match := re.compile(r"\[[^\[\]#]*\]").match(line, node.column - 1)):
            self.edits[node.line, node.column] = match[0], f"[{', '.join(sure[0])}]"
        self.add(ROW_LENGTH, node, message, hint)

    # one figure

    def figure(self, indicator: Indicator, node: Node) -> Written:
        if indicator.is_text:
            return self.text_cell(indicator, node)
        if isinstance(node, ScalarNode):
            is_plain = is_count(node.text) and (not indicator.units or node.text == "0")
            return node if is_plain else self.scalar(indicator, node)
        if isinstance(node, MappingNode):
            return self.noted(indicator, node)
        message = text("{label}: this is a list, but one number is expected.", label=indicator.label)
        self.add(BAD_VALUE, node, message, text("Write one number."))
        return nothing(node)

    def text_cell(self, indicator: Indicator, node: Node) -> Figure:
        if isinstance(node, ScalarNode):
            written = "" if _is_blank(node) else " ".join(self.prose(node).split())
            status = Status.TEXT if written else Status.BLANK
            return Figure(status, None, written, node.line, node.column, is_explicit=bool(written))
        self.add(BAD_VALUE, node, text("{label}: a text is expected here.", label=indicator.label))
        return nothing(node)

    def scalar(self, indicator: Indicator, node: ScalarNode, unit: str = "", note: str = "") -> Figure:
        written = node.text.strip()
        status, value, problem = parse(written, indicator, self.keys or "en")
        if problem:
            self.add(BAD_NUMBER, node, problem.message, problem.hint, problem.instead)
        elif value and indicator.units and not unit:
            message = text("{label}: the amount has no unit.", label=indicator.label)
            units = listed(indicator.units)
            hint = text(
                "Write {{{value}: {number}, {unit}: …}} with one of: {units}.",
                value=self.own("value", FIGURE_KEYS),
                number=written,
                unit=self.own("unit", FIGURE_KEYS),
                units=units,
            )
            self.add(MISSING_UNIT, node, message, hint)
        return Figure(status, value, "" if status is Status.BLANK else written, node.line, node.column, unit, note)

    def noted(self, indicator: Indicator, node: MappingNode) -> Figure:
        """Return a figure with a note or a unit."""
        fields, missing = self.fields(node, spellings(FIGURE_KEYS), ("value",), own=lambda key: self.own(key, FIGURE_KEYS))
        value = fields.get("value")
        if not isinstance(value, ScalarNode) and (value or missing):
            key, remark = (self.own(name, FIGURE_KEYS) for name in ("value", "note"))
            message = text("{label}: “{key}” is missing.", label=indicator.label, key=key)
            self.add(MISSING_FIGURE, node, message, text("Write {{{value}: 22, {note}: …}}.", value=key, note=remark))
        note = self.prose(fields.get("note"))
        unit = self.string(fields.get("unit"))
        if unit and unit not in (indicator.units or (indicator.unit,)):
            allowed = listed(indicator.units or (indicator.unit,))
            message = text("{label}: the unit “{unit}” is not allowed here.", label=indicator.label, unit=unit)
            self.add(BAD_UNIT, fields["unit"], message, text("The unit is: {units}.", units=allowed))
        printed = unit if indicator.units else ""  # elsewhere it is in the column header
        return self.scalar(indicator, value, printed, note) if isinstance(value, ScalarNode) else nothing(node)

    # keys

    def fields(
        self, mapping: MappingNode, names: dict[str, str], needed: Iterable[str] = (), *, own: Callable[[str], str | Text]
    ) -> tuple[dict[str, Node], list[str]]:
        """Return a mapping's values by canonical name, and the missing ones of the ``needed`` names, as :meth:`unknown` does.

        Report unknown and duplicate keys; ``own`` returns a key as written in this file.
        """
        fields: dict[str, Node] = {}
        first: dict[str, ScalarNode] = {}
        unknown: list[ScalarNode] = []
        for key, value in mapping.entries:
            name = self.name_of(key, names)
            if name is None:
                unknown.append(key)
            elif name in fields:
                self.diagnostics.append(duplicate_key(self.source.path, key, first[name].line))
            else:
                fields[name] = value
                first[name] = key
        return fields, self.unknown(unknown, names, [name for name in needed if name not in fields], own)

    def name_of(self, key: ScalarNode, names: dict[str, str]) -> str | None:
        """Return the canonical name of a key, or None. Spaces in it are ignored, but reported if they were to indent it."""
        if name := names.get(key.text):
            return name
        name = names.get("".join(key.text.split()))
        if name and is_indented_wide(key):
            self.wide_indent(key)
        return name

    def wide_indent(self, key: ScalarNode) -> None:
        """Report spaces before a key that YAML takes for a part of it."""
        message, hint = pitfalls.WIDE_INDENT
        spaces = pitfalls.shown(key.text.removesuffix(key.text.lstrip()))
        self.add(pitfalls.YAML_SYNTAX, key, message._replace(values=(("mark", spaces),)), hint)

    def unknown(
        self, keys: Sequence[ScalarNode], names: dict[str, str], missing: list[str], own: Callable[[str], str | Text]
    ) -> list[str]:
        """Report unknown keys with their probable meanings.

        Return the other ``missing`` keys: a misspelt key is one mistake, not two; one without similar name may be any of them.
        """
        if not keys:
            return missing
        guesses = [self.glued(key, names) or did_you_mean(key.text, names) for key in keys]
        meant = {names[guess] for guess in guesses if guess}
        left = [name for name in missing if name not in meant]
        is_all = len(left) <= guesses.count(None)
        for key, guess in zip(keys, guesses, strict=True):
            if guess and self.glued(key, names):
                self.colon(key)
                continue
            hint = hint_for(guess, map(own, dict.fromkeys(names.values())))
            if not guess and left and is_all:
                hint = text("Missing here: {names}.", names=listed(map(own, left)))
            self.add(UNKNOWN_KEY, key, text("Unknown key “{key}”.", key=key.text), hint)
        return [] if is_all else left

    def glued(self, key: ScalarNode, names: Mapping[str, str]) -> str | None:
        """Return the name before the colon in a key that YAML has not separated from its value, and that has its own line."""
        name = "".join(_COLON.split(key.text, maxsplit=1)[0].split())
        if not key.plain or name == key.text or name not in names:
            return None
        before = pitfalls.lines_of(self.source.content)[key.line - 1][: key.column - 1]
        return None if before.rstrip().endswith(":") else name

    def colon(self, key: ScalarNode) -> None:
        """Report the colon in such a key, or the character in its place: once for each line."""
        match = _COLON.search(key.text)
        assert match
        mark, pos = match[0].strip(), Pos(self.source.path, key.line, key.column + match.start())
        message, hint = {"：": pitfalls.FULL_WIDTH_COLON, ":": pitfalls.NO_SPACE}.get(mark, pitfalls.OTHER_MARK)
        self.edits[pos.line, pos.column] = match[0], ": "
        if (pos.line, message) not in self.colons:
            self.colons.add((pos.line, message))
            self.diagnostics.append(Diagnostic(pitfalls.YAML_SYNTAX, pos, message._replace(values=(("mark", mark),)), hint))

    def prose(self, node: Node | None) -> str:
        """Return a text that is printed; report it if a comment cuts it off."""
        self.diagnostics += self.source.cut_off(node) if node else ()
        return self.string(node)

    def string(self, node: Node | None) -> str:
        if node is None:
            return ""
        if is_text(node):
            return node.text.strip()
        self.add(BAD_VALUE, node, text("A text is expected here."))
        return ""


def date_of(written: str) -> datetime.date | None:
    """Return the date of ``YYYY-MM-DD``; None if there is no such day."""
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        return None


def spellings(keys: dict[str, str]) -> dict[str, str]:
    """Return the canonical name of each key by both of its names."""
    return {key: key for key in keys} | {chinese: key for key, chinese in keys.items()}


def keys_of(source: Source) -> Keys | Literal[""]:
    """Return the language of a file's keys; empty if none of its keys shows it."""
    root = source.root or source.draft
    keys = {key.text for key, _value in root.entries} if isinstance(root, MappingNode) else set()
    if not keys.isdisjoint(TOP_KEYS.values()):
        return "zh"
    return "en" if not keys.isdisjoint(TOP_KEYS) else ""


def is_indented_wide(key: ScalarNode) -> bool:
    """Return whether a key begins with spaces, which are characters that YAML does not accept as an indent."""
    return key.plain and key.text.lstrip() != key.text


def _bare(node: Node) -> str:
    """Return the number of a year or form without marks around it, and its remark as a comment; empty if it is invalid."""
    if not isinstance(node, ScalarNode):
        return ""
    written, _marks, remark = node.text.strip().partition("//")
    number = in_arabic(re.sub("[年版]度?$", "", written.strip().strip(_QUOTES)).strip())
    return f"{number}  # {remark.lstrip('/ ')}" if number and remark else number


def _lengths(branch: Branch) -> tuple[int, int, int]:
    """Return the valid lengths of a list: with texts, without them, and without texts and total."""
    numbers = len(branch.numbers)
    return len(branch.figures), numbers, numbers - branch.ends_with_total


def _may_be_one(one: str, two: str) -> bool:
    """Return whether two numbers may be one number with a separator of thousands."""
    return len(two) == 3 and two.isdecimal() and _BEFORE_GROUP.fullmatch(one) is not None


def _adds_up(numbers: Sequence[str]) -> bool:
    """Return whether the last number is the sum of the others."""
    return all(map(is_count, numbers)) and sum(map(int, numbers[:-1])) == int(numbers[-1])


def _may_lack_cell(written: str, numbers: Sequence[str], lengths: Sequence[int]) -> bool:
    """Return whether an empty cell may have been lost when the numbers were copied: those behind it would be shifted."""
    is_shorter = len(numbers) == lengths[2] < lengths[1]
    has_total = is_shorter and _adds_up(numbers) and numbers[-1] != "0"
    return has_total or bool(_NO_CELL.search(written) or (is_shorter and re.search(r"\d {2,}\d", written)))


def _without_separators(numbers: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lists that may be intended if commas are separators of thousands."""
    pairs = [at for at, pair in enumerate(pairwise(numbers), start=1) if _may_be_one(*pair)][:6]
    for count in range(1, len(pairs) + 1):
        for chosen in combinations(pairs, count):
            joined: list[str] = []
            for at, number in enumerate(numbers):
                if at in chosen:
                    joined[-1] += number
                else:
                    joined.append(number)
            yield joined


def shape_hint(node: Node) -> Text | None:
    """Return a hint for a text instead of keys or a list: its colon, or its brackets and commas."""
    if isinstance(node, ScalarNode) and re.search(r"\d\s*[,，、；;\s]\s*\d", node.text):
        return text("Write half-width brackets and commas “[1, 2]”.")
    if isinstance(node, ScalarNode) and ("：" in node.text or ":" in node.text):
        return text("Check the colon: write a half-width colon and a space “: ” after a key.")
    return None


def nothing(node: Node) -> Figure:
    """Return a placeholder for a figure that could not be read, which a diagnostic has reported."""
    return Figure(Status.INVALID, None, "", node.line, node.column)


def nothings(part: Branch | Indicator, node: Node) -> Iterator[tuple[str, Figure]]:
    """Yield :func:`nothing` for each figure of the part, by key path."""
    for indicator in part.indicators() if isinstance(part, Branch) else (part,):
        yield indicator.path, nothing(node)


def with_totals(layout: TableLayout, figures: Mapping[str, Written], node: Node) -> Mapping[str, Written]:
    """Return all figures; totals that were omitted are computed."""
    if len(figures) == len(layout.indicators):
        return figures
    known: dict[str, Written] = dict(figures)

    def figure(path: str) -> Written:
        indicator = layout.indicators[path]
        if path not in known and indicator.is_text:
            known[path] = Figure(Status.BLANK, None, "", node.line, node.column, is_explicit=False)
        elif path not in known:
            known[path] = _sum([figure_of(figure(part)) for part in indicator.parts], node)
        return known[path]

    return {path: figure(path) for path in layout.indicators}


def _sum(parts: Sequence[Figure], node: Node) -> Figure:
    """Return the total of the figures that apply: unknown if a part or its unit is, not applicable if no part applies."""
    line, column = (parts[-1].line, parts[-1].column) if parts else (node.line, node.column)
    is_known = bool(parts) and all(part.status.is_known for part in parts)
    amounts = in_one_unit([part.amount for part in parts if part.amount]) if is_known else None
    if amounts is None:
        return Figure(Status.UNKNOWN, None, "", line, column, is_explicit=False)
    if not amounts:
        return Figure(Status.NOT_APPLICABLE, None, parts[0].text, line, column, is_explicit=False)
    total = exact_sum(amount.value for amount in amounts)
    return Figure(Status.NUMBER, total, in_digits(total), line, column, amounts[0].unit, is_explicit=False)


def _is_blank(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.text.strip() in BLANKS


def _rejoined(node: MappingNode) -> tuple[tuple[ScalarNode, Node], ...]:
    """Return the entries. ``{decisions: 1,573,179}`` is three keys for YAML: the number is joined again, to report it."""
    entries: list[tuple[ScalarNode, Node]] = []
    for key, value in node.entries:
        before = entries[-1][1] if entries else None
        if _is_rest(key, value) and isinstance(before, ScalarNode) and before.plain:
            entries[-1] = entries[-1][0], before._replace(text=f"{before.text},{key.text}")
        else:
            entries.append((key, value))
    return tuple(entries)


def _is_rest(key: ScalarNode, value: Node) -> bool:
    return key.plain and re.fullmatch(_REST, key.text) is not None and isinstance(value, ScalarNode) and not value.text
