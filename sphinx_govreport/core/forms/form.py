"""Forms: editions of the tables of a report, as data. ``forms/*.yaml`` are the statutory ones."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal, NamedTuple, TypeAlias

from sphinx_govreport.core.diagnostics import Text, listed, text

#: the language of the keys of a year file
Keys: TypeAlias = Literal["zh", "en"]


class Item(NamedTuple):
    """A header of rows or columns: a leaf has figures, a group has items."""

    label: str  #: the statutory wording; ``\\n`` is a line break of the official header
    english: str = ""
    key: str = ""  #: its part of the key path; a group of columns may have none
    aliases: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    span: int = 1  #: width of a leaf column in grid columns
    is_total: bool = False  #: its figure is the sum of all other leaves of its group
    parts: tuple[str, ...] = ()  #: its figure is the sum of the leaves with these keys
    rule: str = ""  #: name of the check of that sum
    signed: bool = False  #: its figures may have a sign
    decimal: bool = False  #: its figures may have decimals
    unit: str = ""  #: unit of its figures, if it differs from that of the table
    units: tuple[str, ...] = ()  #: units that a figure may state
    is_text: bool = False  #: its cells have texts instead of figures
    shows_unit: bool = False  #: it is a column with the unit of each row, without figures
    is_each: bool = False  #: it is the template of the rows that the year file lists, or one of them
    name: str = ""  #: its name in messages, if the label contains the year
    short: str = ""  #: its Chinese key, if that is not the label; also an alias

    @property
    def names(self) -> tuple[str, ...]:
        """Its names in input, the last also in messages: see :func:`names_of`. A name in a year file has no other spelling."""
        if self.is_each:
            return tuple(dict.fromkeys(("".join(self.label.split()), self.label)))
        return tuple(dict.fromkeys((*names_of(self.label), *names_of(self.name or self.label))))

    @property
    def chinese(self) -> tuple[str, ...]:
        """Candidates for its Chinese key, the best first: see :func:`key_in`."""
        return () if self.is_each else (self.short, *self.names[::-1], *self.aliases)

    def leaves(self) -> Iterator[Item]:
        """Yield the item itself if it is a leaf, else the leaves below it."""
        if not self.items:
            yield self
        for item in self.items:
            yield from item.leaves()

    @property
    def depth(self) -> int:
        """Number of header levels from here down, from 1."""
        return 1 + max((item.depth for item in self.items), default=0)

    @property
    def width(self) -> int:
        """Its width in grid columns, if it is a column."""
        return sum(leaf.span for leaf in self.leaves())


#: the headers of a row or a column, from the outermost group to the leaf
HeaderPath: TypeAlias = tuple[Item, ...]


class Block(NamedTuple):
    """A part of a table with its own column headers. Without rows it has one row of figures."""

    columns: tuple[Item, ...]
    rows: tuple[Item, ...] = ()
    title: str = ""  #: the line above the headers, as wide as the table
    corners: tuple[str, ...] = ("",)  #: the cells above the row headers: one over all of them, or one over each level

    @property
    def stubs(self) -> int:
        """Number of grid columns with row headers."""
        return max((row.depth for row in self.rows), default=0)

    @property
    def width(self) -> int:
        """Number of grid columns: row headers and figures."""
        return self.stubs + sum(column.width for column in self.columns)


class Identity(NamedTuple):
    """An equation between figures that the form requires in addition to its totals."""

    rule: str  #: name of the check
    equation: str  #: see :mod:`.equations`
    source: str = ""  #: the document that prescribes it
    title: str = ""  #: the condition in words
    is_explainable: bool = False  #: whether a correct report may have a reason to break it


class Phrase(NamedTuple):
    """The wording of a figure in sentences."""

    pattern: str  #: a regular expression; its group is the number; without a group, such a sentence denies that there are any
    #: sums of figures that it may refer to, as sides of an equation; ``*`` matches every key. None: it is about other things
    figures: tuple[str, ...]
    is_share: bool = False  #: whether a percentage after it is the share of all results


class FigureSet(NamedTuple):
    """Figures of a table that are often used together."""

    key: str
    label: str
    figures: tuple[str, ...]  #: key paths, without the table


class Rate(NamedTuple):
    """A value computed from a table's figures: one sum over another. No form asks agencies for it."""

    key: str
    label: str
    english: str
    formula: str  #: see :func:`.equations.ratio_of`
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its valid names."""
        return (self.key, *names_of(self.label), *self.aliases)


class SameAs(NamedTuple):
    """A statement that figures of a form count the same as those of another form."""

    figure: str  #: a key path with the table; ``*`` is one key
    form: str  #: the other form
    other: str  #: the key path in it
    source: str  #: the source of the statement


class Fees(NamedTuple):
    """The statement that a section must make about the fees that an agency charged."""

    mention: str  #: the words for the fee
    denial: str  #: a regular expression for sentences that deny that a fee was charged
    unpaid: str = ""  #: the number of requests closed because a fee was not paid, a key path with the table


class Section(NamedTuple):
    """A section of the report's text."""

    key: str
    title: str  #: the exact title, with its number
    names: tuple[str, ...]  #: titles that are recognized, without numbers
    prompts: tuple[str, ...] = ()  #: the content of the page of a new report, in Markdown; the author replaces ``[…]``
    least: int = 0  #: fewer characters are no statement
    fees: Fees | None = None


