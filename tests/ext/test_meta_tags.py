"""The meta tags of pages: by kind of page, from ``conf.py`` and from the tops of pages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from sphinx_govreport.core.diagnostics import Text, sentences, translator
from sphinx_govreport.ext.meta_tags import TAGS, read_site
from tests.conftest import CONF, Project

EXAMPLE = Path(__file__).parents[2] / "example_site"
SITE = {
    "SiteName": "宿迁市人民政府",
    "SiteDomain": "www.suqian.example",
    "SiteIDCode": "3213000001",
    "ColumnName": "政府信息公开年报",
    "ColumnDescription": "历年报告",
    "ColumnKeywords": ["政府信息公开", "年报"],
    "ColumnType": "信息公开年报",
}
HOME = [("SiteName", "宿迁市人民政府"), ("SiteDomain", "www.suqian.example"), ("SiteIDCode", "3213000001")]
LIST = [
    *HOME,
    ("ColumnName", "政府信息公开年报"),
    ("ColumnDescription", "历年报告"),
    ("ColumnKeywords", "政府信息公开,年报"),
    ("ColumnType", "信息公开年报"),
]
FIELDS = {
    "govreport-year": "2024",
    "govreport-agency": "宿迁市",
    "govreport-published": "2025-01-20 09:30",
    "govreport-source": "宿迁市政务公开办公室",
    "govreport-keywords": "年报,公开",
    "govreport-author": "张三",
    "govreport-description": "2024年的报告",
}
ARTICLE = [
    *LIST,
    ("ArticleTitle", "2024年报告"),
    ("PubDate", "2025-01-20 09:30"),
    ("ContentSource", "宿迁市政务公开办公室"),
    ("Keywords", "年报,公开"),
    ("Author", "张三"),
    ("Description", "2024年的报告"),
]
NAMES = {name for name, _content in ARTICLE} | {"Url"}


def conf(project: Project, site: object = SITE, more: str = "") -> None:
    off = dict.fromkeys(("carried-over", "not-filled"), "off")
    project.write("conf.py", f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\n{more}')
    with (project.folder / "conf.py").open("a", encoding="utf-8") as file:
        file.write(f"govreport_site = {site!r}\n")


def front(fields: dict[str, str]) -> str:
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in fields.items()) + "---\n"


def report(project: Project, fields: dict[str, str], title: str = "2024年报告") -> None:
    project.write("r/2024.md", f"{front(fields)}# {title}\n\n```{{gov-disclosure-table}} reviews\n```\n")


@pytest.fixture
def site(project: Project) -> Project:
    conf(project)
    project.report("suqian-2024")
    project.write("index.md", "# 首页\n\n```{toctree}\nr/index\nr/2024\nguide\n```\n")
    project.write("r/index.md", "# 年报\n\n```{gov-report-list}\n```\n")
    project.write("guide.md", "# 指南\n\n文字。\n")
    report(project, FIELDS)
    return project


def tags(path: Path) -> list[tuple[str, str]]:
    head = html.fromstring(path.read_bytes()).find("head")
    assert head is not None
    return [(tag.get("name"), tag.get("content")) for tag in head.iter("meta") if tag.get("name") in NAMES]


def test_each_kind_of_page_has_its_tags(site: Project) -> None:
    build = site.build()
    assert build.warnings == []
    assert tags(build.out / "index.html") == HOME
    assert tags(build.out / "r/index.html") == LIST
    assert tags(build.out / "r/2024.html") == ARTICLE
    assert tags(build.out / "guide.html") == [*LIST, ("ArticleTitle", "指南"), ("ContentSource", "宿迁市人民政府")]
    assert tags(build.out / "genindex.html") == tags(build.out / "search.html") == HOME


def test_the_name_stands_before_the_content(site: Project) -> None:
    assert '<meta name="PubDate" content="2025-01-20 09:30" />\n' in site.build().text("r/2024.html")


def test_fields_of_restructuredtext_say_the_same(site: Project) -> None:
    (site.folder / "r/2024.md").unlink()
    fields = "".join(f":{name}: {value}\n" for name, value in FIELDS.items())
    site.write("r/2024.rst", f"{fields}\n2024年报告\n==========\n\n.. gov-disclosure-table:: reviews\n")
    build = site.build()
    assert build.warnings == []
    assert tags(build.out / "r/2024.html") == ARTICLE


@pytest.mark.parametrize(
    ("builder", "page", "url"),
    [
        ("html", "r/2024.html", "https://www.suqian.example/zfxxgk/r/2024.html"),
        ("dirhtml", "r/2024/index.html", "https://www.suqian.example/zfxxgk/r/2024/"),
    ],
)
def test_the_address_follows_from_that_of_the_site(site: Project, builder: str, page: str, url: str) -> None:
    conf(site, more='html_baseurl = "https://www.suqian.example/zfxxgk/"\n')
    build = site.build(builder)
    assert build.warnings == []
    assert tags(build.out / page) == [*ARTICLE, ("Url", url)]


def test_one_page_for_all_is_the_home_page_and_a_book_has_no_tags(site: Project) -> None:
    assert tags(site.build("singlehtml").out / "index.html") == HOME
    book = site.build("epub", epub_copyright="甲", version="1", epub_show_urls="no")
    assert not any(b"SiteName" in body for body in book.files().values())


def test_nothing_is_printed_without_the_setting_but_fields_are_checked(site: Project) -> None:
    report(site, {**FIELDS, "govreport-published": "昨天", "govreport-kind": "甲", "govreport-colour": "红"})
    conf(site, {}, "govreport_show_published = False\n")
    build = site.build()
    assert [("bad-field" in line, re.findall("“([^”]+)”", line)[0]) for line in build.warnings] == [
        (True, "昨天"),
        (True, "甲"),
        (True, "govreport-colour"),
    ]
    assert [name for name in ("index.html", "r/index.html", "r/2024.html", "genindex.html") if tags(build.out / name)] == []


def test_what_a_page_says_goes_before_what_the_site_says(site: Project) -> None:
    conf(site, {**SITE, "ContentSource": "本站", "Author": "编辑部", "Keywords": ("公开",)})
    plain = {"govreport-year": "2024", "govreport-published": "2025-01-20"}
    report(site, {**plain, "govreport-column-name": "年报", "govreport-keywords": "[甲, 乙]", "govreport-author": ""})
    found = dict(tags(site.build().out / "r/2024.html"))
    assert (found["ColumnName"], found["ColumnType"]) == ("年报", "信息公开年报")
    assert (found["ContentSource"], found["Author"], found["Keywords"]) == ("本站", "编辑部", "甲,乙")
    assert found["PubDate"] == "2025-01-20", "no hour is made up"
    conf(site)
    assert dict(tags(site.build().out / "r/2024.html"))["ContentSource"] == "宿迁市", "the agency of the report"


@pytest.mark.parametrize(("kind", "count"), [("home", 3), ("栏目页", 7), ("list", 7), ("article", 10), ("内容页", 10)])
def test_a_page_can_say_its_kind(site: Project, kind: str, count: int) -> None:
    site.write("index.md", f"{front({'govreport-kind': kind, 'govreport-published': '2025-01-20'})}# 专栏\n")
    build = site.build()
    assert build.warnings == []
    assert len(tags(build.out / "index.html")) == count


def test_a_line_break_in_a_title_is_not_printed_as_code(site: Project) -> None:
    report(site, FIELDS, "2024年<br>报告")
    site.write("r/index.md", "# 年报\n\n见{gov:report}`2024`。\n\n```{gov-report-list}\n```\n")
    build = site.build()
    assert ("ArticleTitle", "2024年报告") in tags(build.out / "r/2024.html")
    text = html.fromstring(build.text("r/index.html")).find_class("body")[0].text_content()
    assert text.count("2024年报告") == 2, "in the sentence and in the list"


def test_hostile_values_stay_values(site: Project) -> None:
    evil = "\"><script>alert('1')</script> {x} %s & 甲"
    conf(site, {**SITE, "SiteName": evil, "ColumnName": evil.replace(" ", "\n")})
    report(site, {**FIELDS, "govreport-source": f"'{evil.replace(chr(39), chr(39) * 2)}'"}, '`</title><script>` & "甲"')
    build = site.build()
    assert build.warnings == []
    found = dict(tags(build.out / "r/2024.html"))
    assert (found["SiteName"], found["ColumnName"], found["ContentSource"]) == (evil, evil, evil)
    assert found["ArticleTitle"] == '</title><script> & "甲"'
    page = html.fromstring(build.text("r/2024.html").encode())
    assert [script for script in page.iter("script") if "alert" in (script.text or "")] == []


def test_what_an_author_has_written_as_html_meta_is_not_repeated(site: Project) -> None:
    meta = "myst:\n  html_meta:\n    description: 自己写的\n    SiteName: 别的网站\n"
    fields = front(FIELDS)[:-4] + meta + "---\n"
    site.write("r/2024.md", f"{fields}# 2024年报告\n\n```{{gov-disclosure-table}} reviews\n```\n")
    page = html.fromstring(site.build().text("r/2024.html").encode())
    named = [tag.get("name").lower() for tag in page.iter("meta") if tag.get("name")]
    assert (named.count("description"), named.count("sitename"), named.count("pubdate")) == (1, 1, 1)


SLIPS: dict[str, tuple[dict[object, object], list[str], list[str]]] = {
    "code": (
        {**SITE, "SiteIDCode": "321300000"},
        ["SiteIDCode “321300000” is neither 10 digits nor “bm” followed by 8 digits."],
        ["SiteIDCode“321300000”既不是10位数字，也不是“bm”加8位数字。"],
    ),
    "wide digits": (
        {**SITE, "SiteIDCode": "３２１３０００００１"},
        ["SiteIDCode “３２１３０００００１” is neither 10 digits nor “bm” followed by 8 digits."],
        ["SiteIDCode“３２１３０００００１”既不是10位数字，也不是“bm”加8位数字。"],
    ),
    "a ministry": ({**SITE, "SiteIDCode": "bm29000002"}, [], []),
    "a number": (
        {**SITE, "SiteIDCode": 3213000001},
        ['SiteIDCode must be a text. Write it in quotes: "3213000001".'],
        ["SiteIDCode 应为文字。请加上引号：\"3213000001\"。"],
    ),
    "no words": (
        {**SITE, "ColumnKeywords": ["甲", 1], "ColumnType": None},
        ["ColumnKeywords must be a text or a list of texts.", "ColumnType must be a text."],
        ["ColumnKeywords 应为文字或文字的列表。", "ColumnType 应为文字。"],
    ),
    "misspelt": (
        {**SITE, "SiteNam": "甲", 1: "乙"},
        ["Unknown key “SiteNam”. Did you mean “SiteName”?",
         "Unknown key “1”. Use one of: SiteName, SiteDomain, SiteIDCode, ColumnName, ColumnDescription, ColumnKeywords, "
         "ColumnType, ContentSource, Keywords, Author."],
        ["“SiteNam”无法识别。是不是“SiteName”？",
         "“1”无法识别。这里可用的是：SiteName、SiteDomain、SiteIDCode、ColumnName、ColumnDescription、ColumnKeywords、ColumnType、"
         "ContentSource、Keywords、Author。"],
    ),
    "missing": (
        {"SiteName": "甲", "SiteDomain": " ", "SiteIDCode": "3213000001", "ColumnName": "乙"},
        ["There is no SiteDomain, ColumnDescription, ColumnKeywords, ColumnType."],
        ["缺少 SiteDomain、ColumnDescription、ColumnKeywords、ColumnType。"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_what_is_wrong_with_the_setting_is_said_in_both_languages(name: str) -> None:
    written, english, chinese = SLIPS[name]
    _values, problems = read_site(written)

    def said(language: str) -> list[str]:
        parts = [[part for part in problem if isinstance(part, Text)] for problem in problems]
        return [sentences(both, translator(language)) for both in parts]

    assert (said("en"), said("zh_CN")) == (english, chinese)


def test_what_is_wrong_with_the_setting_is_said_on_every_build(site: Project) -> None:
    conf(site, {**SITE, "SiteIDCode": "1", "Sitename": "甲"})
    expected = [
        f"{site.setting('govreport_site')}ERROR: govreport_site：“Sitename”无法识别。是不是“SiteName”？ [govreport.bad-config]",
        f"{site.setting('govreport_site')}ERROR: govreport_site：SiteIDCode“1”既不是10位数字，也不是“bm”加8位数字。 [govreport.bad-config]",
    ]
    first, warm = site.build(), site.build()
    assert sorted(first.warnings) == sorted(warm.warnings) == sorted(expected)
    assert "SiteIDCode" not in dict(tags(first.out / "index.html")), "what cannot be right is not printed"
    conf(site, ["甲"])
    (told,) = site.build().warnings
    assert "govreport_site" in told


@pytest.mark.parametrize(
    ("field", "written", "message"),
    [
        ("govreport-published", "2025年1月20日", "“2025年1月20日”不是日期。请写成“govreport-published: 2025-01-20”的形式，也可以带时间：“2025-01-20 09:30”。"),
        ("govreport-published", "2025-02-29 09:30", "“2025-02-29 09:30”不是日期。请写成“govreport-published: 2025-01-20”的形式，也可以带时间：“2025-01-20 09:30”。"),
        ("govreport-published", "2025-01-20 24:30", "“2025-01-20 24:30”不是日期。请写成“govreport-published: 2025-01-20”的形式，也可以带时间：“2025-01-20 09:30”。"),
        ("govreport-author", "{甲: 乙}", "govreport-author 应为文字。"),
        ("govreport-keywords", "{甲: 乙}", "govreport-keywords 应为文字或文字的列表。"),
        ("govreport-kind", "栏目", "“栏目”无法识别。是不是“栏目页”？"),
        ("govreport-publishd", "2025-01-20", "“govreport-publishd”无法识别。是不是“govreport-published”？"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_field_is_said_at_its_line_until_it_is_mended(
    site: Project, field: str, written: str, message: str
) -> None:
    fields = {**FIELDS, field: written}
    report(site, fields)
    line = 2 + list(fields).index(field)
    expected = [f"{site.folder / 'r/2024.md'}:{line}: ERROR: {message} [govreport.bad-field]"]
    assert site.build().warnings == expected
    warm = site.build()
    assert (warm.warnings, warm.read) == (expected, [])
    assert site.build(out="parallel", jobs=2).warnings == expected
    report(site, FIELDS)
    assert site.build().warnings == []


def test_a_field_of_restructuredtext_is_found(site: Project) -> None:
    (site.folder / "r/2024.md").unlink()
    page = "2024年报告\n==========\n\n.. gov-disclosure-table:: reviews\n"
    site.write("r/2024.rst", f".. 注\n\n:govreport-year: 2024\n:GovReport-Kind: 表\n:govreport-published: 2025-01-20\n\n{page}")
    (told,) = site.build().warnings
    assert told.startswith(f"{site.folder / 'r/2024.rst'}:4: ERROR: ")
    (told,) = site.build(language="en").warnings
    assert "Unknown key “表”. Use one of: home, list, article." in told


def test_a_day_that_cannot_be_read_is_told_once(site: Project) -> None:
    report(site, {**FIELDS, "govreport-published": "昨天"})
    conf(site, more='govreport_severity["deadline"] = "warning"\n')
    (told,) = site.build().warnings
    assert "[govreport.deadline]" in told
    conf(site, more='govreport_severity["deadline"] = "off"\n')
    (told,) = site.build().warnings
    assert "[govreport.bad-field]" in told


def test_a_report_must_say_when_it_was_published(site: Project) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != "govreport-published"}
    report(site, fields)
    site.write("checks.md", f"{front(fields)}# 检查\n\n```{{gov-check-table}}\n```\n")
    site.write("news.md", "---\norphan: true\ngovreport-kind: article\n---\n# 消息\n")
    said = "WARNING: 页面没有写明发布日期。请在页首写“govreport-published: 2025-01-20 09:30”。 [govreport.missing-date]"
    expected = [f"{site.folder}/news.md:3: {said}", f"{site.folder}/r/2024.md:2: {said}"]
    assert site.build().warnings == expected
    assert site.build().warnings == expected
    said = "The page does not say when it was published. Write “govreport-published: 2025-01-20 09:30” at its top."
    assert said in site.build(language="en").warnings[1]
    assert site.build(suppress_warnings=["govreport.missing-date", "toc.not_included"]).warnings == []


def test_pages_follow_the_setting_and_the_fields(site: Project) -> None:
    pages = ("index.html", "r/index.html", "r/2024.html", "guide.html", "genindex.html")

    def same(name: str) -> None:
        warm, clean = site.build(), site.build(out=name)
        assert warm.warnings == clean.warnings == []
        assert [warm.text(page) for page in pages] == [clean.text(page) for page in pages]

    site.build()
    conf(site, {**SITE, "SiteName": "新名称"})
    same("_named")
    assert dict(tags(site.build().out / "genindex.html"))["SiteName"] == "新名称"
    report(site, {**FIELDS, "govreport-author": "李四"})
    same("_field")
    site.write("guide.md", "# 指南\n\n```{gov-report-list}\n```\n")
    same("_kind")
    assert len(tags(site.build().out / "guide.html")) == 7
    conf(site, {})
    same("_off")


def test_the_example_site_shows_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-qnW", "-b", "html", "-d", str(tmp_path / "d"), str(EXAMPLE), str(tmp_path)]
    subprocess.run(command, check=True)
    found = [tags(tmp_path / name) for name in ("index.html", "reports/index.html", "reports/wendeng-2020.html")]
    assert [len(one) for one in found] == [3, 7, 10]
    assert "PubDate" not in dict(found[2]), "on which day it was published is not known, only when it was signed"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "r/2024.md",
            "---\ngovreport-year: 2024\ngovreport-description: 本报告由市\n  政府办公室编制，\n  by the 2024\n  team\n---\n# 报告\n",
        ),
        ("r/2024.md", "---\ngovreport-description: |\n  本报告由市\n  政府办公室编制，\n  by the 2024\n  team\n---\n# 报告\n"),
        (
            "r/2024.rst",
            ":govreport-year: 2024\n:govreport-description: 本报告由市\n  政府办公室编制，\n  by the 2024\n  team\n\n报告\n====\n",
        ),
    ],
)
def test_a_description_over_several_lines_has_no_space_between_chinese(site: Project, name: str, text: str) -> None:
    (site.folder / "r/2024.md").unlink()
    site.write(name, text)
    page = html.fromstring(site.build().text("r/2024.html"))
    assert page.xpath("//meta[@name='Description']/@content") == ["本报告由市政府办公室编制，by the 2024 team"]


def test_every_tag_that_the_rules_demand_is_demanded() -> None:
    assert {tag.name for tag in TAGS if tag.is_needed} == {
        "SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType",
    }  # fmt: skip
