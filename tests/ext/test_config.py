"""Invalid settings of every type: each is reported, and the site is built without it."""

from __future__ import annotations

import pytest

from sphinx_govreport.ext.config import VALUES
from tests.conftest import CONF, Project

#: each kind of value, as in ``conf.py``
KINDS = {
    "None": "None",
    "int": "7",
    "float": "1.5",
    "bytes": "b'x'",
    "set": "{'x'}",
    "function": "len",
    "tuple in a list": "[('x',)]",
    "None in a list": "[None]",
    "int in a list": "[7]",
    "list in a list": "[['x']]",
    "dict in a list": "[{'x': 1}]",
    "None in a dict": "{'x': None}",
    "int in a dict": "{'x': 7}",
    "int as a key": "{7: 'x'}",
    "list in a dict": "{'x': [7]}",
    "dict in a dict": "{'x': {'y': 1}}",
}


@pytest.fixture
def site(project: Project) -> Project:
    project.quiet()
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024)
    return project


def quiet() -> str:
    off = dict.fromkeys(("carried-over", "not-filled"), "off")
    return f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_severity = {off}\n'


#: without these, the report is missing or its findings are not switched off: there are other warnings, too
NEEDED = ("govreport_data", "govreport_severity")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("needed", [False, True], ids=["others", "needed"])
def test_a_value_of_a_wrong_kind_is_said_and_left_aside(site: Project, kind: str, needed: bool) -> None:
    names = [value.name for value in VALUES if (value.name in NEEDED) is needed]
    lines = [line for line in quiet().splitlines() if line.partition(" = ")[0] not in names]
    site.write("conf.py", "\n".join([*lines, *(f"{name} = {KINDS[kind]}" for name in names), ""]))
    found = site.build().warnings
    for name in names:
        own = [line for line in found if line.startswith(site.setting(name)) and "[govreport.bad-config]" in line]
        assert any(name in line for line in own), found
        assert len(set(own)) == len(own)
        found = [line for line in found if line not in own]
    assert needed or not found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN", 'govreport_forms：7 不是一段文字。写法例如：govreport_forms = ["…", "…"]。'),
        ("en", 'govreport_forms: 7 is not a text. For example: govreport_forms = ["…", "…"].'),
    ],
)
def test_what_is_wrong_is_said_in_the_language_of_the_site(site: Project, language: str, said: str) -> None:
    site.write("conf.py", f"{quiet()}govreport_forms = [7]\nlanguage = {language!r}\n")
    assert site.build().warnings == [f"{site.setting('govreport_forms')}ERROR: {said} [govreport.bad-config]"]


def test_a_value_of_the_command_line_is_reported_at_its_beginning(site: Project) -> None:
    site.write("conf.py", f"{quiet()}govreport_forms = []\n")
    assert site.build(govreport_forms=[7]).warnings[0].startswith("conf.py:1:1: ERROR: govreport_forms：")


def test_a_value_that_is_set_twice_is_reported_where_it_is_set_last(site: Project) -> None:
    site.write("conf.py", f"{quiet()}if True:\n    govreport_forms = []\ngovreport_forms += [7]\n")
    assert site.build().warnings[0].startswith(f"conf.py:{len(quiet().splitlines()) + 3}:1: ERROR: govreport_forms：")


def test_one_text_is_a_list_of_one(site: Project) -> None:
    form = "form: own\nextends: '2021'\nenglish: x\nsource: {notice: x}\n"
    site.write("form.yaml", form)
    text = (site.folder / "data/suqian-2024.yaml").read_text("utf-8")
    site.write("data/suqian-2024.yaml", text.replace("2021", "own", 1))
    site.write("conf.py", f'{quiet()}govreport_data = "data"\ngovreport_forms = "form.yaml"\ngovreport_downloads = "csv"\n')
    build = site.build()
    assert build.warnings == []
    assert [path.suffix for path in build.out.glob("gov-*")] == [".csv"]


