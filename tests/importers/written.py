"""Published reports written as documents of every kind, tidy and sloppy."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

import docx
import xlsxwriter
from docx.table import Table as WordTable

from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from tests.published import TABLES, Published

SECTIONS = {"proactive-disclosure": "二", "requests": "三", "reviews": "四"}
TYPO = {"2.其他法律行政法规禁止公开": "2.其他法律行政止公开"}  # as Hongze published it


class Cell(NamedTuple):
    text: str
    rowspan: int = 1
    colspan: int = 1
    is_head: bool = True


Rows = list[list[Cell]]


def title(report: Published) -> str:
    return f"{report.agency}{report.year}年政府信息公开工作年度报告"


def heading(report: Published, table: str) -> str:
    return f"{SECTIONS[table]}、{statutory_forms()[report.forms[table]].table(table).label}"


def rows_of(report: Published, table: str) -> Rows:
    """Return a table's cells as prescribed by the form, with the published figures."""
    layout = layout_of(statutory_forms()[report.forms[table]].table(table))
    return [
        [
            Cell(report.figures[table][cell.path] if cell.path else cell.text, cell.rowspan, cell.colspan, not cell.path)
            for cell in line
        ]
        for block in layout.blocks
        for line in (*block.head, *block.body)
    ]


# -- sloppiness ------------------------------------------------------------------------------------------------------


def as_is(rows: Rows) -> Rows:
    return rows


def stacked(rows: Rows) -> Rows:
    """Return labels of narrow columns set character by character, spaces of all kinds, half-width brackets, 1、 for 1."""

    def sloppy(cell: Cell) -> Cell:
        if not cell.is_head:
            return cell._replace(text=f" {cell.text}\u3000" if cell.text else "\u00a0")
        text = cell.text.replace("（", "(").replace("）", ")").replace("1.", "1、").replace("第二十条第", "第二十条 第")
        return cell._replace(text="\n".join(text) if cell.rowspan > 2 else text.replace("公开", "公\u3000开"))

    return [[sloppy(cell) for cell in row] for row in rows]


def without_merges(rows: Rows) -> Rows:
    """Return the table without merges: covered places are empty cells."""
    places: dict[tuple[int, int], Cell] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in places:
                column += 1
            for down in range(cell.rowspan):
                for right in range(cell.colspan):
                    first = not down and not right
                    places[number + down, column + right] = cell._replace(rowspan=1, colspan=1, text=cell.text if first else "")
            column += cell.colspan
    width = max(column for _row, column in places) + 1
    return [[places[row, column] for column in range(width) if (row, column) in places] for row in range(len(rows))]


def flattened(rows: Rows) -> Rows:
    """Return a word processor's plain text: rows merged across are one cell, rows merged down leave empty cells below."""
    below: dict[tuple[int, int], int] = {}
    done: Rows = []
    for number, row in enumerate(rows):
        line: list[Cell] = []
        column = 0
        cells = list(row)
        while cells or (number, column) in below:
            if (number, column) in below:
                line.append(Cell(""))
                column += below[number, column]
                continue
            cell = cells.pop(0)
            line.append(cell._replace(rowspan=1, colspan=1))
            for down in range(1, cell.rowspan):
                below[number + down, column] = cell.colspan
            column += cell.colspan
        done.append(line)
    return done


def shifted(rows: Rows) -> Rows:
    """Return figures merged differently from their headers, as on many published pages."""
    done: Rows = []
    for row in rows:
        spans = [cell.colspan for cell in row if not cell.is_head]
        figures = iter([cell for cell in row if not cell.is_head])
        spans = spans[1:] + spans[:1]
        width = iter(spans)
        done.append([cell if cell.is_head else next(figures)._replace(colspan=next(width)) for cell in row])
    return done


def typo(rows: Rows) -> Rows:
    return [[cell._replace(text=TYPO.get(cell.text, cell.text)) for cell in row] for row in rows]


SLOPPY: dict[str, Callable[[Rows], Rows]] = {
    "tidy": as_is, "stacked": stacked, "without-merges": without_merges, "flattened": flattened, "shifted": shifted, "typo": typo,
}  # fmt: skip


# -- kinds -----------------------------------------------------------------------------------------------------------


def html_table(rows: Rows) -> str:
    def cell_html(cell: Cell) -> str:
        spans = f' rowspan="{cell.rowspan}"' * (cell.rowspan > 1) + f' colspan="{cell.colspan}"' * (cell.colspan > 1)
        text = escape(cell.text).replace("\n", "<br>")
        return f"<td{spans}><p><span>{text}</span></p></td>"

    return f"<table>{''.join('<tr>' + ''.join(map(cell_html, row)) + '</tr>' for row in rows)}</table>"


