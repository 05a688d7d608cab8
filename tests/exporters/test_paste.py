"""What is pasted depends on nothing beside it, whatever the page was made of."""

from __future__ import annotations

import base64
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
from tests.sanitiser import sanitised

FORMS = statutory_forms()


class Known(References):
    """Knows where links lead, and one picture."""

    def link(self, href: str) -> str:
        return f"https://www.example.gov.cn/{href}"

    def picture(self, src: str) -> str:
        return "data:image/png;base64,AA==" if src == "small.png" else ""

    def instead(self, src: str, alt: str) -> str:
        return f"[{src} {alt}]"


@pytest.mark.parametrize(("written", "expected"), [
    ('<p class="a" data-x="1" onclick="x()">甲&amp;乙&nbsp;<b>丙</b></p>', "<p>甲&amp;乙\xa0<b>丙</b></p>"),
    ('<p id="a" style="color:red; background:url(x.png)">甲</p>', '<p id="a">甲</p>'),
    ('<p class="text-right" style="text-align: left">甲</p>', '<p style="text-align:left">甲</p>'),
    ("甲<script>x('<p>')</script><style>p {}</style><noscript><p>丙</p></noscript>乙", "甲乙"),
    ('<span class="pre">甲</span><data value="0">零</data><kbd>乙</kbd>', "甲零乙"),
    ("<p>甲<br>乙<p><i>丙</p></b>丁", "<p>甲<br />乙</p><p><i>丙</i></p>丁"),
    ("<ul><li>甲<li>乙</ul>", "<ul><li>甲</li><li>乙</li></ul>"),
    ("<p>甲<div>乙</div>", "<p>甲</p><div>乙</div>"),
    ('<ol start="3" reversed type="a"><li value="7">甲</li></ol>', '<ol start="3" reversed="reversed" type="a"><li value="7">甲</li></ol>'),
    ('<a href="b.html#x" class="y">甲</a>', '<a href="https://www.example.gov.cn/b.html#x">甲</a>'),
    ('<a href="#x">甲</a><a href="mailto:a@b.cn">乙</a><a href="//b.cn">丙</a>', '<a href="#x">甲</a><a href="mailto:a@b.cn">乙</a><a href="//b.cn">丙</a>'),
    ('<a href="javascript:x()">甲</a><a href="http://[">乙</a><a id="t" href="data:x">丙</a>', '甲乙<span id="t">丙</span>'),
    ('<img src="small.png" alt="章" class="x">', '<img src="data:image/png;base64,AA==" alt="章" style="max-width:100%;height:auto" />'),
    ('<img src="large.png" alt="章"><video src="a.mp4">乙</video><iframe src="https://b.cn/"></iframe>', "[large.png 章][a.mp4 ][https://b.cn/ ]"),
    ("<figure><figcaption>甲</figcaption></figure>", '<div style="margin:1em 0;text-align:center"><div>甲</div></div>'),
    ('<h2>甲<a class="headerlink" href="#a">¶</a></h2>', "<h2>甲</h2>"),
    ('<p>3<sup class="gov-mark">※1</sup></p><p class="gov-error-text">※1 <b>错</b></p>', "<p>3</p>"),
    ('a<hr class="x"><wbr id="w"><area id="b" href="c">z', "a<hr />z"),
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
])  # fmt: skip
def test_only_plain_elements_with_their_looks_are_pasted(written: str, expected: str) -> None:
    assert pasted(written, Known(), {}) == expected
    etree.fromstring(f"<body>{expected}</body>")


def test_ends_that_an_author_left_out_are_written() -> None:
    written = pasted("<table><thead><tr><th>甲<th>乙<tbody><tr><td>1<td>2<tr><td>3<td><p>4</table><p>丙", References(), {})
    assert re.sub(' style="[^"]+"', "", written) == (
        "<table><thead><tr><th>甲</th><th>乙</th></tr></thead>"
        "<tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td><p>4</p></td></tr></tbody></table><p>丙</p>"
    )


def test_a_drawing_becomes_a_picture_that_says_what_it_shows() -> None:
    drawing = (
        '<svg viewBox="0 0 8 8" width="8" height="8"><title>甲</title><desc>乙 &amp; 丙</desc>'
        '<linearGradient id="g"/><g><title>丁</title><path d="M0,0"/></g></svg>'
    )
    (image,) = html.fragments_fromstring(pasted(f"{drawing}\n", References(), {}))
    assert (image.tag, image.get("alt"), image.get("width"), image.get("height")) == ("img", "甲 乙 & 丙", "8", "8")
    kind, _, data = image.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    tree = etree.fromstring(base64.b64decode(data))
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert [etree.QName(one).localname for one in tree.iter()] == [
        "svg",
        "title",
        "desc",
        "linearGradient",
        "g",
        "title",
        "path",
    ]
    assert tree.get("viewBox") == "0 0 8 8"


def check_looks(fragment: str) -> None:
    """Nothing that must be fetched or run, and lines around every cell."""
    tree = html.fragment_fromstring(fragment, create_parent="body")
    assert tree.xpath("//script|//style|//link|//svg|//iframe|//@class|//@*[starts-with(name(), 'on')]") == []
    assert all(address.startswith("data:") for address in tree.xpath("//@src"))
    for table in tree.iter("table"):
        assert "border-collapse:collapse" in table.get("style")
    for cell in tree.iter("td", "th"):
        assert re.search(r"\bborder:1px solid #333\b", cell.get("style")), "a line is drawn around every cell"


def again(fragment: str) -> Report:
    (found,) = [one.report for one in import_documents("a.html", fragment.encode(), FORMS, Wanted())]
    assert found
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_an_editor_leaves_of_a_published_report_says_the_same(name: str) -> None:
    report = read(year_file(published(name)))
    fragment = str(EXPORTS["html"]([report], FORMS))
    for written in (fragment, sanitised(fragment)):
        check_looks(written)
        assert said(again(written)) == said(report)


@pytest.mark.parametrize("seed", range(15))
def test_what_an_editor_leaves_of_a_made_up_report_says_the_same(seed: int) -> None:
    report = read(made_up(random.Random(seed)))  # noqa: S311
    fragment = sanitised(str(EXPORTS["html"]([report], FORMS)))
    assert printed(again(fragment)) == printed(report)
