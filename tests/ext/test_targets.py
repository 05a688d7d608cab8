"""Only content printed by this builder can be referred to, listed and downloaded."""

from __future__ import annotations

import re

import pytest
from lxml import html
from sphinx.util.inventory import InventoryFile

from tests.conftest import Build, Project

REQUESTS, REVIEWS = "gov-1c08c4f9162d-2024-requests", "gov-1c08c4f9162d-2024-reviews"
ONLY = "```{{only}} {}\n:::{{gov-disclosure-table}} {}\n:::\n```\n\n"
IFCONFIG = "```{{ifconfig}} {}\n:::{{gov-disclosure-table}} {}\n:::\n```\n\n"
#: the content of the page of 2024: HTML prints its second requests table and no reviews table
HIDING = {
    "only": ONLY.format("latex", "requests") + ONLY.format("html", "requests") + ONLY.format("latex", "reviews"),
    "ifconfig": IFCONFIG.format("builder == 'latex'", "requests")
    + IFCONFIG.format("builder == 'html'", "requests")
    + IFCONFIG.format("builder == 'latex'", "reviews"),
    "both": "````{only} html\n" + IFCONFIG.format("builder == 'latex'", "requests") + "````\n\n"
    "````{only} html\n" + IFCONFIG.format("builder != 'latex'", "requests") + "````\n\n"
    "````{only} latex\n" + IFCONFIG.format("True", "reviews") + "````\n\n",
    "todo": "```{todo}\n:::{gov-disclosure-table} reviews\n:::\n```\n\n```{gov-disclosure-table} requests\n```\n",
}
EXTENSIONS = "extensions += ['sphinx.ext.ifconfig', 'sphinx.ext.todo']\n"
REFERENCES = "{gov:table}`requests <2024:requests>` {gov-figure}`2024:requests.received.total`\n"
UNKNOWN = "{gov:table}`reviews <2024:reviews>` {gov-figure}`2024:reviews.litigation.direct.total`\n"


