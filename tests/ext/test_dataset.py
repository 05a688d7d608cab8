"""Pages of reports as a Dataset of schema.org."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import html

from sphinx_govreport.core.tables.table import report_ident
from tests.conftest import CONF, Build, Project
from tests.published import report_key

NAME = report_ident(report_key("宿迁市", 2024))


def conf(project: Project, more: str) -> None:
    quiet = 'suppress_warnings = ["toc.not_included"]\ngovreport_severity = {"carried-over": "off", "not-filled": "off"}\n'
    project.write("conf.py", f'{CONF}{quiet}govreport_downloads = ["csv", "json"]\n{more}')


@pytest.fixture
def site(project: Project) -> Project:
    conf(project, "govreport_dataset = True\n")
    project.report("suqian-2024")
    project.report("suqian-2023")
    project.write("index.md", "# 首页\n\n```{gov-disclosure-table} reviews\n:year: 2023\n```\n")
    project.page("r/2024.md", "宿迁市", 2024)
    project.page("checks.md", "宿迁市", 2024, "```{gov-check-table}\n```\n")
    return project


def blocks(build: Build, name: str) -> list[dict[str, Any]]:
    page = html.fromstring(build.text(name).encode())
    return [json.loads(script.text or "") for script in page.xpath('//head/script[@type="application/ld+json"]')]


def test_the_page_of_a_report_describes_it_and_its_files(site: Project) -> None:
    build = site.build()
    assert build.warnings == []
    assert blocks(build, "r/2024.html") == [
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": "宿迁市2024年政府信息公开工作年度报告",
            "description": "宿迁市2024年政府信息公开工作年度报告三张法定表格的全部数据，每条记录一项数据。",
            "temporalCoverage": "2024-01-01/2024-12-31",
            "creator": {"@type": "GovernmentOrganization", "name": "宿迁市"},
            "distribution": [
                {"@type": "DataDownload", "name": "CSV", "encodingFormat": "text/csv", "contentUrl": f"{NAME}.csv"},
                {"@type": "DataDownload", "name": "JSON", "encodingFormat": "application/json", "contentUrl": f"{NAME}.json"},
            ],
        }
    ]
    assert all((build.out / "r" / file["contentUrl"]).is_file() for file in blocks(build, "r/2024.html")[0]["distribution"])
    others = ("index.html", "checks.html", "genindex.html")
    assert [name for name in others if blocks(build, name)] == [], "pages that name no report, or print nothing of it"


@pytest.mark.parametrize(
    ("builder", "page", "url", "folder"),
    [("html", "r/2024.html", "r/2024.html", "r/"), ("dirhtml", "r/2024/index.html", "r/2024/", "r/2024/")],
)
def test_addresses_are_whole_where_the_site_has_one(site: Project, builder: str, page: str, url: str, folder: str) -> None:
    base = "https://www.suqian.example/zfxxgk/"
    licence = "https://creativecommons.org/licenses/by/4.0/"
    more = f'govreport_dataset = True\nhtml_baseurl = "{base}"\ngovreport_license = "{licence}"\n'
    conf(site, more)
    written = "---\ngovreport-year: 2024\ngovreport-published: 2025-01-20 09:30\ngovreport-description: 甲\n---\n# 年报\n\n"
    site.write("r/2024.md", f"{written}```{{gov-disclosure-table}}\n```\n")
    build = site.build(builder)
    (found,) = blocks(build, page)
    assert (found["url"], found["license"], found["datePublished"]) == (base + url, licence, "2025-01-20T09:30")
    assert found["description"] == "甲"
    addresses = [file["contentUrl"] for file in found["distribution"]]
    assert addresses == [f"{base}{folder}{NAME}.csv", f"{base}{folder}{NAME}.json"]
    assert all((build.out / address.removeprefix(base)).is_file() for address in addresses)


def test_nothing_can_end_the_block(site: Project) -> None:
    evil = "</script><script>alert('1')</script><!-- \" \\ & 甲"
    quoted = evil.replace("'", "''")
    fields = f"---\ngovreport-year: 2024\ngovreport-agency: 宿迁市\ngovreport-description: '{quoted}'\n---\n# 年报\n\n"
    site.write("r/2024.md", f"{fields}```{{gov-disclosure-table}}\n```\n")
    build = site.build()
    (found,) = blocks(build, "r/2024.html")
    assert found["description"] == evil
    page = html.fromstring(build.text("r/2024.html").encode())
    assert [script.get("type") for script in page.iter("script") if "alert" in (script.text or "")] == ["application/ld+json"]


def test_it_follows_the_settings(site: Project) -> None:
    conf(site, "")
    assert blocks(site.build(), "r/2024.html") == []
    conf(site, 'govreport_dataset = True\ngovreport_downloads = ["xlsx"]\n')
    (found,) = blocks(site.build(), "r/2024.html")
    assert [file["contentUrl"] for file in found["distribution"]] == [f"{NAME}.xlsx"]
    assert site.build().text("r/2024.html") == site.build(out="_clean").text("r/2024.html")
    conf(site, "govreport_dataset = True\ngovreport_downloads = []\n")
    (found,) = blocks(site.build(), "r/2024.html")
    assert "distribution" not in found


def test_neither_a_book_nor_one_page_for_all_has_it(site: Project) -> None:
    book = site.build("epub", epub_copyright="甲", version="1", epub_show_urls="no")
    assert not any(b"ld+json" in body for body in book.files().values())
    assert blocks(site.build("singlehtml"), "index.html") == []


def test_a_licence_that_is_no_address_is_told(site: Project) -> None:
    conf(site, 'govreport_license = "CC BY"\n')
    expected = [
        f"{site.setting('govreport_license')}ERROR: govreport_license：“CC BY”不是网址。请从“https://”写起。 [govreport.bad-config]"
    ]
    assert site.build().warnings == expected
    assert site.build().warnings == expected
