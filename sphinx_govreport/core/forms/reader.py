"""Form files: the statutory ones of the package and a site's local ones, read and checked."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import Diagnostic, Text, explained_rule, listed, ntext, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.yaml.source import MappingNode, Node, ScalarNode, SequenceNode, Source, is_text, read_source

from .equations import expand, expand_pairs, terms_of
from .form import (
    EACH,
    THIS_YEAR,
    YEAR,
    Block,
    Deadline,
    DueDay,
    Fees,
    FigureSet,
    Form,
    FormTable,
    Identity,
    Item,
    Phrase,
    Rate,
    SameAs,
    Section,
    chains,
    figure_columns,
    is_plain_chinese,
    key_path,
    names_of,
    newest,
    of_kind,
    table_spellings,
)
from .indicators import Indicator
from .layout import layout_of
from .patterns import PatternError, pattern_of

BAD_FORM = explained_rule(
    "bad-form",
    "表样有误",
    text("A local form contains an invalid entry."),
    text("Every table of this form would be printed wrongly."),
    text("Check the line in the message; begin with “extends” and the statutory form that yours extends."),
    wrong="form: local\nextends: 2022",
    right="form: local\nextends: 2021",
    example=Example(
        (("local.yaml", 'form: city-2021\nextends: "2020"\n'),), run="sphinx-govreport check --form local.yaml data"
    ),
)
MAX_FIGURES = 5_000  #: of a table; the longest statutory one has 203

FORMS_DIR = Path(__file__).parents[2] / "forms"
FormFiles: TypeAlias = tuple[tuple[str, bytes], ...]  #: names and bytes of the files that could be read

_FORM_KEYS = (
    "form", "kind", "title", "title-parts", "english", "source", "years", "deadline", "share-base", "same-as", "sections",
    "tables",
)  # fmt: skip
_LOCAL_KEYS = (
    "form", "extends", "title", "title-parts", "english", "source", "years", "deadline", "sections", "label-notes", "add-rows",
    "same-as",
)  # fmt: skip
_BLOCK_KEYS = ("title", "corner", "columns", "rows")
_TABLE_KEYS = (
    "section", "label", "english", "short", "aliases", "source", "unit", "widths", "blocks", *_BLOCK_KEYS, "checks", "prose",
    "sets", "rates",
)  # fmt: skip
_ITEM_KEYS = (
    "key", "label", "english", "short", "aliases", "span", "sum", "rule", "signed", "decimal", "unit", "units", "text", "shows",
    "each", "numbered",
)  # fmt: skip
#: the keys of form files in Chinese; keys with the same meaning in several places have one name
CHINESE_KEYS = {
    "form": "格式", "extends": "扩展", "title": "标题", "title-parts": "标题分段",
    "english": "英文名", "source": "依据", "notice": "文件", "date": "日期",
    "years": "适用年度", "from": "起", "to": "止", "deadline": "期限", "share-base": "占比基数", "sections": "章节",
    "tables": "表", "section": "章节序号", "label": "名称", "short": "简称", "aliases": "别名",
    "unit": "单位", "units": "可选单位",
    "widths": "列宽", "blocks": "分块", "corner": "表头左上角", "columns": "列", "rows": "行", "checks": "勾稽关系",
    "prose": "正文表述", "sets": "数据组", "key": "键", "span": "占列数", "sum": "合计", "rule": "核对名称",
    "signed": "带正负号", "decimal": "带小数", "text": "文字", "shows": "显示", "each": "逐项", "numbered": "编号",
    "equation": "等式", "pattern": "句式", "figures": "数据", "share": "占比", "prompts": "提示", "least": "最少字数",
    "fees": "收费", "mention": "提及", "denial": "否认", "unpaid": "未缴费", "label-notes": "名称附注", "add-rows": "增加行",
    "after": "位于其后", "explainable": "可说明", "kind": "报告种类", "same-as": "同口径", "figure": "数据项",
    "as": "对应", "levels": "级别", "rates": "比率", "formula": "算式",
}  # fmt: skip
_CANONICAL = {chinese: key for key, chinese in CHINESE_KEYS.items()}
#: values of choices, in English and Chinese
_YES, _SIBLINGS, _UNIT = ("true", "是"), ("siblings", "同级"), ("unit", "单位")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*|(?=.*[^\x00-\x7f])(?:[a-z0-9-]|[^\W_·．]|[、，“”《》（）])+")
_STUB, _FIGURES = 16, 10  # characters of columns without widths
_NUMBER = re.compile("[1-9][0-9]{0,3}")
_KIND = re.compile(r"[^\s/:：|`]+(?: [^\s/:：|`]+)*")  # part of the names of reports
#: keys of year files, and a CSS class
_RESERVED = {
    "agency", "year", "form", "notes", "explanations", "corrections", "default", "table",
    "机关", "年度", "格式", "附注", "说明", "更正", "默认",
}  # fmt: skip
_ONE_ROW = Item("")
_EMPTY = MappingNode((), 1, 1)


class FormFile(NamedTuple):
    """The content of a form file: the form, or why there is none."""

    form: Form | None
    diagnostics: tuple[Diagnostic, ...]


def statutory_files() -> FormFiles:
    """Return the names and bytes of the statutory forms' files, oldest first."""
    return tuple((path.name, path.read_bytes()) for path in sorted(FORMS_DIR.glob("*.yaml")))