class DueDay(NamedTuple):
    """The last date of publication for agencies of one level, in the year after the report's."""

    month: int
    day: int
    level: str = ""  #: its key; empty: the day is the same for all agencies
    label: str = ""  #: the level's display name
    aliases: tuple[str, ...] = ()  #: other names of the level

    def of(self, year: int) -> datetime.date:
        """Return the last date for the report for ``year``."""
        return datetime.date(year + 1, self.month, self.day)


class Deadline(NamedTuple):
    """The deadline for the publication of reports."""

    source: str  #: the law that sets it
    days: tuple[DueDay, ...]  #: one for all agencies, or one for each level

    def due(self, level: str) -> DueDay | None:
        """Return the date for agencies of a level; None if it depends on the level and that is unknown."""
        return next((one for one in self.days if one.level in ("", level)), None)

    def in_order(self) -> tuple[DueDay, ...]:
        """Return the dates of all levels, the earliest first."""
        return tuple(sorted(self.days, key=lambda one: (one.month, one.day)))


@dataclass(frozen=True, eq=False, slots=True)  # eq=False: tables are keys of caches, by identity
class FormTable:
    """One table of a form."""

    name: str
    label: str  #: the statutory title, without the number of its section
    section: str  #: the number of its section; empty if it has none
    english: str
    source: str  #: the legal source
    unit: str  #: unit of its figures
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
        """Candidates for its Chinese key, the best first: see :func:`key_in`."""
        return (self.short, *self.aliases, *names_of(self.label)[::-1])

    @property
    def heading(self) -> str:
        """The title with the number of its section."""
        return f"{self.section}、{self.label}" if self.section else self.label


class Form(NamedTuple):
    """A statutory edition of the tables, or a local form, which may extend one."""

    name: str
    kind: str  #: kind of report, in the site's words; two kinds of one agency and year are two reports
    title: str  #: of a report, after agency and year
    english: str
    notice: str  #: the document that prescribes it
    date: str  #: of the notice, ``YYYY-MM-DD``
    first_year: int  #: the first year of its reports; 0: it has none
    last_year: int | None  #: None if it is in force
    tables: tuple[FormTable, ...]
    digest: str  #: fingerprint of the file, and of the form it extends
    sections: tuple[Section, ...] = ()  #: in statutory order
    deadline: Deadline | None = None
    share_base: str = ""  #: the figure that shares in sentences refer to, a key path with the table
    edition: str = ""  #: the form whose text it has, if it extends one, through all levels
    same_as: tuple[SameAs, ...] = ()  #: its statements about figures of other forms
    title_parts: tuple[str, ...] = ()  #: the words between which a line of the title may end; empty: the title is one part

    def phrases(self, title: str, year: int) -> tuple[str, ...]:
        """Return the parts of a report's whole title between which a line may end; empty for another title."""
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
        """Return the table called ``name``. Raises ``KeyError`` if the form has none."""
        return {table.name: table for table in self.tables}[name]

    def is_in_force(self, year: int) -> bool:
        """Return whether reports for ``year`` use it."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def form_in_force(forms: Iterable[Form], year: int) -> Form | None:
    """Return the form for a year's reports: of several, the first."""
    return next((form for form in forms if form.is_in_force(year)), None)


