"""A folder of old documents at once: which are read, which files are written, and the findings."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from sphinx_govreport.core.forms.form import Form
from sphinx_govreport.core.forms.reader import read_form, statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import read_report
from sphinx_govreport.core.yaml.source import read_source
from sphinx_govreport.importers import archive
from sphinx_govreport.importers.readers import isolated
from tests.exporters.test_exports import read, said
from tests.importers import mixed, written
from tests.importers.test_command import Run, run  # noqa: F401  (the fixture)
from tests.importers.written import Cell
from tests.published import published, year_file

FORMS = Path(__file__).parents[2] / "docs/forms"
FUJIAN = ["--form", str(FORMS / "fujian-2017.yaml"), "--form", str(FORMS / "fujian-2014.yaml")]
QINGYUAN = Path("qingyuan.yaml")
KIND = "行政执法统计年报"

#: agency, year, form, figures, findings and year file of each document
RESULTS = {
    "2018/平潭.html": ("平潭综合实验区", "2018", "fujian-2017", "30/30", "—", "data/平潭综合实验区-2018.yaml"),
    "2018/某区.html": ("某区", "2018", "fujian-2017", "12/30", "missing-row (9)", "data/某区-2018.yaml"),
    "2019/上海.docx": (
        "上海市人民政府办公厅", "2019", "2019", "198/198", "not-filled (2)", "data/上海市人民政府办公厅-2019.yaml",
    ),
    "2020/文登.xlsx": ("威海市文登区商务局", "2020", "2019", "198/198", "—", "data/威海市文登区商务局-2020.yaml"),
    "2020/文登商务局.txt": ("威海市文登区商务局", "2020", "2019", "198/198", "duplicate-report", "—"),
    "2023/宿迁.ods": ("宿迁市", "2023", "2021", "200/200", "—", "data/宿迁市-2023.yaml"),
    "2023/洪泽.csv": (
        "淮安市洪泽区人民政府", "2023", "2021, 2019", "186/186", "reviews-total (2)", "data/淮安市洪泽区人民政府-2023.yaml",
    ),
    "2024/宿迁.html": ("宿迁市", "2024", "2021", "200/200", "—", "data/宿迁市-2024.yaml"),
    "2024/宿迁发改委.md": ("宿迁市发展和改革委员会", "2024", "2021", "200/200", "—", "data/宿迁市发展和改革委员会-2024.yaml"),
    "2024/宿迁司法局.txt": ("宿迁市司法局", "2024", "2021", "200/200", "—", "data/宿迁市司法局-2024.yaml"),
    "2024/宿迁民政局.htm": ("宿迁市民政局", "2024", "2021", "200/200", "—", "data/宿迁市民政局-2024.yaml"),
    "2024/宿迁水利局.pdf": ("宿迁市水利局", "2024", "2021", "200/200", "—", "data/宿迁市水利局-2024.yaml"),
    "2025/测试市.docx": ("测试市", "2025", "2021", "200/200", "—", "data/测试市-2025.yaml"),
    "bad/图片.html": ("某县", "2025", "—", "0/200", "missing-table (3)", "—"),
    "bad/损坏.docx": ("—", "—", "—", "—", "refused-document", "—"),
    "bad/改数.html": ("宿迁市交通局", "2024", "2021", "199/200", "unread-figure", "data/宿迁市交通局-2024.yaml"),
    "bad/无机关.csv": ("—", "—", "2021", "200/200", "unknown-agency, unknown-year", "—"),
    "bad/旧.doc": ("—", "—", "—", "—", "refused-document", "—"),
    "bad/空.html": ("—", "—", "—", "—", "refused-document", "—"),
    "bad/通知.txt": ("—", "—", "—", "0/32", "missing-table, unknown-agency, unknown-year", "—"),
}  # fmt: skip


def rows(out: str) -> dict[str, tuple[str, ...]]:
    """Return the printed table by file; its columns are found by the positions of the headers."""
    head, *lines = ["".join(char + "\0" * (east_asian_width(char) in "WF") for char in line) for line in out.splitlines()]
    starts = [match.start() for match in re.finditer(r"(?:^|(?<=  ))\S", head)]
    cells = [
        [line[start:end].replace("\0", "").strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
        for line in lines
    ]
    return {cell[0]: tuple(cell[1:]) for cell in cells}


def own_form(path: Path) -> Form:
    form, problems = read_form(read_source(str(path), path.read_bytes()), statutory_forms())
    assert form, problems
    return form


def qingyuan() -> Form:
    """Return the form of 清远, of a separate kind of report, next to the documents."""
    form = (Path(__file__).parents[1] / "forms/qingyuan-2024.yaml").read_text("utf-8")
    QINGYUAN.write_text(form, "utf-8")
    return own_form(QINGYUAN)


def local(path: str, *forms: Path) -> Report:
    """Return the report of a year file by local forms."""
    known = {**statutory_forms(), **{form.name: form for form in map(own_form, forms)}}
    report, _missing = read_report(read_source(path, Path(path).read_bytes()), known)
    assert report
    return report


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty documents and other files."""
    folder = tmp_path_factory.mktemp("documents") / "archive"
    mixed.write(folder)
    return folder


