"""A typical folder of a web team after many years: documents of every kind, good and bad, with other files among them."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of
from tests.fuzz import pdf_text
from tests.importers import written
from tests.importers.written import Cell, Rows
from tests.published import FOLDER, published

CASES = Path(__file__).parent / "cases"
#: 清远市2024年行政处罚实施情况统计表, as published; the first eight kinds, other kinds, all kinds, and the amount
PENALTIES = ["12175", "94929", "235", "189", "101", "0", "11", "504", "12", "108156", "25790.13"]


def pingtan(year: int) -> bytes:
    """Return the last section of 平潭's report for a year, with the published table."""
    rows = [["指标名称", "计量单位", f"{year}年度", "历年累计"]]
    lines = (FOLDER / "pingtan-2014-2018.txt").read_text("utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            label, unit, *years = (part.strip() for part in line.split("|"))
            if years[year - 2014] != "-":
                rows.append([label if year < 2018 else label.replace("、", ".", 1), unit, *years[year - 2014].split(",")])
    table = written.html_table([[Cell(text) for text in row] for row in rows])
    agency = "平潭综合实验区管委会" if year == 2014 else "平潭综合实验区"
    title = f"{agency}{year}年政府信息公开工作年度报告"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>政府信息公开情况统计表</p>{table}</body></html>".encode()


def penalties_rows(form: Form) -> Rows:
    """Return the table of penalties by the form of 清远."""
    layout = layout_of(form.table("penalties"))
    values = iter(PENALTIES)
    return [
        [Cell(next(values) if cell.path else cell.text, cell.rowspan, cell.colspan, not cell.path) for cell in line]
        for block in layout.blocks
        for line in (*block.head, *block.body)
    ]


def with_penalties(page: bytes, form: Form) -> bytes:
    """Return a portal's page with the table of penalties after the report."""
    behind = f"<p>行政处罚实施情况统计表</p>{written.html_table(penalties_rows(form))}<p>注：含委托执法。</p>"
    return page.replace("<p>五、存在".encode(), f"{behind}<p>五、存在".encode())


def write(folder: Path) -> None:
    """Write twenty documents, of which eleven are sound, and other files."""
    suqian, hongze, wendeng = published("suqian-2024"), published("huaian-hongze-2023"), published("wendeng-commerce-2020")
    scanned = (CASES / "07-tables-are-pictures.html").read_bytes()
    tables = [(written.heading(suqian, name), written.rows_of(suqian, name)) for name in suqian.figures]
    documents = {
        "2018/平潭.html": pingtan(2018),
        "2018/某区.html": (CASES / "05-year-before-2019.html").read_bytes(),
        "2019/上海.docx": written.word(published("shanghai-municipal-office-2019")),
        "2020/文登.xlsx": written.workbook(wendeng),
        "2020/文登商务局.txt": written.stacked_text(wendeng),
        "2023/宿迁.ods": written.ods(published("suqian-2023")),
        "2023/洪泽.csv": written.csv_sheet(hongze),
        "2024/宿迁.html": written.html_gbk(suqian),
        "2024/宿迁发改委.md": written.markdown(suqian._replace(agency="宿迁市发展和改革委员会")),
        "2024/宿迁司法局.txt": written.tabbed_text(suqian._replace(agency="宿迁市司法局")),
        "2024/宿迁民政局.htm": written.word_html(suqian._replace(agency="宿迁市民政局")),
        "2024/宿迁水利局.pdf": pdf_text.content(
            "宿迁市水利局2024年政府信息公开工作年度报告", tables, lambda written: [(written, "")]
        ),
        "2025/测试市.docx": written.word(published("test-city-2025"), written.stacked),
        "bad/损坏.docx": b"PK\x03\x04 no archive",
        "bad/空.html": b" \n",
        "bad/旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "bad/无机关.csv": written.csv_sheet(suqian).split(b"\n", 1)[1],
        "bad/图片.html": re.sub("[\u4e00-\u9fff]+(?=20\\d\\d年)", "某县", scanned.decode()).encode(),
        "bad/通知.txt": "关于报送材料的通知\n\n请于月底前报送。\n".encode(),
        "bad/改数.html": written.html(suqian._replace(agency="宿迁市交通局")).replace(b"1573179", "若干".encode()),
    }
    others = {
        "2024/style.css": b"td { color: red }",
        "2024/logo.png": b"\x89PNG\r\n\x1a\n\0\0",
        "2024/.hidden.html": written.html(suqian),
        "2024/~$宿迁.docx": b"lock",
        "data/2022.yaml": b"agency: x\n",
        "pages/2024.md": "---\ntitle: 年报\ngovreport-year: 2024\n---\n\n# 年报\n".encode(),
    }
    for name, data in {**documents, **others}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
