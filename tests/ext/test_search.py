"""The site search finds words, sentences and figures, with every supported Sphinx."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest
from lxml import html
from sphinx.search import languages

from tests.conftest import CONF, Build, Project
from tests.published import NAMES

#: browser features required by Sphinx's search script
BROWSER = """globalThis.window = globalThis;
globalThis.document = {readyState: "loading", addEventListener() {}, getElementById: () => null};
globalThis.DOCUMENTATION_OPTIONS = {};
const SPHINX_HIGHLIGHT_ENABLED = false, _ready = () => {}, _ = text => text;
"""
ASK = """
console.log(JSON.stringify(QUERIES.map(query => {
    const [, wanted, excluded] = Search._parseQuery(query);
    return [[...wanted], [...new Set(Search.performTermsSearch(wanted, excluded).map(result => result[0]))].sort()];
})));
"""
QUERIES = {
    "不予公开": (["不予", "予公", "公开"], set(NAMES)),
    "其他对外管理服务事项": (
        ["其他", "他对", "对外", "外管", "管理", "理服", "服务", "务事", "事项"],
        {"wendeng-commerce-2020", "shanghai-municipal-office-2019"},
    ),
    "宿迁市2024年": (["宿迁", "迁市", "_2024"], {"suqian-2024"}),
    "2676474": (["_2676474"], {"suqian-2024"}),
    "72701.2578": (["_72701", "_2578"], {"suqian-2024"}),
    "2024-9999": (["_2024", "_9999"], set()),
    "GB2312": (["gb2312"], set()),
    "12": ([], set()),
}


def ask(build: Build, queries: list[str]) -> list[tuple[list[str], list[str]]] | None:
    """Run a search with the site's scripts; return the search terms and results, or None if node is not installed."""
    node = shutil.which("node")
    if not node:
        return None
    scripts = [build.text(f"_static/{name}.js") for name in ("language_data", "searchtools")]
    code = "\n".join([BROWSER, *scripts, build.text("searchindex.js"), f"const QUERIES = {json.dumps(queries)};", ASK])
    run = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=True)
    return [(wanted, found) for wanted, found in json.loads(run.stdout)]


def test_words_and_figures_are_found(reports: Project) -> None:
    build = reports.build()
    for query, (words, pages) in QUERIES.items():
        assert pages <= indexed(build, words), query
    answers = ask(build, list(QUERIES))
    if answers is not None:
        found = {query: (wanted, set(pages)) for query, (wanted, pages) in zip(QUERIES, answers, strict=True)}
        # Sphinx also lists pages with only the longer ones of several words
        assert {query: (words, pages - {"index"}) for query, (words, pages) in found.items()} == {
            query: (words, {f"report-{name}" for name in pages}) for query, (words, pages) in QUERIES.items()
        }


def indexed(build: Build, words: list[str]) -> set[str]:
    """Return the reports whose pages have all the words."""
    index = index_of(build)
    for mark, labels in json.loads(re.findall(r"govLabels = (.*);", build.text("_static/language_data.js"))[0]).items():
        for word in labels.split():
            index["terms"][word] = _numbers(index["terms"].get(word, [])) | _numbers(index["terms"].get(mark, []))
    pages = []
    for word in words:
        hits = [index[kind].get(word, []) for kind in ("terms", "titleterms")]
        if word.startswith("_"):  # a number in a table, or one in a text
            hits += [pages for term, pages in index["terms"].items() if f"{word}_" in term]
        numbers = set[int]().union(*map(_numbers, hits))
        pages.append({index["docnames"][number].removeprefix("report-") for number in numbers})
    return set.intersection(*pages) if pages else set()


def index_of(build: Build) -> Any:
    return json.loads(re.sub(r"^Search\.setIndex\(|\)$", "", build.text("searchindex.js")))


def _numbers(hit: int | list[int] | set[int]) -> set[int]:
    return {hit} if isinstance(hit, int) else set(hit)


@pytest.mark.parametrize("figure", ["0", "12", "99"])
def test_common_figures_are_not_in_the_index(reports: Project, figure: str) -> None:
    index = reports.build().text("searchindex.js")
    assert f'"{figure}":' not in index
    assert f'"_{figure}":' not in index


def test_the_index_has_one_word_for_all_labels_of_a_table(reports: Project) -> None:
    """Otherwise it would grow by thousands of bytes with every report, and each build would read and write all of them."""
    build = reports.build()
    terms = index_of(build)["terms"]
    marks = [term for term in terms if term.startswith("_gov")]
    assert len(marks) == 5  # three tables of two forms, one with the same labels
    assert "予公" not in terms  # 不予公开 occurs in tables only


def test_the_index_has_one_word_for_all_numbers_of_a_table(reports: Project) -> None:
    """Each would need a separate set in memory, with one page in it."""
    build = reports.build()
    terms = index_of(build)["terms"]
    assert "_2676474" not in terms
    marks = [term for term in terms if "_2676474_" in term]
    assert len(marks) == 1
    assert {"1573179", "72701", "2578"} <= set(marks[0].split("_"))
    assert [term for term in terms if term.count("_") > 2 and not re.fullmatch(r"_([0-9]{3,}_)+", term)] == []