@cache
def statutory_forms() -> dict[str, Form]:
    """Return the statutory forms by name, oldest first."""
    forms: dict[str, Form] = {}
    for name, data in statutory_files():
        form, diagnostics = read_form(read_source(name, data), forms)
        if form is None:  # our own file: our mistake, not the user's
            raise ValueError("; ".join(f"{d.pos}: {d.render(str)}" for d in diagnostics))
        forms[form.name] = form
    return forms


@cache
def main_kind() -> str:
    """Return the default kind of report: that of the statutory forms.

    Do not parse their files for it: a build without changes parses nothing.
    """
    _name, data = statutory_files()[-1]
    return next(line.removeprefix("kind: ") for line in data.decode().splitlines() if line.startswith("kind: "))


def main_form(forms: Iterable[Form]) -> Form:
    """Return the newest form of the default kind; if there is none, the newest of all."""
    forms = tuple(forms)
    return newest(of_kind(forms, main_kind()) or forms)


def read_form(source: Source, known: dict[str, Form], checks: Mapping[str, bool] | None = None) -> FormFile:
    """Read and check a form file. A local form may extend one of the ``known`` forms, and name its sums by some ``checks``."""
    if source.root is None or source.diagnostics:
        return FormFile(None, source.diagnostics)
    reader = _FormReader(source, checks or {})
    extends = not reader.keys.isdisjoint(("extends", CHINESE_KEYS["extends"]))
    form = reader.local_form(source.root, known) if extends else reader.form(source.root, known)
    return FormFile(None if reader.diagnostics else form, tuple(reader.diagnostics))


