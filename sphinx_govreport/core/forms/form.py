"""A form: an edition of the tables of a report, as data. ``forms/*.yaml`` are the statutory ones."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal, NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import Text, listed, text
from sphinx_govreport.core.yaml.source import digest_of

#: the language of the keys of a year file
Keys: TypeAlias = Literal["zh", "en"]


class Item(NamedTuple):
    """A head of rows or columns: a leaf has figures, a group has items of its own."""

    label: str  #: as the law prints it; ``\\n`` is a line break of the official head
    english: str = ""
    key: str = ""  #: its part of the key path; a group of columns may have none
    aliases: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    span: int = 1  #: grid columns that a leaf column is wide
    is_total: bool = False  #: its figure is the sum of all other leaves of its group
    parts: tuple[str, ...] = ()  #: its figure is the sum of the leaves with these keys
    rule: str = ""  #: what the check of that sum is called
    signed: bool = False  #: its figures may have a sign
    decimal: bool = False  #: its figures may have decimals
    unit: str = ""  #: what its figures count, where the table's unit does not hold
    units: tuple[str, ...] = ()  #: units that a figure may state itself
    is_text: bool = False  #: its cells have texts in the place of figures
    shows_unit: bool = False  #: it is a column in which each row has its unit; it has no figures
    is_each: bool = False  #: it stands for rows that the year file names
    name: str = ""  #: what messages call it where the label has the year in it
    short: str = ""  #: its Chinese key, where the label is not one; also an alias

    @property
    def names(self) -> tuple[str, ...]:
        """What messages and authors call it: see :func:`names_of`."""
        return names_of(self.name or self.label)

    @property
    def chinese(self) -> tuple[str, ...]:
        """What its Chinese key may be, the best first: see :func:`key_in`."""
        return () if self.is_each else (self.short, *self.names[::-1], *self.aliases)

    def leaves(self) -> Iterator[Item]:
        """The item itself if it is a leaf, else the leaves below it."""
        if not self.items:
            yield self
        for item in self.items:
            yield from item.leaves()

    @property
    def depth(self) -> int:
        """Levels of heads from here down, from 1."""
        return 1 + max((item.depth for item in self.items), default=0)


#: the heads of a row or a column, from the outermost group to the leaf
HeaderPath: TypeAlias = tuple[Item, ...]


class Block(NamedTuple):
    """A part of a table with column heads of its own. Without rows it is one row of figures."""

    columns: tuple[Item, ...]
    rows: tuple[Item, ...] = ()
    title: str = ""  #: the line above the heads, as wide as the table
    corners: tuple[str, ...] = ("",)  #: what is printed above the row heads: over all of them, or over each level


class Identity(NamedTuple):
    """An equation between figures that the form demands beside its totals."""

    rule: str  #: what the check is called
    equation: str  #: see :mod:`.equations`
    source: str = ""  #: where it is prescribed
    title: str = ""  #: what must hold, in words
    is_explainable: bool = False  #: whether an honest report may have a reason for which it does not hold


class Phrase(NamedTuple):
    """How sentences speak of a figure."""

    pattern: str  #: a regular expression; its group is the number; without a group the sentence says that there are none
    #: sums of figures that may be meant, as sides of an equation; ``*`` stands for every key. None: a year in it is last year
    figures: tuple[str, ...]
    is_share: bool = False  #: whether a percentage behind it is the share of all results


class FigureSet(NamedTuple):
    """Figures of a table that are often wanted together."""

    key: str
    label: str
    figures: tuple[str, ...]  #: key paths, without the table


class Rate(NamedTuple):
    """What is computed of a table's figures: one sum over another. No form asks agencies for it."""

    key: str
    label: str
    english: str
    formula: str  #: see :func:`.equations.ratio_of`
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called."""
        return (self.key, *names_of(self.label), *self.aliases)


class SameAs(NamedTuple):
    """A statement that figures of a form count the same as those of another form."""

    figure: str  #: a key path with the table; ``*`` is one key
    form: str  #: the other form
    other: str  #: the key path in it
    source: str  #: who says so


class Fees(NamedTuple):
    """What a section must say of the fees that an agency charged."""

    mention: str  #: the words for the fee
    denial: str  #: a regular expression for sentences that say that no fee was charged
    unpaid: str = ""  #: the figure of what was closed because a fee was not paid, a key path with the table


class Section(NamedTuple):
    """A section of the report's text."""

    key: str
    title: str  #: to the letter, with its number
    names: tuple[str, ...]  #: titles that are understood, without numbers
    prompts: tuple[str, ...] = ()  #: what the page of a new report has in it, in Markdown; ``[…]`` is to be overwritten
    least: int = 0  #: fewer characters say nothing
    fees: Fees | None = None