def test_one_part_is_a_list_of_one(site: Project) -> None:
    site.write("conf.py", f'{quiet()}govreport_parts = {{"宿迁市": "甲局"}}\n')
    (found,) = site.build().warnings
    assert "没有甲局的年报" in found or "甲局" in found
    assert "[govreport.parts]" in found


def test_paths_may_be_paths(site: Project) -> None:
    site.write(
        "conf.py", f'{quiet()}from pathlib import Path\ngovreport_data = Path("data")\ngovreport_pdf_folder = Path("x")\n'
    )
    assert site.build().warnings == []


@pytest.mark.parametrize("name", ["x" * 5000, "data/**a.yaml", "[", "data/" + "x/" * 3000])
def test_a_path_that_cannot_be_is_said(site: Project, name: str) -> None:
    site.write("conf.py", f"{quiet()}govreport_data = ['data', {name!r}]\n")
    (found,) = site.build().warnings
    assert "[govreport.unreadable-file]" in found or "[govreport.no-files]" in found


def test_an_object_that_cannot_say_what_it_is_is_said(site: Project) -> None:
    bad = "class Bad:\n    def __repr__(self):\n        raise ValueError\n"
    site.write("conf.py", f"{quiet()}{bad}govreport_agency = Bad()\n")
    (found,) = site.build().warnings
    assert "[govreport.bad-config]" in found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There is no setting “govreport_download”. Did you mean “govreport_downloads”?"),
        ("zh_CN", "没有“govreport_download”这个设置。是不是“govreport_downloads”？"),
    ],
)
def test_a_setting_that_does_not_exist_is_told_at_its_line(site: Project, language: str, said: str) -> None:
    conf = f"{quiet()}language = {language!r}\nif True:\n    govreport_download = ['csv']\n"
    site.write("conf.py", conf)
    place = f"conf.py:{conf.count(chr(10))}:5"
    found = [line.replace("。 ", "。") for line in site.build().warnings]
    assert found == [f"{place}: ERROR: {said} [govreport.bad-config]"]


def test_a_setting_like_no_other_is_told_which_there_are(site: Project) -> None:
    site.write("conf.py", f'{quiet()}language = "en"\ngovreport_wxyz = 1\n')
    (found,) = site.build().warnings
    assert "There is no setting “govreport_wxyz”. Use one of: govreport_data, govreport_agency" in found


def test_settings_of_others_and_names_that_are_none_are_let_alone(site: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another extension may use our prefix; local names in functions are not settings."""
    other = "def setup(app):\n    govreport_app = app\n    govreport_app.add_config_value('govreport_theme', '', 'html')\n"
    site.write("of_somebody_else.py", other)
    monkeypatch.syspath_prepend(site.folder)
    more = "extensions.append('of_somebody_else')\ngovreport_theme = 'plain'\n"
    site.write("conf.py", f"{quiet()}{more}def govreport_helper():\n    govreport_local = 1\n")
    assert site.build().warnings == []


def test_paths_in_lists_and_for_every_setting_that_names_one(site: Project) -> None:
    """``govreport_data``, ``govreport_forms``, ``govreport_agencies`` and ``govreport_pdf_folder`` accept paths of pathlib."""
    site.write("agencies.yaml", "宿迁市: {level: government}\n")
    site.write("forms/form.yaml", "form: own\nextends: '2021'\nenglish: x\nsource: {notice: x}\n")
    text = (site.folder / "data/suqian-2024.yaml").read_text("utf-8")
    site.write("data/suqian-2024.yaml", text.replace("2021", "own", 1))
    paths = (
        'from pathlib import Path\ngovreport_data = [Path("data")]\ngovreport_forms = Path("forms")\n'
        'govreport_agencies = Path("agencies.yaml")\ngovreport_pdf_folder = Path("pdf")\n'
    )
    site.write("conf.py", f"{quiet()}{paths}")
    build = site.build()
    assert build.warnings == []
    assert "3525" in build.text("index.html")