class _FormReader:
    """Reads one form file and collects its problems."""

    def __init__(self, source: Source, checks: Mapping[str, bool]) -> None:
        self.source = source
        self.checks = checks
        self.diagnostics: list[Diagnostic] = []
        self.keys = {key.text for key, _value in source.root.entries} if isinstance(source.root, MappingNode) else set()
        self.is_chinese = not self.keys.isdisjoint(_CANONICAL)

    def own(self, key: str) -> str:
        """Return a key in the language of the file."""
        return CHINESE_KEYS.get(key, key) if self.is_chinese else key

    def report(self, node: Node, message: Text) -> None:
        self.diagnostics.append(Diagnostic(BAD_FORM, self.source.pos(node), message))

    # forms

    def form(self, root: Node, known: dict[str, Form]) -> Form:
        """Read a form with its own tables. Missing properties of reports are those of the newest form of its kind."""
        fields = self.mapping(root, _FORM_KEYS, root)
        kind = self.kind(fields, root, known)
        same = of_kind(known.values(), kind)
        other = newest(same) if same else None
        share_base = self.optional(fields, "share-base") or (other.share_base if other else "")
        title, parts = (other.title, other.title_parts) if other else (kind, ())
        blank = Form("", kind, title, "", "", "", 0, None, (), self.source.digest, share_base=share_base, title_parts=parts)
        form = self.described(blank, fields, self.needed(fields, "years", ("from", "to"), root), root)
        form = form._replace(tables=tuple(self.tables(fields.get("tables"), root, form.notice)))
        if not self.diagnostics:
            self.check_figures(form, fields, root)
            self.check_idents(form.tables, fields["tables"])
        return form if self.diagnostics else form._replace(same_as=tuple(self.same_as(form, fields, known)))

    def local_form(self, root: Node, known: dict[str, Form]) -> Form | None:
        """Read a form that extends one of the ``known`` forms; return None if there is no such form."""
        fields = self.mapping(root, _LOCAL_KEYS, root)
        name = self.string(fields, "extends", root)
        base = known.get(name)
        if base is None:
            if name:
                self.report(fields["extends"], text("There is no such form; use one of: {names}.", names=listed(known)))
            return None
        tables, names = {table.name: table for table in base.tables}, table_spellings(base.tables)
        for name, node in self.mapping(fields.get("add-rows", _EMPTY), names, root).items():
            if isinstance(node, SequenceNode) and (table := names.get(name)):
                for row in node.items:
                    tables[table] = self.add_row(tables[table], row)
            elif name in names:
                self.report(node, text("“{key}” must be a list.", key=name))
        for name, node in self.mapping(fields.get("label-notes", _EMPTY), names, root).items():
            if table := names.get(name):
                tables[table] = self.note_labels(tables[table], node)
        if not self.diagnostics:
            self.check_idents(tables.values(), root)
        years = self.mapping(fields.get("years", _EMPTY), ("from", "to"), root)
        form = self.described(base, fields, years, root)._replace(
            tables=tuple(tables.values()), digest=f"{base.digest}{self.source.digest}", edition=base.edition or base.name
        )
        return form if self.diagnostics else form._replace(same_as=(*base.same_as, *self.same_as(form, fields, known)))

    def described(self, base: Form, fields: dict[str, Node], years: dict[str, Node], root: Node) -> Form:
        """Return the form ``base`` with the name, source, years and properties of reports that a form file defines."""
        source = self.needed(fields, "source", ("notice", "date"), root)
        title, parts = self.title(fields, base)
        first_year, last_year = self.years(years, base.first_year) if years else (base.first_year, base.last_year)
        return base._replace(
            name=self.string(fields, "form", root),
            title=title,
            title_parts=parts,
            english=self.optional(fields, "english"),
            notice=self.string(source, "notice", root, required=bool(source)),
            date=self.optional(source, "date"),
            first_year=first_year,
            last_year=last_year,
            sections=tuple(self.section(item) for item in self.items(fields, "sections")) or base.sections,
            deadline=self.deadline(fields["deadline"]) if "deadline" in fields else base.deadline,
        )

    def title(self, fields: dict[str, Node], base: Form) -> tuple[str, tuple[str, ...]]:
        """Return the title of reports and its parts; a new title without parts is one part."""
        title = self.optional(fields, "title") or base.title
        if "title-parts" not in fields:
            return title, base.title_parts if title == base.title else ()
        parts = self.strings(fields, "title-parts")
        if "".join(parts) != title:
            message = text("The parts of the title, “{parts}”, do not make up “{title}”.", parts=listed(parts), title=title)
            self.report(fields["title-parts"], message)
        return title, parts

    def years(self, fields: dict[str, Node], default: int) -> tuple[int, int | None]:
        """Return the first and the last year of the reports; None if the form is in force."""
        first, last = self.number(fields, "from", default), self.number(fields, "to", 0) or None
        if last and last < first:
            self.report(fields["to"], text("The last year, {last}, is before the first, {first}.", last=last, first=first))
        return first, last

    def add_row(self, table: FormTable, node: Node) -> FormTable:
        """Return ``table`` with one more row, after the row at the key path ``after``."""
        fields = self.mapping(node, ("after", *_ITEM_KEYS), node)
        if not isinstance(node, MappingNode):
            return table
        after = self.string(fields, "after", node)
        entries = tuple((key, value) for key, value in node.entries if key.text not in ("after", CHINESE_KEYS["after"]))
        row = self.item(node._replace(entries=entries), "rows")
        blocks = (block._replace(rows=_with_row(block.rows, after.split("."), row)) for block in table.blocks)
        changed = replace(table, blocks=tuple(blocks))
        if changed.blocks == table.blocks:
            self.report(fields.get("after", node), text("There is no row “{key}”.", key=after))
        self.check_keys(changed.blocks, node)
        return changed

    def note_labels(self, table: FormTable, node: Node) -> FormTable:
        """Return ``table`` with remarks after the labels of rows (by key path) and columns (by key)."""
        for kind, notes in self.mapping(node, ("rows", "columns"), node).items():
            if not isinstance(notes, MappingNode):
                self.report(notes, text("A mapping is expected here: {keys}.", keys=f"{self.own('key')}: （…）"))
                continue
            for key, note in notes.entries:
                if not isinstance(note, ScalarNode):
                    self.report(note, text("“{key}” must be a text.", key=key.text))
                    continue
                path = key.text.split(".")
                if kind == "rows":
                    blocks = tuple(block._replace(rows=_noted(block.rows, path, note.text)) for block in table.blocks)
                else:
                    blocks = tuple(block._replace(columns=_noted(block.columns, path, note.text)) for block in table.blocks)
                if blocks == table.blocks:
                    self.report(key, text("The table has no “{key}”.", key=key.text))
                table = replace(table, blocks=blocks)
        return table

    # parts of a form

    def kind(self, fields: dict[str, Node], root: Node, known: dict[str, Form]) -> str:
        """Return the kind of report: that of the statutory forms, unless the form specifies another."""
        kind = self.string(fields, "kind", root, required=not known)
        if kind and not _KIND.fullmatch(kind):
            self.report(fields["kind"], text("The name of a kind of report must not contain “/”, “:”, “|” or “`”."))
        return kind or (main_kind() if known else "")

    def deadline(self, node: Node) -> Deadline:
        """Read the last day of publication: one ``date`` for all agencies, or one for each of the ``levels``."""
        fields = self.mapping(node, ("date", "levels", "source"), node)
        source = self.string(fields, "source", node)
        levels = fields.get("levels")
        if levels is None:
            return Deadline(source, (self.due_day(fields, node),))
        if "date" in fields:
            self.report(fields["date"], text("With “{key}”, each level has its own date.", key=self.own("levels")))
        if not isinstance(levels, MappingNode) or not levels.entries:
            keys = "{}: {{{}, {}}}".format(*map(self.own, ("key", "label", "date")))
            self.report(levels, text("A mapping is expected here: {keys}.", keys=keys))
            return Deadline(source, ())
        days = []
        for key, value in levels.entries:
            is_date = isinstance(value, ScalarNode)  # without a label
            fields = {"date": value} if is_date else self.mapping(value, ("label", "aliases", "date"), value)
            label = self.optional(fields, "label") or key.text
            day = self.due_day(fields, value)
            days.append(day._replace(level=key.text, label=label, aliases=self.strings(fields, "aliases")))
        names = Counter(name for day in days for name in {day.level, day.label, *day.aliases})
        for name, times in names.items():
            if times > 1:
                self.report(levels, text("“{name}” is used for two levels.", name=name))
        return Deadline(source, tuple(days))

    def due_day(self, fields: dict[str, Node], where: Node) -> DueDay:
        try:
            day = datetime.date.fromisoformat(f"2001-{self.string(fields, 'date', where)}")
        except ValueError:
            self.report(fields.get("date", where), text("“{key}” must be month and day, such as 03-31.", key=self.own("date")))
            day = datetime.date.min
        return DueDay(day.month, day.day)

    def section(self, node: Node) -> Section:
        fields = self.mapping(node, ("key", "title", "aliases", "prompts", "least", "fees"), node)
        title = self.string(fields, "title", node)
        return Section(
            key=self.string(fields, "key", node),
            title=title,
            names=(*names_of(title), *self.strings(fields, "aliases")),
            prompts=self.strings(fields, "prompts"),
            least=self.number(fields, "least", 0),
            fees=self.fees(fields["fees"]) if "fees" in fields else None,
        )

    def fees(self, node: Node) -> Fees:
        fields = self.mapping(node, ("mention", "denial", "unpaid"), node)
        return Fees(
            mention=self.string(fields, "mention", node),
            denial=self.pattern(fields, "denial", node) or "",
            unpaid=self.optional(fields, "unpaid"),
        )

    def tables(self, node: Node | None, root: Node, notice: str) -> Iterator[FormTable]:
        if not isinstance(node, MappingNode) or not node.entries:
            self.report(node or root, text("The form has no tables."))
            return
        for key, value in node.entries:
            self.check_key(key, key.text)
            table = self.table(key.text, value, notice)
            for name in _RESERVED.intersection((table.name, *names_of(table.label), *table.aliases)):
                self.report(key, text("A table cannot be called “{key}”: this name has another meaning.", key=name))
            yield table

    def table(self, name: str, node: Node, notice: str) -> FormTable:
        """Read a table; the form's ``notice`` is its default source."""
        fields = self.mapping(node, _TABLE_KEYS, node)
        widths = tuple(int(width) for width in self.strings(fields, "widths") if _NUMBER.fullmatch(width))
        if len(widths) != len(self.items(fields, "widths")):
            self.report(fields["widths"], text("“{key}” must be a whole number from 1 to 9999.", key=self.own("widths")))
        blocks = tuple(self.block_of(self.mapping(one, _BLOCK_KEYS, one), one) for one in self.items(fields, "blocks"))
        if "blocks" not in fields and "columns" in fields:  # a table of one block
            blocks = (self.block_of(fields, node),)
        elif "blocks" in fields and (own := next((fields[key] for key in _BLOCK_KEYS if key in fields), None)):
            self.report(own, text("With “{key}”, columns and rows belong in the blocks.", key=self.own("blocks")))
        if not blocks:
            self.report(node, text("“{key}” is missing.", key=self.own("blocks" if "blocks" in fields else "columns")))
            return FormTable(name, "", "", "", "", "", (), ())
        stubs = blocks[0].stubs
        widths = widths or (_STUB,) * stubs + (_FIGURES,) * (blocks[0].width - stubs)
        for block in blocks:
            if block.width != len(widths):
                columns = ntext("{count} column", "{count} columns", count=block.width)
                values = {"columns": columns, "key": self.own("widths"), "count": len(widths)}
                self.report(fields.get("widths", node), text("The block is {columns} wide, but “{key}” has {count}.", **values))
        self.check_keys(blocks, node)
        label = self.string(fields, "label", node)
        table = FormTable(
            name=name,
            label=label,
            section=self.optional(fields, "section"),
            english=self.optional(fields, "english"),
            source=self.optional(fields, "source") or notice,
            unit=self.string(fields, "unit", node),
            widths=widths,
            blocks=blocks,
            aliases=(*self.aliases(fields), *(names_of(label.replace(YEAR, THIS_YEAR)) if YEAR in label else ())),
            identities=tuple(self.identity(item) for item in self.items(fields, "checks")),
            phrases=tuple(filter(None, map(self.phrase, self.items(fields, "prose")))),
            sets=tuple(map(self.figure_set, self.items(fields, "sets"))),
            rates=tuple(map(self.rate, self.items(fields, "rates"))),
            short=self.optional(fields, "short"),
        )
        if not self.diagnostics:
            self.check_table(table, fields, node)
            self.check_rates(table, self.items(fields, "rates"))
        return table

    def identity(self, node: Node) -> Identity:
        fields = self.mapping(node, ("rule", "equation", "source", "title", "explainable"), node)
        return Identity(
            rule=self.rule(fields, node),
            equation=self.string(fields, "equation", node),
            source=self.optional(fields, "source"),
            title=self.optional(fields, "title"),
            is_explainable=self.flag(fields, "explainable"),
        )

    def rule(self, fields: dict[str, Node], where: Node, *, required: bool = True) -> str:
        """Return the name of the check of a sum, which has the title and severity of a known check with this name."""
        name = " ".join(self.string(fields, "rule", where, required=required).split())
        has_own = "title" in fields or "explainable" in fields
        if name in self.checks and (has_own or not self.checks[name]):
            self.report(fields["rule"], text("“{name}” is the name of another check; choose your own.", name=name))
        return name

    def phrase(self, node: Node) -> Phrase | None:
        fields = self.mapping(node, ("pattern", "figures", "share"), node)
        pattern = self.pattern(fields, "pattern", node)
        return Phrase(pattern, self.strings(fields, "figures"), self.flag(fields, "share")) if pattern is not None else None

    def figure_set(self, node: Node) -> FigureSet:
        fields = self.mapping(node, ("key", "label", "figures"), node)
        label = self.string(fields, "label", node).replace(YEAR, THIS_YEAR)
        return FigureSet(self.string(fields, "key", node), label, self.strings(fields, "figures"))

    def rate(self, node: Node) -> Rate:
        fields = self.mapping(node, ("key", "label", "english", "aliases", "formula"), node)
        rate = Rate(
            key=self.string(fields, "key", node),
            label=self.string(fields, "label", node),
            english=self.optional(fields, "english"),
            formula=self.string(fields, "formula", node),
            aliases=self.strings(fields, "aliases"),
        )
        if rate.key:
            self.check_key(fields["key"], rate.key)
        return rate

    def same_as(self, form: Form, fields: dict[str, Node], known: dict[str, Form]) -> Iterator[SameAs]:
        """Read and check the form's statements about figures of the ``known`` forms."""
        nodes = self.items(fields, "same-as")
        own = _indicators(form) if nodes else {}
        taken: set[tuple[str, str]] = set()
        for node in nodes:
            entry = self.mapping(node, ("figure", "form", "as", "source"), node)
            figure, source = self.string(entry, "figure", node), self.string(entry, "source", node)
            name = self.string(entry, "form", node)
            other = self.optional(entry, "as") or figure
            if not figure or not name or not source:
                continue
            if name not in known or name == form.name:
                others = listed(one for one in known if one != form.name)
                self.report(entry["form"], text("There is no such form; use one of: {names}.", names=others))
                continue
            statement = SameAs(figure, name, other, source)
            self.check_same_as(statement, entry, own, _indicators(known[name]), taken)
            yield statement

    def check_same_as(
        self,
        statement: SameAs,
        fields: dict[str, Node],
        own: Mapping[str, Indicator],
        others: Mapping[str, Indicator],
        taken: set[tuple[str, str]],
    ) -> None:
        """Check that both figures exist, have the same unit, and are not already ``taken`` by another statement."""
        where, figure = fields.get("as", fields["figure"]), statement.figure
        if figure.count("*") != statement.other.count("*"):
            message = text("“{key}” and “{other}” must have the same number of “*”.", key=figure, other=statement.other)
            self.report(where, message)
            return
        pairs = tuple(expand_pairs(figure, statement.other, own))
        if not pairs:
            self.report(fields["figure"], text("The form has no “{key}”.", key=figure))
            return
        both = [pair for pair in pairs if pair[1] in others]
        if not both:
            message = text("The form {form} has no “{key}”.", key=statement.other, form=statement.form)
            self.report(where, message)
        for one, other in both:
            here, there = own[one], others[other]
            if (here.unit, {*here.units}) != (there.unit, {*there.units}):
                message = text(
                    "{label} is counted in {unit} here, but in {other} in the form {form}.",
                    label=here.label,
                    unit=here.unit or listed(here.units),
                    form=statement.form,
                    other=there.unit or listed(there.units),
                )
                self.report(where, message)
                return
            for name in ((statement.form, f"< {one}"), (statement.form, f"> {other}")):
                if name in taken:
                    message = text("“{key}” is declared to be the same as two figures: remove one of them.", key=name[1][2:])
                    self.report(where, message)
                    return
                taken.add(name)

    def block_of(self, fields: dict[str, Node], node: Node) -> Block:
        columns = tuple(self.item(item, "columns") for item in self.items(fields, "columns"))
        if not columns:
            self.report(node, text("“{key}” is missing.", key=self.own("columns")))
        rows = tuple(self.item(item, "rows") for item in self.items(fields, "rows"))
        self.check_totals(columns, node)
        self.check_totals(rows, node)
        block = Block(columns, rows, self.optional(fields, "title"))
        if not isinstance(fields.get("corner"), SequenceNode):
            return block._replace(corners=(self.optional(fields, "corner"),))
        corners = self.strings(fields, "corner")
        if len(corners) != block.stubs:
            heads = ntext("{count} level of headers", "{count} levels of headers", count=block.stubs)
            key, count = self.own("corner"), len(corners)
            message = text("The rows have {heads}, but “{key}” has {count}.", heads=heads, key=key, count=count)
            self.report(fields["corner"], message)
        return block._replace(corners=corners)

    def item(self, node: Node, kind: str) -> Item:
        """Read a header of rows or columns; ``kind`` is the key of the items below it."""
        fields = self.mapping(node, (*_ITEM_KEYS, kind), node)
        items = tuple(self.item(item, kind) for item in self.items(fields, kind))
        each = self.optional(fields, "each")
        shows_unit = self.flag(fields, "shows", _UNIT)
        label = each or self.string(fields, "label", node)
        is_figure = not each and not shows_unit and (not items or kind == "rows")
        default = names_of(label.replace(YEAR, THIS_YEAR))[-1] if is_figure and label else ""  # without number, remark and year
        key = self.optional(fields, "key") or default
        if key:
            self.check_key(fields.get("key", fields.get("label", node)), key)
        is_list = isinstance(fields.get("sum"), SequenceNode)
        item = Item(
            label=label,
            english=self.optional(fields, "english"),
            key=EACH if each else key,
            aliases=self.aliases(fields),
            items=items,
            span=self.number(fields, "span", 1),
            is_total=not is_list and self.flag(fields, "sum", _SIBLINGS),
            parts=self.strings(fields, "sum") if is_list else (),
            rule=self.rule(fields, node, required="sum" in fields),
            signed=self.flag(fields, "signed"),
            decimal=self.flag(fields, "decimal"),
            unit=self.optional(fields, "unit"),
            units=self.strings(fields, "units"),
            is_text=self.flag(fields, "text"),
            shows_unit=shows_unit,
            is_each=bool(each),
            short=self.optional(fields, "short"),
        )
        self.check_totals(items, node)
        if (item.is_total or item.parts) and items:
            self.report(node, text("A group cannot be a total."))
        for name in ("text", "shows") if kind == "rows" else ("each", "numbered"):
            if name in fields:
                message = text("Rows cannot be “{key}”, only columns.", key=self.own(name))
                if kind == "columns":
                    message = text("Columns cannot be “{key}”, only rows.", key=self.own(name))
                self.report(fields[name], message)
        if each and (items or fields.keys() & {"key", "label", "sum"}):
            self.report(node, text("A row for each name must not have a label, a key, a sum or rows."))
        if self.flag(fields, "numbered"):
            return Item("", items=(item,))
        return item._replace(items=tuple(_with_properties(one, item) for one in items))

    # checks of the read form

    def check_key(self, node: Node, key: str) -> None:
        """Check a part of a key path, which becomes a part of equations, ids and anchors."""
        if not _KEY.fullmatch(key):
            message = text("“{key}” is not a valid key: use a-z, 0-9 and single hyphens, or Chinese characters.", key=key)
            self.report(node, message)

    def check_keys(self, blocks: tuple[Block, ...], node: Node) -> None:
        """Check that each key path identifies one figure or one group."""
        open_rows = [row for block in blocks for row in block.rows if any(leaf.is_each for leaf in row.leaves())]
        if len(open_rows) > 1 or any(row.items and row.key for row in open_rows):
            self.report(node, text("A table can have rows for each name only once, and not within a group."))
            return
        count = sum(_count(block.rows or (_ONE_ROW,)) * _count(block.columns) for block in blocks)
        if count > MAX_FIGURES:
            message = text("The table has {count} figures; at most {limit} are allowed.", count=count, limit=MAX_FIGURES)
            self.report(node, message)
            return
        paths = Counter(path for block in blocks for path in _key_paths(block))
        rows = {key_path(row, ()) for block in blocks for row in chains(block.rows)}
        twice = {path for path, times in paths.items() if times > 1} | (paths.keys() & _groups(paths)) | (rows & _groups(rows))
        first = next((path for path in (*sorted(rows), *paths) if path in twice), None)
        if first is not None:  # the others have the same label
            self.report(node, text("“{key}” appears twice in the table.", key=first))

    def check_totals(self, group: tuple[Item, ...], where: Node) -> None:
        last = max((at for at, item in enumerate(group) if not item.is_text), default=0)
        if any(item.is_total for item in group[:last]):
            self.report(where, text("A total must be the last of its group."))

    def check_table(self, table: FormTable, fields: dict[str, Node], where: Node) -> None:
        """Check that all references to figures of the table are valid."""
        paths = layout_of(table).indicators
        self.check_sums(paths, where)
        numbers = [path for path, indicator in paths.items() if not indicator.is_text]
        for one, node in zip(table.identities, self.items(fields, "checks"), strict=True):
            found = expand(one.rule, one.equation, numbers)
            self.check_matches(node, one.equation, found)
            for each in found:
                self.check_units(node, one.equation, [term.path for term in each.terms], paths)
        for phrase, node in zip(table.phrases, self.items(fields, "prose"), strict=True):
            for side in phrase.figures:
                self.check_matches(node, side, terms_of(side, numbers))
        known = {*paths, *(rate.key for rate in table.rates)}
        for figures, node in zip(table.sets, self.items(fields, "sets"), strict=True):
            for path in figures.figures:
                if path not in known:
                    self.report(node, text("The table has no “{key}”.", key=path))

    def check_sums(self, indicators: dict[str, Indicator], where: Node) -> None:
        """Check that the parts of each sum are in the table, do not include the sum, and are counted in its unit."""
        for path, indicator in indicators.items():
            for part in indicator.parts:
                if part not in indicators:
                    message = text("The sum “{path}” has a part that is not in the table: {part}.", path=path, part=part)
                    self.report(where, message)
        for path in indicators:
            if not self.diagnostics and _is_circular(path, indicators):
                self.report(where, text("The sum “{path}” is a part of itself.", path=path))
        for path, indicator in indicators.items():
            if indicator.parts and not self.diagnostics:  # the sums of the other rows have the same mistake
                self.check_units(where, path, (path, *indicator.parts), indicators)

    def check_matches(self, where: Node, equation: str, found: Collection[object]) -> None:
        if not found:
            self.report(where, text("The equation “{equation}” does not match any figures of the table.", equation=equation))

    def check_units(self, where: Node, equation: str, terms: Iterable[str], indicators: dict[str, Indicator]) -> None:
        """Check that the figures of an equation are counted in one unit."""
        units = {(one.unit, one.units): one for term in terms if (one := indicators.get(term))}
        if len(units) > 1:
            names = listed(f"{one.label}（{one.unit or '/'.join(one.units)}）" for one in units.values())
            message = text("The figures of “{equation}” are not counted in one unit: {names}.", equation=equation, names=names)
            self.report(where, message)

    def check_rates(self, table: FormTable, nodes: tuple[Node, ...]) -> None:
        """Check that the figures of each rate exist and have the same unit, and that rates have unique names."""
        layout = layout_of(table)
        taken = {*layout.root.names}
        for rate, node in zip(table.rates, nodes, strict=True):
            assert isinstance(node, MappingNode)
            formula = node.get("formula") or node
            for name in dict.fromkeys(rate.names):
                if name in taken:
                    self.report(node, text("“{key}” appears twice in the table.", key=name))
                taken.add(name)
            ratio = layout.rates.get(rate.key)
            if ratio is None:
                message = text(
                    "“{formula}” is not a formula of a rate: write (a + b) / c with figures of the table.", formula=rate.formula
                )
                self.report(formula, message)
                continue
            self.check_units(formula, rate.formula, [term.path for term in ratio.terms], layout.indicators)

    def check_figures(self, form: Form, fields: dict[str, Node], root: Node) -> None:
        """Check that the figures to which the form itself refers exist."""
        nodes = self.mapping(fields.get("tables"), form.table_names, root)
        known = _indicators(form)
        is_wrong = "share-base" in fields and form.share_base not in known
        if is_wrong:
            self.report(fields["share-base"], text("The form has no “{key}”.", key=form.share_base))
        for table in form.tables:
            if not is_wrong and form.share_base not in known and any(phrase.is_share for phrase in table.phrases):
                message = text("“{key}” needs the figure “{needed}”.", key=self.own("share"), needed=form.share_base)
                if not form.share_base:
                    message = text("“{key}” is missing.", key=self.own("share-base"))
                self.report(nodes[table.name], message)
        for section, node in zip(form.sections, self.items(fields, "sections"), strict=True):
            if section.fees and section.fees.unpaid and section.fees.unpaid not in known:
                self.report(node, text("The form has no “{key}”.", key=section.fees.unpaid))

    def check_idents(self, tables: Iterable[FormTable], where: Node) -> None:
        """Check that no two tables or figures have the same id on pages, where hyphens replace the dots of key paths."""
        names: dict[str, str] = {}
        for table in tables:
            for name in (table.name, *(f"{table.name}.{path}" for path in layout_of(table).indicators)):
                other = names.setdefault(name.replace(".", "-"), name)
                if other != name:
                    message = text(
                        "“{one}” and “{other}” would have the same id on a page: rename one of them.", one=other, other=name
                    )
                    self.report(where, message)

    # values

    def needed(self, fields: dict[str, Node], key: str, known: Iterable[str], where: Node) -> dict[str, Node]:
        """Return the entries of a mapping that are required."""
        if key in fields:
            return self.mapping(fields[key], known, where)
        self.report(where, text("“{key}” is missing.", key=self.own(key)))
        return {}

    def mapping(self, node: Node | None, known: Iterable[str], where: Node) -> dict[str, Node]:
        """Return the entries of a mapping whose keys must be among ``known``."""
        if not isinstance(node, MappingNode):
            self.report(node or where, text("A mapping is expected here: {keys}.", keys=listed(map(self.own, known))))
            return {}
        fields: dict[str, Node] = {}
        for key, value in node.entries:
            name = key.text if key.text in known else _CANONICAL.get(key.text, key.text)
            if name not in known:
                message = text("Unknown key “{key}”; use one of: {keys}.", key=key.text, keys=listed(map(self.own, known)))
                self.report(key, message)
            elif name in fields:
                self.report(key, text("“{key}” appears here twice.", key=key.text))
            fields[name] = value
        return fields

    def string(self, fields: dict[str, Node], key: str, where: Node, *, required: bool = True) -> str:
        node = fields.get(key)
        if is_text(node):
            return node.text
        if node is not None or (required and isinstance(where, MappingNode)):  # else it is reported as no mapping
            self.report(node or where, text("“{key}” must be a text.", key=self.own(key)))
        return ""

    def optional(self, fields: dict[str, Node], key: str) -> str:
        """Return a text, or an empty one if the key is missing."""
        return self.string(fields, key, fields[key]) if key in fields else ""

    def pattern(self, fields: dict[str, Node], key: str, where: Node) -> str | None:
        """Return a regular expression with limited steps; None if there is none."""
        try:
            return pattern_of(self.string(fields, key, where))
        except PatternError as error:
            self.report(fields.get(key, where), error.message)
            return None

    def strings(self, fields: dict[str, Node], key: str) -> tuple[str, ...]:
        items = self.items(fields, key)
        for item in items:
            if not isinstance(item, ScalarNode):
                self.report(item, text("Each item of “{key}” must be a text.", key=self.own(key)))
        return tuple(item.text for item in items if isinstance(item, ScalarNode))

    def aliases(self, fields: dict[str, Node]) -> tuple[str, ...]:
        """Return the accepted names of a table or an item besides its label, the short one first."""
        short = self.optional(fields, "short")
        if short and not is_plain_chinese(short):
            message = text("“{key}” is not a valid short name: use Chinese characters, digits and letters.", key=short)
            self.report(fields["short"], message)
        return (*((short,) if short else ()), *self.strings(fields, "aliases"))

    def items(self, fields: dict[str, Node], key: str) -> tuple[Node, ...]:
        node = fields.get(key)
        if node is None:
            return ()
        if isinstance(node, SequenceNode):
            return node.items
        self.report(node, text("“{key}” must be a list.", key=self.own(key)))
        return ()

    def number(self, fields: dict[str, Node], key: str, default: int) -> int:
        node = fields.get(key)
        if node is None:
            return default
        if isinstance(node, ScalarNode) and _NUMBER.fullmatch(node.text):
            return int(node.text)
        self.report(node, text("“{key}” must be a whole number from 1 to 9999.", key=self.own(key)))
        return default

    def flag(self, fields: dict[str, Node], key: str, yes: tuple[str, ...] = _YES) -> bool:
        node = fields.get(key)
        if node is None:
            return False
        if isinstance(node, ScalarNode) and node.text in yes:
            return True
        self.report(node, text("“{key}” can only be “{value}”, or left out.", key=self.own(key), value=yes[self.is_chinese]))
        return False


