"""The command ``pack``: packed files, refused files, findings."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from sphinx_govreport import __version__
from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, Severity, text
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.library import load_library
from sphinx_govreport.core.library.summary import read_summary, summary_text
from sphinx_govreport.packs.archive import ArchiveEntry, moment_of, write_archive
from tests.conftest import Project
from tests.packs.conftest import PAGE, Run, site
from tests.published import published, year_file


def test_two_clean_builds_pack_to_the_same_bytes(run: Run, tmp_path: Path, built: Path, pack: Path) -> None:
    again = site(tmp_path / "elsewhere" / "other")
    assert run("pack", again, "-o", "again.zip")[0] == 0
    assert Path("again.zip").read_bytes() == pack.read_bytes()
    shutil.copytree(built, "copied")
    for path in Path("copied").rglob("*"):
        path.chmod(0o700)
        os.utime(path, (0, 0))
    assert run("pack", "copied", "--output", "again.zip")[0] == 0
    assert Path("again.zip").read_bytes() == pack.read_bytes()


def test_the_bytes_are_the_same_on_every_version_of_python() -> None:
    file = io.BytesIO()
    write_archive(
        file,
        [ArchiveEntry.of_bytes("首页.html", b"<p>1</p>\n" * 99), ArchiveEntry.of_bytes("a/b.css", b"")],
        moment_of("1700000000"),
    )
    assert hashlib.sha256(file.getvalue()).hexdigest() == "745009cf82f12027dfe59340fa03fce5bedd98c029b18a88c0a1fa4dd10414b5"


def test_a_pack_has_the_site_and_nothing_of_the_workshop(run: Run, built: Path, pack: Path) -> None:
    (built / ".doctrees").mkdir(exist_ok=True)
    for name in (".doctrees/environment.pickle", ".DS_Store", "_static/Thumbs.db"):
        (built / name).write_bytes(b"x")
    assert run("pack", built, "-o", "again.zip")[0] == 0
    assert Path("again.zip").read_bytes() == pack.read_bytes()
    with zipfile.ZipFile(pack) as archive:
        infos = archive.infolist()
        names = [info.filename for info in infos]
        assert names == [*sorted(names[:-1]), "MANIFEST.sha256"]
        assert {"CHECKS.json", PAGE, "index.html", "_static/govreport.css", "附件　一.txt", ".well-known/security.txt"} < set(
            names
        )
        assert not {
            ".buildinfo",
            ".govreport-checks.json",
            ".DS_Store",
            "_static/Thumbs.db",
            ".doctrees/environment.pickle",
        } & {*names}
        assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in infos} == {stat.S_IFREG | 0o644}
        assert archive.read(PAGE) == (built / PAGE).read_bytes()


def test_its_manifest_is_checked_by_sha256sum(unpacked: Path) -> None:
    checked = subprocess.run(["sha256sum", "-c", "MANIFEST.sha256"], cwd=unpacked, capture_output=True, text=True, check=True)
    files = [path for path in unpacked.rglob("*") if path.is_file()]
    assert checked.stdout.count(": OK\n") == len(files) - 1


def stained(project: Project, explanation: str = "") -> Path:
    """A built site in which a figure is “/”, which its conf.py treats as an error."""
    project.report("suqian-2023")
    text = year_file(published("suqian-2024")).replace("    issued: 2\n", "    issued: /\n", 1)
    assert "issued: /" in text
    project.write("data/suqian-2024.yaml", text + explanation)
    project.page("index.md", "宿迁市", 2024)
    return project.build(govreport_severity={"not-applicable": "error", "jump": "off"}).out


def test_a_pack_says_how_the_checks_went(run: Run, project: Project) -> None:
    built = stained(project, "explanations: {not-applicable: 本机关不制发规章}\n")
    code, out, err = run("pack", built, language="zh_CN")
    assert code == 0
    assert err.startswith("site.zip：")
    assert err.endswith(" 个文件、2 份年报；核对结果：通过 13 项，已说明 1 项，未通过 1 项，无法核对 0 项。\n")
    with zipfile.ZipFile("site.zip") as archive:
        said = json.loads(archive.read("CHECKS.json"))
        assert out == f"{hashlib.sha256(archive.read('MANIFEST.sha256')).hexdigest()}  MANIFEST.sha256\n"
    assert said["version"] == __version__
    assert said["counts"] == {
        "passed": 13, "explained": 1, "failed": 1, "not-checkable": 0, "computed": 0, "not-comparable": 0, "no-last-year": 3,
    }  # fmt: skip
    for one, year in zip(said["reports"], (2023, 2024), strict=True):
        assert (one["agency"], one["year"], one["path"]) == ("宿迁市", year, f"data/suqian-{year}.yaml")
        assert one["sha256"] == hashlib.sha256((project.folder / one["path"]).read_bytes()).hexdigest()
        assert one["checks"]["balance"] == "passed"
    assert said["reports"][1]["checks"]["not-applicable"] == "explained"
    assert [(one["rule"], one["severity"], one["path"]) for one in said["findings"]] == [
        ("in-force", "warning", "data/suqian-2024.yaml")
    ]


def test_a_site_with_an_error_is_not_packed_unless_it_is_explained(run: Run, project: Project) -> None:
    built = stained(project)
    for language, error, end in (
        ("en", "data/suqian-2024.yaml:8:13: error: ", " [not-applicable]\nNothing was packed."),
        ("zh_CN", "data/suqian-2024.yaml:8:13: 错误: ", " [不适用]\n没有打包。"),
    ):
        code, out, err = run("pack", built, language=language)
        assert (code, out) == (1, "")
        assert err.startswith(error)
        assert "填为“/”：" in err, "in the language of the site"
        assert err.endswith(f"{end}\n")
        assert list(Path().iterdir()) == []
    assert run("pack", stained(project, "explanations: {not-applicable: 本机关不制发规章}\n"))[0] == 0


def test_errors_that_a_build_keeps_quiet_about_count_too(run: Run, project: Project) -> None:
    project.report("huaian-hongze-2023")
    project.write("data/broken.yaml", "agency: 甲\nyear: 2024\nform: 2021\nrequests: 012\n")
    project.write("index.md", "# 首页\n")
    build = project.build(suppress_warnings=["govreport"])
    assert build.warnings == []
    code, _out, err = run("pack", build.out)
    assert code == 1
    assert [line.split(":")[0] for line in err.splitlines() if "reviews-total" in line] == ["data/huaian-hongze-2023.yaml"] * 2
    assert "data/broken.yaml:4:11: error: " in err


def test_a_page_without_its_figures_or_tables_is_not_packed(run: Run, project: Project) -> None:
    project.quiet()
    project.report("suqian-2024")
    page = "---\ngovreport-year: 2024\n---\n# 年报\n\n新收 {gov-figure}`requests.recieved.total` 件。\n\n"
    project.write("index.md", f"{page}```{{gov-disclosure-table}} requests\n:year: 2031\n```\n")
    for build in (project.build(), project.build(), project.build(out="parallel", jobs=2)):  # the second is not a clean one
        code, out, err = run("pack", build.out)
        assert (code, out) == (1, "")
        assert [line.partition(": error: ")[0] for line in err.splitlines()] == [
            "index.md:6:1", "index.md:8:1", "Nothing was packed.",
        ]  # fmt: skip
        assert err.count("[unknown-figure]\n") == err.count("[unknown-report]\n") == 1
        assert "含义和处理办法：sphinx-govreport explain 未知的年报 未知的数据" in build.status
    corrected = page.replace("recieved", "received") + "```{gov-disclosure-table} requests\n```\n"
    project.write("index.md", corrected)
    assert run("pack", project.build().out)[0] == 0


@pytest.mark.parametrize(
    ("setting", "front", "body", "found"),
    [
        ('govreport_severity = {"row-totl": "off"}', "", "", "conf.py:{end}:1: error: .*row-totl.*bad-config"),
        ("govreport_agency = 3", "", "", "conf.py:{end}:1: error: .*govreport_agency.*bad-config"),
        ('govreport_downloads = ["cvs"]', "", "", "conf.py:{end}:1: error: .*cvs.*bad-config"),
        ('govreport_site = {"SiteNme": "甲"}', "", "", "conf.py:{end}:1: error: .*SiteNme.*bad-config"),
        ("", "govreport-published: 昨天\n", "", "index.md:3:1: error: .*昨天.*bad-field"),
        ("", "govreport-yaer: 2024\n", "", "index.md:3:1: error: .*govreport-yaer.*bad-field"),
        ("", "govreport-published: [\n", "", "index.md:.*: error: .*yaml-syntax"),
        (
            "",
            "",
            "：：：{gov-disclosure-table} requests\n：：：\n",
            "index.md:6:.*: error: .*gov-disclosure-table.*unread-markup",
        ),
    ],
)
def test_a_site_with_an_error_in_settings_or_at_the_top_of_a_page_is_not_packed(
    run: Run, project: Project, setting: str, front: str, body: str, found: str
) -> None:
    project.report("suqian-2024")
    project.quiet()
    conf = (project.folder / "conf.py").read_text("utf-8")
    project.write("conf.py", f"{conf}{setting}\n")
    project.write("index.md", f"---\ngovreport-year: 2024\n{front}---\n# 年报\n\n{body}")
    for build in (project.build(), project.build(), project.build(out="parallel", jobs=2)):  # the second is not a clean one
        code, out, err = run("pack", build.out)
        assert (code, out) == (1, "")
        assert any(re.match(found.format(end=conf.count("\n") + 1), line) for line in err.splitlines()), err
        assert len(set(err.splitlines())) == len(err.splitlines())
    project.write("conf.py", conf)
    project.write("index.md", "---\ngovreport-year: 2024\n---\n# 年报\n")
    assert run("pack", project.build().out)[0] == 0


def test_findings_of_pages_are_told_without_the_place_of_the_site(run: Run, project: Project) -> None:
    project.report("suqian-2024")
    project.write("a/index.md", "---\ngovreport-year: 2024\n---\n\n# 一、总体情况\n\n情况如下。\n")
    project.write("index.md", "# 首页\n\n```{toctree}\na/index\n```\n")
    built = project.build(govreport_severity={"section-missing": "error"}).out
    code, _out, err = run("pack", built)
    assert code == 1
    assert err.startswith("a/index.md:")


def test_a_build_that_broke_off_is_not_packed(run: Run, project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    assert run("pack", project.build().out)[0] == 0
    conf = (project.folder / "conf.py").read_text("utf-8")
    project.write("conf.py", f"{conf}\n\ndef setup(app):\n    app.connect('html-page-context', lambda *_: 1 / 0)\n")
    project.write("new.md", "# 新\n")
    with pytest.raises(ExtensionError):
        project.build()
    code, _out, err = run("pack", project.folder.parent / "_build/html")
    assert code == 2
    assert "is not a finished HTML build" in err


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_every_html_builder_makes_a_site_to_be_packed(run: Run, project: Project, builder: str) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    assert run("pack", project.build(builder).out)[0] == 0
    assert run("pack", "--verify", "site.zip")[0] == 0


@pytest.mark.parametrize("builder", ["text", "latex", "epub"])
def test_other_builders_say_nothing_of_checks(project: Project, builder: str) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    build = project.build(builder)
    assert ".govreport-checks.json" not in build.files()
    assert project.build(builder).warnings == build.warnings


def test_what_cannot_be_meant_is_wrong_usage(run: Run, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("empty").mkdir()
    Path("file").write_text("x", "utf-8")
    wrong = {
        ("pack", "nowhere"): "There is no file or folder “nowhere”.",
        ("pack", "--verify", "nowhere"): "There is no file or folder “nowhere”.",
        ("pack", "file"): "“file” is not a finished HTML build",
        ("pack", "empty"): "“empty” is not a finished HTML build",
        ("pack", str(built), "-o", f"{built}/site.zip"): "is in the folder to be packed",
        ("pack", str(built), "-o", "no/such/folder.zip"): "cannot be written",
        ("pack",): "PATH",
    }
    for arguments, said in wrong.items():
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert said in err
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    code, _out, err = run("pack", built, language="zh_CN")
    assert code == 2
    assert "SOURCE_DATE_EPOCH" in err
    assert "yesterday" in err
    assert sorted(path.name for path in Path().iterdir()) == ["empty", "file"]


@pytest.mark.parametrize("spoiled", ["", "{", "[]", '{"counts": {}}', "[" * 100_000, '{"counts": null}'])
def test_a_spoiled_summary_is_no_build(run: Run, built: Path, spoiled: str) -> None:
    shutil.copytree(built, "copied")
    Path("copied/.govreport-checks.json").write_text(spoiled, "utf-8")
    code, _out, err = run("pack", "copied")
    assert code == 2
    assert "build it first" in err


def test_links_and_names_of_its_own_are_refused(run: Run, built: Path) -> None:
    shutil.copytree(built, "copied")
    Path("copied/latest").symlink_to("reports")
    Path("copied/passwd").symlink_to("/etc/passwd")
    os.mkfifo("copied/pipe")
    Path("copied/CHECKS.json").write_text("{}", "utf-8")
    Path("copied/a\\b\x1b[31m.html").write_text("x", "utf-8")
    code, _out, err = run("pack", "./copied/")
    assert code == 1
    assert [line.rpartition(" ")[2] for line in err.splitlines()[:-1]] == [
        "[taken-name]", "[unsafe-name]", "[not-a-file]", "[not-a-file]", "[not-a-file]"
    ]  # fmt: skip
    assert all(line.startswith("./copied/") for line in err.splitlines()[:-1])  # as the user named the folder
    assert "copied/a\\b\\x1b[31m.html: error: " in err
    assert "copied/passwd: error: " in err
    assert not Path("site.zip").exists()


def test_names_that_windows_cannot_store_are_refused_each_once(run: Run, project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    wrong = ["aux/1.txt", "aux/2.txt", "NUL.tar.gz", "com1", "lpt³.txt", "con .txt", "CONIN$", "附件:一.txt", "一?.txt", "a*b", '"一"',
             "<b>", "a|b", "a.", "空格 ", "v1./notes.txt"]  # fmt: skip
    right = [
        "com0",
        "com10.txt",
        "console.txt",
        "nuls",
        "a.con",
        "附件：一？.txt",
        ".nojekyll",
        "a.b.c",
        " a",
        "aux-2024/x",
        "…",
    ]
    for name in (*wrong, *right):
        project.write(f"extra/{name}", "附件\n")
    built = project.build(html_extra_path=["extra"]).out
    code, out, err = run("pack", built, language="zh_CN")
    assert (code, out) == (1, "")
    message = (
        '错误: Windows 不能使用这个名称：它是系统保留的名称，或者含有 <>:"|?* 之一，或者以点、空格结尾。请改名。 [文件名不安全]'
    )
    told = {"aux" if name.startswith("aux") else name.removesuffix("/notes.txt") for name in wrong}
    assert sorted(err.splitlines()) == sorted([*(f"{built}/{name}: {message}" for name in told), "没有打包。"])


def test_names_that_some_systems_do_not_distinguish_are_refused(run: Run, project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    decomposed = "Re\u0301sume\u0301.txt"
    for name in ("附件/A.txt", "附件/a.txt", "b/Résumé.txt", f"b/{decomposed}", "B/c.txt", "manifest.SHA256", "d/A.txt"):
        project.write(f"extra/{name}", "附件\n")
    built = project.build(html_extra_path=["extra"]).out
    code, out, err = run("pack", built, language="zh_CN")
    assert (code, out) == (1, "")
    told = "有的系统不区分这个名称与“{}”：两者只有大小写或字符组合方式不同。请给其中一个改名。 [文件名不安全]"
    assert [line.removeprefix(f"{built}/") for line in err.splitlines()] == [
        f"b: 错误: {told.format('B')}",
        f"b/Résumé.txt: 错误: {told.format(decomposed)}",
        "manifest.SHA256: 错误: 打包时会生成同名文件，请重命名网站中的该文件。 [文件重名]",
        f"附件/a.txt: 错误: {told.format('A.txt')}",
        "没有打包。",
    ]
    assert not Path("site.zip").exists()


def test_a_file_that_cannot_be_read_is_not_an_archive_that_cannot_be_written(
    run: Run, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "index.html":
            raise PermissionError(13, "no", str(path))
        return opened(path, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    code, out, err = run("pack", built)
    assert (code, out) == (2, "")
    assert err.endswith(f"“{built}/index.html” cannot be read: permission is denied.\n")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("epoch", "moment"),
    [
        ("", (1980, 1, 1, 0, 0, 0)),
        ("0", (1980, 1, 1, 0, 0, 0)),
        ("1700000000", (2023, 11, 14, 22, 13, 20)),
        ("99999999999", (2107, 12, 31, 23, 59, 58)),
        ("9" * 99, (2107, 12, 31, 23, 59, 58)),
    ],
)
def test_files_have_the_time_of_the_commit(
    run: Run, built: Path, monkeypatch: pytest.MonkeyPatch, epoch: str, moment: tuple[int, ...]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert run("pack", built)[0] == 0
    with zipfile.ZipFile("site.zip") as archive:
        assert {info.date_time for info in archive.infolist()} == {moment}
    assert run("pack", "--verify", "site.zip")[0] == 0


def test_only_errors_make_a_site_unfit_for_a_pack() -> None:
    findings = [Diagnostic(Rule(f"a-{severity}", severity), Pos("a.yaml"), text("x")) for severity in Severity]
    library = load_library(Path(), [], [], Cache(None, "1"))
    summary = read_summary(summary_text(library, {}, findings, str, "1").encode())
    assert summary
    assert [error.rule.name for error in summary.errors] == ["a-error"]
