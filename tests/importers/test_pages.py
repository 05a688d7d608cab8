"""The page written next to a year file has the document's text, regardless of Markdown's special characters."""

from __future__ import annotations

from html import escape

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given, settings
from hypothesis import strategies as st
from myst_parser.parsers.docutils_ import Parser

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.markdown import escaped
from sphinx_govreport.importers.markdown_page import page_text
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.importers import written
from tests.published import published

FORMS = statutory_forms()
EXTENSIONS = [
    "amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist", "html_admonition", "html_image",
    "strikethrough", "tasklist",
]  # fmt: skip

#: text with a meaning in Markdown, at the beginning of a line or anywhere
MARKUP = [
    "% ", "%", "+++", "+++ {}", "(x)=", "(x)= ", "#", "# ", "## 标题", "1. ", "1) ", "1.", "123. x", "- ", "-", "+ ", "+", "* ", "> ", ">",
    "***", "---", "___", "- - -", "* * *", "===", "| a | b |", "|---|", ":::", ":::{note}", "::::", "```", "```{note}", "~~~", "{x}`y`",
    "{gov-figure}`a`", "$1$", "$$", "{{ a }}", "{% a %}", "[^1]", "[^1]: x", "[a](b)", "[a]: b", "![a](b)", "[ ]", "[x] ", "<b>", "<!-- x -->",
    "<http://a.cn>", "</div>", "&amp;", "&#65;", "&nbsp", ":name: x", ": x", "\\", "\\\\", "\\n", "    ", "\t", "~~a~~", "_a_", "__a__", "*a*",
    "**a**", "`a`", "``", "{.a}", "{#a}", "\\begin{equation}", "\\(a\\)", "^", "!", "=", "a=b", "http://a.cn/b_c_d", "@a", "'", '"', "“", "”",
]  # fmt: skip
WORDS = ["政府", "公开", "12", "3440", "件", "。", "，", "（一）", "a", "B", " ", "　", "年"]


def paragraphs(markdown: str, section: str = "") -> list[str]:
    """Return the texts of a page's paragraphs in a build; only those of one section if it is given."""
    overrides = {"myst_enable_extensions": EXTENSIONS, "report_level": 5, "_disable_config": True, "warning_stream": False}
    doctree: nodes.Element = publish_doctree(markdown, parser=Parser(), settings_overrides=overrides)
    if section:
        (doctree,) = [one for one in doctree.findall(nodes.section) if one[0].astext() == section]
    assert not list(doctree.findall(nodes.system_message))
    assert {type(child) for child in doctree} <= {nodes.title, nodes.paragraph}, "nothing became a list, a table, a rule …"
    return [paragraph.astext() for paragraph in doctree.findall(nodes.paragraph)]


QUIET = {"deadline": None, "database": None, "derandomize": True}
lines = st.lists(st.sampled_from(MARKUP + WORDS), min_size=1, max_size=6).map("".join).map(str.strip).filter(bool)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30).map(str.strip).filter(bool)


@pytest.mark.parametrize("line", [*MARKUP, *(f"前{one}后" for one in MARKUP), *(f"{one}后" for one in MARKUP)])
def test_no_character_of_a_sentence_is_taken_for_markup(line: str) -> None:
    wanted = " ".join(line.replace("\t", " ").split(" ")).strip()
    while "  " in wanted:
        wanted = wanted.replace("  ", " ")
    assert paragraphs(f"# 标题\n\n{escaped(line.strip())}\n\n末段\n") == [*filter(None, [wanted]), "末段"]


@settings(max_examples=300, **QUIET)
@given(st.lists(st.one_of(lines, texts), min_size=1, max_size=4))
def test_a_page_says_what_its_sentences_say(wanted: list[str]) -> None:
    body = "\n\n".join(map(escaped, wanted))
    shown = [" ".join(part for part in line.replace("\t", " ").split(" ") if part) for line in wanted]
    assert paragraphs(f"# 标题\n\n{body}\n") == shown


@settings(max_examples=50, **QUIET)
@given(st.lists(lines, min_size=1, max_size=4))
def test_a_whole_page_says_what_the_document_says(wanted: list[str]) -> None:
    """From HTML through the importer to Markdown, and through MyST back to text."""
    said = [form.format(" ".join(line.split())) for form in ("文{}字。", "{}字。") for line in wanted]
    body = "".join(f"<p>{escape(line)}</p>" for line in said)
    page = written.html(published("suqian-2024")).replace("<p>本年工作照常。</p>".encode(), body.encode())
    imported = import_documents("a.html", page, FORMS, Wanted())[0]
    assert paragraphs(page_text(imported, FORMS), "一、总体情况") == said


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("五、存在的主要问题及改进情况", "## 五、存在的主要问题及改进情况"),
        ("五、存在的问题及改进措施", "## 五、存在的问题及改进措施"),
        ("五、加强培训", "五、加强培训"),
    ],
)
def test_a_statutory_heading_in_other_words_stays_a_heading(heading: str, line: str) -> None:
    page = written.html(published("suqian-2024")).decode().replace("五、存在的主要问题及改进情况", heading)
    assert line in page_text(import_documents("a.html", page.encode(), FORMS, Wanted())[0], FORMS).splitlines()