def of_kind(forms: Iterable[Form], kind: str) -> tuple[Form, ...]:
    """Return the forms of one kind of report."""
    return tuple(form for form in forms if form.kind == kind)


def newest(forms: Iterable[Form]) -> Form:
    """Return the form of the latest years; of several, the first."""
    return max(forms, key=lambda form: form.first_year)


def table_order(forms: Iterable[Form]) -> tuple[str, ...]:
    """Return the names of the tables that ``forms`` have, in the order of the newest form."""
    return tuple(dict.fromkeys(name for form in sorted(forms, key=lambda form: -form.first_year) for name in form.table_names))


def chains(items: tuple[Item, ...], above: HeaderPath = ()) -> Iterator[HeaderPath]:
    """Yield the header path of each leaf."""
    for item in items:
        yield from chains(item.items, (*above, item)) if item.items else ((*above, item),)


def figure_columns(columns: tuple[Item, ...]) -> list[HeaderPath]:
    """Return the header paths of the columns with figures or texts."""
    return [chain for chain in chains(columns) if not chain[-1].shows_unit]


def key_path(row: HeaderPath, column: HeaderPath) -> str:
    """Return the key path of the figure below the headers, without the table."""
    return ".".join(item.key for item in (*row, *column) if item.key)


# -- tables of a report --------------------------------------------------------------------------------------------

TABLES = 1000  #: layouts in the cache: some forms have another table for each report
YEAR = "{year}"  #: placeholder in labels for the year of the report
THIS_YEAR = "本"  #: replaces it if there is no year: 本年度
EACH = "*"  #: the key of the row that is the template of those in a year file


def is_open(table: FormTable) -> bool:
    """Return whether year files list rows of the table."""
    return each_row(table) is not None


@cache
def each_row(table: FormTable) -> Item | None:
    """Return the template of the rows that a year file lists, if the table has one."""
    leaves = (leaf for block in table.blocks for row in block.rows for leaf in row.leaves())
    return next((leaf for leaf in leaves if leaf.is_each), None)


def filled(table: FormTable, year: int = 0, names: tuple[str, ...] | None = None) -> FormTable:
    """Return the table with the year in its labels and a row for each of ``names``, if it has a template for them.

    Without a year the labels read 本年度; if ``names`` is None, the template row remains.
    """
    return _filled(table, year if _names_year(table) else 0, names if is_open(table) else None)


@cache
def _names_year(table: FormTable) -> bool:
    def in_items(items: tuple[Item, ...]) -> bool:
        return any(YEAR in item.label or in_items(item.items) for item in items)

    return YEAR in table.label or any(
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
            tuple(map(with_year, block.columns)), tuple(rows(block.rows)), dated(block.title), tuple(map(dated, block.corners))
        )
        for block in table.blocks
    )
    return replace(table, label=dated(table.label), blocks=blocks)


def _named(item: Item, name: str, number: int) -> Item:
    """Return the row called ``name``; a group around it has the number of the row."""
    if item.items:
        return item._replace(label=str(number), items=(_named(item.items[0], name, number),))
    return item._replace(label=name, key=name)


