"""A whole year of a clerk who only reads Chinese: files and messages have no English word."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.published import published, year_file

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: formats, names of programs and files, and the terms of Sphinx, MyST and YAML
_NOT_WORDS = re.compile(
    r"\{gov-[a-z-]+\}|govreport-[a-z-]+(?=:)|\$schema=\S+|yaml-language-server:|sphinx-govreport [a-z-]+|--[a-z-]+|govreport_\w+|"
    r"\S*/\S+|[0-9a-f]{64}  MANIFEST\.sha256|[\w./-]+\.(?:yaml|md|json|xlsx|docx|zip|py|html|yml|txt|css)\b|(?<![\w-])(?:HTML|PDF|Word|Excel|CSV|JSON|YAML|SHA-256|UTF-8|Markdown)(?!\w)"
)


class Clerk:
    """Runs commands in a folder and keeps the messages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []

    def run(self, *arguments: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "sphinx_govreport", "--language", "zh_CN", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, encoding="utf-8")
        self.said.append(
            re.sub(r"^(\S+) [a-z-]+\n(?==)", r"\1\n", done.stdout + done.stderr)
        )  # the name of a rule for programs
        assert done.returncode == code, self.said[-1]
        return self.said[-1]

    def build(self, *options: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "sphinx", "-q", "-n", "-b", "html", *options, ".", "_build/html"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, encoding="utf-8")
        told = "\n".join(line for line in done.stderr.splitlines() if line.startswith(("data/", "reports/")))
        self.said.append(re.sub(r" (?:WARNING|ERROR): | \[govreport\.[a-z-]+\]", "", told))  # by Sphinx itself
        assert done.returncode == code, done.stdout + done.stderr
        return told

    def change(self, name: str, *pairs: tuple[str, str]) -> None:
        path = self.folder / name
        written = path.read_text("utf-8")
        for old, new in pairs:
            assert old in written, (old, written)
            written = written.replace(old, new, 1)
        path.write_text(written, "utf-8")

    def write_page(self, name: str) -> None:
        """Replace each prompt by text, and delete last year's text."""
        path = self.folder / name
        lines = [line for line in path.read_text("utf-8").split("\n") if not line.startswith("%")]
        sentences = iter(("工作总体平稳。", "个别信息更新不够及时，今后每月核对一次公开目录。", "本年度没有收取信息处理费。"))
        path.write_text("\n".join(next(sentences) if line.startswith("\\[") else line for line in lines), "utf-8")


def fill_in(blank: Path, filled: Path, agency: str, figures: Iterator[str]) -> None:
    """Enter figures into the empty cells of a workbook, row by row, and replace the placeholder of the agency."""
    with zipfile.ZipFile(blank) as before, zipfile.ZipFile(filled, "w") as after:
        sheets = sorted(name for name in before.namelist() if name.startswith("xl/worksheets/sheet"))
        for item in before.namelist():
            data = before.read(item)
            if item in sheets:
                root = etree.fromstring(data)
                free, covered = unlocked(before), covered_cells(root)
                for cell in root.iter(f"{_MAIN}c"):
                    if cell.find(f"{_MAIN}f") is not None:  # a total, computed by the program
                        cell.attrib.pop("t", None)
                        value = cell.find(f"{_MAIN}v")
                    elif len(cell) == 0 and int(cell.get("s", 0)) in free and cell.get("r") not in covered:
                        value = None
                    else:
                        continue
                    (etree.SubElement(cell, f"{_MAIN}v") if value is None else value).text = next(figures)
                data = etree.tostring(root)
            after.writestr(item, data.replace("（机关名称）".encode(), agency.encode()))


def covered_cells(sheet: etree._Element) -> set[str]:
    """Return the cells covered by a merged cell."""
    covered: set[str] = set()
    for merge in sheet.iter(f"{_MAIN}mergeCell"):
        first, row, last, end = re.findall(r"[A-Z]+|[0-9]+", merge.get("ref", ""))
        columns = [chr(at) for at in range(ord(first), ord(last) + 1)]
        covered |= {f"{column}{number}" for column in columns for number in range(int(row), int(end) + 1)} - {f"{first}{row}"}
    return covered