@pytest.fixture
def folder(run: Run, documents: Path) -> Path:  # noqa: F811
    """A copy of them, in the command's folder."""
    return shutil.copytree(documents, Path("archive"))


def test_a_folder_comes_in_by_one_command(run: Run, folder: Path) -> None:  # noqa: F811
    code, out, err = run("import", "archive", *FUJIAN)
    assert code == 1, "some have findings"
    assert rows(out) == {f"{folder}/{name}": result for name, result in RESULTS.items()}
    assert out.splitlines()[0].split("  ")[0] == "file"
    written_to = sorted(str(path) for path in Path("data").iterdir())
    assert written_to == sorted(result[-1] for result in RESULTS.values() if result[-1] != "—")
    assert said(read(Path("data/宿迁市-2024.yaml").read_text("utf-8"))) == said(read(year_file(published("suqian-2024"))))
    lines = err.splitlines()
    assert lines[-2] == "20 documents: 13 year files written, 7 reports not written; 4 other files skipped."
    assert re.fullmatch(r"\d+\.\d s, \d+\.\d documents a second\.", lines[-1])
    assert (
        "archive/2020/文登商务局.txt: error: There is another report of 威海市文登区商务局 for 2020: archive/2020/文登.xlsx. "
        "This one was not written. Check which one is correct. [duplicate-report]" in lines
    )
    assert (
        "archive/bad/旧.doc: error: This is an old Word document (.doc). Open it and save it as .docx. [refused-document]"
        in lines
    )
    assert "sphinx-govreport explain duplicate-report missing-row missing-table" in lines[-3]


def test_other_files_are_named_once_and_hidden_ones_are_no_part_of_it(run: Run, folder: Path) -> None:  # noqa: F811
    (folder / "2024/link.html").symlink_to(Path(__file__).parent / "cases/01-title-two-lines.html")
    (folder / "2024/same.htm").symlink_to("宿迁民政局.htm")
    code, out, err = run("import", "archive/2024", "archive/data", "archive/pages", "-o", "new")
    assert code == 1
    said_of_files = [line for line in err.splitlines() if re.match(r"archive/.*(skipped-file|outside-folder|no-files)", line)]
    assert said_of_files == [
        "archive/2024/link.html:1:1: error: The file is a link that leads out of its folder; it is not read. "
        "If this is intended, specify the file itself. [outside-folder]",
        "archive/2024/logo.png: hint: Documents of this type are not read. [skipped-file]",
        "archive/2024/style.css: hint: Documents of this type are not read. [skipped-file]",
        "archive/data:1:1: warning: There are no documents in “archive/data”. [no-files]",
        "archive/data/2022.yaml: hint: Year files are not imported. [skipped-file]",
        "archive/pages:1:1: warning: There are no documents in “archive/pages”. [no-files]",
        "archive/pages/2024.md: hint: It is a page of a site without figures. [skipped-file]",
    ]
    assert "hidden" not in out + err
    assert "~$" not in out + err
    assert len(rows(out)) == 5, "a file that is found twice is one document"


def test_a_folder_of_sound_documents_ends_well_and_again_overwrites_nothing_else(run: Run, folder: Path) -> None:  # noqa: F811
    code, out, _err = run("import", "archive/2024", "archive/2025/测试市.docx", "-o", "new", "--keys", "en", language="zh_CN")
    assert code == 0
    assert len(rows(out)) == 6
    before = {path.name: path.read_bytes() for path in Path("new").iterdir()}
    Path("new/宿迁市-2024.yaml").write_text("mine", "utf-8")
    Path("new/宿迁市司法局-2024.yaml").unlink()
    code, out, err = run("import", "archive/2024", "-o", "new")
    assert code == 1
    assert [name for name, result in rows(out).items() if result[-1] == "—"] == ["archive/2024/宿迁.html"]
    assert (
        "archive/2024/宿迁.html: error: “new/宿迁市-2024.yaml” already exists and was not overwritten. "
        "List the differences with --compare new/宿迁市-2024.yaml, or specify another folder with -o. [existing-file]"
        in err.splitlines()
    )
    assert err.count("existing-file]") == 1, "files with the same content, as a killed command leaves them, are sound"
    after = {path.name: path.read_bytes() for path in Path("new").iterdir()}
    assert after == before | {"宿迁市-2024.yaml": b"mine"}


