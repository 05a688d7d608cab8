"""The pages of every generator: the same words and figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml

from sphinx_govreport.core.forms.grid import GridBlock
from sphinx_govreport.core.forms.layout import TableLayout
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.figures import Figure
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.tables.html import table_content
from sphinx_govreport.core.tables.table import Table, table_of
from sphinx_govreport.core.yaml.source import read_source
from tests.published import TABLES

YEAR = 2024
AGENCY = "宿迁市"
YEAR_FILE = (Path(__file__).parents[2] / "example_site/data/suqian-2024.yaml").read_text("utf-8")

REVISION = "第0次修订"  #: each page contains it once
_OPENING = "本机关依照《中华人民共和国政府信息公开条例》编制本年度报告。报告电子版可在政府门户网站下载，公众如对报告有疑问，可与本机关联系。"
#: what reports tell of each month, so that a page is as long as those that are published
_MONTHLY = (
    "{month}月，围绕群众关切完善主动公开目录，对教育、医疗、住房、交通、养老、社会保险等领域的信息逐条核对，发现表述不一致、链接失效、附件缺失的，"
    "当月予以改正，并把改正情况通报各科室，防止同类问题再次出现。",
    "{month}月，规范依申请公开的登记、审核、办理、答复和归档，对疑难申请由法制机构和业务科室共同研究，答复书写明依据和救济渠道，"
    "能够当场说明的当场说明，需要补正的一次告知，办理过程全程留痕。",
    "{month}月，加强政府信息管理，新制发的文件在起草时同步确定公开属性，拟不公开的说明理由；对历年文件继续清理，"
    "已经失效的标注失效，仍然有效的更新文本，方便公众查找和引用。",
    "{month}月，加强平台建设，改进网站检索、分类导航和无障碍阅读，适配手机和大字版，政务新媒体按时更新并答复留言；"
    "政务公开专区配备专人，帮助老年人查询办事指南、下载表格、打印文件。",
)
OVERVIEW = "\n\n".join([_OPENING, *(part.format(month=month) for month in range(1, 13) for part in _MONTHLY)])
REMARKS = f"以上统计表由数据文件生成，数据口径见编制格式。本页为{REVISION}。"

Show = Callable[[str, str], str]  #: returns the text for a figure, given table and key path

_OPEN, _CLOSE = "\ue000", "\ue001"  # around a key path in HTML that becomes a template


class Column(NamedTuple):
    """A column of a block in a hand-written table: its position in the grid and its width."""

    place: int
    width: int


def agency(number: int) -> str:
    """Return the agency of a page."""
    return f"第{number}区"


def title(number: int) -> str:
    """Return the title of a page."""
    return f"{agency(number)}{YEAR}年政府信息公开工作年度报告"


def year_file(number: int) -> str:
    """Return the year file of a page."""
    return YEAR_FILE.replace(f"agency: {AGENCY}", f"agency: {agency(number)}")


def tables(number: int) -> list[Table]:
    """Return the tables of a page."""
    forms = statutory_forms()
    return [table_of(_report(number), forms, name) for name in TABLES]


@cache
def expected() -> tuple[str, ...]:
    """Return all figures of a page in reading order."""
    return tuple(
        table.figures[cell.path].text for table in tables(0) for line in table.layout.lines for cell in line if cell.path
    )


@cache
def written_at(table: str, path: str) -> tuple[str | int, ...]:
    """Return the position of a figure in a year file: keys, followed by a list index."""
    node = yaml.safe_load(YEAR_FILE)[table]
    keys = path.split(".")
    for depth, key in enumerate(keys):
        if isinstance(node, list):
            row = [one for one in _structure(table).indicators if one.split(".")[:depth] == keys[:depth]]
            return (table, *keys[:depth], row.index(path))
        if not isinstance(node, dict):  # 0 stands for a whole branch
            return (table, *keys[:depth])
        node = node[key]
    return (table, *keys)


def raw_html(table: Table) -> str:
    """Return a table as ready-made HTML, the same as that of the directive."""
    return f"<table><caption>{table.caption}</caption>\n{table_content(table)}</table>\n"


def html_template(show: Show, caption: str) -> str:
    """Return the same HTML for any report: ``caption`` and ``show`` are written in the language of the template."""
    parts = []
    for table in tables(0):
        name = table.layout.name
        figures = {path: _placeholder(path, figure) for path, figure in table.figures.items()}
        # the id has no agency: a template cannot compute it
        html = raw_html(table._replace(figures=figures, caption=f"{caption}{table.layout.label}", ident=f"gov-{name}"))
        for path in figures:
            html = html.replace(f"{_OPEN}{path}{_CLOSE}", show(name, path))
        parts.append(html)
    return "".join(parts)


def columns(layout: TableLayout, block: GridBlock) -> list[Column]:
    """Return a block's columns, without those that the grid has for other blocks."""
    places = sorted({cell.column for line in (*block.head, *block.body) for cell in line})
    return [Column(place, sum(layout.widths[place:end])) for place, end in pairwise((*places, layout.width))]


def _placeholder(path: str, figure: Figure) -> Figure:
    return figure._replace(text=f"{_OPEN}{path}{_CLOSE}")


def _structure(table: str) -> TableLayout:
    return tables(0)[TABLES.index(table)].layout


@cache
def _report(number: int) -> Report:
    report = read_report(read_source("bench.yaml", year_file(number).encode()), statutory_forms()).report
    assert report
    return report
