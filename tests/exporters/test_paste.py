"""A pasted fragment is self-contained, whatever the page contains, and has nothing that an editor changes."""

from __future__ import annotations

import random
import re

import pytest
from lxml import etree, html

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.exporters.fragment import References, pasted
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.exporters.test_exports import made_up, printed, read, said
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()
BOX = "margin:1em 0;padding:0.5em 1em;border:1px solid #999;border-left:4px solid #666"
TABLE = '<table border="1" cellspacing="0" cellpadding="4" width="100%" style="border-collapse:collapse;border:1px solid #333;line-height:1.4">'


class Known(References):
    """Resolves links and replaces pictures."""

    def link(self, href: str) -> str:
        return f"https://www.example.gov.cn/{href}"

    def instead(self, src: str, alt: str) -> str:
        return f"[{src} {alt}]"

    def instead_of_drawing(self, svg: str, alt: str) -> str:
        return f"[{len(svg)} {alt}]"


@pytest.mark.parametrize(("written", "expected"), [
    ('<p class="a" data-x="1" onclick="x()">甲&amp;乙&nbsp;<b>丙</b></p>', "<p>甲&amp;乙\xa0<b>丙</b></p>"),
    ('<p id="a" style="color:red; background:url(x.png)">甲</p>', '<p id="a">甲</p>'),
    ('<p class="text-right" style="text-align: left">甲</p>', '<p align="left" style="text-align:left">甲</p>'),
    ("甲<script>x('<p>')</script><style>p {}</style><noscript><p>丙</p></noscript>乙", "<p>甲乙</p>"),
    ('<span class="pre">甲</span><data value="0">零</data><kbd>乙</kbd>', "<p>甲零乙</p>"),
    ("<p>甲<br>乙<p><i>丙</p></b>丁", "<p>甲<br />乙</p><p><i>丙</i></p><p>丁</p>"),
    ("<ul><li>甲<li>乙</ul>", "<ul><li>甲</li><li>乙</li></ul>"),
    ("<ul><li><p>甲</p><ol><li><p>乙</p><p>丙</p></ol></ul>", '<ul><li>甲<ol><li><p style="margin:0">乙</p><p style="margin:0">丙</p></li></ol></li></ul>'),
    ('<ol start="3" reversed type="a"><li value="7">甲</li></ol>', '<ol start="3" reversed="reversed" type="a"><li value="7">甲</li></ol>'),
    ('<a href="b.html#x" class="y">甲</a>', '<p><a href="https://www.example.gov.cn/b.html#x">甲</a></p>'),
    ('<a href="#x">甲</a><a href="mailto:a@b.cn">乙</a><a href="//b.cn">丙</a>', '<p><a href="#x">甲</a><a href="mailto:a@b.cn">乙</a><a href="//b.cn">丙</a></p>'),
    ('<a href="javascript:x()">甲</a><a href="http://[">乙</a><a id="t" href="data:x">丙</a>', '<p>甲乙<span id="t">丙</span></p>'),
    ('<h2>甲<a class="headerlink" href="#a">¶</a></h2>', "<h2>甲</h2>"),
    ('<p>3<sup class="gov-mark">※1</sup></p><p class="gov-error-text">※1 <b>错</b></p>', "<p>3</p>"),
    ('a<hr class="x"><wbr id="w"><area id="b" href="c">z', "<p>a</p><hr /><p>z</p>"),
    ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
    ("<p title='a\x01'>甲\x0b乙\0</p>", '<p title="a ">甲 乙</p>'),  # Word's line break, and what no XML has
    # line breaks of the source
    ("<p>比上年\n下降 <b>177</b>\n件\n</p>\n\n<p> one\n<i>\ntwo</i> </p>\n", "<p>比上年下降 <b>177</b> 件</p><p>one <i>two</i></p>"),
    ("<pre>a\n  b &lt;\n</pre>", '<pre style="padding:0.5em;border:1px solid #ccc;background:#f5f5f5;white-space:pre-wrap">a<br />  b &lt;</pre>'),
    # wrappers
    ("<p>甲<div>乙</div>", "<p>甲</p><p>乙</p>"),
    ("<main><section><div><h2>甲</h2>乙<p>丙</p></div></section></main>", "<h2>甲</h2><p>乙</p><p>丙</p>"),
    ("<figure>甲<figcaption>乙</figcaption></figure>", '<p align="center" style="text-align:center">甲</p><p align="center" style="text-align:center">乙</p>'),
    ("<details><summary>甲</summary><p>乙</p></details>", "<p><strong>甲</strong></p><p>乙</p>"),
    ('<div class="admonition"><p class="admonition-title">注</p><p>甲</p></div>', f'<div style="{BOX}"><p style="margin:0"><strong>注</strong></p><p>甲</p></div>'),
    ('<div class="admonition"><h2>注</h2></div>', "<h2>注</h2>"),
    ('<aside role="doc-footnote"><span class="label">[1]</span>\n<p>甲</p></aside>', "<p>[1] 甲</p>"),
    ("<ul></ul><p></p><h2> </h2><div><script>x</script></div>甲", "<ul></ul><p>甲</p>"),
    # with the id of a dropped element
    ('<section id="a"><span id="b"></span><h2>甲</h2></section><a href="#b">乙</a>', '<h2 id="a">甲</h2><p><a href="#a">乙</a></p>'),
    ('<section id="a"><h2 id="c"><i id="b"></i>甲</h2></section><a href="#b">乙</a>', '<h2 id="c">甲</h2><p><a href="#c">乙</a></p>'),
    # pictures
    ('甲<img src="a.png" alt="章" class="x">乙', "<p>甲</p><p>[a.png 章]</p><p>乙</p>"),
    ('<p>甲<img src="a.png" alt="章">乙</p>', "<p>甲[a.png 章]乙</p>"),
    ('<video src="a.mp4">乙</video><iframe src="https://b.cn/"></iframe>', "<p>[a.mp4 ]</p><p>[https://b.cn/ ]</p>"),
    ('<p><svg aria-hidden="true"><path d="M0,0"/></svg>甲<svg/>乙</p>', "<p>甲乙</p>"),
])  # fmt: skip
def test_only_plain_elements_with_their_looks_are_pasted(written: str, expected: str) -> None:
    assert pasted(written, Known()) == f"{expected}\n"
    etree.fromstring(f"<body>{expected}</body>")


