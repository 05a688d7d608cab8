"""A year file: read by the form or forms that it names into a report, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as AbstractSequence
from typing import NamedTuple

from .diagnostics import Diagnostic, Rule, Severity, Text, in_order, text
from .figures import ZERO, Figure, Status, is_zero, parse
from .form import TABLES, Form, did_you_mean, form_in_force, hint_for, table_names
from .measures import Branch, Measure
from .model import Explanation, Report
from .source import Mapping, Node, Scalar, Sequence, Source, duplicate_key
from .structure import Structure, structure_of

MISSING_KEY = Rule("missing-key")
UNKNOWN_KEY = Rule("unknown-key")
UNKNOWN_FORM = Rule("unknown-form")
BAD_VALUE = Rule("bad-value")
BAD_NUMBER = Rule("bad-number")
BAD_UNIT = Rule("bad-unit")
MISSING_UNIT = Rule("missing-unit", Severity.WARNING)
MISSING_FIGURE = Rule("missing-figure")
ROW_LENGTH = Rule("row-length")

#: what stands at the top of a year file beside the tables, with its Chinese name
TOP_KEYS = {"agency": "机关", "year": "年度", "form": "格式", "notes": "附注", "explanations": "说明"}
FIGURE_KEYS = {"value": "数值", "note": "备注", "unit": "单位"}
FIRST_YEAR, LAST_YEAR = 2008, 2100  #: 《政府信息公开条例》 is in force since 2008


class ReportFile(NamedTuple):
    """What a year file says: the report, or why there is none, and all that is wrong with it."""

    report: Report | None
    diagnostics: tuple[Diagnostic, ...]


def read_report(source: Source, forms: dict[str, Form]) -> ReportFile:
    """Read a year file by the form or forms that it names."""
    if source.root is None:
        return ReportFile(None, source.diagnostics)
    reader = _Reader(source, forms)
    report = reader.report()
    return ReportFile(report, in_order((*source.diagnostics, *reader.diagnostics)))


class _Reader:
    """Reads one year file and collects what is wrong with it."""

    def __init__(self, source: Source, forms: dict[str, Form]) -> None:
        self.source = source
        self.forms = forms
        self.diagnostics: list[Diagnostic] = []

    def add(self, rule: Rule, node: Node, message: Text, hint: Text | None = None) -> None:
        self.diagnostics.append(Diagnostic(rule, self.source.pos(node), message, hint))

    # the top of the file

    def report(self) -> Report | None:
        root = self.source.root
        if not isinstance(root, Mapping):
            assert root is not None
            message = text("A year file begins with keys such as agency, year and form.")
            self.add(BAD_VALUE, root, message, _colon_hint(root))
            return None
        tables = table_names(self.forms.values())
        names = _spellings(TOP_KEYS) | tables
        fields = self.named(root, names)
        agency = self.agency(fields.get("agency"), root)
        year = self.year(fields.get("year"), root)
        forms = self.table_forms(fields.get("form"), root, tables, year)
        figures = {name: self.table(name, forms[name], fields.get(name), root) for name in TABLES if name in forms}
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
        )

    def named(self, mapping: Mapping, names: dict[str, str]) -> dict[str, Node]:
        """A mapping's values by canonical name; unknown and doubled keys are reported."""
        fields: dict[str, Node] = {}
        first: dict[str, Scalar] = {}
        for key, value in mapping.entries:
            name = names.get(key.text) or names.get("".join(key.text.split()))
            if name is None:
                self.unknown(key, names)
            elif name in fields:
                self.diagnostics.append(duplicate_key(self.source.path, key, first[name]))
            else:
                fields[name] = value
                first[name] = key
        return fields

    def unknown(self, key: Scalar, names: dict[str, str]) -> str | None:
        """Report a key that nothing is called by, and tell what it probably means."""
        guess = did_you_mean(key.text, names)
        hint = hint_for(guess, dict.fromkeys(names.values()))
        self.add(UNKNOWN_KEY, key, text("“{key}” is not known here.", key=key.text), hint)
        return names[guess] if guess else None

    def agency(self, node: Node | None, root: Node) -> str:
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        self.add(
            MISSING_KEY,
            node or root,
            text("The name of the agency is missing."),
            text("Write it at the top: “agency: …”."),
        )
        return ""

    def year(self, node: Node | None, root: Node) -> int:
        if node is None:
            message = text("The year of the report is missing.")
            self.add(MISSING_KEY, root, message, text("Write it at the top, such as “year: 2024”."))
        elif isinstance(node, Scalar) and node.text.isascii() and node.text.isdecimal():
            if FIRST_YEAR <= (year := int(node.text[:9])) <= LAST_YEAR:
                return year
            self.add(BAD_VALUE, node, text("There is no report for the year {year}.", year=node.text))
        else:
            self.add(BAD_VALUE, node, text("The year must be four digits."), text("Write it such as “year: 2024”."))
        return 0

    def table_forms(self, node: Node | None, root: Node, tables: dict[str, str], year: int) -> dict[str, Form]:
        """The form of each table. Without a valid one, a table is not read."""
        if node is None:
            in_force = form_in_force(self.forms.values(), year)
            hint = text("Write “form: {form}”, the form for this year.", form=in_force.name) if in_force else None
            self.add(MISSING_KEY, root, text("The form of the report is missing."), hint)
            return {}
        if not isinstance(node, Mapping):
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
        if isinstance(node, Scalar) and node.text in self.forms:
            return self.forms[node.text]
        message = (
            text("There is no form “{name}”.", name=node.text) if isinstance(node, Scalar) else text("The form is one name.")
        )
        self.add(UNKNOWN_FORM, node, message, text("Known forms are: {names}.", names="、".join(self.forms)))
        return None

    # the tables

    def table(self, name: str, form: Form, node: Node | None, root: Node) -> dict[str, Figure]:
        structure = structure_of(form.table(name))
        if node is None or _is_blank(node):
            message = text("The table {name} ({label}) is missing.", name=name, label=structure.label)
            hint = text("If all its figures are 0, write “{name}: 0”.", name=name)
            self.add(MISSING_FIGURE, node or root, message, hint)
            return dict.fromkeys(structure.measures, _nothing(node or root))
        figures: dict[str, Figure] = {}
        self.branch(structure.root, node, name, figures)
        return dict(_with_totals(structure, figures, node))

    def branch(self, branch: Branch, node: Node, name: str, into: dict[str, Figure]) -> None:
        """Read the figures below a branch, however it is written: keys, a list, or one 0 for all."""
        if isinstance(node, Mapping):
            self.mapping(branch, node, name, into)
        elif isinstance(node, Sequence):
            self.row(branch, node, name, into)
        elif is_zero(node.text):
            into.update(dict.fromkeys((measure.path for measure in branch.measures()), _zero(node)))
        else:
            self.not_a_branch(branch, node, name)
            into.update(_nothings(branch, node))

    def not_a_branch(self, branch: Branch, node: Scalar, name: str) -> None:
        if _is_blank(node):
            message = text("{name} ({label}) has no figures.", name=name, label=branch.label)
            is_row = all(isinstance(child, Measure) for child in branch.children.values())
            hint = (
                text("Write [ ] with the figures in this order: {order}. If they are all 0, write 0.", order=_order(branch))
                if is_row
                else text("If they are all 0, write 0.")
            )
            self.add(MISSING_FIGURE, node, message, hint)
            return
        message = text(
            "“{written}” cannot stand for all of {name} ({label}).", written=node.text, name=name, label=branch.label
        )
        hint = _colon_hint(node) or text("Only 0 can stand for all figures of a branch; otherwise write them one by one.")
        self.add(BAD_VALUE, node, message, hint)

    def mapping(self, branch: Branch, node: Mapping, name: str, into: dict[str, Figure]) -> None:
        meant: set[str] = set()
        seen: dict[str, Scalar] = {}
        for key, value in node.entries:
            child = branch.names.get(key.text) or branch.names.get("".join(key.text.split()))
            if child is None:
                guess = self.unknown(key, branch.names)
                meant.update({guess} if guess else ())
            elif child in seen:
                self.diagnostics.append(duplicate_key(self.source.path, key, seen[child]))
            else:
                seen[child] = key
                below = branch.children[child]
                if isinstance(below, Branch):
                    self.branch(below, value, f"{name}.{child}", into)
                else:
                    into[below.path] = self.figure(below, value)
        missing = [child for child in branch.children if child not in seen]
        lost = [child for child in missing if not _is_computed(branch.children[child])]
        if unexplained := [child for child in lost if child not in meant]:
            self.missing(branch, node, name, unexplained)
        for child in lost:
            into.update(_nothings(branch.children[child], node))

    def missing(self, branch: Branch, node: Node, name: str, missing: list[str]) -> None:
        listed = "、".join(f"{child}（{branch.children[child].head}）" for child in missing)
        message = text("{name} lacks {missing}.", name=name, missing=listed)
        self.add(MISSING_FIGURE, node, message, text("Write each figure, also 0."))

    def row(self, branch: Branch, node: Sequence, name: str, into: dict[str, Figure]) -> None:
        """Read a list in statutory order, with or without the total at its end."""
        measures = [child for child in branch.children.values() if isinstance(child, Measure)]
        if len(measures) < len(branch.children):
            message = text("{name} ({label}) cannot be a list: it has branches.", name=name, label=branch.label)
            hint = text("Write its keys: {names}.", names="、".join(branch.children))
            self.add(BAD_VALUE, node, message, hint)
            into.update(_nothings(branch, node))
            return
        plain = measures[:-1] if measures[-1].is_column_total else measures
        count = len(node.items)
        if count not in (len(measures), len(plain)):
            self.row_length(branch, node, name, len(plain), len(measures))
            into.update(_nothings(branch, node))
            return
        into.update((measure.path, self.figure(measure, item)) for measure, item in zip(measures, node.items, strict=False))

    def row_length(self, branch: Branch, node: Node, name: str, plain: int, whole: int) -> None:
        assert isinstance(node, Sequence)
        message = text("{name} ({label}) has {count} figures.", name=name, label=branch.label, count=len(node.items))
        order = _order(branch)
        hint = (
            text("Write {plain}, or {whole} with the total, in this order: {order}.", plain=plain, whole=whole, order=order)
            if plain != whole
            else text("Write {plain}, in this order: {order}.", plain=plain, order=order)
        )
        self.add(ROW_LENGTH, node, message, hint)

    # one figure

    def figure(self, measure: Measure, node: Node) -> Figure:
        if isinstance(node, Scalar):
            return _zero(node) if is_zero(node.text) else self.scalar(measure, node)
        if isinstance(node, Mapping):
            return self.noted(measure, node)
        message = text("{label}: a list stands where one number belongs.", label=measure.label)
        self.add(BAD_VALUE, node, message, text("Write one number."))
        return _nothing(node)

    def scalar(self, measure: Measure, node: Scalar, unit: str = "", note: str = "") -> Figure:
        written = node.text.strip()
        status, value, problem = parse(written, measure)
        if problem:
            self.add(BAD_NUMBER, node, *problem)
        elif value and measure.units and not unit:
            message = text("{label}: the amount has no unit.", label=measure.label)
            units = "、".join(measure.units)
            hint = text("Write {{value: {number}, unit: …}} with one of: {units}.", number=written, units=units)
            self.add(MISSING_UNIT, node, message, hint)
        shown = "" if status is Status.BLANK else written
        return Figure(status, value, shown, node.line, node.column, unit, note)

    def noted(self, measure: Measure, node: Mapping) -> Figure:
        """A figure with a note or a unit."""
        names = _spellings(FIGURE_KEYS)
        fields = self.named(node, names)
        value = fields.get("value")
        if not isinstance(value, Scalar):
            message = text("{label}: “value” is missing.", label=measure.label)
            self.add(MISSING_FIGURE, node, message, text("Write {{value: 22, note: …}}."))
            value = None
        note = self.string(fields.get("note"))
        unit = self.string(fields.get("unit"))
        if unit and unit not in (measure.units or (measure.unit,)):
            allowed = "、".join(measure.units or (measure.unit,))
            message = text("{label}: the unit “{unit}” does not belong here.", label=measure.label, unit=unit)
            self.add(BAD_UNIT, fields["unit"], message, text("The unit is: {units}.", units=allowed))
        printed = unit if measure.units else ""  # elsewhere the head of the column says it
        return self.scalar(measure, value, printed, note) if value else _nothing(node)

    def string(self, node: Node | None) -> str:
        if node is None:
            return ""
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        self.add(BAD_VALUE, node, text("Here a text is expected."))
        return ""

    # texts

    def notes(self, node: Node | None, tables: dict[str, str]) -> dict[str, tuple[str, ...]]:
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            message = text("Notes are written by table.")
            self.add(BAD_VALUE, node, message, text("Write “notes: {{reviews: …}}”."))
            return {}
        fields = self.named(node, tables)
        texts = {
            name: tuple(filter(None, map(self.string, value.items if isinstance(value, Sequence) else (value,))))
            for name, value in fields.items()
        }
        return {name: lines for name, lines in texts.items() if lines}

    def explanations(self, node: Node | None) -> dict[str, Explanation]:
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            message = text("Explanations are written by rule.")
            self.add(BAD_VALUE, node, message, text("Write “explanations: {{carried-over: …}}”."))
            return {}
        return {key.text: Explanation(self.string(value), key.line, key.column) for key, value in node.entries}