def test_part_of_a_number_is_not_the_number(reports: Project) -> None:
    answers = ask(reports.build(), ["2676474", "676474"])
    if answers is not None:
        assert [found for _wanted, found in answers] == [["report-suqian-2024"], []]


LOCAL_FORM = """form: city-2021
extends: "2021"
english: Form of the city
source: {notice: 某市年度报告格式, date: 2022-01-05}
label-notes:
  proactive-disclosure:
    rows: {rules: （设区的市提供）}
"""


def test_a_local_form_has_labels_of_its_own(project: Project) -> None:
    project.quiet()
    project.write("conf.py", f"{(project.folder / 'conf.py').read_text('utf-8')}govreport_forms = ['city.yaml']\n")
    project.write("city.yaml", LOCAL_FORM)
    project.report("suqian-2024")
    data = project.folder / "data/suqian-2024.yaml"
    text = data.read_text("utf-8").replace("default: 2021", "default: city-2021")
    data.write_text(text, "utf-8")
    project.page("index.md", "宿迁市", 2024)
    build = project.build()
    assert build.warnings == []
    assert indexed(build, ["设区", "区的"]) == {"index"}
    answers = ask(build, ["设区的市"])
    assert answers is None or answers[0][1] == ["index"]


def test_a_search_of_another_language_has_the_labels_themselves(reports: Project) -> None:
    """Sphinx splits words at spaces there, and does not know our marks."""
    build = reports.build(language="en")
    terms = index_of(build)["terms"]
    assert not [term for term in terms if term.startswith("_")]
    assert "行政许可" in terms


OF_THE_INDEX = re.compile(r"_gov[0-9a-f]{8}_|_(?:[0-9]{3,}_)+")
HOLDING_THE_INDEX = {"searchindex.js", "_static/language_data.js"}


@pytest.mark.parametrize(
    "builder",
    ["html", "dirhtml", "singlehtml", "epub", "text", "latex", "man", "texinfo", "xml", "pseudoxml", "gettext", "govfragment"],
)
def test_words_of_the_index_stand_nowhere_else(reports: Project, builder: str) -> None:
    """In no output file, for any reader."""
    build = reports.build(
        builder,
        project="site",
        epub_copyright="甲",
        version="1",
        epub_show_urls="no",
        man_pages=[("index", "site", "site", "me", 1)],
    )
    for name, data in build.files().items():
        if name not in HOLDING_THE_INDEX and not name.startswith("_static/"):
            assert OF_THE_INDEX.findall(data.decode("utf-8", "replace")) == [], name
    assert builder != "html" or all(OF_THE_INDEX.search(build.text(name)) for name in HOLDING_THE_INDEX)


#: another extension, which writes the text of each page next to the page
SETUP = """
import json
from pathlib import Path


def write(app, name, template, context, doctree):
    if doctree:
        Path(app.outdir, f"{name}.json").write_text(json.dumps(doctree.astext()))


def setup(app):
    app.connect("html-page-context", write)
"""


def test_the_text_of_a_page_is_what_readers_see(years: Project) -> None:
    """Extensions that request the text of a page get the cells of its tables as printed, one per line."""
    years.write("conf.py", (years.folder / "conf.py").read_text("utf-8") + SETUP)
    years.page("index.md", "宿迁市", 2024, "```{gov-disclosure-table} reviews\n:compare:\n:zero: 零\n```\n")
    build = years.build()
    page = html.fromstring(build.text("index.html"))
    cells = [
        " ".join(cell.text_content().split())
        for cell in page.xpath("//table[contains(@class, 'gov-table')]//*[self::th or self::td]")
    ]
    assert json.loads(build.text("index.json")).split("\n") == [
        "index.md",
        "",
        *page.xpath("//caption/span/text()"),
        "",
        *filter(None, cells),
    ]


OWN = """
from sphinx.search.en import SearchEnglish
class Own(SearchEnglish):
    lang = "zh"
    def split(self, input):
        return ["ownword"]
def setup(app):
    app.add_search_language(Own)
"""


def test_a_language_that_the_site_has_chosen_is_kept(project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    project.write("conf.py", CONF + OWN)
    before = languages["zh"]
    try:
        assert '"ownword"' in project.build().text("searchindex.js")
    finally:
        languages["zh"] = before


JIEBA = """
DEFAULT_DICT_NAME = "dict.txt"
def load_userdict(path): pass
def setLogLevel(level): pass
def cut_for_search(text): return ["jiebaword"]
"""


def test_jieba_is_a_choice_too(project: Project) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    project.write("conf.py", CONF)
    library = project.folder.parent / "library"
    (library / "jieba").mkdir(parents=True)
    (library / "jieba/__init__.py").write_text(JIEBA, "utf-8")
    (library / "jieba/dict.txt").write_text("", "utf-8")
    out = project.folder.parent / "out"
    run = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(project.folder), str(out)]
    subprocess.run(run, check=True, env={**os.environ, "PYTHONPATH": str(library)})
    assert "govLabels" not in (out / "_static/language_data.js").read_text("utf-8")
