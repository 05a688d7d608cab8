"""The reference agrees with the code."""

from __future__ import annotations

import re
import sys

import pytest

from sphinx_govreport.cli import COMMANDS, command_parser
from sphinx_govreport.cli.rules import RULES
from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS
from sphinx_govreport.core.diagnostics import Severity, translator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.ext.config import VALUES
from sphinx_govreport.ext.directives import DIRECTIVES
from tests.conftest import Project
from tests.docs.editions import DOCS, LANGUAGES

sys.path.insert(0, str(DOCS / "_ext"))

from govdocs.examples import examples

GENERATED = """\
# Reference

```{govdocs-directives}
```

```{govdocs-roles}
```

```{govdocs-config}
```

```{govdocs-command}
```

```{govdocs-keys} 2021
```
"""


@pytest.fixture
def reference(project: Project) -> Project:
    """A site with the extension of the documentation."""
    conf = (project.folder / "conf.py").read_text("utf-8").replace("zh_CN", "en")
    project.write("conf.py", conf.replace('"sphinx_govreport"]', '"sphinx_govreport", "govdocs"]'))
    project.report("suqian-2024")
    return project


def test_tables_of_rules_have_the_levels_of_the_code() -> None:
    lines = "".join(path.read_text("utf-8") for path in (DOCS / "reference").glob("*.md")).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if re.match(r"\| `[a-z-]+`", line)]
    told = [(name, row) for row in cells for name in re.findall("`([a-z-]+)`", row[0]) if row[1] in list(Severity)]
    assert {name for name, _ in told} >= {rule.name for rule in (*CHECKS, *PAGE_CHECKS)}
    assert [(name, row[1]) for name, row in told if RULES[name].severity != row[1]] == []
    explained = {name for name, row in told if row[-1] == "yes"}
    assert explained == {rule.name for rule in CHECKS if rule.is_explainable}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_an_example_that_gives_it(language: str) -> None:
    shown = examples(language)
    assert sorted(shown) == sorted(RULES)
    ends = {name: (f"[{name}]", f"[govreport.{name}]", f"[{rule.chinese}]") for name, rule in RULES.items()}
    assert [name for name, one in shown.items() if not one.said.endswith(ends[name])] == []
    assert [name for name, one in shown.items() if not one.files and not one.typed] == []


@pytest.mark.parametrize(("language", "told"), [("en", "error:"), ("zh_CN", "错误:")])
def test_a_rule_has_a_place_of_its_own_with_reason_level_and_example(language: str, told: str, reference: Project) -> None:
    reference.write("index.md", "# Site\n\n```{toctree}\nmessages\n```\n")
    reference.write("messages.md", "# Messages\n\n```{govdocs-messages}\n```\n")
    build = reference.build(numfig=False, language=language)
    assert build.warnings == []
    page = build.text("messages.html")
    assert [name for name in RULES if f'id="govreport-{name}"' not in page] == []
    text = " ".join(re.sub("<[^>]+>|¶", " ", page).split())
    about = RULES["row-total"].explanation
    assert about
    meaning, reason, advice = (part.render(translator(language)) for part in about[:3])
    assert f"row-total 申请人合计 {meaning} {reason}" in text
    assert f"{advice} Error. data/2024.yaml granted : [ 3 , 1 , 0 , 0 , 0 , 0 , 5" in text
    assert f"data/2024.yaml:9:33: {told}" in text


def test_the_lists_have_all_that_the_code_has(reference: Project) -> None:
    options = "".join(f"::::{{govdocs-options}} {name}\n{table(name)}::::\n\n" for name in DIRECTIVES)
    reference.write("index.md", f"{GENERATED}\n{options}")
    build = reference.build()
    assert build.warnings == []
    page = build.text("index.html")
    assert all(f'href="#directive-{name}"' in page for name in DIRECTIVES)
    assert all(f'id="config-{value.name}"' in page for value in VALUES)
    (commands,) = (action.choices for action in command_parser()._actions if action.dest == "command")
    assert commands is not None
    assert len(commands) == len(COMMANDS)
    assert all(f'id="command-{name}"' in page for name in commands)
    text = re.sub("<[^>]+>", "", page)
    assert "--severity RULE=LEVEL" in text
    for form_table in statutory_forms()["2021"].tables:
        keys = {key for path in layout_of(form_table).indicators for key in path.split(".")}
        assert all(key in text for key in keys)


def table(directive: str) -> str:
    rows = "".join(f"| `:{option}:` | is |\n" for option in DIRECTIVES[directive].option_spec or ())
    return f"| option | meaning |\n| --- | --- |\n{rows}"


@pytest.mark.parametrize(("row", "said"), [("| `:zero:` | is |\n", "also has"), ("", "does not have")])
def test_an_option_too_few_or_too_many_is_told(row: str, said: str, reference: Project) -> None:
    name = "gov-disclosure-table"
    body = table(name).replace(row, "") if row else f"{table(name)}| `:colour:` | is |\n"
    reference.write("index.md", f"# A page\n\n::::{{govdocs-options}} {name}\n{body}::::\n")
    (warning,) = reference.build().warnings
    assert f"{name} {said} the option :{'zero' if row else 'colour'}:" in warning


def test_pictures_are_small_and_shown() -> None:
    pages = "".join(path.read_text("utf-8") for path in (*DOCS.rglob("*.md"), *DOCS.parent.glob("README*.md")))
    pictures = list((DOCS / "pictures").glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size >= 150_000 or f"pictures/{path.name})" not in pages] == []


def test_the_local_form_of_the_how_to_is_understood(project: Project) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / "guides/local-form.md").read_text("utf-8"), re.DOTALL)
    form, data, mixed = blocks
    project.write("forms/city-2021.yaml", form)
    project.write("data/2024.yaml", data)
    before = data.replace("2024", "2023").replace("in-force: 40", "in-force: 28")
    project.write("data/2023.yaml", before.replace("form: city-2021\n", mixed))
    project.page("index.md", "某市某局", 2024)
    build = project.build(govreport_forms=["forms/city-2021.yaml"])
    assert build.warnings == []
    text = re.sub("<[^>]+>", "", build.text("index.html"))
    assert "其他主动公开文件" in text
    assert "规章（设区的市提供）" in text
