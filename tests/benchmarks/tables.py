"""Clean HTML builds of the same pages three ways: our directive, ready-made raw HTML, list-table. Run by `make bench`.

Each way is a project of its own, a Chinese site with the extension's search; the ways take turns, and the median of the whole
process's time counts.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sphinx_govreport.core.form import TABLES
from sphinx_govreport.core.form_file import statutory_forms
from sphinx_govreport.core.html import table_content
from sphinx_govreport.core.source import read_source
from sphinx_govreport.core.tables import Table, table_of
from sphinx_govreport.core.year_file import read_report

CONF = 'project = "bench"\nlanguage = "zh_CN"\nhtml_theme = "basic"\nextensions = ["sphinx_govreport"]\n'
WAYS = ("directive", "raw", "list-table")
FIGURE = "72701.2578"
YEAR_FILE = Path(__file__).parents[2] / "example_site" / "data" / "suqian-2024.yaml"


def main() -> None:
    """Build, verify, time and print a table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for way in WAYS:
            _write(Path(folder) / way, way, options.pages)
        times: dict[str, list[float]] = {way: [] for way in WAYS}
        for _round in range(options.rounds):
            for way in WAYS:
                times[way].append(_build(Path(folder) / way, options.pages))
    medians = {way: statistics.median(seconds) for way, seconds in times.items()}
    print(f"{options.pages} pages × 3 tables, clean HTML build, median of {options.rounds}; Python {sys.version.split()[0]}")
    for way, seconds in medians.items():
        print(f"{way:12} {seconds:6.2f} s   {seconds / medians['raw']:5.2f} × raw HTML")


def _write(folder: Path, way: str, pages: int) -> None:
    (folder / "data").mkdir(parents=True)
    extra = 'govreport_data = ["data"]\n' if way == "directive" else ""
    (folder / "conf.py").write_text(CONF + extra, "utf-8")
    names = "".join(f"   page{n}\n" for n in range(pages))
    (folder / "index.rst").write_text(f"首页\n====\n\n.. toctree::\n\n{names}", "utf-8")
    for n in range(pages):
        written = YEAR_FILE.read_text("utf-8").replace("agency: 宿迁市", f"agency: 第{n}区")
        if way == "directive":
            (folder / "data" / f"{n}.yaml").write_text(written, "utf-8")
        report = read_report(read_source("bench.yaml", written.encode()), statutory_forms()).report
        assert report
        tables = [table_of(report, statutory_forms(), name) for name in TABLES]
        body = {"directive": _directive, "raw": _raw, "list-table": _list_table}[way](tables)
        fields = f":govreport-year: 2024\n:govreport-agency: 第{n}区\n\n"
        (folder / f"page{n}.rst").write_text(f"{fields}第{n}区\n{'=' * 20}\n\n{body}", "utf-8")


def _directive(_tables: list[Table]) -> str:
    return ".. gov-disclosure-table::\n"


def _raw(tables: list[Table]) -> str:
    htmls = [f"<table><caption>{table.caption}</caption>\n{table_content(table)}</table>" for table in tables]
    return "".join(".. raw:: html\n\n" + re.sub("^", "   ", text, flags=re.MULTILINE) + "\n\n" for text in htmls)


def _list_table(tables: list[Table]) -> str:
    """The same grid, heads included; what a merged cell covers is empty, since a list-table cannot merge."""
    parts: list[str] = []
    for table in tables:
        lines = [line for block in table.structure.blocks for line in (*block.head, *block.body)]
        heads = len(table.structure.blocks[0].head)
        parts.append(f".. list-table:: {table.caption}\n   :header-rows: {heads}\n\n")
        for line in lines:
            shown = {cell.column: table.shown(cell).replace("\n", "") for cell in line}
            cells = [shown.get(column, "") for column in range(table.structure.width)]
            parts += [f"   {'*' if n == 0 else ' '} - {cell}\n" for n, cell in enumerate(cells)]
        parts.append("\n")
    return "".join(parts)


def _build(folder: Path, pages: int) -> float:
    out = folder / "_build"
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(folder), str(out)], check=True)
    seconds = time.perf_counter() - start
    for n in range(pages):
        assert FIGURE in (out / f"page{n}.html").read_text("utf-8")
    return seconds


if __name__ == "__main__":
    main()
