"""Diagnostics: a problem, its place and its fix, as every check yields them."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from .characters import one_line, visible
from .examples import Example

Translate: TypeAlias = Callable[[str], str]

LOCALE_DIR = Path(__file__).parents[1] / "locale"
CATALOG = "sphinx_govreport"


class Pos(NamedTuple):
    """A position in a file."""

    path: str  #: relative, with ``/``, as the user wrote it or would write it
    line: int = 1  #: from 1; 0: the whole file, or a file without lines
    column: int = 1  #: in characters, from 1

    def __str__(self) -> str:
        path = visible(self.path)
        return f"{path}:{self.line}:{self.column}" if self.line else path


class Severity(StrEnum):
    """The severity of a finding. Only an error makes a report unfit for publication."""

    ERROR = "error"  #: it cannot be right
    WARNING = "warning"  #: it may be right if the author explains it
    HINT = "hint"  #: it is probably right, but unusual


class RuleExplanation(NamedTuple):
    """The explanation of a rule, for ``sphinx-govreport explain``, SARIF and the documentation."""

    meaning: Text  #: the condition that is reported
    reason: Text  #: why it matters
    advice: Text  #: what to do
    wrong: str = ""  #: text that is reported: a part of a file
    right: str = ""  #: the corrected text
    example: Example | None = None  #: input that gives the finding, where replacing ``right`` by ``wrong`` is not enough


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of diagnostic. Its name is also the Sphinx warning subtype."""

    name: str  #: kebab-case
    severity: Severity = Severity.ERROR  #: of its findings, unless the configuration changes it
    title: Text | None = None  #: the question of a check, for readers; None: the rule belongs to reading, not to a check
    is_explainable: bool = False  #: whether correct reports may break it, so that an author may explain why
    chinese: str = ""  #: its Chinese name, for year files and settings; empty: the same name
    #: None only for the rules of local forms; not compared, since it is long and does not distinguish rules or findings
    explanation: RuleExplanation | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> Text:
        """The name for readers."""
        return Text("{name}", (("name", self.name),), self.chinese)


class Text(NamedTuple):
    """A sentence that is translated when it is printed, not when it is found."""

    template: str  #: English, the catalog's msgid, with ``{named}`` placeholders
    values: tuple[tuple[str, object], ...] = ()
    chinese: str = ""  #: a plug-in's Chinese template, which our catalog does not have
    plural: str = ""  #: the template for every ``count`` but 1

    def render(self, translate: Translate) -> str:
        """Return the sentence in the language of ``translate``; values of type ``Text`` are translated too."""
        return self._translated(translate).format_map({key: _rendered(value, translate) for key, value in self.values})

    def _translated(self, translate: Translate) -> str:
        if self.chinese and translate is not str:
            return self.chinese
        if not self.plural:
            return translate(self.template)
        count = dict(self.values)["count"]
        assert isinstance(count, int)
        if isinstance(translate, Catalog):
            return translate.ngettext(self.template, self.plural, count)
        return translate(self.template if count == 1 else self.plural)


def _rendered(value: object, translate: Translate) -> object:
    """Return a value in the language of ``translate``; a list of parts becomes one text."""
    if isinstance(value, Text):
        return value.render(translate)
    if isinstance(value, Decimal):
        return format(value, "f")  # Python writes small ones with an exponent
    return "".join(str(_rendered(part, translate)) for part in value) if isinstance(value, tuple) else value


def text(template: str, /, **values: object) -> Text:
    """Return a :class:`Text`. The message catalog is generated from the calls of this function."""
    return Text(template, tuple(values.items()))


def ntext(one: str, many: str, /, *, count: int, **values: object) -> Text:
    """Return a :class:`Text` that depends on a number, as ``ngettext``: ``one`` is for 1, ``many`` for all other numbers."""
    return Text(one, (("count", count), *values.items()), plural=many)


def explained_rule(
    name: str,
    chinese: str,
    meaning: Text,
    reason: Text,
    advice: Text,
    example: Example | None = None,
    severity: Severity = Severity.ERROR,
    wrong: str = "",
    right: str = "",
    *,
    title: Text | None = None,
    is_explainable: bool = False,
) -> Rule:
    """Return a rule with its explanation; only the rules of checks have a title."""
    explanation = RuleExplanation(meaning, reason, advice, wrong, right, example)
    return Rule(name, severity, title, is_explainable, chinese, explanation)


def rendered(shown: str | Text, translate: Translate) -> str:
    """Return a text in the language of ``translate``; a string is in the right language already."""
    return shown.render(translate) if isinstance(shown, Text) else shown


def sentences(parts: Iterable[Text], translate: Translate) -> str:
    """Join sentences, in Chinese without a space between them."""
    return (" " if translate is str else "").join(part.render(translate) for part in parts)


def listed(parts: Iterable[str | Text]) -> tuple[str | Text, ...]:
    """Return the parts of an enumeration, as a value of a text."""
    return tuple(each for part in parts for each in (text(", "), part))[1:]


def joined(sentences: Iterable[Text]) -> tuple[Text, ...]:
    """Join sentences with semicolons, as a value of a text."""
    return tuple(each for sentence in sentences for each in (text("; "), sentence))[1:]


_FIRST = 3  # of several names


def first_of(names: Sequence[str]) -> tuple[str | Text, ...]:
    """Return the first of several names, and how many there are, as a value of a text."""
    first, more = listed(names[:_FIRST]), len(names) - _FIRST
    if more <= 0:
        return first
    return (bilingual("{names}, and {more} more", "{names}等 {count} 项", names=first, more=more, count=len(names)),)


class MessageError(Exception):
    """Ends a command with :attr:`message`, in the user's language."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.render(str))
        self.message = message


def bilingual(english: str, chinese: str, /, **values: object) -> Text:
    """Return a :class:`Text` of a plug-in with its own Chinese template."""
    return Text(english, tuple(values.items()), chinese)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem at one position."""

    rule: Rule  #: the rule that is broken
    pos: Pos  #: the position of the problem
    message: Text  #: the problem, and what was expected
    hint: Text | None = None  #: how to fix it
    figures: tuple[str, ...] = ()  #: whole key paths of the report's figures in the problem
    places: tuple[Pos, ...] = ()  #: positions of the figures in the problem, including those in other files

    def render(self, translate: Translate) -> str:
        """Return message and hint in one line, without the position; ``translate`` is the result of ``translator``."""
        return one_line(sentences((self.message, self.hint) if self.hint else (self.message,), translate))


class Problem(NamedTuple):
    """An error in a text whose position the caller knows, such as that of a figure or a quotation."""

    message: Text
    hint: Text | None
    instead: str = ""  #: the replacement, if that is certain


class Catalog(gettext.GNUTranslations):
    """Our catalog; calling it translates a text."""

    def __call__(self, message: str) -> str:
        return self.gettext(message)


@cache
def translator(language: str | None) -> Translate:
    """Return the argument of ``Diagnostic.render`` for a language: Chinese for every ``zh…``, else English."""
    if not (language or "").lower().startswith("zh"):
        return str
    return gettext.translation(CATALOG, LOCALE_DIR, languages=["zh_CN"], class_=Catalog)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each problem once, sorted by file, line and column."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=place_of))


def place_of(diagnostic: Diagnostic) -> tuple[Pos, str, str]:
    """Return the sort key of a problem."""
    return diagnostic.pos, diagnostic.rule.name, diagnostic.message.template
