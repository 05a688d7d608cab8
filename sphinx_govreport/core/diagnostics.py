"""What is wrong, where, and what to do about it: the values that every check yields."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
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
    """A place in a file."""

    path: str  #: as the user wrote it or would: relative, with ``/``
    line: int = 1  #: from 1; 0: the file as a whole, or a file that has no lines
    column: int = 1  #: in characters, from 1

    def __str__(self) -> str:
        path = visible(self.path)
        return f"{path}:{self.line}:{self.column}" if self.line else path


class Severity(StrEnum):
    """How much a finding weighs. Only an error makes a report unfit to publish."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class RuleExplanation(NamedTuple):
    """What a rule means. ``sphinx-govreport explain``, SARIF and the documentation print it."""

    meaning: Text  #: what is so where it is reported
    reason: Text  #: why that matters
    advice: Text  #: what to do
    wrong: str = ""  #: what is reported; a part of a file
    right: str = ""  #: the same as it should be
    example: Example | None = None  #: what gives the finding, where more is needed than ``wrong`` in the place of ``right``


@dataclass(frozen=True, slots=True)
class Rule:
    """What a diagnostic is about. Its name is also the Sphinx warning subtype."""

    name: str  #: kebab-case
    severity: Severity = Severity.ERROR
    title: Text | None = None  #: what a check asks, for readers; None: the rule belongs to reading, not to a check
    is_explainable: bool = False  #: whether honest reports may break it, so that an author may say why
    chinese: str = ""  #: its name in Chinese, as year files and settings may write it; empty: the name is that
    #: None only for the rules of local forms; long, and no part of what tells rules and findings apart
    explanation: RuleExplanation | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> Text:
        """The name as readers see it."""
        return Text("{name}", (("name", self.name),), self.chinese)


class Text(NamedTuple):
    """A sentence that is translated when it is printed, not when it is found."""

    template: str  #: English, the catalog's msgid, with ``{named}`` places
    values: tuple[tuple[str, object], ...] = ()
    chinese: str = ""  #: the template of a plug-in in Chinese, which our catalog does not have
    plural: str = ""  #: the template for every ``count`` but 1

    def render(self, translate: Translate) -> str:
        """The sentence in the language of ``translate``; values that are texts are translated too."""
        values = {key: _rendered(value, translate) for key, value in self.values}
        return self._translated(translate).format_map(values)

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
    """A value in the language of ``translate``; a list of parts becomes one text."""
    if isinstance(value, Text):
        return value.render(translate)
    if isinstance(value, Decimal):
        return format(value, "f")  # Python writes small ones with an exponent
    if isinstance(value, tuple):
        return "".join(str(_rendered(part, translate)) for part in value)
    return value


def text(template: str, /, **values: object) -> Text:
    """A :class:`Text`. The message catalog is made from the calls of this function."""
    return Text(template, tuple(values.items()))


def ntext(one: str, many: str, /, *, count: int, **values: object) -> Text:
    """A :class:`Text` that depends on a number, as ``ngettext``: ``one`` is for 1, ``many`` for all other numbers."""
    return Text(one, (("count", count), *values.items()), plural=many)


def sentences(parts: Iterable[Text], translate: Translate) -> str:
    """Return sentences one after the other; Chinese has no space between them."""
    rendered = [part.render(translate) for part in parts]
    return " ".join(rendered) if translate is str else "".join(rendered)


def listed(parts: Iterable[str | Text]) -> tuple[str | Text, ...]:
    """Return the parts of an enumeration, for a place of a text."""
    return tuple(each for part in parts for each in ("、", part))[1:]


class MessageError(Exception):
    """Ends a command with :attr:`message`, in the user's language."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.render(str))
        self.message = message


def bilingual(english: str, chinese: str, /, **values: object) -> Text:
    """A :class:`Text` of a plug-in, which brings its own Chinese."""
    return Text(english, tuple(values.items()), chinese)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem at one place."""

    rule: Rule
    pos: Pos
    message: Text  #: what is, and what was expected
    hint: Text | None = None  #: what to do
    figures: tuple[str, ...] = ()  #: whole key paths of the report's figures that take part
    places: tuple[Pos, ...] = ()  #: where the figures stand that take part, those of other files too

    def render(self, translate: Translate) -> str:
        """Message and hint in one line, without the place."""
        return one_line(sentences((self.message, self.hint) if self.hint else (self.message,), translate))


class Catalog(gettext.GNUTranslations):
    """Our catalog; to call it is to translate a text."""

    def __call__(self, message: str) -> str:
        return self.gettext(message)


@cache
def translator(language: str | None) -> Translate:
    """The catalog for a site's ``language``: Chinese for every ``zh*``, else English."""
    if not (language or "").lower().startswith("zh"):
        return str
    return gettext.translation(CATALOG, LOCALE_DIR, languages=["zh_CN"], class_=Catalog)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each problem once, by file, line and column."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=place_of))


def place_of(diagnostic: Diagnostic) -> tuple[Pos, str, str]:
    """Where a problem stands among others."""
    return diagnostic.pos, diagnostic.rule.name, diagnostic.message.template
