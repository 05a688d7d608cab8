"""Which files are read and written: those specified by the site's owner, never those specified in data."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import load_library
from sphinx_govreport.exporters.new_site import site_files
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.conftest import Project
from tests.importers import written
from tests.published import published, report_key, year_file

OUTSIDE = "word: hunter2\n"


@pytest.mark.parametrize("pattern", ["data", "data/*.yaml", "data/**/*.yaml", "data/*/*.yaml", "data/?.yaml"])
@pytest.mark.parametrize("link", ["../../secret.yaml", "absolute", "folder"])
def test_a_link_among_the_data_that_leads_out_is_not_read(project: Project, pattern: str, link: str) -> None:
    secret = project.folder.parent / "secret.yaml"
    secret.write_text(OUTSIDE, "utf-8")
    data = project.folder / "data"
    data.mkdir()
    if link == "folder":
        outside = project.folder.parent / "outside"
        outside.mkdir()
        (outside / "x.yaml").write_text(OUTSIDE, "utf-8")
        (data / "link").symlink_to(outside)
    else:
        (data / "x.yaml").symlink_to(secret if link == "absolute" else link)
    library = load_library(project.folder, [pattern], [], Cache(None, ""))
    said = [(str(found.pos), found.rule.name) for found in library.diagnostics]
    shown = "data/link/x.yaml" if link == "folder" else "data/x.yaml"
    assert said in ([(f"{shown}:1:1", "outside-folder")], [(f"{pattern}:1:1", "no-files")])
    assert "hunter2" not in "".join(found.render(str) for found in library.diagnostics)


@pytest.mark.parametrize("name", ["../shared/2024.yaml", "../shared", "../shared/*.yaml", "linked", "link.yaml", "data"])
def test_data_beside_the_folder_of_the_site_are_read_where_its_owner_names_them(project: Project, name: str) -> None:
    text = year_file(published("suqian-2024"))
    project.write("../shared/2024.yaml", text)
    (project.folder / "linked").symlink_to("../shared")
    (project.folder / "link.yaml").symlink_to("../shared/2024.yaml")
    project.write("data/real/2024.yaml", text)
    (project.folder / "data/same.yaml").symlink_to("real/2024.yaml")
    library = load_library(project.folder, [name], [], Cache(None, ""))
    assert [*library.entries] == [report_key("宿迁市", 2024)]
    assert [found.rule.name for found in library.diagnostics] == (["duplicate-report"] if name == "data" else [])


NAMES = [
    "../../甲局",
    "/etc/cron.d/甲",
    "C:\\甲局",
    "甲局\u0000",
    "....",
    "CON",
    "甲/../乙",
    "~root",
    "$HOME",
    "-rf",
    "a\nb",
    "．．／甲",
]


@pytest.mark.parametrize("agency", NAMES)
def test_no_agency_names_a_file_outside_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agency: str) -> None:
    work = tmp_path / "a/b/c"
    work.mkdir(parents=True)
    monkeypatch.chdir(work)
    for number, name in enumerate((agency, "乙局")):
        report = published("suqian-2024")._replace(agency=name)
        Path(f"{number}.html").write_bytes(written.html(report).replace(b"\0", b""))
    before = set(tmp_path.rglob("*"))
    main(["import", "0.html", "1.html", "-o", "out"])
    made = set(tmp_path.rglob("*")) - before
    assert all(path == work / "out" or path.parent == work / "out" for path in made), made
    assert all(not path.name.startswith(("-", ".", "~", "$")) for path in made)


def test_two_agencies_that_some_disks_cannot_tell_apart_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ABC局", "abc局"):
        Path(f"{name}-2.html").write_bytes(written.html(published("suqian-2024")._replace(agency=name)))
    assert main(["import", "ABC局-2.html", "abc局-2.html", "-o", "out"]) == 1
    assert [path.name for path in Path("out").iterdir()] == ["ABC局-2024.yaml"]
    assert "abc局-2.html: error: “out/abc局-2024.yaml” already exists and was not overwritten." in capsys.readouterr().err


def test_the_parts_of_a_document_are_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = io.BytesIO(written.word(published("suqian-2024")))
    with zipfile.ZipFile(file, "a") as archive:
        for name in ("../evil.txt", "C:\\evil.txt", "word/../../evil.xml"):
            archive.writestr(name, "x")
    (found,) = import_documents("a.docx", file.getvalue(), statutory_forms(), Wanted())
    assert found.report
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "agency",
    ['"""\nimport os; os._exit(9)  #', "'); raise SystemExit(9)  #", "\\", "${{ github.token }}", "{agency}", "a\nb: c"],
)
def test_a_new_site_takes_an_agency_for_nothing_but_a_name(agency: str) -> None:
    files = site_files(agency, 2024, statutory_forms(), {}, "en")
    values: dict[str, object] = {}
    exec(compile(files["conf.py"], "conf.py", "exec"), values)  # noqa: S102
    assert agency in (values.get("project"), values.get("author"), values.get("govreport_agency")) or agency in str(
        values["project"]
    )
    for name, body in files.items():
        if name.endswith((".yml", "Makefile", ".bat")):
            assert agency not in body, name
