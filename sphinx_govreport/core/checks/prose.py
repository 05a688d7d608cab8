"""Prose against table: numbers, percentages and years in an author's sentences are compared with the year file.

What sentences mean which figure is data of the form (``prose``). Numbers that are quoted from the year file need no check. The
default level is a hint, since sentences may count otherwise for good reasons (cases of the year against cases pending).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ..breaks import without_breaks
from ..diagnostics import Diagnostic, Pos, Text, text
from ..equations import Term, terms_of
from ..figures import Status
from ..form import TABLES, FormTable, Phrase
from .page import Page, Paragraph
from .rules import PROSE_FIGURE, PROSE_SHARE, PROSE_YEAR, rule_named
from .values import Subject

_WIDE = re.compile("[０-９．％]+")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_DIGIT = re.compile(r"\d")
_SHARE = re.compile(r"[^\d。；;]{0,14}?(\d+(?:\.\d+)?)\s*%")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
_compiled = cache(re.compile)
_BASE = "results.total.total"  # of table 三: what shares are shares of


class _Plain(NamedTuple):
    """A paragraph as patterns look at it."""

    paragraph: Paragraph
    text: str
    has_number: bool


def check_prose(page: Page, subject: Subject) -> Iterator[Diagnostic]:
    """Sentences of a page that do not agree with the report."""
    paragraphs = [_plain(paragraph) for paragraph in page.paragraphs(PROSE_FIGURE.name)]
    for table in TABLES:
        form = subject.forms[subject.report.forms[table]].table(table)
        for phrase in form.phrases:
            for plain, match in _found(phrase, paragraphs):
                yield from _check_phrase(page, subject, form, phrase, plain, match)
    yield from _check_years(page, subject)


def _plain(paragraph: Paragraph) -> _Plain:
    """Its text with half-width digits and percent signs, of the same length."""
    written = _WIDE.sub(lambda match: match[0].translate(_HALF_WIDTH), paragraph.text)
    return _Plain(paragraph, written, _DIGIT.search(written) is not None)


def _found(phrase: Phrase, paragraphs: list[_Plain]) -> Iterator[tuple[_Plain, re.Match[str]]]:
    """Where a page says it. What tells a number is not looked for where there is none."""
    pattern = _compiled(phrase.pattern)
    for plain in paragraphs:
        if plain.has_number or not pattern.groups:
            yield from ((plain, match) for match in pattern.finditer(plain.text))


def _check_phrase(
    page: Page, subject: Subject, form: FormTable, phrase: Phrase, plain: _Plain, match: re.Match[str]
) -> Iterator[Diagnostic]:
    written = re.sub(r"[,，]", "", match[1]) if match.groups() else "0"
    sums = [_sum(subject, form.name, terms_of(side, subject.structures[form.name].measures)) for side in phrase.figures]
    known = [value for value in sums if value is not None]
    if not known:
        return
    if Decimal(written) in known:
        if phrase.is_share:
            yield from _check_share(page, subject, plain, match, known[0])
        return
    rule = rule_named(PROSE_FIGURE.name, subject.levels)
    if rule and rule.name not in page.excused:
        yield _disagreement(subject, form, phrase, match[0], written, known, _pos(page, plain, match.start()), rule.name)


def _disagreement(
    subject: Subject, form: FormTable, phrase: Phrase, quoted: str, written: str, known: list[Decimal], pos: Pos, name: str
) -> Diagnostic:
    rule = rule_named(name, subject.levels)
    assert rule
    terms = terms_of(phrase.figures[0], subject.structures[form.name].measures)
    measures = subject.structures[form.name].measures
    label = " + ".join(measures[term.path].label for term in terms[:2]) + (" + …" if len(terms) > 2 else "")
    figures = [subject.figures[form.name][term.path] for term in terms]
    message = text(
        "“{quoted}” says {written}, but the year file has {known} ({label}, {path} line {line}).",
        quoted=without_breaks(quoted),
        written=written,
        known=" / ".join(map(str, dict.fromkeys(known))),
        label=label,
        path=subject.report.path,
        line=figures[0].line,
    )
    places = tuple(subject.pos(figure) for figure in figures)
    keys = tuple(f"{form.name}.{term.path}" for term in terms)
    return Diagnostic(rule, pos, message, _excuse(name), keys, places)


def _check_share(page: Page, subject: Subject, plain: _Plain, match: re.Match[str], part: Decimal) -> Iterator[Diagnostic]:
    """The percentage behind a number: the share of all results, rounded as it is written."""
    rule = rule_named(PROSE_SHARE.name, subject.levels)
    behind = _SHARE.match(plain.text, match.end())
    base = subject.figures["requests"][_BASE].value
    if not rule or not behind or not base or {rule.name} & (page.excused | plain.paragraph.excused):
        return
    written = Decimal(behind[1])
    share = part * 100 / base
    exponent = written.as_tuple().exponent
    assert isinstance(exponent, int)
    if abs(share - written) * 2 > Decimal(1).scaleb(exponent):
        message = text(
            "“{quoted}” says {written} %, but {part} of {base} are {share} %.",
            quoted=without_breaks(plain.text[match.start() : behind.end()]),
            written=written,
            part=part,
            base=base,
            share=share.quantize(Decimal("0.01")),
        )
        yield Diagnostic(rule, _pos(page, plain, behind.start(1)), message, _excuse(rule.name))


def _check_years(page: Page, subject: Subject) -> Iterator[Diagnostic]:
    """Years that are neither the report's nor the next: often left over from last year's text."""
    rule = rule_named(PROSE_YEAR.name, subject.levels)
    if not rule or rule.name in page.excused:
        return
    year = subject.report.year
    for plain in map(_plain, page.paragraphs(rule.name)):
        for match in _YEAR.finditer(plain.text):
            if int(match[1]) not in (year, year + 1):
                message = text("The report is for {year}, but here stands {written}.", year=year, written=match[0])
                yield Diagnostic(rule, _pos(page, plain, match.start()), message, _excuse(rule.name))


def _sum(subject: Subject, table: str, terms: tuple[Term, ...]) -> Decimal | None:
    """What figures come to; None if one of them is unknown. A total that was left blank is what its parts come to."""
    total = Decimal(0)
    for term in terms:
        figure = subject.figures[table][term.path]
        value = figure.value
        if value is None and figure.status is not Status.INVALID:
            parts = subject.structures[table].measures[term.path].parts
            value = _sum(subject, table, tuple(map(Term, parts)))
        if value is None:
            return None
        total += value * term.sign
    return total


def _pos(page: Page, plain: _Plain, at: int) -> Pos:
    return Pos(page.path, plain.paragraph.line + plain.text.count("\n", 0, at))


def _excuse(rule: str) -> Text:
    return text("Correct one of the two; if both are right, write the comment “govreport-ignore: {rule}” before it.", rule=rule)