def test_the_same_as_data(run: Run, folder: Path) -> None:  # noqa: F811
    code, out, err = run("import", "archive", *FUJIAN, "--format", "json")
    assert code == 1
    data = json.loads(out)
    assert set(data) == {"version", "documents", "findings", "rules"}
    by_path = {one["path"].removeprefix("archive/"): one for one in data["documents"]}
    for name, (agency, year, forms, figures, findings, target) in RESULTS.items():
        one = by_path[name]
        assert one["agency"] == (None if agency == "—" else agency)
        assert one["year"] == (None if year == "—" else int(year))
        assert ", ".join(one["forms"]) == forms.replace("—", "")
        assert one["figures"] == dict(zip(("read", "all"), map(int, figures.replace("—", "0/0").split("/")), strict=True))
        assert one["year_file"] == (None if target == "—" else target)
        counted = sum(int(number or 1) for number in re.findall(r"[a-z-]+(?: \((\d+)\))?", findings))
        assert len(one["findings"]) == counted
    assert [one["rule"] for one in data["findings"]] == ["skipped-file"] * 4
    assert {"missing-row", "skipped-file", "reviews-total"} < set(data["rules"])
    assert len(err.splitlines()) == 3, "findings are in the data only"


def test_several_processes_give_the_same(run: Run, folder: Path) -> None:  # noqa: F811
    _code, alone, err_alone = run("import", "archive", *FUJIAN, "-o", "one", "--jobs", "1")
    code, shared, err_shared = run("import", "archive", *FUJIAN, "-o", "two", "--jobs", "2")
    assert code == 1
    assert rows(alone.replace("one/", "two/")) == rows(shared)
    assert err_alone.replace("one/", "two/").splitlines()[:-1] == err_shared.splitlines()[:-1]
    assert {path.name: path.read_bytes() for path in Path("one").iterdir()} == {
        path.name: path.read_bytes() for path in Path("two").iterdir()
    }