def html(report: Published, sloppy: Callable[[Rows], Rows] = as_is, encoding: str = "utf-8") -> bytes:
    """Return a portal's complete article page, with layout tables like old ones."""
    tables = "".join(
        f"<p>{heading(report, name)}</p>{html_table(sloppy(rows_of(report, name)))}<p>本年度没有其他情况。</p>"
        for name in TABLES
    )
    page = (
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>{escape(title(report))}-门户网站</title>'
        "<script>var a = '<table><tr><td>行政许可</td><td>999</td></tr></table>';</script></head><body>"
        "<table><tr><td><ul><li>行政许可</li><li>行政处罚</li></ul></td><td>"
        f"<h1>{escape(title(report))}</h1><p>一、总体情况</p><p>本年工作照常。</p>{tables}<p>五、存在的主要问题及改进情况</p>"
        "</td></tr></table><table><tr><td>行政许可</td><td>办事指南</td></tr></table>"
        "<div style='display:none'><table><tr><td>行政强制</td><td>7</td></tr></table></div></body></html>"
    )
    return page.encode(encoding, "xmlcharrefreplace")


def html_gbk(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    return html(report, sloppy, "gbk")


def word(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    document = docx.Document()
    document.add_heading(title(report), 0)
    for name in TABLES:
        document.add_heading(heading(report, name), 1)
        _word_table(document, sloppy(rows_of(report, name)))
        document.add_paragraph("本年度没有其他情况。")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _word_table(document: docx.document.Document, rows: Rows) -> None:
    placed = _placed(rows)
    width = max(column + cell.colspan for column_cells in placed for column, cell in column_cells)
    table: WordTable = document.add_table(len(rows), width)
    grid = [list(row.cells) for row in table.rows]
    for number, cells in enumerate(placed):
        for column, cell in cells:
            first = grid[number][column]
            last = grid[min(number + cell.rowspan, len(rows)) - 1][column + cell.colspan - 1]
            if last is not first:  # python-docx traverses the whole row even for one cell
                first = first.merge(last)
            first.text = cell.text


def _placed(rows: Rows) -> list[list[tuple[int, Cell]]]:
    taken: set[tuple[int, int]] = set()
    done = []
    for number, row in enumerate(rows):
        column = 0
        line = []
        for cell in row:
            while (number, column) in taken:
                column += 1
            line.append((column, cell))
            taken |= {(number + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            column += cell.colspan
        done.append(line)
    return done


def workbook(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    """Return one sheet with all tables below each other."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("年报")
        sheet.write(0, 0, title(report))
        top = 1
        for name in TABLES:
            sheet.write(top, 0, heading(report, name))
            top += 1
            rows = sloppy(rows_of(report, name))
            for number, cells in enumerate(_placed(rows)):
                for column, cell in cells:
                    value = _typed(cell)
                    if cell.rowspan * cell.colspan > 1:
                        sheet.merge_range(
                            top + number, column, top + number + cell.rowspan - 1, column + cell.colspan - 1, value
                        )
                    elif value != "":
                        sheet.write(top + number, column, value)
            top += len(rows) + 1
    return file.getvalue()


def _typed(cell: Cell) -> str | float:
    return float(cell.text) if not cell.is_head and cell.text.replace(".", "", 1).isdecimal() else cell.text


def ods(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    rows = []
    for name in TABLES:
        rows.append(f"<table:table-row>{_ods_text(heading(report, name))}</table:table-row>")
        for cells in without_merges_marked(sloppy(rows_of(report, name))):
            rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="年报"><table:table-row>{_ods_text(title(report))}</table:table-row>{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_text(text: str, spans: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{spans}><text:p>{escape(text)}</text:p></table:table-cell>'


def without_merges_marked(rows: Rows) -> list[list[str]]:
    placed = _placed(rows)
    width = max(column + cell.colspan for line in placed for column, cell in line)
    cells: list[list[str]] = [["<table:covered-table-cell/>"] * width for _ in rows]
    for number, line in enumerate(placed):
        for column, cell in line:
            spans = f' table:number-columns-spanned="{cell.colspan}" table:number-rows-spanned="{cell.rowspan}"'
            value = _typed(cell)
            cells[number][column] = (
                f'<table:table-cell office:value-type="float" office:value="{cell.text}"{spans}/>'
                if isinstance(value, float)
                else _ods_text(cell.text, spans)
            )
    return cells


def zipped(files: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def csv_sheet(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([title(report)])
    for name in TABLES:
        writer.writerow([heading(report, name)])
        writer.writerows([cell.text for cell in row] for row in without_merges(sloppy(rows_of(report, name))))
    return file.getvalue().encode("gb18030")


def markdown(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    lines = [f"# {title(report)}", ""]
    for name in TABLES:
        lines += [f"## {heading(report, name)}", ""]
        for number, row in enumerate(without_merges(sloppy(rows_of(report, name)))):
            lines.append(f"| {' | '.join(cell.text.replace(chr(10), '') for cell in row)} |")
            if not number:
                lines.append(f"|{' --- |' * len(row)}")
        lines.append("")
    return "\n".join(lines).encode()


def stacked_text(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    """Return text with one cell per line, as saved by a word processor."""
    lines = [report.agency, "", f"{report.year}年政府信息公开工作年度报告", ""]
    for name in TABLES:
        lines += [heading(report, name), ""]
        for row in flattened(sloppy(rows_of(report, name))):
            lines += [*(f"\t{cell.text}" for cell in row), ""]
        lines += ["本年度没有其他情况。", ""]
    return "\r\n".join(lines).replace("\n\t", "\n\t").encode()


def tabbed_text(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    lines = [title(report), ""]
    for name in TABLES:
        lines += [heading(report, name), ""]
        lines += [
            "\t".join(cell.text.replace("\n", "") for cell in row) for row in without_merges(sloppy(rows_of(report, name)))
        ]
        lines.append("")
    return "\n".join(lines).encode("utf-16")


def word_html(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    """Return a filtered web page saved by Word: attributes without quotes, mso styles, arbitrary line breaks in Chinese."""

    def run(text: str) -> str:
        wrapped = re.sub(r"([\u4e00-\u9fff]{6})(?=[\u4e00-\u9fff])", "\\1\n", escape(text)).replace("\n\n", "<br>\n")
        lang = "" if re.search(r"[\u4e00-\u9fff]", text) else " lang=EN-US"
        return f"<span{lang}\n  style='font-size:10.5pt;mso-bidi-font-size:11.0pt;font-family:宋体;mso-ascii-font-family:Calibri'>{wrapped}<o:p></o:p></span>"

    def cell_html(cell: Cell) -> str:
        spans = f" rowspan={cell.rowspan}" * (cell.rowspan > 1) + f" colspan={cell.colspan}" * (cell.colspan > 1)
        style = "width:41.0pt;border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt"
        text = cell.text or "\u00a0"
        return f"  <td width=55{spans} style='{style}'>\n  <p class=MsoNormal align=center style='text-align:center;mso-line-height-rule:exactly'>{run(text)}</p>\n  </td>\n"

    parts = [f"<p class=MsoTitle align=center><b>{run(title(report))}</b></p>"]
    for name in TABLES:
        rows = "".join(
            f" <tr style='mso-yfti-irow:0'>\n{''.join(map(cell_html, row))} </tr>\n" for row in sloppy(rows_of(report, name))
        )
        parts.append(f"<p class=MsoNormal style='mso-outline-level:1'>{run(heading(report, name))}</p>")
        parts.append(
            f"<table class=MsoNormalTable border=1 cellspacing=0 cellpadding=0 style='mso-padding-alt:0'>\n{rows}</table>"
        )
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office">\n<head><meta http-equiv=Content-Type content="text/html; charset=gb2312">'
        "<!--[if gte mso 9]><xml><o:TotalTime>3</o:TotalTime></xml><![endif]--><style><!-- p.MsoNormal {margin:0cm;} --></style></head>"
        f"<body lang=ZH-CN style='text-justify-trim:punctuation'><div class=WordSection1>{''.join(parts)}</div></body></html>"
    )
    return page.replace("\n", "\r\n").encode("gb18030")


def _barred(before: str, behind: str) -> Callable[[Published, Callable[[Rows], Rows]], bytes]:
    """Return text with bars between cells, and before the first or after the last."""

    def text(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
        lines = [title(report), ""]
        for name in TABLES:
            lines += [heading(report, name), ""]
            for row in without_merges(sloppy(rows_of(report, name))):
                lines.append(before + " | ".join(cell.text.replace("\n", "") for cell in row) + behind)
            lines.append("")
        return "\n".join(lines).encode()

    return text


def cell_a_line(report: Published, sloppy: Callable[[Rows], Rows] = as_is) -> bytes:
    """Return each cell as a line without any mark, as saved by browsers and word processors; an empty cell is an empty line."""
    lines = [title(report), ""]
    for name in TABLES:
        lines += [heading(report, name), ""]
        lines += [cell.text.replace("\n", "") for row in sloppy(rows_of(report, name)) for cell in row]
        lines += ["", "本年度没有其他情况。", ""]
    return "\n".join(lines).encode()


KINDS: dict[str, Callable[[Published, Callable[[Rows], Rows]], bytes]] = {
    "page.html": html, "gbk.html": html_gbk, "report.docx": word, "report.xlsx": workbook, "report.ods": ods,
    "report.csv": csv_sheet, "report.md": markdown, "stacked.txt": stacked_text, "tabbed.txt": tabbed_text,
    "word.html": word_html, "around.txt": _barred("| ", " |"), "behind.txt": _barred("", " |"), "before.txt": _barred("| ", ""),
    "between.txt": _barred("", ""), "cells.txt": cell_a_line,
}  # fmt: skip


def mixed_up(rows: Rows, order: Sequence[int], columns: Sequence[int], heads: int, stubs: int) -> Rows:
    """Return rows and columns in another order, each with its label: merges of groups are dropped."""
    full = without_merges(rows)
    lines = [*full[:heads], *(full[heads + number] for number in order)]
    return [[*row[:stubs], *(row[stubs + number] for number in columns)] for row in lines]
