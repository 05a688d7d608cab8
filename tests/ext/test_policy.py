"""Pages contain none of our content that a strict Content-Security-Policy would refuse. For browsers, see tests/browser."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.conftest import CONF, Project

INSIDE = re.compile(r"<style\b|<script(?![^>]*(?:\bsrc=|json))|\sstyle=|\son\w+=|javascript:")
EVERYTHING = """\
```{gov-disclosure-table}
:compare:
```

```{gov-comparison-table} requests-summary
:change:
```

```{gov-trend-chart}
requests.received.total
```

```{gov-rollup-table} requests-summary
:parts: 宿迁市
```

```{gov-check-table}
```

```{gov-report-list}
```

```{gov-downloads}
```

{gov-figure}`requests.received.total`，{gov-change}`requests.received.total`
"""
SITE = {
    "SiteName": "某市人民政府",
    "SiteDomain": "www.example.gov.cn",
    "SiteIDCode": "0000000000",
    "ColumnName": "年报",
    "ColumnDescription": "年报",
    "ColumnKeywords": "年报",
    "ColumnType": "年报",
}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_no_script_style_or_handler_of_ours_stands_in_a_page(project: Project, builder: str) -> None:
    project.report("suqian-2023")
    project.report("suqian-2024")
    project.write(
        "conf.py", f"{CONF}govreport_downloads = ['csv', 'json']\ngovreport_dataset = True\ngovreport_site = {SITE}\n"
    )
    project.write("index.md", "# 首页\n\n```{toctree}\npage\n```\n")
    found = {}
    for name, body in (("with", EVERYTHING), ("without", "文字。\n")):
        project.page("page.md", "宿迁市", 2024, body)
        build = project.build(builder, out=name, govreport_severity={"jump": "off"})
        page = {"html": "page.html", "dirhtml": "page/index.html", "singlehtml": "index.html"}[builder]
        found[name] = Counter(INSIDE.findall(build.text(page)))
        assert ("gov-table" in build.text(page)) == (name == "with")
    assert found["with"] == found["without"]
