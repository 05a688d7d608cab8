"""Every text from data is printed: it never becomes an element, an attribute, a command or a formula."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import lxml.html
import pytest

from sphinx_govreport.core.checks.formats import as_text
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, text
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import Library, load_library
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import Project
from tests.exporters.test_documents import converted
from tests.importers import written
from tests.published import published
from tests.security import hostile

ATTACKS = {"html": hostile.HTML, "inline": hostile.INLINE, "latex": hostile.LATEX, "formula": hostile.FORMULA}


def skeleton(page: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return elements and the names of their attributes; the lines of a name in a chart, of which a long one has more, are one."""
    elements = (element for element in lxml.html.fromstring(page).iter() if isinstance(element.tag, str))
    for name, lines in itertools.groupby(elements, key=lambda one: one.get("class") == "gov-chart-name" and one.get("x")):
        for element in [next(lines)] if name else lines:
            yield element.tag, tuple(map(str, element.attrib))


def pages(folder: Path, attack: str) -> dict[str, bytes]:
    build = hostile.site(Project(folder / "site"), attack).build()
    return {name: body for name, body in build.files().items() if name.endswith(".html") and "gov-" not in name}


@pytest.mark.parametrize("name", ATTACKS)
def test_pages_are_made_of_the_same_elements_whatever_the_data_say(tmp_path: Path, name: str) -> None:
    harmless = pages(tmp_path / "harmless", hostile.HARMLESS)
    attacked = pages(tmp_path / "attacked", ATTACKS[name])
    assert attacked.keys() == harmless.keys()
    for page, body in attacked.items():
        assert list(skeleton(body)) == list(skeleton(harmless[page])), page


def report_of(folder: Path, attack: str, **how: str) -> tuple[Project, Library]:
    project = hostile.site(Project(folder / "site"), attack, **how)
    return project, load_library(project.folder, ["data"], ["form.yaml"], Cache(None, ""))


def exported(folder: Path, kind: str, attack: str) -> bytes:
    _project, library = report_of(folder, attack)
    key = next(iter(library.entries))
    report = library.report(*key)
    assert report
    return EXPORTS[kind].encoded([report], library.forms)


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path, mark: str) -> None:
    body = exported(tmp_path, "csv", f"{mark}cmd|'/C calc'!A0").decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(body, newline="")):
        for name, cell in row.items():
            if name == "value":  # a number, which may have a sign
                assert re.fullmatch(r"|[+-]?\d+(\.\d+)?", cell)
            else:
                assert cell[:1] not in (mark, "=", "\t", "\r", "\n"), name
        assert row["agency"].startswith(f"'{mark}cmd"), "nothing is lost"


def parts(body: bytes, name: str) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        yield from (file.read(part) for part in file.namelist() if re.search(name, part))


def test_a_workbook_has_no_formulas_but_its_own(tmp_path: Path) -> None:
    body = exported(tmp_path, "xlsx", hostile.FORMULA)
    formulas = [formula for sheet in parts(body, "worksheets/sheet") for formula in re.findall(rb"<f[^>]*>([^<]*)</f>", sheet)]
    assert formulas
    assert all(re.fullmatch(rb"SUM\([A-Z0-9:,]+\)", formula) for formula in formulas)
    assert not list(parts(body, "rels")) or all(b"x.invalid" not in part for part in parts(body, "rels"))
    assert any(b"=HYPERLINK(" in part for part in parts(body, "sharedStrings")), "it is there as a text"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_libreoffice_takes_no_text_for_a_formula(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_bytes(exported(tmp_path, kind, hostile.FORMULA))
    content = next(parts(converted(tmp_path, f"a.{kind}", "ods"), r"^content\.xml$")).decode()
    formulas = re.findall(r'table:formula="([^"]*)"', content)
    assert all(re.fullmatch(r"of:=SUM\([][.A-Z0-9:;]+\)", formula) for formula in formulas), formulas
    assert "=HYPERLINK(" in content
    assert "xlink:href" not in content


@pytest.mark.slow
def test_a_word_document_prints_what_the_data_say(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(exported(tmp_path, "docx", hostile.HTML))
    page = lxml.html.fromstring(converted(tmp_path, "a.docx", "html"))
    assert not page.xpath("//script | //img | //svg | //@onerror | //@onmouseover")
    assert "<script>alert(1)</script>" in page.text_content()


@pytest.mark.parametrize("kind", ["html", "json", "yaml", "text"])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_every_export_keeps_every_text_and_makes_nothing_of_it(tmp_path: Path, kind: str, attack: str) -> None:
    body = exported(tmp_path / "attacked", kind, attack).decode()
    if kind == "html":
        harmless = exported(tmp_path / "harmless", kind, hostile.HARMLESS)
        assert list(skeleton(body.encode())) == list(skeleton(harmless))
        assert " ".join(attack.split()) in " ".join(lxml.html.fromstring(body).text_content().split())
    elif kind == "json":
        assert json.loads(body)[0]["agency"] == f"{attack}局"
    else:
        assert attack in body or json.dumps(attack, ensure_ascii=False)[1:-1] in body


@pytest.mark.parametrize("attack", [hostile.HTML, hostile.INLINE], ids=["html", "inline"])
def test_an_imported_document_becomes_a_page_without_markup(tmp_path: Path, attack: str) -> None:
    """The author of the document cannot inject content into the site."""
    project = Project(tmp_path / "site")
    project.quiet()
    forms = statutory_forms()
    pages = {}
    for name, words in (("attacked", attack), ("harmless", hostile.HARMLESS)):
        document = published("suqian-2024")
        body = written.html(document).decode()
        body = body.replace("本年工作照常。", f"{escape(words)}").replace("本年度没有其他情况。", f"注：{escape(words)}")
        (found,) = import_documents("a.html", body.encode(), forms, Wanted())
        assert found.report
        project.write("data/2024.yaml", EXPORTS["yaml"].encoded([found.report], forms).decode())
        project.write("index.md", page_text(found, forms, with_roles=True))
        pages[name] = (project.build(out=name).out / "index.html").read_bytes()
    assert list(skeleton(pages["attacked"])) == list(skeleton(pages["harmless"]))
    shown = lxml.html.fromstring(pages["attacked"]).text_content()
    assert ("<svg/onload=alert(1)>" if attack == hostile.HTML else "[x](javascript:alert(1))") in shown


@pytest.mark.pdf
def test_latex_prints_commands_to_the_letter(tmp_path: Path) -> None:
    build = hostile.site(Project(tmp_path / "site"), hostile.LATEX).build("latex")
    (tex,) = build.out.glob("*.tex")
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", tex.name]
    subprocess.run(command, cwd=build.out, check=True, capture_output=True)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tex.with_suffix(".pdf")), "-"], check=True, capture_output=True, text=True
    ).stdout
    plain = "".join(text.split())
    assert r"\input{/etc/passwd}" in plain
    assert r"\write18{touchpwned}%&#$_{}~^^41^^5cinput{x}\end{document}\\[1cm]" in plain
    assert "root:x:" not in plain
    assert not (build.out / "pwned").exists()


def test_what_is_said_of_data_stays_in_its_line_and_steers_no_terminal() -> None:
    name = "甲\n::set-output name=x::y\r\x1b[2J\u202e乙\u2028丙"
    found = Diagnostic(Rule("x"), Pos("a.yaml"), text("{name}", name=name))
    said = as_text([found], str, "1")
    assert said == "a.yaml:1:1: error: 甲 ::set-output name=x::y \\x1b[2J\\u202e乙 丙 [x]\n"
