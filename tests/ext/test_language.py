"""Pages in a language other than Chinese: Chinese text is marked for screen readers."""

from __future__ import annotations

import pytest
from lxml import html

from tests.conftest import Project

PAGE = """\
---
govreport-year: 2024
govreport-agency: 宿迁市
---
# Report

```{gov-disclosure-table} reviews
:compare:
```

```{gov-disclosure-table} proactive-disclosure
:caption: Disclosed
```

```{gov-comparison-table} requests-summary
```
"""


def test_chinese_tables_tell_their_language(years: Project) -> None:
    years.write("index.md", PAGE)
    tree = html.fromstring(years.build(language="en").text("index.html"))
    own, named, compared = tree.xpath("//div[contains(@class, 'gov-scroll')]")
    assert own.get("lang") == "zh-CN", "with the name and caption that the form gives"
    assert named.get("lang") is None, "the author's caption is in the page's language"
    assert {part.get("lang") for region in (own, named) for part in region.iter("thead", "tbody")} == {"zh-CN"}
    assert {beside.get("lang") for beside in own.xpath(".//*[@class='gov-compare']")} == {"en"}
    heads = compared.xpath(".//tbody//th/p")
    assert [head.get("lang") for head in heads] == ["zh-CN"] * 4
    assert compared.xpath(".//thead//*[@lang]") == []


@pytest.mark.parametrize(
    ("language", "joined"), [("en", "依申请公开概况, 复议诉讼概况 of"), ("zh_CN", "依申请公开概况、复议诉讼概况对比")]
)
def test_sets_in_a_caption_are_listed_in_the_language_of_the_site(years: Project, language: str, joined: str) -> None:
    both = "```{gov-comparison-table} requests-summary reviews-summary\n:agency: 宿迁市\n```\n"
    years.write("index.md", f"# 页\n\n{both}")
    (caption,) = html.fromstring(years.build(language=language).text("index.html")).xpath("//caption")
    assert joined in caption.text_content()


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"])
def test_chinese_pages_need_not_tell_it(years: Project, language: str) -> None:
    years.write("index.md", PAGE)
    tree = html.fromstring(years.build(language=language).text("index.html"))
    assert tree.xpath("//body//*[@lang]") == []
