"""What readers find: answers to their questions, in both editions, laid out alike, the Chinese one wholly Chinese."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest

from tests.docs.conftest import EDITIONS, Documentation
from tests.docs.editions import DOCS

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("documentation")]  # built once

#: questions of web teams and authors, and the page and place that answers each
QUESTIONS = {
    "How do I install it?": "start/installation",
    "How do I make my first report?": "start/tutorial",
    "How do I add reports to the site that we have?": "guides/existing-site",
    "How do I start next year's report?": "guides/new-year",
    "How do I import our old Word documents?": "guides/word-reports",
    "A published figure is wrong: what now?": "guides/correct-figure",
    "How do several agencies share a site?": "guides/many-agencies",
    "Our reports of 2015 have other tables: what now?": "guides/own-form",
    "How do I give the tables our colours?": "guides/theming",
    "Which variable colours the lines?": "reference/styling#css-variable-gov-table-border",
    "How do I lower a rule's severity?": "reference/configuration#confval-govreport_severity",
    "What does [row-total] mean?": "reference/messages#govreport-row-total",
    "Which fields can a page have?": "reference/page-fields#page-field-govreport-published",
    "How do I show last year's figures?": "reference/tables#comparing-with-the-previous-year",
    "Which options has the chart?": "reference/comparisons#directive-gov-trend-chart",
    "How do I quote a figure in a sentence?": "reference/roles#role-gov-figure",
    "How do I paste the report into our CMS?": "reference/portal#paste-into-a-cms",
    "Which meta tags are written?": "reference/portal#the-head-of-a-page",
    "Which fonts does the PDF need?": "reference/pdf-word#pdf",
    "What do the exit codes mean?": "reference/command#command-line",
    "How do I prove that the site is the approved one?": "reference/pack#verifying-a-pack",
    "How do I read the figures in Python?": "reference/api#sphinx_govreport.api.load",
    "May authors of data run code?": "background/security#data-is-text",
    "Is it accessible?": "background/accessibility",
    "Is it right for us?": "background/alternatives",
    "It does not work: what now?": "guides/troubleshooting",
    "What is a finding?": "reference/glossary#term-finding",
}


@pytest.mark.parametrize("language", EDITIONS)
def test_the_answer_to_each_question_is_two_clicks_from_home(documentation: Documentation, language: str) -> None:
    first = links(documentation, "index", language)
    lost = []
    for question, answer in QUESTIONS.items():
        page, anchor = urldefrag(answer)
        is_listed = page in {urldefrag(link)[0] for link in first}
        if not is_listed or (anchor and answer not in links(documentation, page, language)):
            lost.append((question, answer))
        elif anchor:
            assert documentation.page(page, language).get_element_by_id(anchor) is not None
    assert lost == []


def links(documentation: Documentation, page: str, language: str) -> set[str]:
    """Return the pages and places of the edition to which a page links."""
    return {urljoin(page, link).replace(".html", "") for link in documentation.page(page, language).xpath("//a/@href")}


@pytest.mark.parametrize("language", EDITIONS)
def test_the_home_page_has_a_table_three_steps_and_two_buttons_and_no_table_of_contents(
    documentation: Documentation, language: str
) -> None:
    (article,) = documentation.page("index", language).xpath("//article")
    assert len(article.xpath(".//table[contains(@class, 'gov-reviews')]//td")) == 15
    assert len(article.xpath(".//*[contains(@class, 'sd-card-body')]")) == 3
    assert len(article.xpath(".//*[contains(@class, 'govdocs-buttons')]//a")) == 2
    assert len(article.xpath(".//a[not(contains(@class, 'headerlink'))]")) < 20
    assert article.xpath(".//*[contains(@class, 'toctree-wrapper')]//a") == []


PAGES = sorted(
    path.relative_to(DOCS).with_suffix("").as_posix()
    for path in DOCS.rglob("*.md")
    if path.relative_to(DOCS).parts[0] not in ("_build", "_ext")
)


def test_both_editions_are_laid_out_alike_and_link_to_each_other(documentation: Documentation) -> None:
    assert len(PAGES) > 40
    for page in PAGES:
        english, chinese = (documentation.page(page, language) for language in EDITIONS)
        for path in ("//article//section", "//article//table", "//article//pre", "//article//img", "//article//dl/dt"):
            assert len(english.xpath(path)) == len(chinese.xpath(path)), (page, path)
        assert [one.get("id") for one in english.xpath("//section")] == [one.get("id") for one in chinese.xpath("//section")]
        (there,), (back,) = (one.xpath("//*[@class='govdocs-languages']//a/@href") for one in (english, chinese))
        assert documentation.path(f"{page}.html").parent.joinpath(there).resolve() == documentation.path(
            f"{page}.html", "zh_CN"
        )
        assert documentation.path(f"{page}.html", "zh_CN").parent.joinpath(back).resolve() == documentation.path(f"{page}.html")


#: pages of which there is only an English edition, as they say in Chinese
ENGLISH = runpy.run_path(str(DOCS / "_ext/catalogs.py"))["ENGLISH"]
#: names, which are the same in every language
NAMES = {
    "sphinx_govreport",
    "Sphinx",
    "@pradyunsg",
    "Furo",
    "English",
    "GitHub Actions",
    "GitLab CI",
    "PDF",
    "Word",
    "Changelog",
}


def test_the_frame_of_every_chinese_page_is_chinese(documentation: Documentation) -> None:
    found: dict[str, set[str]] = {}
    for page in {*PAGES, "genindex", "search"} - {*ENGLISH}:
        root = documentation.page(page, "zh_CN")
        titles = {str(text).strip() for text in root.xpath("//*[local-name() = 'symbol']/*[local-name() = 'title']/text()")}
        labels = {str(label) for name in ("aria-label", "alt", "placeholder") for label in root.xpath(f"//body//@{name}")}
        frame = root.xpath("//body//text()[not(ancestor::article or ancestor::script or ancestor::style or ancestor::code)]")
        for text in {*titles, *labels, *(" ".join(str(one).split()) for one in frame)} - NAMES:
            if re.search("[A-Za-z]{3}", text) and not re.search("[\u4e00-\u9fff]", text):
                found.setdefault(text, set()).add(page)
    assert found == {}


def test_pages_without_a_chinese_edition_say_so(documentation: Documentation) -> None:
    for page in ENGLISH:
        (article,) = documentation.page(page, "zh_CN").xpath("//article")
        assert "只有英文版" in article.text_content()
        assert "只有英文版" not in documentation.page(page).text_content()


def test_every_page_has_copy_buttons_and_the_logo(documentation: Documentation) -> None:
    for language in EDITIONS:
        root = documentation.page("start/tutorial", language)
        assert [src for src in root.xpath("//script/@src") if "copybutton" in src]
        (logo,) = root.xpath("//*[contains(@class, 'sidebar-brand')]//img/@src")
        assert documentation.path("start/tutorial.html", language).parent.joinpath(logo).is_file()


@pytest.mark.parametrize("urls", [{}, {"Repository": "https://code.example/govreport"}])
def test_pages_link_to_their_source_where_the_project_has_an_address(urls: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("_build", "pictures", "locale"))
    text = (DOCS.parent / "pyproject.toml").read_text("utf-8")
    if urls:
        text += f'\n[project.urls]\nRepository = "{urls["Repository"]}"\n'
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    options = runpy.run_path(str(tmp_path / "docs/conf.py"), {"tags": set()})["html_theme_options"]
    assert options.get("source_repository") == urls.get("Repository")
