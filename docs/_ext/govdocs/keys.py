"""The keys of a form, with the statutory labels."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from sphinx_govreport.core.diagnostics import text, translator
from sphinx_govreport.core.forms.form import Form, FormTable, Item, names_of
from sphinx_govreport.core.forms.reader import statutory_forms

from .parts import Cell, Generated, code, codes

_INDENT = "\N{NO-BREAK SPACE}" * 4


class Keys(Generated):
    """``govdocs-keys FORM``: for each table of a form, the keys of its rows and columns."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        form = statutory_forms()[self.arguments[0]]
        return [part for table in form.tables for part in self._table(form, table)]

    def _table(self, form: Form, table: FormTable) -> list[nodes.Node]:
        title = nodes.title("", "", code(table.name), nodes.Text(f" {table.label}"), translatable=False)
        section = nodes.section("", title, ids=[f"keys-{form.name}-{table.name}"])
        rows = [row for block in table.blocks for row in (*self._items(block.rows, 0), *self._items(block.columns, 0))]
        section += self.table(("Key", "Label", "In English", "Also understood"), dict(rows).values(), (26, 34, 22, 18))
        if table.rates:
            rates: list[list[Cell]] = [
                [code(rate.key), self.fixed(rate.label), nodes.Text(rate.english), code(rate.formula)] for rate in table.rates
            ]
            section += self.table(("Rate", "Label", "In English", "Formula"), rates, (26, 16, 22, 36))
        return [section]

    def _items(self, items: tuple[Item, ...], level: int) -> Iterator[tuple[str, list[Cell]]]:
        for item in items:
            label = item.label.replace("\n", "")
            others = [name for name in (*names_of(label)[1:], *item.aliases) if name != label]
            if item.key:
                total = [" ", nodes.emphasis("", "Σ")] if item.is_total else []
                name: Cell = [_INDENT * level, code(item.key), *total]
                words = nodes.paragraph("", label, translatable=False)
                yield f"{level} {item.key} {label}", [name, words, nodes.Text(item.english), codes(dict.fromkeys(others), " ")]
            yield from self._items(item.items, level + 1 if item.key else level)


class Forms(Generated):
    """``govdocs-forms``: the statutory forms."""

    def run(self) -> list[nodes.Node]:
        translate = translator(self.config.language)
        rows: list[list[Cell]] = []
        for form in statutory_forms().values():
            notice = text("{notice} ({date})", notice=form.notice, date=form.date)
            years = f"{form.first_year}–{form.last_year or ''}"
            rows.append([code(form.name), form.english, nodes.Text(notice.render(translate)), nodes.Text(years)])
        return [self.table(("Form", "In English", "Prescribed by", "Reports for"), rows, (10, 22, 50, 18))]


class SameFigures(Generated):
    """``govdocs-same-as``: which figures of different statutory forms are the same, and the source for each."""

    def run(self) -> list[nodes.Node]:
        rows: list[list[Cell]] = [
            [code(f"{form.name}: {one.figure}"), code(f"{one.form}: {one.other}"), self.fixed(one.source)]
            for form in statutory_forms().values()
            for one in form.same_as
        ]
        return [self.table(("Figure", "Counts the same as", "Source"), rows, (30, 30, 40))]


DIRECTIVES = {"govdocs-keys": Keys, "govdocs-forms": Forms, "govdocs-same-as": SameFigures}
