"""Figures of published reports (tests/reports/*.txt), and year files written from them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import main_kind, statutory_forms
from sphinx_govreport.core.reports.report import ReportKey

FOLDER = Path(__file__).parent / "reports"
COLUMNS = 7
TABLES = statutory_forms()["2021"].table_names


class Published(NamedTuple):
    """A published report: its figures by table and key path, as printed; blank is empty."""

    agency: str
    year: int
    forms: dict[str, str]
    figures: dict[str, dict[str, str]]


#: agency, year, and form of each table, for each file
_HEADS = {
    "wendeng-commerce-2020": ("威海市文登区商务局", 2020, "2019", "2019"),
    "suqian-2023": ("宿迁市", 2023, "2021", "2021"),
    "suqian-2024": ("宿迁市", 2024, "2021", "2021"),
    "shanghai-municipal-office-2019": ("上海市人民政府办公厅", 2019, "2019", "2019"),
    "huaian-hongze-2023": ("淮安市洪泽区人民政府", 2023, "2021", "2019"),
    "test-city-2025": ("测试市", 2025, "2021", "2021"),
}
NAMES = tuple(_HEADS)


@cache
def published(name: str) -> Published:
    """Read one file. Its rows are in the order of the form; nothing else is assumed."""
    agency, year, default, requests = _HEADS[name]
    forms = {"proactive-disclosure": default, "requests": requests, "reviews": default}
    sections = re.split(r"^[二三四]、[^|]*$", (FOLDER / f"{name}.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]
    figures = {}
    for (table, form), section in zip(forms.items(), sections, strict=True):
        lines = [line.split("|") for line in section.splitlines() if "|" in line]
        if table == "reviews":
            cells = [cell.strip() for cell in lines[-1]]
        else:
            rows = [line for line in lines if not re.match(r"第二十条|行 ", line[0])]
            cells = [cell.strip() for line in rows for cell in line[1:]]
        paths = layout_of(statutory_forms()[form].table(table)).indicators
        figures[table] = dict(zip(paths, cells, strict=True))
    return Published(agency, year, forms, figures)


def report_key(agency: str, year: int) -> ReportKey:
    """Return the key of a report by a statutory form."""
    return ReportKey(agency, year, main_kind())


def year_file(report: Published) -> str:
    """Return a year file with every figure on a separate line; blanks stay blank."""
    lines = [f"agency: {report.agency}", f"year: {report.year}", "form:", f"  default: {report.forms['reviews']}"]
    lines += [f"  requests: {report.forms['requests']}"]
    for table, figures in report.figures.items():
        lines.append(f"{table}:")
        above: list[str] = []
        for path, written in figures.items():
            keys = path.split(".")
            same = next((n for n, (a, b) in enumerate(zip(above, keys, strict=False)) if a != b), 0)
            lines += [f"{'  ' * (depth + 1)}{key}:" for depth, key in enumerate(keys[:-1]) if depth >= same]
            lines.append(f"{'  ' * len(keys)}{keys[-1]}: {_value(written)}".rstrip())
            above = keys
    return "\n".join(lines) + "\n"


def _value(written: str) -> str:
    match = re.fullmatch(r"(\d+)(万元|元)", written)
    return f"{{value: {match[1]}, unit: {match[2]}}}" if match else written


def form_of(report: Published, table: str) -> Form:
    """Return the form used for a table."""
    return statutory_forms()[report.forms[table]]