def _is_circular(path: str, indicators: dict[str, Indicator]) -> bool:
    """Return whether a figure is a part of its own sum."""
    seen: set[str] = set()
    parts = [*indicators[path].parts]
    while parts and path not in seen:
        part = parts.pop()
        parts += indicators[part].parts if part not in seen else ()
        seen.add(part)
    return path in seen


def _indicators(form: Form) -> dict[str, Indicator]:
    """Return the figures of a form by key paths with the table."""
    return {f"{table.name}.{path}": one for table in form.tables for path, one in layout_of(table).indicators.items()}


def _count(items: Iterable[Item]) -> int:
    return sum(1 for item in items for leaf in item.leaves() if not leaf.shows_unit)


def _key_paths(block: Block) -> Iterator[str]:
    for row in chains(block.rows) if block.rows else ((),):
        yield from (key_path(row, column) for column in figure_columns(block.columns))


def _groups(paths: Iterable[str]) -> set[str]:
    """Return the groups on the paths."""
    return {path[:at] for path in paths for at, mark in enumerate(path) if mark == "."}


def _is_called(item: Item, name: str) -> bool:
    """Return whether a name, in English or Chinese, is that of an item."""
    return bool(name) and name in (item.key, *item.names, *item.aliases)


def _with_properties(item: Item, group: Item) -> Item:
    """Return an item of a group with the properties of figures that the group has, unless it has its own unit."""
    if not item.unit and not item.units:
        item = item._replace(unit=group.unit, units=group.units)
    return item._replace(
        signed=item.signed or group.signed,
        decimal=item.decimal or group.decimal,
        is_text=item.is_text or group.is_text,
        shows_unit=item.shows_unit or group.shows_unit,
        items=tuple(_with_properties(one, group) for one in item.items),
    )


def _with_row(items: tuple[Item, ...], path: list[str], new: Item) -> tuple[Item, ...]:
    """Return the items with a new one after the item at ``path``."""
    result: list[Item] = []
    for item in items:
        is_here = _is_called(item, path[0])
        if is_here and len(path) > 1:
            item = item._replace(items=_with_row(item.items, path[1:], _with_properties(new, item)))
        result.append(item)
        if is_here and len(path) == 1:
            result.append(new)
    return tuple(result)


def _noted(items: tuple[Item, ...], path: list[str], note: str) -> tuple[Item, ...]:
    """Return the items with a remark after the label of the item at ``path``, which skips groups without a key."""
    result: list[Item] = []
    for item in items:
        is_here = _is_called(item, path[0])
        if is_here and len(path) == 1:
            item = item._replace(label=item.label + note)
        elif is_here or not item.key:
            item = item._replace(items=_noted(item.items, path[1:] if is_here else path, note))
        result.append(item)
    return tuple(result)