def test_elements_that_lie_very_deep_keep_their_text() -> None:
    assert pasted(f"{'<div><b>' * 3000}甲", References()).count("甲") == 1


def test_ends_that_an_author_left_out_are_written() -> None:
    written = pasted("<table><thead><tr><th>甲<th>乙<tbody><tr><td>1<td>2<tr><td>3<td><p>4</table><p>丙", References())
    assert re.sub(' (?:style|align|valign|border|width|cell[a-z]+)="[^"]+"', "", written) == (
        "<table><thead><tr><th><strong>甲</strong></th><th><strong>乙</strong></th></tr></thead>"
        "<tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table><p>丙</p>\n"
    )


def test_a_table_has_one_group_of_rows_and_of_columns_and_its_caption_before_it() -> None:
    cell = 'align="left" valign="middle" style="border:1px solid #333;padding:4px;vertical-align:middle;text-align:left"'
    written = (
        '<div><table id="t" style="width:20em;min-width:9em"><caption><span>表</span>\n甲</caption><colgroup><col style="width: 40%"></colgroup>'
        '<colgroup><col class="x"></colgroup><tr><td rowspan="9">1<td>2</tr><tbody><tr><td colspan="2">3</td></tr></tbody>'
        '<tfoot><tr><td>4</td><td rowspan="0">5</td></tr><tr><td>6</td></tr>乙</tfoot></table></div>'
    )
    table = TABLE.replace('width="100%"', 'width="20em" id="t"')
    assert pasted(written, References()) == (
        f'<p align="center" style="text-align:center"><strong>表甲</strong></p><p>乙</p>{table}<colgroup><col width="40%" /><col /></colgroup><tbody>'
        f'<tr><td {cell}>1</td><td {cell}>2</td></tr><tr><td colspan="2" {cell}>3</td></tr>'
        f'<tr><td {cell}>4</td><td rowspan="2" {cell}>5</td></tr><tr><td {cell}>6</td></tr></tbody></table>\n'
    )


