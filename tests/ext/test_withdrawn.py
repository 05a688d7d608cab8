"""Withdrawn, renamed or reconfigured content leaves none of our files behind, and nothing that a pack would include."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sphinx.errors import SphinxError

from sphinx_govreport.cli import main
from sphinx_govreport.core.tables.table import report_ident
from tests.conftest import CONF, Build, Project
from tests.core.test_rollup import named
from tests.draws import seeds
from tests.published import published, report_key, year_file

#: those that are written fast, of the report and of the page, and all
KINDS = ["csv", "json", "html", "text", "yaml"]
ALL_KINDS = [*KINDS, "xlsx", "docx"]
GONE, KEPT = report_ident(report_key("宿迁市", 2023)), report_ident(report_key("宿迁市", 2024))
RECORD = ".govreport-files.json"
SITES = ["html", "dirhtml", "singlehtml"]

Change = Callable[[Project], None]


def conf(project: Project, kinds: list[str] = KINDS, more: str = "") -> None:
    off = dict.fromkeys(("carried-over", "in-force", "section-missing", "reviews-total", "not-filled"), "off")
    project.write(
        "conf.py",
        f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\nhtml_last_updated_fmt = None\n'
        f"govreport_downloads = {kinds}\n{more}",
    )


@pytest.fixture
def site(project: Project) -> Project:
    """Two years of an agency, each with its page."""
    conf(project)
    for year in (2023, 2024):
        project.report(f"suqian-{year}")
        project.page(f"reports/r{year}.md", "宿迁市", year)
    project.write("index.md", "# 首页\n\n```{gov-report-list}\n```\n\n```{toctree}\n:glob:\n\nreports/*\n```\n")
    return project


def withdraw(project: Project) -> None:
    (project.folder / "reports/r2023.md").unlink()
    (project.folder / "data/suqian-2023.yaml").unlink()


def lose_the_page(project: Project) -> None:
    (project.folder / "reports/r2023.md").unlink()


def move_the_page(project: Project) -> None:
    (project.folder / "reports/r2023.md").rename(project.folder / "old.md")


def print_no_table(project: Project) -> None:
    project.page("reports/r2023.md", "宿迁市", 2023, "文字。\n")


def rename_the_agency(project: Project) -> None:
    for year in (2023, 2024):
        path = project.folder / f"data/suqian-{year}.yaml"
        path.write_text(named(path.read_text("utf-8"), "宿迁市人民政府"), "utf-8")
        project.page(f"reports/r{year}.md", "宿迁市人民政府", year)


def offer_nothing(project: Project) -> None:
    conf(project, [])


def offer_less(project: Project) -> None:
    conf(project, ["xlsx"])


def lose_all_reports(project: Project) -> None:
    withdraw(project)
    (project.folder / "data/suqian-2024.yaml").unlink()
    project.write("reports/r2024.md", "# 页\n")
    project.write("data/huaian.yaml", year_file(published("huaian-hongze-2023")))


CHANGES = (
    withdraw, lose_the_page, move_the_page, print_no_table, rename_the_agency, offer_nothing, offer_less, lose_all_reports,
)  # fmt: skip


def ours(build: Build) -> dict[str, bytes]:
    """Return the files of reports."""
    about = ("datapackage.json", "govreport-records.schema.json", ".govreport-checks.json")
    return {
        name: body for name, body in build.files().items() if Path(name).name.startswith("gov-") or Path(name).name in about
    }


def packed(*arguments: object) -> int:
    """Return the exit code of the command."""
    try:
        return main(["--language", "en", "pack", *map(str, arguments)])
    except SystemExit as ended:
        return int(str(ended.code))


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def pack(build: Build, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the files that a pack refuses, as names in the output; empty: it is packed, or only pages lack their reports."""
    target = build.out.parent / "site.zip"
    code = packed(build.out, "-o", target)
    *found, last = lines(capsys)
    assert (code, target.exists(), last == "Nothing was packed.") in ((0, True, False), (1, False, True)), found
    target.unlink(missing_ok=True)
    files = [line for line in found if not line.endswith(" [unknown-report]")]
    assert [line for line in files if not line.endswith(" [unbuilt-file]")] == []
    return [line.removeprefix(f"{build.out}/").partition(": error: ")[0] for line in files]