def test_one_document_that_fails_stops_no_other(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    import_documents = archive.import_documents

    def failing(path: str, *arguments: object) -> object:
        if path.endswith("宿迁.html"):
            raise ZeroDivisionError("a mistake")
        return import_documents(path, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(archive, "import_documents", failing)
    monkeypatch.setattr(isolated, "find_spec", lambda _library: None)  # as if the PDF library were not installed
    (folder / "2024/large.html").write_bytes(b" " * 33_000_000)
    (folder / "2024/locked.html").write_bytes(b"")
    (folder / "2024/locked.html").chmod(0)
    code, out, err = run("import", "archive/2024", "archive/gone.html")
    assert code == 1
    found = rows(out)
    assert [name for name, result in found.items() if result[-1] == "—"] == [
        "archive/2024/large.html", "archive/2024/locked.html", "archive/2024/宿迁.html", "archive/2024/宿迁水利局.pdf",
        "archive/gone.html",
    ]  # fmt: skip
    assert 'pip install "sphinx-govreport[pdf]". [refused-document]' in err
    assert found["archive/gone.html"][-2] == "unreadable-file"
    assert len(list(Path("data").iterdir())) == 3
    assert (
        "archive/2024/宿迁.html: error: The document could not be read: ZeroDivisionError: a mistake. [refused-document]" in err
    )
    assert "archive/2024/large.html: error: The document is larger than 32 MB. [refused-document]" in err


def test_what_takes_one_document_takes_no_folder(run: Run, folder: Path) -> None:  # noqa: F811
    Path("2024.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    for more in (["--compare", "2024.yaml"], ["--page", "page.md"], ["-o", "all.yaml"], ["--jobs", "-1"]):
        assert run("import", "archive/2024", *more)[0] == 2
    assert not Path("data").exists()
    Path("empty").mkdir()
    code, _out, err = run("import", "empty")
    assert code == 1
    assert "There are no documents in “empty”. [no-files]" in err


def test_progress_is_shown_on_a_terminal_only(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    for number in range(6):
        (folder / f"2024/{number}.txt").write_text(f"第{number}号通知\n", "utf-8")
    assert "/11 read" not in run("import", "archive/2024")[2]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    err = run("import", "archive/2024")[2]
    assert re.findall(r"^(\d+)/11 read$", err, flags=re.MULTILINE) == ["3", "5", "7", "9", "11"]


# -- years without a form ----------------------------------------------------------------------------------------------


def test_a_year_without_a_form_is_listed_with_what_is_in_it(run: Run) -> None:  # noqa: F811
    Path("archive").mkdir()
    Path("archive/a.html").write_bytes(mixed.pingtan(2018))
    Path("archive/b.html").write_bytes(written.html(published("suqian-2024")._replace(year=2018)))
    Path("archive/c.txt").write_text("某局2018年政府信息公开工作年度报告\n\n本年无数据。\n", "utf-8")
    code, out, err = run("import", "archive")
    assert code == 1
    assert [result[:4] for result in rows(out).values()] == [
        ("平潭综合实验区", "2018", "—", "—"), ("宿迁市", "2018", "—", "—"), ("某局", "2018", "—", "—"),
    ]  # fmt: skip
    assert not Path("data").exists()
    known = "error: No form is known for reports of 2018; known forms: 2019 (2019–2020), 2021 (2021–). "
    hint = " Specify the form: --form FORM, or --form FILE for a local one. [no-form]"
    assert [line.split(": ", 1)[1] for line in err.splitlines()[:3]] == [
        f"{known}Tables with figures: 1; no form has labels such as “指标名称”, “计量单位”, “2018年度”, “历年累计”.{hint}",
        f"{known}Tables with figures: 3; recognised labels belong to 政府信息公开行政复议、行政诉讼情况 (form 2021: 5 of 5 labels), "
        f"收到和处理政府信息公开申请情况 (form 2021: 30 of 30 labels), 主动公开政府信息情况 (form 2021: 11 of 11 labels).{hint}",
        f"{known}The document has no table with figures.{hint}",
    ]
    assert run("import", "archive/a.html", *FUJIAN)[:2] == (0, "data/2018.yaml\n")


# -- tables of other forms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", range(2014, 2019))
def test_the_tables_of_a_local_form_are_known_by_their_labels(run: Run, year: int) -> None:  # noqa: F811
    """1、 and 1., 其中：, a column of units, the year in a column header, a row that exists only in some years."""
    Path("a.html").write_bytes(mixed.pingtan(year))
    code, _out, err = run("import", "a.html", *FUJIAN)
    assert (code, err) == (0, "")
    own = Path(__file__).parents[2] / f"docs/data/pingtan-{year}.yaml"
    assert run("import", "a.html", *FUJIAN, "--compare", str(own))[2].splitlines()[-1] == "0 differences."


def edited(page: bytes, *changes: tuple[str, str]) -> bytes:
    """Return a page with texts changed, each of which occurs in it."""
    text = page.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def cell(text: str) -> str:
    return written.html_table([[Cell(text)]]).removeprefix("<table><tr>").removesuffix("</tr></table>")


def test_a_row_names_the_unit_of_its_figures(run: Run) -> None:  # noqa: F811
    """A figure in another unit than the form's is not read unchanged."""
    fees = cell("政府信息公开收费减免金额")
    page = edited(
        mixed.pingtan(2015), (f"{fees}{cell('元')}{cell('0')}{cell('0')}", f"{fees}{cell('万元')}{cell('3')}{cell('0')}")
    )
    Path("a.html").write_bytes(page)
    code, _out, err = run("import", "a.html", *FUJIAN)
    assert code == 1
    assert [line.split("column 3: ")[1] for line in err.splitlines()] == [
        "3 is in 万元, but the form counts in 元. Convert it and write the result yourself. [unread-figure]"
    ]
    assert "政府信息公开收费减免金额: {历年累计: 0}" in Path("data/2015.yaml").read_text("utf-8")


def test_a_column_of_another_year_is_no_typo(run: Run) -> None:  # noqa: F811
    for change in ((cell("2018年度"), cell("2017年度")), (cell("历年累计"), cell("2017年度"))):
        Path("a.html").write_bytes(edited(mixed.pingtan(2018), change))
        code, _out, err = run("import", "a.html", *FUJIAN, "-o", "new.yaml")
        assert code == 1
        assert "No column of the form is called “2017年度”; its figures are left out. [unread-column]" in err
        assert "was read as" not in err
        assert "[by-position]" not in err
        Path("new.yaml").unlink(missing_ok=True)


def test_texts_that_belong_to_no_figure_do_not_disturb(run: Run) -> None:  # noqa: F811
    """Remarks, 序号, a separate cell 其中, empty columns, a column of units that the form does not have."""
    rows = written.without_merges(written.rows_of(published("suqian-2024"), "requests"))
    behind = {0: ["备注", "计量单位", ""], 4: ["含上年接收", "件", ""]}
    odd = [
        [
            Cell(str(number or "序号")),
            Cell("其中：" if number > 4 else ""),
            *row,
            *map(Cell, behind.get(number, ["", "件", ""])),
        ]
        for number, row in enumerate(rows)
    ]
    page = written.html(published("suqian-2024"), lambda own: odd if len(own) == len(rows) else own)
    Path("a.html").write_bytes(page)
    code, _out, err = run("import", "a.html")
    assert code == 0
    assert [line.split("]")[0].rsplit("[", 1)[1] for line in err.splitlines()] == ["unread-text"]
    assert (
        "hint: table 2, row 1, column 13: No column of the form is called “备注”; its texts are left out. [unread-text]" in err
    )
    assert said(read(Path("data/2024.yaml").read_text("utf-8"))) == said(read(year_file(published("suqian-2024"))))


# -- several kinds of report in one document -----------------------------------------------------------------------------


def both_lines(out: str) -> list[tuple[str, ...]]:
    return [tuple(re.split(r" {2,}", line)) for line in out.splitlines()[1:]]


def assert_both(target: str) -> None:
    """Check that there are two files, each with all of its figures and none of the other's."""
    report = local(target, QINGYUAN)
    assert [figure.text for figure in report.figures["penalties"].values()] == mixed.PENALTIES
    assert report.notes == {"penalties": ("含委托执法。",)}
    assert said(read(Path("data/2024.yaml").read_text("utf-8"))) == said(read(year_file(published("suqian-2024"))))


def test_a_document_with_tables_of_two_kinds_gives_two_reports(run: Run) -> None:  # noqa: F811
    form = qingyuan()
    Path("archive").mkdir()
    Path("archive/a.html").write_bytes(mixed.with_penalties(written.html(published("suqian-2024")), form))
    found = both_lines(run("import", "archive", "--form", str(QINGYUAN))[1])
    assert [line[:5] for line in found] == [
        ("archive/a.html", "宿迁市", "2024", "2021", "200/200"),
        ("archive/a.html", "宿迁市", "2024", "qingyuan-2024", "11/16"),
    ]
    assert [line[-1] for line in found] == ["data/2024.yaml", f"data/2024-{KIND}.yaml"]
    assert_both(found[1][-1])
    # the document alone, and without the form
    _code, out, err = run("import", "archive/a.html", "--form", str(QINGYUAN), "-o", "alone")
    assert len(out.split()) == 2
    assert "[unread-row]" not in err
    assert run("import", "archive/a.html", "-o", "none")[1] == "none/2024.yaml\n"
    compared = run("import", "archive/a.html", "--form", str(QINGYUAN), "--compare", found[1][-1])
    assert "0 differences." in compared[2]


def test_one_sheet_with_tables_of_two_kinds_gives_two_reports(run: Run) -> None:  # noqa: F811
    """One below the other, without a gap: no row of one is read as a row of the other."""
    form, report = qingyuan(), published("suqian-2024")
    rows = written.without_merges(mixed.penalties_rows(form))
    sheet = written.csv_sheet(report).decode("gb18030") + "".join(
        ",".join(f'"{cell.text}"' for cell in row) + "\n"
        for row in [[Cell("行政处罚实施情况统计表")], *rows, [Cell("注：含委托执法。")]]
    )
    Path("archive").mkdir()
    Path("archive/a.csv").write_text(sheet, "utf-8")
    _code, out, err = run("import", "archive", "--form", str(QINGYUAN))
    found = both_lines(out)
    assert [line[3:5] for line in found] == [("2021", "200/200"), ("qingyuan-2024", "11/16")]
    assert "unread-" not in err
    assert_both(found[1][-1])


def test_a_form_of_another_kind_changes_nothing_of_other_documents(run: Run) -> None:  # noqa: F811
    """Common words, such as 行政处罚, do not make a second report."""
    Path("a.html").write_bytes(written.html(published("suqian-2024")))
    everything = [
        name for path in sorted((Path(__file__).parents[1] / "forms").glob("*.yaml")) for name in ("--form", str(path))
    ]
    assert run("import", "a.html", *everything, *FUJIAN) == (0, "data/2024.yaml\n", "")
    assert said(read(Path("data/2024.yaml").read_text("utf-8"))) == said(read(year_file(published("suqian-2024"))))
