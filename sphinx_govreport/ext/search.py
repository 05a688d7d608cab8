"""Chinese site search without a dictionary: text and queries are split into pairs of characters.

Sphinx indexes no Chinese text unless jieba is installed, and its search page fails for ``zh`` in 9.0. It does not index
numbers either, and does not search for them: numbers with three digits or more, which distinguish reports, get a mark that
Sphinx treats as a letter.

The labels of a table have about a hundred pairs, the same on the page of every report. In the index, a page with the table
has one word for all of them, and the search page replaces it by the pairs before searching. The numbers of a table are also
one word: otherwise the index would have a list with a single page for each of them. Both words are made here, from the
text of the table as a reader sees it: pages contain no words of the index.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from importlib.util import find_spec
from operator import add
from pathlib import Path
from typing import ClassVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.tables.table import labels

from .compat import SearchEnglish, languages
from .config import is_chinese
from .domain.domain import domain_of

NUMBER_MARK = "_"  #: before a number, and after it if several form one word

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"([{_HAN}]+)|([^\W{_HAN}]+)")
_NUMBER = re.compile("[0-9]{3,}")  # “0” or “12” occur in every report, and nobody searches for them

#: the script that splits queries on the search page; words in capitals are replaced
_SPLITTER = Path(__file__).parents[1] / "static" / "govsearch.js"


class SearchChinese(SearchEnglish):
    """Pairs of characters for Chinese, stemmed words for the rest. A query finds pages with all its pairs.

    A single character next to other words, as in “2024年”, is ignored: in a text it forms pairs with its neighbours.
    """

    lang = "zh"
    forms: ClassVar[Mapping[str, Form]] = {}  #: the forms whose labels may appear on pages

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        tables = (layout_of(table) for form in self.forms.values() for table in form.tables)
        # a word for all labels of a table: it occurs in no text, and no stemmer changes it
        self._marks = {one: f"_gov{hashlib.sha256(' '.join(one).encode()).hexdigest()[:8]}_" for one in map(labels, tables)}
        self._labels = frozenset(label for known in self._marks for label in known)
        known = {mark: " ".join(_words(" ".join(found))) for found, mark in self._marks.items()}
        script = "\n" + _SPLITTER.read_text("utf-8").replace("HAN", _HAN).replace("MARK", NUMBER_MARK)
        self.js_splitter_code = script.replace("LABELS", json.dumps(known, ensure_ascii=False))

    def split(self, input: str) -> list[str]:  # noqa: A002  (Sphinx's name)
        """Split a text into words for the index: each word once, because only its presence on a page matters."""
        return (self._table(input.split("\n")) if "\n" in input else None) or _words(input)

    def _table(self, lines: list[str]) -> list[str] | None:
        """Return the words of a table: one for its labels, one for its numbers, and the rest; None for other texts."""
        mark = self._marks.get(tuple(dict.fromkeys(line for line in lines if line in self._labels)))
        if mark is None:
            return None
        rest = " ".join(line for line in lines if line not in self._labels)
        numbers = dict.fromkeys(_NUMBER.findall(rest))
        shown = (word for word in _words(rest) if not word.startswith(NUMBER_MARK))
        return [mark, *([NUMBER_MARK.join(("", *numbers, ""))] if numbers else []), *shown]

    def stem(self, word: str) -> str:
        """Stem English words only: Chinese words and numbers have no endings."""
        return super().stem(word) if word.isascii() and word[-1].isalpha() else word

    def word_filter(self, word: str) -> bool:
        """Index all Chinese words: Sphinx asks twice for each word of a page, and only English has stop words."""
        return not word.isascii() or super().word_filter(word)


class SearchRegistration:
    """Adds our Chinese language to the search of one build. Sphinx's languages are global, so the original is restored."""

    def __init__(self) -> None:
        self._before = ""

    def begin(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Replace Sphinx's Chinese, unless the site has another, or has jieba, with which Sphinx finds words."""
        before = languages.get(SearchChinese.lang)
        if isinstance(before, str) and is_chinese(app.config) and find_spec("jieba") is None:
            forms = domain_of(env).build.library.forms
            app.add_search_language(type(SearchChinese.__name__, (SearchChinese,), {"forms": forms}))
            self._before = before

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Restore Sphinx's language, even if the build fails."""
        if self._before:
            languages[SearchChinese.lang] = self._before
            self._before = ""


def _words(written: str) -> list[str]:
    words: list[str] = []
    for chinese, word in _RUNS.findall(written):
        if _NUMBER.fullmatch(word):
            words.append(NUMBER_MARK + word)
        elif word and not word.isdecimal():
            words.append(word)
        elif len(chinese) == 1:
            words.append(chinese)
        else:
            words += map(add, chinese, chinese[1:])
    return list(dict.fromkeys(words))
