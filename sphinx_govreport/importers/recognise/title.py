"""Determines the agency and the year of a report from its title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from sphinx_govreport.core.characters import without_breaks
from sphinx_govreport.core.forms.form import YEAR, Form
from sphinx_govreport.importers.document import BROKEN, Document, Grid, Paragraph
from sphinx_govreport.importers.labels import plain

from .layout import looks_like_figure

_HAN = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"(?<!\d)20\d\d(?!\d)|二[〇○零][〇○零一二三四五六七八九]{2}"
_DATED = rf"[(〔\[]?(?P<year>{_YEAR})[)〕\]]?(?:年度?|年?度)?"
_TOPIC = r"(?:政府)?信息公开(?:工作)?(?:情况)?的?"
_REPORT = r"(?:年度(?:工作)?报告|年报)"
_BEFORE = rf"(?P<before>(?:(?!{_TOPIC}{_REPORT})[^，。；,;])*?)"  # a menu's 政府信息公开年报 is not part of an agency's name
_BETWEEN = rf"(?P<between>(?:(?!{_YEAR})[^，。；,;])*?)"
_LAYOUTS = (
    rf"{_BEFORE}{_DATED}{_BETWEEN}{_TOPIC}(?:{_REPORT}|工作报告|报告)",
    rf"{_BEFORE}{_TOPIC}{_DATED}(?:年度)?(?:{_REPORT}|工作报告|报告)",
    rf"{_BEFORE}{_TOPIC}(?:{_REPORT}|工作报告)(?=[(〔\[]|\d+年|二){_DATED}",
)
_WHOLE = tuple(re.compile(rf"{layout}(?:[(〔\[](?P=year)年?度?)?[)〕\]》”\"*_]*") for layout in _LAYOUTS)
_WITHIN = tuple(re.compile(layout.replace("|工作报告|报告)", ")")) for layout in _LAYOUTS[:2])
_LEAD = re.compile(
    r".*(?:(?:title|标题|名称(?=[:：])|来源|关于(?!$)|公布|发布|现将|印发)(?!(?:中心|研究院|[镇乡村])(?:关于)?$)[:：]?|\d[:：]\d\d(?:[AP]M)?(?!\d))"
)
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·（）()]{2,40}")
_TAIL = re.compile(r"[\u3400-\u9fffA-Za-z0-9·（）()]+$")
_DATE = re.compile(r"^.*\d{4}年(?:度|\d+月)?(?:\d+日)?")
_RANGE = re.compile(rf"(?:{_YEAR})(?:年度?)?[-—–~～至到和与、及]+(?:{_YEAR})?$")
_OTHERS = re.compile(r"^[\W_]*(?:附件|上一[篇条]|下一[篇条]|相关|链接|上一年|历年)")  # lines about another report
_NO_NAME = re.compile(r"信息公开|年报|报告|首页|关于")
_NO_LINE = re.compile(r"公告|通知|时间|日期|来源|字号|索引|网站|目录|栏目|位置|正文|标题|打印|关闭")  # lines near a title
_ALL_OF_IT = frozenset(
    ["全市", "全区", "全县", "全省", "全州", "全旗", "全局", "全镇", "全乡", "全街道", "本级", "本机关", "机关", "我局"]
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,11}(?:省|市|区|县|州|盟|旗|镇|乡|街道)")
_AGENCY = re.compile(
    r".*(?:[省市区县州盟旗镇乡局委办厅院署所站处队馆会部社台司团科]|政府|街道|办公室|中心|公司|学校|大学|学院|小学|中学|集团|银行|基地)"
    r"(?:[（(][^（）()]+[）)])?"
)
_NUMBER = r"(?:表|Table)\s*\d+(?:[.\-]\d+)*"  # of a table, before its caption
_CLEAN = "()（）[]【】〔〕《》:：#*-—_|“”\"' \t"
_SAME = re.compile(r"(?:人民)?政府|[（(][^（）()]+[）)]|")  # what the names of one agency differ in
_FIGURE = "/"  # any figure of a table: no number is part of a title
_TABLE = 10  # minimum number of figures below the title of a report
_MAX_LINES = 3  # maximum number of lines of a title
_MAX_LINE = 200  # maximum number of characters in a line with a title: patterns take the square of the time for longer ones
_MAX_NAMES = 50  # maximum number of names that are compared with each other: two agencies are already ambiguous
_MAX_PIECE = 60  # maximum number of characters in a part of a title


class Title(NamedTuple):
    """The agency and year in a title."""

    agency: str  #: empty if not given
    year: int


class Titled(NamedTuple):
    """The result from all titles of a document; several names or years are ambiguous."""

    agencies: tuple[str, ...]
    years: tuple[int, ...]


class _TitlePart(NamedTuple):
    title: Title
    start: int  #: the first of its lines
    end: int  #: the line after its last


def titles_of(forms: Iterable[Form]) -> frozenset[str]:
    """Return the titles of reports by these forms, as they appear after agency and year."""
    return frozenset(form.title for form in forms)


@cache
def _ours(titles: frozenset[str]) -> re.Pattern[str]:
    known = "|".join(map(re.escape, sorted(titles)))
    return re.compile(rf"(?P<agency>[^>»|_/\\]+?)\s*(?P<year>20\d\d)\s*年度?\s*(?:{known})")


def read_titles(document: Document, labels: Iterable[str], titles: frozenset[str]) -> Titled:
    """Determine agency and year of a document; ``labels`` are those of tables, ``titles`` those of reports.

    Metadata come first, then headings, then lines that consist of a title only, then captions of tables and titles within
    sentences; of each kind, those with an agency come first. If titles differ, also those above tables, all are ambiguous.
    """
    lines = list(_lines(document, titles))
    found = titles_in(lines, titles)
    metas = [title for written in document.titles if (title := parse_title(written, titles) or _within(written))]
    headings = [one.title for one in found if all(line.level for line in lines[one.start : one.end])]
    whole = [one.title for one in found]
    kinds = [metas, headings, whole]
    if not any(map(_named, kinds)):
        kinds += [list(_captions(document, labels)), [title for line in lines if (title := _within(line.text))]]
    named = next(filter(None, map(_named, kinds)), [])
    chosen = named or next(filter(None, kinds), [])
    years = dict.fromkeys(title.year for title in chosen)
    for other in (metas, _named(headings), _named(whole)):
        if years.keys().isdisjoint(title.year for title in other):
            years |= dict.fromkeys(title.year for title in other)
    over_tables = _over_tables(lines, found)
    years |= dict.fromkeys(title.year for title in over_tables)
    agencies = _apart(title.agency for title in (*_named(headings), *_named(metas), *named) if title.year in years)
    if len(reports := _apart(title.agency for title in _named(over_tables))) > 1:  # one may be a longer form of the name
        agencies = _apart((*agencies, *reports))
    if not agencies and len(years) == 1:
        agencies = _beside(lines, found) or _signature([line.text for line in lines], next(iter(years)))
    return Titled(tuple(agencies), tuple(years))


def _named(titles: Iterable[Title]) -> list[Title]:
    return [title for title in titles if title.agency]


def _over_tables(lines: Sequence[Paragraph], found: Sequence[_TitlePart]) -> list[Title]:
    """Return the titles with the figures of a report below them; titles of several years below each other are a list."""
    over: list[Title] = []
    for number, one in enumerate(found):
        is_listed = any(above.end == one.start and above.title.year != one.title.year for above in found[:number][-1:])
        below = lines[one.end : found[number + 1].start if number + 1 < len(found) else len(lines)]
        if not is_listed and sum(looks_like_figure(line.text) for line in below) >= _TABLE:
            over.append(one.title)
    return over


def _apart(names: Iterable[str]) -> list[str]:
    """Return names of different agencies: 宿迁市 and 宿迁市人民政府 are the same, 宿迁市 and 宿迁市水利局 are not."""
    found: list[str] = []
    for name in islice(dict.fromkeys(names), _MAX_NAMES):
        if not any(_SAME.fullmatch(name.removeprefix(one)) or _SAME.fullmatch(one.removeprefix(name)) for one in found):
            found.append(name)
    return found


def _beside(lines: Sequence[Paragraph], found: Sequence[_TitlePart]) -> list[str]:
    """Return the agency in the line above or below a title without one."""
    beside = [*(lines[one.start - 1] for one in found if one.start), *(lines[one.end] for one in found if one.end < len(lines))]
    return next(([name] for line in beside if (name := _agency_line(line.text))), [])


def titles_in(lines: Sequence[Paragraph], titles: frozenset[str]) -> list[_TitlePart]:
    """Return the titles that take complete lines, one or several."""
    found: list[_TitlePart] = []
    taken: set[int] = set()
    needed = frozenset("报報").union(title[-1:] for title in titles)
    places = [number for number, line in enumerate(lines) if not needed.isdisjoint(line.text)]
    for count in range(1, _MAX_LINES + 1):
        starts = {number - before for number in places for before in range(count)}
        for start in sorted(starts.intersection(range(len(lines) - count + 1))):
            end = start + count
            title = _over(lines[start:end], titles) if taken.isdisjoint(range(start, end)) else None
            if title:
                found.append(_with_start_above(lines, _TitlePart(title, start, end)))
                taken.update(range(found[-1].start, end))
    return sorted(found, key=lambda one: one.start)


def _over(lines: Sequence[Paragraph], titles: frozenset[str]) -> Title | None:
    """Return the title that consists of exactly these lines."""
    if len(lines) == 1:
        return parse_title(lines[0].text, titles)
    if any(len(line.text) > _MAX_PIECE or _OTHERS.match(line.text) for line in lines):
        return None
    title = parse_title("".join(line.text for line in lines), titles)
    return title if title is None or not title.agency or _agency_line(title.agency) else title._replace(agency="")


def _with_start_above(lines: Sequence[Paragraph], found: _TitlePart) -> _TitlePart:
    """Return the title with the beginning of its agency, if the line is broken within the name."""
    if not found.start or not found.title.agency:
        return found
    above, own = lines[found.start - 1], lines[found.start]
    piece = _name(above.text)
    is_heading = above.level and (above.level, above.line) == (own.level, own.line)
    is_start = is_heading or _PLACE.fullmatch(piece) or len(found.title.agency) == 1
    if not piece or not is_start or _NO_NAME.search(piece) or _NO_LINE.search(piece) or found.title.agency.startswith(piece):
        return found
    return _TitlePart(found.title._replace(agency=piece + found.title.agency), found.start - 1, found.end)


def parse_title(written: str, titles: frozenset[str]) -> Title | None:
    """Return agency and year of a line that consists of the title of an annual report only."""
    if len(written) > _MAX_LINE or _OTHERS.match(written) or BROKEN in written:  # no name is read from the rest of one
        return None
    ours = _ours(titles).fullmatch(without_breaks(written))
    if ours and not any(odd.search(ours["agency"]) for odd in (_LEAD, _RANGE, _DATE, _NO_NAME)):
        return Title(ours["agency"], int(ours["year"]))
    return None if "报" not in written and "報" not in written else _parsed(written, _WHOLE, is_whole=True)


def _within(written: str) -> Title | None:
    """Return agency and year of a title in a sentence."""
    return _parsed(written, _WITHIN, is_whole=False)


def _parsed(written: str, layouts: Sequence[re.Pattern[str]], *, is_whole: bool) -> Title | None:
    line = "".join(written.split()) if len(written) <= _MAX_LINE else ""
    simple = plain(line)
    if "信息公开" not in simple or BROKEN in simple:
        return None
    wide = unicodedata.normalize("NFKC", line)
    is_alike = len(wide) == len(line) == len(simple)
    shown = "".join(old if old in "（）" else new for old, new in zip(line, wide, strict=True)) if is_alike else simple
    for layout in layouts:
        match = layout.fullmatch(simple) if is_whole else layout.search(simple)
        if match is None or _RANGE.search(match["before"]):
            continue
        before, between = (
            _agency(shown[slice(*match.span(part))]) if part in match.groupdict() else "" for part in ("before", "between")
        )
        if between in _ALL_OF_IT:
            between = ""
        name = f"{before}{between}" if between == "人民政府" else before or between
        is_doubtful = bool(before and between and between != "人民政府")  # 某市2021年司法局: city or bureau?
        return Title("" if is_doubtful else name, int(match["year"].translate(_HAN)))
    return None


def _agency(written: str) -> str:
    """Return the name at the end of the text before or after the year."""
    match = _TAIL.search(_without_marks(_DATE.sub("", _LEAD.sub("", written))))
    name = _without_marks(match[0]).removesuffix("关于") if match else ""
    if _NO_NAME.search(name) or name.isdecimal():
        return ""
    return f"{name}政府" if name.endswith("人民") else name


def _without_marks(written: str) -> str:
    """Return a text without marks around it; a bracket that is closed at the end is part of a name."""
    bare = written.strip(_CLEAN)
    with_next = written.lstrip(_CLEAN)[: len(bare) + 1]
    is_open = sum(map(bare.count, "（(")) > sum(map(bare.count, "）)"))
    return with_next if is_open and with_next.endswith(("）", ")")) else bare


def _name(line: str) -> str:
    """Return a line if it is only a name, else an empty string."""
    name = _without_marks("".join(line.split()))
    return name if _NAME.fullmatch(name) else ""


def _agency_line(line: str) -> str:
    """Return a line if it is only the name of an agency, else an empty string."""
    name = _name(line)
    return name if _AGENCY.fullmatch(name) and not _NO_NAME.search(name) and not _NO_LINE.search(name) else ""


def _lines(document: Document, titles: frozenset[str]) -> Iterator[Paragraph]:
    """Yield lines of text, and cells that are figures or may be a title, in the order of the document."""
    for part in document.parts:
        if isinstance(part, Grid):
            for cell in chain.from_iterable(part.cells):
                is_title = any(title in cell.text for title in titles) or (len(cell.text) > 12 and "信息" in plain(cell.text))
                if is_title or looks_like_figure(cell.text):
                    yield Paragraph(cell.text if is_title else _FIGURE)
        else:
            yield part


def _captions(document: Document, labels: Iterable[str]) -> Iterator[Title]:
    known = "|".join(map(re.escape, labels)).replace(re.escape(YEAR), r"20\d\d")
    caption = re.compile(rf"(?:{_NUMBER}\s*)?(?P<agency>.+)(?P<year>20\d\d)年(?:{known})")
    for part in document.parts:
        if isinstance(part, Paragraph) and BROKEN not in part.text and (match := caption.fullmatch(part.text.strip())):
            yield Title(match["agency"], int(match["year"]))


def _signature(lines: Sequence[str], year: int) -> list[str]:
    """Return the name above the date at the end."""
    dates = re.compile(rf"{year + 1}年\d+月\d+日")
    for number in range(len(lines) - 1, 0, -1):
        if dates.fullmatch("".join(lines[number].split())):
            return [name] if (name := _agency_line(lines[number - 1])) else []
    return []