class DueDay(NamedTuple):
    """The last day of publication for agencies of one level, in the year after the report's."""

    month: int
    day: int
    level: str = ""  #: its key; empty: the day is the same for all agencies
    label: str = ""  #: the level as people call it
    aliases: tuple[str, ...] = ()  #: other names of the level

    def of(self, year: int) -> datetime.date:
        """The last day for the report for ``year``."""
        return datetime.date(year + 1, self.month, self.day)


class Deadline(NamedTuple):
    """When reports must be published."""

    source: str  #: the law that sets it
    days: tuple[DueDay, ...]  #: one for all agencies, or one for each level

    def due(self, level: str) -> DueDay | None:
        """The day for agencies of a level; None if it depends on a level that is not known."""
        return next((one for one in self.days if one.level in ("", level)), None)

    def in_order(self) -> tuple[DueDay, ...]:
        """The days of all levels, the earliest first."""
        return tuple(sorted(self.days, key=lambda one: (one.month, one.day)))


@dataclass(frozen=True, eq=False, slots=True)  # eq=False: tables are keys of caches, by identity
class FormTable:
    """One table of a form."""

    name: str
    label: str  #: the statutory title, without the number of its section
    section: str  #: the number of its section; empty: it has none
    english: str
    source: str  #: the legal source
    unit: str  #: what its figures count
    widths: tuple[int, ...]  #: of the grid's columns, in characters of text output
    blocks: tuple[Block, ...]
    aliases: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    sets: tuple[FigureSet, ...] = ()
    rates: tuple[Rate, ...] = ()
    short: str = ""  #: its Chinese key; also an alias

    @property
    def chinese(self) -> tuple[str, ...]:
        """What its Chinese key may be, the best first: see :func:`key_in`."""
        return (self.short, *self.aliases, *names_of(self.label)[::-1])

    @property
    def heading(self) -> str:
        """The title with the number of its section."""
        return f"{self.section}、{self.label}" if self.section else self.label


class Form(NamedTuple):
    """A statutory edition of the tables, or a local form, which may extend one."""

    name: str
    kind: str  #: of report, in the site's words; reports of two kinds of one agency and year are two reports
    title: str  #: of a report, behind agency and year
    english: str
    notice: str  #: the document that prescribes it
    date: str  #: of the notice, ``YYYY-MM-DD``
    first_year: int  #: the first year of reports it is for
    last_year: int | None  #: None: it is in force
    tables: tuple[FormTable, ...]
    digest: str  #: of the file, and of the form it extends
    sections: tuple[Section, ...] = ()  #: in statutory order
    deadline: Deadline | None = None
    share_base: str = ""  #: the figure that shares in sentences are shares of, a key path with the table
    edition: str = ""  #: the form whose text it has, if it extends one, over all levels
    same_as: tuple[SameAs, ...] = ()  #: what it says of figures of other forms
    title_parts: tuple[str, ...] = ()  #: the words between which a line of the title may end; none: the title is one

    def phrases(self, title: str, year: int) -> tuple[str, ...]:
        """A report's whole title as the parts between which a line may end; none for another title."""
        dated = f"{year}年"
        agency, behind, rest = title.partition(f"{dated}{self.title}")
        if not behind or rest:
            return ()
        return tuple(filter(None, (agency, dated, *(self.title_parts or (self.title,)))))

    @property
    def table_names(self) -> tuple[str, ...]:
        """The names of the tables, in the order of the form."""
        return tuple(table.name for table in self.tables)

    def table(self, name: str) -> FormTable:
        """The table called ``name``. Raises ``KeyError`` where the form has none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def is_in_force(self, year: int) -> bool:
        """Whether reports for ``year`` are made by it."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def form_in_force(forms: Iterable[Form], year: int) -> Form | None:
    """The form for a year's reports: of several, the first."""
    return next((form for form in forms if form.is_in_force(year)), None)


