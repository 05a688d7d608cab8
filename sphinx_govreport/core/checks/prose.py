"""Text against tables: numbers, percentages and years in an author's sentences are compared with the year file.

The form defines which sentences mean which figure (``prose``). Numbers quoted from the year file need no check. The default
severity is a hint, since sentences may count differently for good reasons (cases of the year against pending cases).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import product
from typing import NamedTuple

from sphinx_govreport.core.characters import Joined, join_lines
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Severity, Text, explained_rule, text
from sphinx_govreport.core.forms.equations import Term, terms_of
from sphinx_govreport.core.forms.form import FormTable, Phrase
from sphinx_govreport.core.forms.patterns import PLACES
from sphinx_govreport.core.reports.figures import Status, exact_sum, in_digits

from .page import Page, PageParagraph
from .values import Subject, effective_rule

PROSE_FIGURE = explained_rule(
    "prose-figure",
    "正文数字",
    text("A number in a sentence is not the one in the table."),
    text("The same report would state two figures for one thing."),
    text("Correct the sentence, or quote the figure with the role gov-figure, so that it cannot differ."),
    title=text("Numbers in sentences agree with the tables"),
    severity=Severity.HINT,
    wrong="本年新收政府信息公开申请5件",
    right="本年新收政府信息公开申请4件",
)
PROSE_SHARE = explained_rule(
    "prose-share",
    "正文百分比",
    text("A percentage in a sentence is not the share of the table's figures."),
    text("Readers can compute it themselves."),
    text("Correct it, or quote it with the role gov-share."),
    title=text("Percentages in sentences agree with the tables"),
    severity=Severity.HINT,
    wrong="予以公开4件，占90%",
    right="予以公开4件，占100%",
)
PROSE_YEAR = explained_rule(
    "prose-year",
    "正文年份",
    text("A sentence begins with a year that is not the report's or states a figure of one, or the page's title has it."),
    text("Often it was left over from last year. Comparisons (与…年相比), 结转, 决算, plans and 《titles》 are not checked."),
    text("Correct it. If it is intended, write the comment “govreport-ignore: prose-year” before the paragraph."),
    title=text("Years in sentences are the report's"),
    severity=Severity.HINT,
    wrong="2022年，我局认真贯彻",
    right="2024年，我局认真贯彻",
)

_WIDE = re.compile("[０-９．％]+")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_SHARE = re.compile(r"[^\d。；;增减升降近约逾超足]{0,14}?(\d+(?:\.\d+)?)\s*%(?!以|左右)")  # neither a change nor an estimate
_YEAR = re.compile(r"(?<!\d)(20\d\d) ?年")
_LAST_YEAR = re.compile("(?:上一?|去|前)年")
_TIME = re.compile(r"(?<!\d)(20\d\d) ?年(?![^《》]*》)|[今本]年")
_SPAN = re.compile(  # a whole year, or else a part of one or several
    r"(?P<whole>[；;]|20\d\d ?年|[今全本当]年(?:度|以来)?)"
    r"|[上下]半年|季度|以来|(?:施行|实施|上线|开通)之?后|(?<!\d)(?<!\d )(?:[1-9]|1[01]) ?月(?! ?1 ?日)"
)
_NEAR = 200  # characters of a sentence that are searched before and after a year
_SENTENCE_END = re.compile("[。！？!?]")

# words around a year that show what it refers to; the words of a form are in its phrases
_OPENING = re.compile(r"(?:.*[；;])?[\s“（(）)、.．\d一二三四五六七八九十]*(?:在|截至|截止到?|自|从)?\s*")
_WITH_FIGURE = re.compile(PLACES["{gap}"] + PLACES["{n}"])
_WHOLE_YEAR = re.compile(r"1 ?月 ?1 ?日起?[—–－~～至到-]|12 ?月 ?31 ?日")
_OTHER_BEFORE = re.compile(
    r"(?:与|和|同|跟|较|比|于|相较|相比|(?:上一?|去|前)年度?[（(]|(?<!收)(?<!接)到|(?<!截)至|[—–－~～-]|成立于|(?:申请|要求)公开|(?:由|从).{0,20})$"
)
_OTHER_BEHIND = re.compile(
    r"\s*(?:[—–－~～至到-]|度?(?:相比|相较|同期|以来|至今|起)"
    r"|[^，,。；;]{0,12}(?:决算|规划(?!局|分局|和|与|资源|建设|委|部|处|科)|远景目标|考核|考评|评估|测评|督查|巡察|审计)"
    r"|[^，,。；;]{0,16}(?:存在|提出|反馈)的?[^，,。；;]{0,6}(?:问题|不足)[^。；;]{0,14}(?:整改|改正|解决|完成)"
    r"|[^，,。；;\d]{0,6}(?:受理|收到|办结|提出|制发|形成)的"
    r"|[^，,。；;\d]{0,2}(?:\d+ ?月)? ?(?:\d+ ?日)?(?:起|以来|以前|之前"
    r"|[^，,。；;]{0,10}(?:成立|组建|设立|挂牌|揭牌|合并|撤销|修订|修正|施行|实施|开通|上线|启用|建成|改革)"
    r"|[^，,。；;]{0,10}(?:印发|发布|公布|制定|出台|下发)[了的]?《))"
)
_compiled = cache(re.compile)


class _Plain(NamedTuple):
    """A paragraph as the patterns read it."""

    paragraph: PageParagraph
    joined: Joined
    text: str


def check_prose(page: Page, subject: Subject) -> Iterator[Diagnostic]:
    """Yield the sentences of a page that do not agree with the report."""
    paragraphs = [_plain(paragraph) for paragraph in page.paragraphs(PROSE_FIGURE.name)]
    tables = list(subject.report.tables(subject.forms).values())
    for form, plain in product(tables, paragraphs):
        found = [(phrase, match) for phrase in form.phrases for match in _compiled(phrase.pattern).finditer(plain.text)]
        others = {at for phrase, match in found if not phrase.figures for at in range(*match.span())}
        for phrase, match in found:
            is_other = match.start(match.lastindex or 0) in others
            if phrase.figures and not is_other and not _is_of_another_year(plain.text, match, subject.report.year):
                yield from _check_phrase(page, subject, form, phrase, plain, match)
    yield from _check_years(page, subject, [phrase for form in tables for phrase in form.phrases if not phrase.figures])


def _plain(paragraph: PageParagraph) -> _Plain:
    """Return the text on one line with half-width digits and percent signs."""
    one_line = join_lines(_WIDE.sub(lambda match: match[0].translate(_HALF_WIDTH), paragraph.text))
    return _Plain(paragraph, one_line, one_line.text)


def _check_phrase(
    page: Page, subject: Subject, form: FormTable, phrase: Phrase, plain: _Plain, match: re.Match[str]
) -> Iterator[Diagnostic]:
    written = re.sub(r"[,，]", "", match[1]) if match.groups() else "0"
    indicators = subject.layouts[form.name].indicators
    sums = [_sum(subject, form.name, terms_of(side, indicators)) for side in phrase.figures]
    known = [value for value in sums if value is not None]
    if Decimal(written) in known:
        if phrase.is_share:
            yield from _check_share(page, subject, form.name, plain, match, known[0])
        return
    if not known or len(known) < len(sums):  # the sentence may refer to the unknown figure
        return
    rule = effective_rule(PROSE_FIGURE, subject.levels)
    if not rule or rule.name in page.excused:
        return
    terms = terms_of(phrase.figures[0], indicators)
    label = " + ".join(indicators[term.path].label for term in terms[:2]) + (" + …" if len(terms) > 2 else "")
    figures = [subject.figures[form.name][term.path] for term in terms]
    message = text(
        "“{quoted}” says {written}, but the year file has {known} ({label}, {path} line {line}).",
        quoted=match[0],
        written=written,
        known=" / ".join(map(in_digits, dict.fromkeys(known))),
        label=label,
        path=subject.report.path,
        line=figures[0].line,
    )
    places = tuple(subject.pos(figure) for figure in figures)
    keys = tuple(f"{form.name}.{term.path}" for term in terms)
    yield Diagnostic(rule, _pos(page, plain, match.start()), message, _excuse(rule.label), keys, places)


def _check_share(
    page: Page, subject: Subject, table: str, plain: _Plain, match: re.Match[str], part: Decimal
) -> Iterator[Diagnostic]:
    """Check the percentage after a number: the share of the figure that the form defines, rounded as written."""
    rule = effective_rule(PROSE_SHARE, subject.levels)
    behind = _SHARE.match(plain.text, match.end())
    whole = subject.figure(subject.forms[subject.report.forms[table]].share_base)  # the other table may have another form
    base = whole.value if whole else None
    if not rule or not behind or not base or {rule.name} & (page.excused | plain.paragraph.excused):
        return
    written = Decimal(behind[1])
    share = part * 100 / base
    exponent = written.as_tuple().exponent
    assert isinstance(exponent, int)
    if abs(share - written) * 2 > Decimal(1).scaleb(exponent):
        message = text(
            "“{quoted}” says {written} %, but {part} of {base} are {share} %.",
            quoted=plain.text[match.start() : behind.end()],
            written=written,
            part=part,
            base=base,
            share=share.quantize(Decimal("0.01")),
        )
        yield Diagnostic(rule, _pos(page, plain, behind.start(1)), message, _excuse(rule.label))


def _check_years(page: Page, subject: Subject, phrases: list[Phrase]) -> Iterator[Diagnostic]:
    """Yield the sentences about another year than that of the report: often left over from last year's text.

    A year is accepted if the words around it, or one of the ``phrases``, show that the other year is intended.
    """
    rule = effective_rule(PROSE_YEAR, subject.levels)
    if not rule or rule.name in page.excused:
        return
    year, name = subject.report.year, subject.report.form(subject.forms).title
    heads = [one for one in page.sections[:1] if name in one.title and str(year) not in one.title]
    titles = [PageParagraph(one.title, one.line) for one in heads]  # of a page that was copied from another year's
    for plain in map(_plain, (*titles, *page.paragraphs(rule.name))):
        others = [match for match in _YEAR.finditer(plain.text) if int(match[1]) not in (year, year + 1)]
        last = {match.start() for match in others if int(match[1]) == year - 1}
        meant = {match.start() for one in phrases if last for match in _compiled(one.pattern).finditer(plain.text)}
        for match in others:
            if match.start() in last & meant or not (plain.paragraph in titles or _is_claimed(plain.text, match, year)):
                continue
            message = text("The report is for {year}, but this sentence says {written}.", year=year, written=match[0])
            yield Diagnostic(rule, _pos(page, plain, match.start()), message, _excuse(rule.label))


def _is_claimed(written: str, match: re.Match[str], year: int) -> bool:
    """Return whether a sentence is about a year in it: the sentence begins with the year, or gives a figure of it."""
    first = max(match.start() - _NEAR, 0)
    *ended, before = _SENTENCE_END.split(written[first : match.start()])
    behind = _SENTENCE_END.split(written[match.end() : match.end() + _NEAR], maxsplit=1)[0].lstrip()
    if _WHOLE_YEAR.match(behind):
        return True
    if re.search(f"{year} ?年", before + behind) or before.count("《") > before.count("》"):
        return False
    if _OTHER_BEFORE.search(before.rstrip()) or _OTHER_BEHIND.match(behind):
        return False
    is_opening = (ended or not first) and _OPENING.fullmatch(before)
    return bool(is_opening or _WITH_FIGURE.match(behind))


def _is_of_another_year(written: str, phrase: re.Match[str], year: int) -> bool:
    """Return whether the words before a figure, or in its phrase, say that it is rightly of another year or a part of one."""
    end = phrase.start()
    start = end - len(_SENTENCE_END.split(written[max(end - _NEAR, 0) : end])[-1])
    if _LAST_YEAR.search(re.split("[，,；;、]", written[start:end])[-1]) or _LAST_YEAR.search(phrase[0], 1):
        return True
    spans = [*_SPAN.finditer(written, start, end)]
    if spans and not spans[-1]["whole"]:
        return True
    times = [*_TIME.finditer(written, start, end)]
    if not times or times[-1][1] in (None, str(year)):
        return False
    marks = "；;" if _OPENING.fullmatch(written, start, times[-1].start()) else "，,；;"  # as far as the year applies
    return set(marks).isdisjoint(written[times[-1].end() : end]) and not _is_claimed(written, times[-1], year)


def _sum(subject: Subject, table: str, terms: tuple[Term, ...]) -> Decimal | None:
    """Return the sum of figures, with blank totals computed from their parts; None if one of them is unknown."""
    values: list[Decimal] = []
    for term in terms:
        figure = subject.figures[table][term.path]
        value = figure.value
        parts = subject.layouts[table].indicators[term.path].parts
        if figure.status is Status.BLANK and parts:
            value = _sum(subject, table, tuple(map(Term, parts)))
        if value is not None:
            values.append(value if term.sign > 0 else -value)
        elif figure.status is not Status.NOT_APPLICABLE:
            return None
    return exact_sum(values) if values else None


def _pos(page: Page, plain: _Plain, at: int) -> Pos:
    return Pos(page.path, plain.paragraph.line + plain.joined.line(at))


def _excuse(rule: Text) -> Text:
    return text(
        "Correct one of the two; if both are correct, write the comment “govreport-ignore: {rule}” before the paragraph.",
        rule=rule,
    )