def has_nothing_that_a_clean_build_has_not(project: Project, builder: str, capsys: pytest.CaptureFixture[str]) -> Build:
    """Check that a pack refuses all leftovers of others, and that there are none of ours. Returns the build."""
    again, clean = project.build(builder), project.build(builder, out="clean")
    assert again.warnings == clean.warnings
    assert ours(again) == ours(clean)
    assert json.loads(again.text(RECORD)) == json.loads(clean.text(RECORD)), "what a pack may have is the same too"
    assert pack(clean, capsys) == []
    assert pack(again, capsys) == sorted(again.files().keys() - clean.files().keys() - {".buildinfo.bak"})
    return again


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("builder", SITES)
def test_nothing_of_ours_is_left_that_a_clean_build_does_not_write_and_a_pack_refuses_the_rest(
    site: Project, builder: str, change: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = ALL_KINDS if change is withdraw else KINDS
    conf(site, kinds)
    first = site.build(builder)
    before = ours(first)
    assert {Path(name).name for name in before} >= {f"{GONE}.{kind.replace('text', 'txt')}" for kind in kinds}
    assert pack(first, capsys) == []
    change(site)
    again = has_nothing_that_a_clean_build_has_not(site, builder, capsys)
    assert ours(again) != before
    refused = pack(again, capsys)
    assert pack(site.build(builder), capsys) == refused, "the next build does not forget it"


def test_the_page_of_a_withdrawn_report_is_named_with_what_to_do(site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    withdraw(site)
    again = site.build()
    assert pack(again, capsys) == ["_sources/reports/r2023.md.txt", "reports/r2023.html"]
    assert main(["--language", "zh_CN", "pack", str(again.out), "-o", "x.zip"]) == 1
    assert lines(capsys)[1:] == [
        f"{again.out}/reports/r2023.html: 错误: 最近一次构建的网站没有这个文件：它是以前的构建或其他人留下的。"
        "请构建到空文件夹中；要随网站一并发布的其他文件，请放入 html_extra_path。 [非本次构建文件]",
        "没有打包。",
    ]
    for name in ("_sources/reports/r2023.md.txt", "reports/r2023.html"):
        (again.out / name).unlink()
    assert pack(again, capsys) == []


def more(project: Project) -> None:
    """Add pictures, files, static and extra files, and a page from a template."""
    conf(
        project,
        ["csv"],
        'html_static_path = ["static"]\nhtml_extra_path = ["extra", "CNAME"]\nhtml_additional_pages = {"about": "about.html"}\n'
        'templates_path = ["templates"]\nhtml_logo = "logo.svg"\nexclude_patterns = ["extra/no"]\n',
    )
    for name in ("static/a.css", "static/b/c.js", "static/d.css_t", "extra/附件.txt", "extra/.well-known/x.txt", "extra/no/y"):
        project.write(name, f"/* {name} */\n")
    project.write("CNAME", "example.org\n")
    project.write("templates/about.html", "<p>关于</p>\n")
    for name in ("logo.svg", "a.svg", "reports/b.svg"):
        project.write(name, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n')
    project.write("reports/年报.txt", "年报\n")
    body = "```{gov-disclosure-table}\n```\n\n![甲](/a.svg)\n\n![乙](b.svg)\n\n{download}`年报.txt`\n"
    project.page("reports/r2023.md", "宿迁市", 2023, body)


def _without_settings(project: Project) -> None:
    conf(project, ["csv"])


def _without_static_files(project: Project) -> None:
    for name in ("static/b/c.js", "static/d.css_t", "extra/附件.txt", "extra/.well-known/x.txt"):
        (project.folder / name).unlink()


def _without_pictures(project: Project) -> None:
    project.page("reports/r2023.md", "宿迁市", 2023)


def _without_sources(project: Project) -> None:
    with (project.folder / "conf.py").open("a", encoding="utf-8") as file:
        file.write("html_copy_source = False\nhtml_use_index = False\n")


def _with_another_theme(project: Project) -> None:
    with (project.folder / "conf.py").open("a", encoding="utf-8") as file:
        file.write('html_theme = "classic"\n')


@pytest.mark.parametrize(
    "change",
    [withdraw, _without_settings, _without_static_files, _without_pictures, _without_sources, _with_another_theme],
)
@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_pictures_static_and_extra_files_that_are_gone_are_named(
    site: Project, builder: str, change: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    more(site)
    assert pack(site.build(builder), capsys) == []
    change(site)
    has_nothing_that_a_clean_build_has_not(site, builder, capsys)


#: typical behaviour of extensions: a cached file for each page, a file at the end, static files, additional pages
EXTENSION = """

def setup(app):
    from pathlib import Path

    def card(app, name, template, context, doctree):
        target = Path(app.outdir, "_images/social", f"{name.replace('/', '_')}.png")
        if doctree is not None and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"png")
        if doctree is not None:
            context["metatags"] = context.get("metatags", "") + f'<meta property="og:image" content="https://example.org/_images/social/{target.name}">'

    def sitemap(app, exception):
        Path(app.outdir, "sitemap.xml").write_text("<urlset/>", "utf-8")

    def once(app):
        target = Path(app.outdir, "_static/design.css")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.write_text("", "utf-8")

    app.connect("html-page-context", card)
    app.connect("build-finished", sitemap, priority=900)
    app.connect("builder-inited", once)
    app.connect("html-collect-pages", lambda app: [("404", {"body": "404"}, "page.html")])
"""


@pytest.mark.parametrize("builder", SITES)
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_extensions_write_is_packed(site: Project, builder: str, jobs: int, capsys: pytest.CaptureFixture[str]) -> None:
    more(site)
    with (site.folder / "conf.py").open("a", encoding="utf-8") as file:
        file.write(EXTENSION)
    assert pack(site.build(builder, jobs=jobs), capsys) == []
    assert pack(site.build(builder, jobs=jobs), capsys) == [], "when nothing has changed"
    site.page("reports/r2024.md", "宿迁市", 2024, "```{gov-disclosure-table}\n```\n\n另一句。\n")
    site.page("reports/new.md", "宿迁市", 2024)
    build = site.build(builder, jobs=jobs)
    assert "sitemap.xml" in build.files()
    assert pack(build, capsys) == []
    shutil.rmtree(build.out.parent / f"doctrees-{builder}")  # as with -E, or if only the output is kept
    assert pack(site.build(builder, jobs=jobs), capsys) == []
    moved = build.out.parent / "moved"
    shutil.copytree(build.out, moved, copy_function=shutil.copyfile)  # with new modification times
    shutil.rmtree(build.out)
    moved.rename(build.out)
    assert pack(site.build(builder, jobs=jobs), capsys) == []


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_pictures_that_extensions_made_of_a_page_that_is_gone_are_named(
    site: Project, builder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with (site.folder / "conf.py").open("a", encoding="utf-8") as file:
        file.write(EXTENSION)
    assert pack(site.build(builder), capsys) == []
    withdraw(site)
    has_nothing_that_a_clean_build_has_not(site, builder, capsys)
    has_nothing_that_a_clean_build_has_not(site, builder, capsys)
    assert "_images/social/reports_r2023.png" in pack(site.build(builder), capsys)


def test_a_page_in_the_place_of_one_that_is_gone_is_packed(site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    withdraw(site)
    redirect = "\n\ndef setup(app):\n    from pathlib import Path\n    app.connect('build-finished', lambda app, _e: Path(app.outdir, 'reports/r2023.html').write_text('to 2024'))\n"
    conf(site, KINDS, redirect)
    assert pack(site.build(), capsys) == ["_sources/reports/r2023.md.txt"]


def test_another_language_in_a_folder_of_the_site_is_packed_with_it(site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    def inner() -> Build:
        build = Build(site.folder, "html", outer.out / "en", 1, {"language": "en"})
        shutil.rmtree(outer.out / "en/doctrees-html")
        return build

    outer = site.build()
    inner()
    for again in (outer, site.build()):
        assert pack(again, capsys) == []
    withdraw(site)
    build = inner()
    assert [name for name in pack(outer, capsys) if name.startswith("en/")] == [
        "en/html/_sources/reports/r2023.md.txt", "en/html/reports/r2023.html",
    ]  # fmt: skip
    assert not list(build.out.rglob(f"{GONE}.*"))


def test_the_script_of_a_language_that_the_site_has_no_more_is_named(site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack(site.build(), capsys) == []
    assert pack(site.build(language="en"), capsys) == ["_static/translations.js"]
    assert pack(site.build(), capsys) == []


def test_what_nobody_built_is_named(site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    build = site.build()
    for name in ("shell.php", "reports/年报草稿.docx", "_sources/x.txt"):
        (build.out / name).write_text("x", "utf-8")
    expected = ["_sources/x.txt", "reports/年报草稿.docx", "shell.php"]
    assert pack(build, capsys) == expected
    assert pack(site.build(), capsys) == expected, "also if it was there before a build"
    fresh = site.build(out="other")
    (fresh.out / RECORD).unlink()
    assert packed(fresh.out) == 2
    assert "build it first" in lines(capsys)[-1]


@pytest.mark.parametrize(
    "spoiled", ["", "{", "[]", "null", "[" * 100_000, '{"own": [], "state": [], "other": []}', '{"own": {"a": 1}, "state": [], "other": []}',
                '{"own": {}, "state": "index.html", "other": []}', '{"own": {}, "state": [NaN], "other": []}', "\udcff"],
)  # fmt: skip
def test_a_damaged_note_is_none(site: Project, spoiled: str, capsys: pytest.CaptureFixture[str]) -> None:
    build = site.build()
    (build.out / RECORD).write_text(spoiled, "utf-8", errors="surrogateescape")
    assert packed(build.out) == 2
    assert "build it first" in lines(capsys)[-1]
    assert pack(site.build(), capsys) == []
    (build.out / RECORD).write_text(spoiled, "utf-8", errors="surrogateescape")
    withdraw(site)
    left = pack(site.build(), capsys)
    assert {"reports/r2023.html", f"reports/{GONE}.csv"} <= {*left}, "nothing is removed that is not known to be ours"


def test_a_build_that_broke_off_or_was_killed_is_not_packed(site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    build = site.build()
    conf(site, KINDS, "\n\ndef setup(app):\n    app.connect('env-updated', lambda *_: 1 / 0)\n")
    with pytest.raises(Exception, match="division by zero"):
        site.build()
    assert packed(build.out) == 2
    assert "build it first" in lines(capsys)[-1]
    assert ".govreport-checks.json" not in build.files()
    conf(site)
    assert pack(site.build(), capsys) == []


def test_what_a_broken_build_has_written_is_known_by_its_new_bytes(site: Project) -> None:
    """The killed build has written no record, so the previous record has other hashes: such a file could not be removed."""
    build = site.build()
    year = site.folder / "data/suqian-2024.yaml"
    year.write_text(year.read_text("utf-8").replace("issued: 2", "issued: 3", 1), "utf-8")
    end = (
        "\n\ndef end(*event):\n    raise KeyboardInterrupt\n\ndef setup(app):\n    app.connect('build-finished', end, 9_000)\n"
    )
    conf(site, KINDS, end)
    with pytest.raises(KeyboardInterrupt):
        site.build()
    conf(site)
    again = site.build()
    own = json.loads(again.text(".govreport-files.json"))["own"]
    digests = {name: hashlib.sha256((build.out / name).read_bytes()).hexdigest() for name in own}
    assert own == digests


# files of others ------------------------------------------------------------------------------------------------


def test_a_file_of_the_same_name_that_somebody_else_put_there_stays(site: Project) -> None:
    build = site.build()
    own, package = build.out / f"reports/{GONE}.csv", build.out / "datapackage.json"
    own.write_text("mine", "utf-8")
    package.write_text("{}", "utf-8")
    withdraw(site)
    offer_less(site)
    site.build()
    assert (own.read_text("utf-8"), package.read_text("utf-8")) == ("mine", "{}")
    assert sorted(path.name for path in build.out.rglob(f"{GONE}.*")) == [f"{GONE}.csv"]


def test_a_file_that_the_site_goes_on_to_publish_by_itself_stays(site: Project, capsys: pytest.CaptureFixture[str]) -> None:
    build = site.build()
    kept = (build.out / f"reports/{GONE}.csv").read_bytes()
    withdraw(site)
    (site.folder / "extra/reports").mkdir(parents=True)
    (site.folder / f"extra/reports/{GONE}.csv").write_bytes(kept)
    conf(site, KINDS, 'html_extra_path = ["extra"]\n')
    again = site.build()
    assert again.files()[f"reports/{GONE}.csv"] == kept
    assert f"reports/{GONE}.csv" not in pack(again, capsys)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _outside(site: Project) -> Iterator[Path]:
    """Write files that must not be lost."""
    for name in ("victim.txt", "out/victim.txt"):
        path = site.folder.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"victim")
        yield path


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "govfragment", "govword"])
def test_a_note_that_was_tampered_with_removes_nothing_outside_the_output(site: Project, builder: str) -> None:
    build = site.build(builder)
    victims = list(_outside(site))
    note = build.out / RECORD
    body = json.loads(note.read_text("utf-8"))
    (build.out / "link").symlink_to(site.folder.parent)
    (build.out / "link.txt").symlink_to(victims[0])
    (build.out / "empty").mkdir()
    names = ["../../victim.txt", str(victims[0]), "link/victim.txt", "link.txt", "a/../../../victim.txt", "", ".", "empty",
             "\x00", "x" * 5000, "a\\b", "link/out/victim.txt", "reports/../link/victim.txt"]  # fmt: skip
    body["own"] = {name: _digest(b"victim") for name in names}
    note.write_text(json.dumps(body), "utf-8")
    site.build(builder)
    assert [path.read_bytes() for path in victims] == [b"victim"] * 2
    assert (build.out / "link.txt").is_symlink()
    assert (build.out / "empty").is_dir()


def test_a_folder_that_became_a_link_is_not_followed(site: Project) -> None:
    build = site.build()
    elsewhere = site.folder.parent / "elsewhere"
    (build.out / "reports").rename(elsewhere)
    (build.out / "reports").symlink_to(elsewhere)
    before = {path.name for path in elsewhere.iterdir()}
    withdraw(site)
    site.build()
    assert before <= {path.name for path in elsewhere.iterdir()}


def test_a_file_that_cannot_be_removed_ends_the_build_with_a_sentence(site: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    build = site.build()
    withdraw(site)
    real = os.unlink
    stuck = build.out / f"reports/{GONE}.csv"

    def unlink(path: str | Path, **options: int) -> None:
        if Path(path) == stuck:
            raise PermissionError(13, "no", str(path))
        real(path, **options)

    monkeypatch.setattr(os, "unlink", unlink)
    with pytest.raises(SphinxError) as ended:
        site.build()
    assert str(ended.value) == f"“{stuck}”无法删除：没有权限。"


@pytest.mark.parametrize("builder", ["govfragment", "govword"])
@pytest.mark.parametrize("change", [withdraw, lose_the_page, move_the_page, print_no_table, lose_all_reports])
def test_fragments_and_word_documents_of_what_is_gone_are_removed(site: Project, builder: str, change: Change) -> None:
    more(site)
    site.build(builder)
    change(site)
    again, clean = site.build(builder), site.build(builder, out="clean")
    assert again.files() == clean.files()


@pytest.mark.parametrize("change", [withdraw, lose_the_page, move_the_page, lose_all_reports])
def test_an_e_book_has_no_pages_of_reports_that_are_gone(
    site: Project, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    settings = {"epub_copyright": "甲", "version": "1", "epub_show_urls": "no"}
    site.build("epub", trees="trees", **settings)
    change(site)
    site.build("text", trees="trees")  # the only build that is told which pages are gone
    again, clean = site.build("epub", trees="trees", **settings), site.build("epub", out="clean", **settings)
    assert again.warnings == clean.warnings
    books = [{name: body for name, body in build.files().items() if name != "site.epub"} for build in (again, clean)]
    assert books[0] == books[1]
    with zipfile.ZipFile(again.out / "site.epub") as book:
        assert {name for name in book.namelist() if "r2023" in name} == set()


@pytest.mark.parametrize("builder", SITES)
def test_a_pdf_that_is_offered_no_more_is_removed(site: Project, builder: str) -> None:
    latex = 'latex_documents = [("reports/r2023", "r2023.tex", "年报", "宿迁市", "howto")]\ngovreport_pdf_folder = "pdf"\n'
    conf(site, ["pdf"], latex)
    site.write("pdf/r2023.pdf", "%PDF")
    before = site.build(builder)
    assert [body for name, body in ours(before).items() if name.endswith(".pdf")] == [b"%PDF"]
    conf(site, ["pdf"])
    again, clean = site.build(builder), site.build(builder, out="clean")
    assert ours(again) == ours(clean)
    assert not list(again.out.rglob("*.pdf"))


def test_pages_that_are_not_in_the_one_page_for_all_have_no_files(site: Project) -> None:
    before = site.build("singlehtml")
    assert f"{GONE}.csv" in before.files()
    site.write("index.md", "# 首页\n\n```{toctree}\nreports/r2024\n```\n")
    again, clean = site.build("singlehtml"), site.build("singlehtml", out="clean")
    assert ours(again) == ours(clean)
    assert f"{KEPT}.csv" in again.files()
    assert f"{GONE}.csv" not in again.files()


BODIES = (
    "文字。\n",
    "```{gov-disclosure-table}\n```\n",
    "```{gov-downloads}\n```\n",
    "```{gov-disclosure-table} requests\n```\n",
)


def _arrange(project: Project, random_: random.Random) -> None:
    """Write a site with a random selection of reports, pages and settings."""
    shutil.rmtree(project.folder)
    agency = random_.choice(("宿迁市", "宿迁市人民政府"))
    conf(project, random_.sample(ALL_KINDS, random_.randrange(4)))
    project.report("huaian-hongze-2023")
    for year in (2023, 2024):
        if random_.random() < 0.7:
            project.write(f"data/{year}.yaml", named(year_file(published(f"suqian-{year}")), agency))
        for folder in ("", "a/"):
            if random_.random() < 0.5:
                project.page(f"{folder}r{year}.md", agency, year, random_.choice(BODIES))
    project.write("index.md", "# 首页\n\n```{toctree}\n:glob:\n\n*\na/*\n```\n")


@pytest.mark.parametrize("builder", SITES)
@pytest.mark.parametrize("seed", seeds(3, 12))
def test_whatever_changes_the_output_is_that_of_a_clean_build_or_is_refused(
    project: Project, builder: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    random_ = random.Random(seed)  # noqa: S311
    for step in range(3):
        _arrange(project, random_)
        again = project.build(builder, jobs=random_.choice((1, 2)))
        clean = project.build(builder, out=f"clean{step}")
        assert sorted(again.warnings) == sorted(clean.warnings)
        assert ours(again) == ours(clean)
        assert again.text(RECORD) == clean.text(RECORD)
        assert pack(clean, capsys) == []
        assert pack(again, capsys) == sorted(again.files().keys() - clean.files().keys() - {".buildinfo.bak"})