# -- names as people write them ------------------------------------------------------------------------------------

_NUMBERING = re.compile(r"^(?:其中[：:])?(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|\d+[.、．])|^其中[：:]")
_REMARK = re.compile(r"（.*）$")
#: Chinese without marks that have a meaning in YAML or key paths, or that have two spellings
_PLAIN = re.compile(r"(?!-)(?=.*[^\x00-\x7f])(?:[^\W_]|[-、“”《》])+")
_WITH_REMARK = re.compile(r"(?!-)(?=.*[^\x00-\x7f])(?:[^\W_]|[-、“”《》（），])+")


@lru_cache(maxsize=10_000)
def names_of(label: str) -> tuple[str, ...]:
    """Return a label in the forms that people quote: whole, without its numbering, and without the remark in brackets."""
    whole = "".join(label.split())
    plain = _NUMBERING.sub("", whole)
    return tuple(dict.fromkeys((whole, plain, _REMARK.sub("", plain) or plain)))


def did_you_mean(word: str, names: Iterable[str]) -> str | None:
    """Return the name that ``word`` probably means."""
    return next(iter(difflib.get_close_matches(_NUMBERING.sub("", "".join(word.split())), list(names), n=1, cutoff=0.6)), None)


def hint_for(guess: str | None, known: Iterable[str | Text]) -> Text:
    """Return the probable name as a hint, else all valid names."""
    if guess:
        return text("Did you mean “{guess}”?", guess=guess)
    return text("Use one of: {names}.", names=listed(known))


def hint_about(word: str, names: Iterable[str], known: Iterable[str | Text]) -> Text:
    """Return :func:`hint_for` a word that is similar to one of the names, or to none."""
    return hint_for(did_you_mean(word, names), known)


def table_spellings(tables: Iterable[FormTable]) -> dict[str, str]:
    """Return every name of the tables, in English and Chinese, with the canonical name; the first meaning of a name wins."""
    tables = tuple(tables)
    names = {table.name: table.name for table in tables}
    for table in tables:
        for name in (*names_of(table.label), *table.aliases):
            names.setdefault(name, table.name)
    return names


def table_key(name: str, forms: Iterable[Form], keys: Keys) -> str:
    """Return the key of the table ``name`` in year files by ``forms``."""
    tables = tuple(tables_of(forms))
    return key_in(keys, name, (one for table in tables if table.name == name for one in table.chinese), table_spellings(tables))


def table_keys(tables: Collection[FormTable], word: str) -> list[str]:
    """Return the keys of tables in the language of a ``word``."""
    return [key_in(language_of(word), table.name, table.chinese, table_spellings(tables)) for table in tables]


def language_of(word: str) -> Keys:
    """Return the language of a name."""
    return "en" if word.isascii() else "zh"


def key_in(keys: Keys, key: str, chinese: Iterable[str], names: Mapping[str, str]) -> str:
    """Return how year files write ``key`` in a language.

    In Chinese it is the first candidate that is among ``names`` only for this key and needs no quotation marks in YAML, if
    possible without brackets and commas; the key itself if there is none, or if it is Chinese already.
    """
    if keys == "en" or not key.isascii():
        return key
    own = [name for name in chinese if _WITH_REMARK.fullmatch(name) and names.get(name) == key]
    return next(filter(is_plain_chinese, own), own[0] if own else key)


def is_plain_chinese(name: str) -> bool:
    """Return whether a name is valid as a Chinese key without quotation marks."""
    return _PLAIN.fullmatch(name) is not None


def split_names(written: str, known: Container[str]) -> list[str]:
    """Return the names in a list, without spaces; a ``known`` title is one name, even with a comma in it."""
    whole = "".join(written.split())
    return [whole] if whole in known else [name for name in re.split(r"[\s,，、]+", written.strip()) if name]


def level_spellings(forms: Iterable[Form]) -> dict[str, str]:
    """Return every name of the levels for which forms set deadlines, with the level's key."""
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
