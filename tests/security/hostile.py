"""A site in which every text from data is an attack, and the same site with harmless words."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.conftest import CONF, Project

HTML = """"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='alert(1)' x="<svg/onload=alert(1)>"""
INLINE = "<b onclick=alert(1)>[x](javascript:alert(1)) `y` {raw}`<i>` **z** {{ 7*7 }} $\\alpha$ :raw-html:`<u>`"
LATEX = r"\input{/etc/passwd}\write18{touch pwned}%&#$_{}~^^41^^5cinput{x}\end{document}\\[1cm]"
FORMULA = '=HYPERLINK("http://x.invalid",1)'
HARMLESS = "寻常"

FORM = """\
form: {name}
extends: '2021'
english: {text}
source: {{notice: {text}}}
add-rows:
  proactive-disclosure:
    - {{after: normative-documents, key: other-documents, label: {text}, english: {text}, unit: {text}}}
label-notes:
  requests:
    rows: {{received: {text}, results.granted: {text}}}
    columns: {{natural-person: {text}}}
  reviews:
    columns: {{reconsideration: {text}}}
"""
YEAR = """\
agency: {agency}
year: {year}
form: {form}
proactive-disclosure:
  rules: {{issued: {{value: 22, note: {text}}}, repealed: 1, in-force: 12}}
  normative-documents: {{issued: 5, repealed: 0, in-force: 9}}
  other-documents: {{issued: 5, repealed: 0, in-force: 9}}
  licensing: {{decisions: {{value: 3, note: {text}}}}}
  penalties: 0
  coercive-measures: 0
  fees: {{amount: 1.50}}
requests:
  received: [34, 7, 0, 1, 6, 3, 99]
  carried-in: [1, 0, 0, 0, 0, 0]
  results: {{granted: [1, 0, 0, 0, 0, 0], partly-granted: 0, refused: 0, unable: 0, not-processed: 0, other: 0}}
  carried-out: 0
reviews: 0
notes: {{reviews: [{text}, {text}], requests: {text}}}
explanations: {{carried-over: {text}, in-force: {text}}}
"""
PAGE = """\
---
govreport-agency: {agency}
govreport-year: 2024
---
# 年报

```{{gov-disclosure-table}}
:class: x
```

```{{gov-disclosure-table}} requests
:compare: 2023
```

```{{gov-check-table}}
```

```{{gov-comparison-table}}
:change:

{label} = requests.received.total
proactive-disclosure.other-documents.issued
requests.received.total
```

```{{gov-trend-chart}}
:alt: {alt}

{label} = requests.received.total
```

```{{gov-rollup-table}}
:year: 2024
:parts: {parts}

requests.received.total
```

```{{gov-report-list}}
```

新收 {{gov-figure}}`requests.received.total` 件，{{gov-change}}`requests.received.total`，{{gov-table}}`requests`。
"""


def site(project: Project, attack: str, *, agency: str = "", conf: str = "") -> Project:
    """Fill a project in which every text from data contains ``attack``."""
    text = json.dumps(attack, ensure_ascii=False)
    name = agency or f"{attack}局"
    project.write(
        "conf.py",
        f'{CONF}govreport_forms = ["form.yaml"]\ngovreport_downloads = ["csv", "json", "xlsx", "html", "text"]\n{conf}',
    )
    project.write("form.yaml", FORM.format(name=text, text=text))
    for year in (2023, 2024):
        values = {"agency": json.dumps(name, ensure_ascii=False), "year": year, "form": text, "text": text}
        project.write(f"data/{year}.yaml", YEAR.format(**values))
    line = " ".join(attack.split()).replace("=", "≠")
    page = {"agency": json.dumps(name, ensure_ascii=False), "alt": line, "label": line, "parts": "没有此局"}
    project.write("index.md", PAGE.format(**page))
    return project


Make = Callable[[str], Project]
