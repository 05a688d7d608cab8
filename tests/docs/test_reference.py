"""The reference agrees with the code."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator

import pytest
from sphinx.util.inventory import InventoryFile

from sphinx_govreport import api
from sphinx_govreport.cli import COMMANDS, command_parser
from sphinx_govreport.cli.rules import RULES
from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS
from sphinx_govreport.core.diagnostics import Severity, translator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.ext.config import VALUES
from sphinx_govreport.ext.directives import DIRECTIVES
from sphinx_govreport.ext.domain.domain import GovDomain
from sphinx_govreport.ext.meta_tags import FIELDS
from sphinx_govreport.ext.nodes import FRAGMENT, WORD
from sphinx_govreport.ext.roles import ROLES
from tests.conftest import Project
from tests.docs.conftest import Documentation
from tests.docs.editions import DOCS, LANGUAGES

sys.path.insert(0, str(DOCS / "_ext"))

from govdocs.examples import examples

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("documentation")]  # built once


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


def test_every_object_of_the_code_is_in_the_inventory_and_in_the_general_index(documentation: Documentation) -> None:
    with documentation.path("objects.inv").open("rb") as file:
        inventory = InventoryFile.loads(file.read(), uri="")
    index = documentation.path("genindex.html").read_text("utf-8")
    lost = []
    for kind, names in objects().items():
        for name in names:
            item = inventory.data.get(kind, {}).get(name)
            if item is None or f'href="{item.uri}"' not in index:
                lost.append((kind, name))
    assert lost == []


def test_nothing_is_described_that_the_code_does_not_have(documentation: Documentation) -> None:
    with documentation.path("objects.inv").open("rb") as file:
        inventory = InventoryFile.loads(file.read(), uri="")
    known = objects()
    for kind in known.keys() - {"py:class", "py:function", "std:css-class"}:
        assert sorted(inventory.data[kind]) == sorted(known[kind])


def objects() -> dict[str, list[str]]:
    """Return the names of all objects of the reference by Sphinx's types."""
    (commands,) = (action.choices for action in command_parser()._actions if action.dest == "command")
    assert isinstance(commands, dict)
    assert len(commands) == len(COMMANDS)
    css = (DOCS.parent / "sphinx_govreport/static/govreport.css").read_text("utf-8")
    themed = re.findall(r"var\((--gov-(?:table-[a-z-]+|error|series-[0-9]))\b", css)
    return {
        "rst:directive": list(DIRECTIVES),
        "rst:directive:option": [
            f"{name}:{one}" for name, directive in DIRECTIVES.items() for one in directive.option_spec or ()
        ],
        "rst:role": [*ROLES, *(f"{GovDomain.name}:{kind}" for kind in GovDomain.object_types)],
        "std:confval": [value.name for value in VALUES],
        "std:page-field": list(FIELDS),
        "std:builder": [FRAGMENT, WORD],
        "std:subcommand": [parser.prog for parser in commands.values()],
        "std:cmdoption": sorted({name for parser in (command_parser(), *commands.values()) for name in arguments(parser)}),
        "std:rule": list(RULES),
        "std:css-variable": sorted(set(themed)),
        "std:css-class": ["gov-table", "gov-error", "gov-scroll"],
        "py:function": [f"sphinx_govreport.api.{name}" for name in api.__all__ if not isinstance(getattr(api, name), type)],
        "py:class": [f"sphinx_govreport.api.{name}" for name in api.__all__ if isinstance(getattr(api, name), type)],
    }


def arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the options and arguments of a command; ``--language`` belongs to the command as a whole."""
    for action in parser._actions:
        is_own = action.dest != "language" or " " not in parser.prog
        if is_own and not isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            for name in action.option_strings or [str(action.metavar or action.dest.upper())]:
                yield f"{parser.prog.replace(' ', '-')}.{name}"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_options_are_code_so_that_their_hyphens_stay(documentation: Documentation, language: str) -> None:
    """Outside of code, quotes and dashes are typographic: “--jobs” would be printed with a dash."""
    found = {}
    for path in [*DOCS.glob("*.md"), *DOCS.glob("[!_]*/*.md")]:
        name = path.relative_to(DOCS).with_suffix("").as_posix()
        texts = documentation.page(name, language).xpath(
            "//article//text()[not(ancestor::code or ancestor::pre or ancestor::script or ancestor::style or ancestor::dt)]"
        )
        options = [text for text in texts if re.search(r"(?<![\w-])(?:--|[-–])[a-z]", text)]
        found |= {name: options} if options else {}
    assert found == {}


def test_classes_that_are_described_are_in_the_style_sheet_or_on_pages() -> None:
    styling = (DOCS / "reference/styling.md").read_text("utf-8")
    described = re.findall(r"\{css-class\} (\S+)", styling)
    code = "".join(path.read_text("utf-8") for path in (DOCS.parent / "sphinx_govreport").rglob("*.py"))
    css = (DOCS.parent / "sphinx_govreport/static/govreport.css").read_text("utf-8")
    tables = {f"gov-{table.name}" for table in statutory_forms()["2021"].tables} | {"gov-form-2021"}
    assert described
    assert [name for name in described if f".{name}" not in css and f'"{name}"' not in code and name not in tables] == []


def test_the_keys_of_the_statutory_forms_are_listed(documentation: Documentation) -> None:
    text = documentation.page("reference/keys").text_content()
    for form_table in statutory_forms()["2021"].tables:
        keys = {key for path in layout_of(form_table).indicators for key in path.split(".")}
        assert all(key in text for key in keys)


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