# -- figures that are not written ----------------------------------------------------------------------------------


def _zero(node: Node) -> Figure:
    """What three figures of four are."""
    return Figure(Status.NUMBER, ZERO, "0", node.line, node.column)


def _nothing(node: Node) -> Figure:
    """Stands where no figure could be read; a diagnostic has said why."""
    return Figure(Status.INVALID, None, "", node.line, node.column)


def _nothings(part: Branch | Measure, node: Node) -> Iterator[tuple[str, Figure]]:
    for measure in part.measures() if isinstance(part, Branch) else (part,):
        yield measure.path, _nothing(node)


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text.strip() in ("", "~", "null")


def _is_computed(part: Branch | Measure) -> bool:
    """Whether all figures of the part can be computed from others."""
    measures = part.measures() if isinstance(part, Branch) else iter((part,))
    return all(measure.parts for measure in measures)


def _with_totals(structure: Structure, figures: dict[str, Figure], node: Node) -> Iterator[tuple[str, Figure]]:
    """All figures in statutory order; totals that were left out are computed."""
    known: dict[str, Figure] = {}
    for path, measure in structure.measures.items():
        figure = figures.get(path) or _sum([known[part] for part in measure.parts], node)
        known[path] = figure
        yield path, figure


def _sum(parts: AbstractSequence[Figure], node: Node) -> Figure:
    """The total of what is filled in: nothing if nothing is, and unknown if a part is."""
    line, column = (parts[-1].line, parts[-1].column) if parts else (node.line, node.column)
    if any(part.status is Status.INVALID for part in parts):
        return Figure(Status.INVALID, None, "", line, column, is_stated=False)
    values = [part.value for part in parts if part.value is not None]
    if not values:
        status = parts[0].status if parts else Status.BLANK
        return Figure(status, None, parts[0].text if parts else "", line, column, is_stated=False)
    total = sum(values, ZERO)
    return Figure(Status.NUMBER, total, str(total), line, column, is_stated=False)


def _spellings(keys: dict[str, str]) -> dict[str, str]:
    """Both names of each key, to the canonical one."""
    return {key: key for key in keys} | {chinese: key for key, chinese in keys.items()}


def _order(branch: Branch) -> str:
    return "、".join(child.head for child in branch.children.values())


def _colon_hint(node: Node) -> Text | None:
    if isinstance(node, Scalar) and ("：" in node.text or ":" in node.text):
        return text("Look at the colon: after a key stands a half-width colon and a space “: ”.")
    return None