def of_kind(forms: Iterable[Form], kind: str) -> tuple[Form, ...]:
    """Return the forms of one kind of report."""
    return tuple(form for form in forms if form.kind == kind)


def newest(forms: Iterable[Form]) -> Form:
    """Return the form of the latest years; of several, the first."""
    return max(forms, key=lambda form: form.first_year)


def table_order(forms: Iterable[Form]) -> tuple[str, ...]:
    """Return the names of the tables that ``forms`` have, in the order of the newest form."""
    newest_first = sorted(forms, key=lambda form: -form.first_year)
    return tuple(dict.fromkeys(name for form in newest_first for name in form.table_names))


def grid_width(block: Block) -> int:
    """Columns of the grid: row heads and figures."""
    heads = max((row.depth for row in block.rows), default=0)
    return heads + sum(leaf.span for column in block.columns for leaf in column.leaves())


def chains(items: tuple[Item, ...], above: HeaderPath = ()) -> Iterator[HeaderPath]:
    """The way to each leaf."""
    for item in items:
        if item.items:
            yield from chains(item.items, (*above, item))
        else:
            yield (*above, item)


def figure_columns(columns: tuple[Item, ...]) -> list[HeaderPath]:
    """The way to each column with figures or texts."""
    return [chain for chain in chains(columns) if not chain[-1].shows_unit]


def key_path(row: HeaderPath, column: HeaderPath) -> str:
    """What the figure below the heads is called, without the table."""
    return ".".join(item.key for item in (*row, *column) if item.key)


def digest_of_forms(forms: Iterable[Form]) -> str:
    """What a set of forms is known by."""
    return digest_of("".join(form.digest for form in forms).encode())


# -- tables of a report --------------------------------------------------------------------------------------------

TABLES = 1000  #: that are kept worked out: some forms have another table for each report
YEAR = "{year}"  #: stands in labels for the year of the report
THIS_YEAR = "本"  #: takes its place where no year is said: 本年度
EACH = "*"  #: the key of the row that stands for those that a year file names


def is_open(table: FormTable) -> bool:
    """Whether year files name rows of the table."""
    return each_row(table) is not None


@cache
def each_row(table: FormTable) -> Item | None:
    """Return the row that stands for those that a year file names, if the table has one."""
    leaves = (leaf for block in table.blocks for row in block.rows for leaf in row.leaves())
    return next((leaf for leaf in leaves if leaf.is_each), None)


def filled(table: FormTable, year: int = 0, names: tuple[str, ...] | None = None) -> FormTable:
    """Return the table with the year in its labels and with a row for each of ``names``, where it has places for them.

    Without a year the labels speak of this one (本年度); with None for names the row that stands for them is there.
    """
    return _filled(table, year if _names_year(table) else 0, names if is_open(table) else None)


@cache
def _names_year(table: FormTable) -> bool:
    def in_items(items: tuple[Item, ...]) -> bool:
        return any(YEAR in item.label or in_items(item.items) for item in items)

    return any(
        YEAR in block.title or any(YEAR in label for label in block.corners) or in_items(block.columns) or in_items(block.rows)
        for block in table.blocks
    )


@lru_cache(maxsize=TABLES)
def _filled(table: FormTable, year: int, names: tuple[str, ...] | None) -> FormTable:
    if not _names_year(table) and names is None:
        return table

    def dated(label: str) -> str:
        return label.replace(YEAR, str(year) if year else THIS_YEAR)

    def with_year(item: Item) -> Item:
        name = item.label.replace(YEAR, THIS_YEAR) if YEAR in item.label else ""
        return item._replace(label=dated(item.label), name=name, items=tuple(map(with_year, item.items)))

    def rows(items: tuple[Item, ...]) -> Iterator[Item]:
        for item in items:
            if names is not None and any(leaf.is_each for leaf in item.leaves()):
                yield from (_named(item, name, number) for number, name in enumerate(names, start=1))
            else:
                yield with_year(item)

    blocks = tuple(
        Block(
            tuple(map(with_year, block.columns)),
            tuple(rows(block.rows)),
            dated(block.title),
            tuple(map(dated, block.corners)),
        )
        for block in table.blocks
    )
    return replace(table, blocks=blocks)