def found(build: Build) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return link targets, the index and the inventory, and the ids of the page."""
    links = html.fromstring(build.text("other.html")).xpath("//p/a/@href | //p//data//a/@href")
    index = html.fromstring(build.text("genindex.html")).xpath("//table//a/@href")
    inventory = InventoryFile.loads((build.out / "objects.inv").read_bytes(), uri="").data
    ids = html.fromstring(build.text("report.html")).xpath("//@id")
    kept = [ident for ident in ids if re.fullmatch("gov-1c08c4f9162d-2024-[a-z]+(-received-total)?", ident)]
    return sorted(links), index, [item.uri for item in inventory["gov:table"].values()], kept


EXPECTED = (
    [f"report.html#{REQUESTS}", f"report.html#{REQUESTS}-received-total"],
    [f"report.html#{REQUESTS}"],
    [f"report.html#{REQUESTS}"],
    [REQUESTS, f"{REQUESTS}-received-total"],
)


@pytest.fixture
def site(years: Project) -> Project:
    years.write("conf.py", (years.folder / "conf.py").read_text("utf-8") + EXTENSIONS)
    years.write("index.md", "# 专栏\n\n```{toctree}\nreport\nother\n```\n")
    years.page("other.md", "宿迁市", 2023, REFERENCES + UNKNOWN)
    return years


@pytest.mark.parametrize("way", HIDING)
def test_a_table_that_is_not_printed_is_no_target(site: Project, way: str) -> None:
    site.page("report.md", "宿迁市", 2024, HIDING[way])
    build = site.build()
    (warning,) = build.warnings
    assert warning.endswith(
        "other.md:7: WARNING: 本站没有任何页面显示“宿迁市/2024:reviews”。请核对年度、机关是否写对，以及是否有页面显示它。 [govreport.unknown-reference]"
    )
    assert found(build) == EXPECTED
    parallel = site.build(out="parallel", jobs=2)
    assert (found(parallel), parallel.warnings) == (EXPECTED, build.warnings)
    again = site.build()
    assert (found(again), again.warnings) == (EXPECTED, build.warnings)


def test_the_table_that_is_printed_keeps_its_name_and_number(site: Project) -> None:
    """Authors' names come first, as usual; the permanent id is also a target."""
    body = (
        ONLY.format("latex", "requests\n:name: paper") + ONLY.format("html", "requests\n:name: screen") + "{numref}`screen`\n"
    )
    site.page("report.md", "宿迁市", 2024, body)
    site.page("other.md", "宿迁市", 2023, REFERENCES)
    build = site.build()
    assert build.warnings == []
    assert found(build)[:3] == EXPECTED[:3]
    page = html.fromstring(build.text("report.html"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert page.xpath(f"//table[@id='screen' and preceding::*[@id='{REQUESTS}']] | //table[@id='screen']//*[@id='{REQUESTS}']")


def test_builders_that_share_doctrees_lead_to_what_each_prints(site: Project) -> None:
    site.page("report.md", "宿迁市", 2024, HIDING["only"])
    one = site.build(trees="trees")
    assert found(one) == EXPECTED
    paper = site.build("latex", trees="trees", project="site", tags=("draft",))
    assert paper.warnings == []
    tex = paper.text("site.tex")
    assert {REQUESTS, REVIEWS} <= set(re.findall(r"label\{\\detokenize\{report:(gov-[a-z0-9-]+)\}", tex))
    assert {REQUESTS, REVIEWS} <= set(re.findall(r"hyperref\[\\detokenize\{report:(gov-[a-z0-9-]+)\}", tex))
    back = site.build(trees="trees")
    assert (found(back), back.warnings) == (EXPECTED, one.warnings)
    assert back.files().keys() == one.files().keys()


def test_a_page_follows_what_another_begins_to_print(site: Project) -> None:
    site.page("report.md", "宿迁市", 2024, ONLY.format("draft", "reviews") + "```{gov-disclosure-table} requests\n```\n")
    assert len(site.build().warnings) == 1
    draft = site.build(tags=("draft",))
    assert draft.warnings == []
    assert f"report.html#{REVIEWS}" in found(draft)[0]
    assert found(site.build()) == found(site.build(out="clean"))


def test_what_is_not_printed_is_neither_listed_nor_loaded(site: Project) -> None:
    site.write("list.md", "# 目录\n\n```{gov-report-list}\n```\n")
    site.write("index.md", "# 专栏\n\n```{toctree}\nreport\nother\nlist\n```\n")
    site.page("other.md", "宿迁市", 2023, "文。\n")
    site.page("report.md", "宿迁市", 2024, ONLY.format("latex", "") + "```{only} latex\n:::{gov-downloads}\n:::\n```\n")
    build = site.build(govreport_downloads=["csv"])
    assert build.warnings == []
    assert [name for name in build.files() if name.endswith(".csv")] == []
    assert "gov-download" not in build.text("list.html")
    site.page("report.md", "宿迁市", 2024, ONLY.format("html", ""))
    build = site.build(govreport_downloads=["csv"])
    assert [name for name in build.files() if name.endswith(".csv")] == ["gov-1c08c4f9162d-2024.csv"]
    assert 'href="gov-1c08c4f9162d-2024.csv"' in build.text("list.html")


def test_one_page_of_all_leads_to_no_page_that_it_leaves_out(site: Project) -> None:
    site.write("index.md", "# 专栏\n\n```{toctree}\nother\n```\n\n```{gov-report-list}\n```\n")
    site.write("report.md", "---\norphan: true\ngovreport-year: 2024\n---\n# 报告\n\n```{gov-disclosure-table}\n```\n")
    build = site.build("singlehtml")
    assert len(build.warnings) == 2
    page = html.fromstring(build.text("index.html"))
    led = {href.partition("#")[2] for href in page.xpath("//div[@class='body']//a/@href") if href.startswith("#")}
    assert led <= set(page.xpath("//@id"))
    assert REVIEWS not in build.text("index.html")


def test_a_wrong_condition_is_told_once(site: Project) -> None:
    """Sphinx reports it; it prints the content of a wrong ``only``, and a message for a wrong ``ifconfig``."""
    body = ONLY.format("draft and", "requests") + IFCONFIG.format("draft and", "reviews")
    site.page("report.md", "宿迁市", 2024, body)
    site.page("other.md", "宿迁市", 2023, REFERENCES)
    build = site.build()
    assert len([line for line in build.warnings if "only directive" in line]) == 1
    assert len([line for line in build.warnings if "ifconfig" in line]) == 1
    assert len([line for line in build.warnings if ": WARNING: " in line or ": ERROR: " in line]) == 2
    assert found(build)[1:] == EXPECTED[1:]