def unlocked(book: zipfile.ZipFile) -> set[int]:
    """Return the styles of unlocked cells."""
    styles = etree.fromstring(book.read("xl/styles.xml"))
    formats = styles.find(f"{_MAIN}cellXfs")
    assert formats is not None
    return {
        at
        for at, one in enumerate(formats)
        if (lock := one.find(f"{_MAIN}protection")) is not None and lock.get("locked") == "0"
    }


def english_in(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", _NOT_WORDS.sub(" ", text))


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path)


@pytest.mark.slow
def test_from_the_first_site_to_the_pack(clerk: Clerk) -> None:
    clerk.run("new-site", "网站", "--agency", "宿迁市", "--year", "2023")
    clerk.folder /= "网站"
    assert "2023 年的数据尚未填写" in clerk.run("check")

    # the first year comes from a workbook
    clerk.run("export", "--blank", "--year", "2023", "-o", "表.xlsx")
    report = published("suqian-2023")
    figures = (value for table in report.figures.values() for value in table.values())
    fill_in(clerk.folder / "表.xlsx", clerk.folder / "填好.xlsx", "宿迁市", figures)
    assert "data/2023.yaml" in clerk.run("import", "填好.xlsx", "-o", "data/2023.yaml")
    clerk.write_page("reports/2023.md")
    clerk.run("check", "--strict", "data", "reports/2023.md")
    clerk.build("-W")

    # the second year is started: the site builds as before, until a page shows it
    clerk.run("new", "2024", "--from", "data/2023.yaml")
    clerk.build("-W")
    (clerk.folder / "data/2024.yaml").unlink()
    clerk.run("new", "2024", "--from", "data/2023.yaml", "--page", "reports/2023.md")
    page = (clerk.folder / "reports/2024.md").read_text("utf-8")
    assert "% 工作总体平稳。" in page
    assert "\n工作总体平稳。" not in page
    assert "尚未填写" in clerk.build("-W", "--keep-going", code=1)
    begun = {path: (clerk.folder / path).read_text("utf-8") for path in ("data/2024.yaml", "reports/2024.md")}

    # it comes from last year's Word document, with a typo that the check reports
    other = Clerk(clerk.folder.parent / "别处")
    (other.folder / "data").mkdir(parents=True)
    (other.folder / "data/2024.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    other.run("export", "data", "--to", "docx", "-o", "../网站/年报.docx")
    clerk.run("import", "年报.docx", "-o", "data/2024.yaml")
    clerk.change("data/2024.yaml", ("予以公开: [1408,", "予以公开: [1409,"))
    assert "申请人合计" in clerk.run("check", code=1)
    clerk.change("data/2024.yaml", ("予以公开: [1409,", "予以公开: [1408,"))

    # differences from last year are explained as the check suggests
    told = clerk.run("check")
    for rule in re.findall(r"说明: \{([^:]+): …\}", told):
        clerk.change("data/2024.yaml", ("复议诉讼:", f"说明: {{{rule}: 统计范围调整。}}\n\n复议诉讼:"))
    clerk.write_page("reports/2024.md")
    assert "错误" not in clerk.run("explain", *re.findall(r"\[(\S+)\]$", told, re.MULTILINE)).splitlines()[0]
    clerk.run("check", "--strict", "data", "reports/2023.md", "reports/2024.md")
    clerk.build("-W", "-E")
    clerk.run("pack", "_build/html", "-o", "网站.zip")
    clerk.run("pack", "--verify", "网站.zip")

    written = [begun["data/2024.yaml"], begun["reports/2024.md"]]
    written += [
        path.read_text("utf-8") for folder in ("data", "reports") for path in sorted((clerk.folder / folder).glob("*.[ym]*"))
    ]
    for text in (*written, *clerk.said, *other.said):
        assert english_in(text) == [], text