def _named(item: Item, name: str, number: int) -> Item:
    """Return the row called ``name``; a group around it has the number of the row."""
    if item.items:
        return item._replace(label=str(number), items=(_named(item.items[0], name, number),))
    return item._replace(label=name, key=name, is_each=False)


# -- names as people write them ------------------------------------------------------------------------------------

_NUMBERING = re.compile(r"^(?:其中[：:])?(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|\d+[.、．])|^其中[：:]")
_REMARK = re.compile(r"（.*）$")
#: Chinese without marks that have a meaning in YAML, in key paths, or that people write in two ways
_PLAIN = re.compile(r"(?!-)(?=.*[^\x00-\x7f])(?:[^\W_]|[-、“”《》])+")
_WITH_REMARK = re.compile(r"(?!-)(?=.*[^\x00-\x7f])(?:[^\W_]|[-、“”《》（），])+")


@lru_cache(maxsize=10_000)
def names_of(label: str) -> tuple[str, ...]:
    """A label as people quote it: whole, without its numbering, and without the remark in brackets."""
    whole = "".join(label.split())
    plain = _NUMBERING.sub("", whole)
    return tuple(dict.fromkeys((whole, plain, _REMARK.sub("", plain) or plain)))


def did_you_mean(word: str, names: Iterable[str]) -> str | None:
    """The name that ``word`` was probably meant to be."""
    plain = _NUMBERING.sub("", "".join(word.split()))
    return next(iter(difflib.get_close_matches(plain, list(names), n=1, cutoff=0.6)), None)


def hint_for(guess: str | None, known: Iterable[str | Text]) -> Text:
    """What was probably meant, or else all that could be."""
    if guess:
        return text("Did you mean “{guess}”?", guess=guess)
    return text("Use one of: {names}.", names=listed(known))


def table_spellings(tables: Iterable[FormTable]) -> dict[str, str]:
    """Return every name of the tables, in English and Chinese, with the canonical name; of two meanings the first counts."""
    tables = tuple(tables)
    names = {table.name: table.name for table in tables}
    for table in tables:
        for name in (*names_of(table.label), *table.aliases):
            names.setdefault(name, table.name)
    return names


def table_key(name: str, forms: Iterable[Form], keys: Keys) -> str:
    """Return the key under which year files by ``forms`` have the table ``name``."""
    tables = tuple(tables_of(forms))
    candidates = (one for table in tables if table.name == name for one in table.chinese)
    return key_in(keys, name, candidates, table_spellings(tables))


def key_in(keys: Keys, key: str, chinese: Iterable[str], names: Mapping[str, str]) -> str:
    """Return how year files write ``key`` in a language.

    In Chinese it is the first name that stands for this key alone among ``names`` and needs no quotation marks in YAML, if
    possible without brackets and commas; the key itself where there is none, and where it is Chinese already.
    """
    if keys == "en" or not key.isascii():
        return key
    own = [name for name in chinese if _WITH_REMARK.fullmatch(name) and names.get(name) == key]
    return next(filter(is_plain_chinese, own), own[0] if own else key)


def is_plain_chinese(name: str) -> bool:
    """Whether a name can be written as a Chinese key, without quotation marks."""
    return _PLAIN.fullmatch(name) is not None


def split_names(written: str, known: Container[str]) -> list[str]:
    """Return the names of a list, without spaces; a title that is ``known`` is one name, though it may have a comma in it."""
    whole = "".join(written.split())
    return [whole] if whole in known else [name for name in re.split(r"[\s,，、]+", written.strip()) if name]


def level_spellings(forms: Iterable[Form]) -> dict[str, str]:
    """Return every name of the levels of agencies for which forms set deadlines, with the level's key."""
    days = [day for form in forms if form.deadline for day in form.deadline.days if day.level]
    names = {day.level: day.level for day in days}
    for day in days:
        for name in (day.label, *day.aliases):
            names.setdefault(name, day.level)
    return names


def tables_of(forms: Iterable[Form]) -> Iterator[FormTable]:
    """Return the tables of all ``forms``, in the order of the newest form."""
    forms = tuple(forms)
    return (table for name in table_order(forms) for form in forms for table in form.tables if table.name == name)