def test_a_drawing_is_handed_over_whole_with_what_it_says() -> None:
    drawn: list[tuple[str, str]] = []

    class Drawer(References):
        def instead_of_drawing(self, svg: str, alt: str) -> str:
            drawn.append((svg, alt))
            return "图"

    drawing = (
        '<svg viewBox="0 0 8 8" width="8" height="8"><title>甲</title><desc>乙 &amp; 丙</desc>'
        '<linearGradient id="g"/><g><title>丁</title><path d="M0,0"/></g></svg>'
    )
    assert pasted(f"<figure>{drawing}\n</figure>", Drawer()) == '<p align="center" style="text-align:center">图</p>\n'
    ((svg, alt),) = drawn
    assert alt == "甲 乙 & 丙"
    tree = etree.fromstring(svg)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    names = [etree.QName(one).localname for one in tree.iter()]
    assert names == ["svg", "title", "desc", "linearGradient", "g", "title", "path"]
    assert tree.get("viewBox") == "0 0 8 8"


def check_looks(fragment: str) -> None:
    """Check that nothing must be fetched or run, and that every style is also an attribute."""
    assert fragment.index("\n") == len(fragment) - 1
    tree = html.fragment_fromstring(fragment, create_parent="body")
    assert tree.xpath("//script|//style|//link|//svg|//iframe|//img|//@class|//@src|//@*[starts-with(name(), 'on')]") == []
    assert (
        tree.xpath("//section|//article|//aside|//figure|//caption|//tfoot|//span[not(node())]|//div[.//table or .//h2]") == []
    )
    for table in tree.iter("table"):
        assert {name: table.get(name) for name in ("border", "cellspacing", "cellpadding", "width")} == {
            "border": "1", "cellspacing": "0", "cellpadding": "4", "width": "100%",
        }  # fmt: skip
        assert "border-collapse:collapse" in table.get("style")
        assert "width:" not in table.get("style").replace("border-width:", "")
        assert [len(table.findall(name)) for name in ("tbody", "colgroup", "thead")] in (
            [1, 1, 1],
            [1, 1, 0],
            [1, 0, 1],
            [1, 0, 0],
        )
    for cell in tree.iter("td", "th"):
        style = dict(one.split(":") for one in cell.get("style").split(";"))
        assert style["border"] == "1px solid #333", "a line is drawn around every cell"
        assert (cell.get("align"), cell.get("valign")) == (style["text-align"], style["vertical-align"])
        if cell.tag == "th" and style.get("font-weight") != "normal" and cell.text_content():
            assert [one.tag for one in cell] == ["strong"]


def again(fragment: str) -> Report:
    (found,) = [one.report for one in import_documents("a.html", fragment.encode(), FORMS, Wanted())]
    assert found
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_fragment_of_a_published_report_says_the_same(name: str) -> None:
    report = read(year_file(published(name)))
    fragment = str(EXPORTS["html"]([report], FORMS))
    check_looks(fragment)
    assert said(again(fragment)) == said(report)
    tree = html.fragment_fromstring(fragment, create_parent="body")
    titles = [table.getprevious() for table in tree.iter("table")]
    assert len(titles) == 3
    assert all(one.tag == "p" and one.get("align") == "center" and [inner.tag for inner in one] == ["strong"] for one in titles)


@pytest.mark.parametrize("seed", range(15))
def test_the_fragment_of_a_made_up_report_says_the_same(seed: int) -> None:
    report = read(made_up(random.Random(seed)))  # noqa: S311
    fragment = str(EXPORTS["html"]([report], FORMS))
    check_looks(fragment)
    assert printed(again(fragment)) == printed(report)
