"""The language of the command: what people read is in theirs, argparse's own words too."""

from __future__ import annotations

import argparse
import gettext
import locale
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..core.diagnostics import CATALOG, LOCALE_DIR, Text, Translate, text, translator

#: what argparse asks gettext for; it stands here for the catalog
ARGPARSE = (
    text("usage: "),
    text("options"),
    text("positional arguments"),
    text("show this help message and exit"),
    text("%(heading)s:"),
    text("%(prog)s: error: %(message)s\n"),
    text("argument %(argument_name)s: %(message)s"),
    text("the following arguments are required: %s"),
    text("unrecognized arguments: %s"),
    text("invalid choice: %(value)r (choose from %(choices)s)"),
    text("invalid %(type)s value: %(value)r"),
    text("ambiguous option: %(option)s could match %(matches)s"),
    text("expected one argument"),
    text("expected at least one argument"),
    text("ignored explicit argument %r"),
)


def translate_for(options: argparse.Namespace) -> Translate:
    """The language of the messages: what was asked for, or the terminal's."""
    return translator(options.language or _language())


def said(message: Text) -> str:
    """Help, in the language that is spoken while the parser is built."""
    return message.render(gettext.gettext)


@contextmanager
def spoken(arguments: Sequence[str] | None) -> Iterator[None]:
    """Let argparse, which asks gettext for its words, find them in our catalog, in the language of ``arguments``."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", nargs="?")  # a missing value is told by the real parser
    chosen = early.parse_known_args(arguments)[0].language or _language()
    before, variable = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(CATALOG, str(LOCALE_DIR))
    gettext.textdomain(CATALOG)
    os.environ["LANGUAGE"] = "zh_CN" if chosen.lower().startswith("zh") else "en"
    try:
        yield
    finally:
        gettext.textdomain(before)
        os.environ.pop("LANGUAGE")
        os.environ.update({"LANGUAGE": variable} if variable is not None else {})


def _language() -> str:
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in variables if os.environ.get(name)), "") or locale.getlocale()[0] or ""
