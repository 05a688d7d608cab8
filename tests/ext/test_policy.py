"""``govreport_strict_policy``: pages without scripts and styles inside. What a browser says of them: tests/browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sphinx_govreport.ext.strict_templates import without_inline
from tests.conftest import CONF, Build, Project

HEAD = "<html><head><title>x</title></head><body>"
INSIDE = re.compile(r"<style|<script>|<script(?![^>]*(?:src=|json))|\sstyle=|\son\w+=")


def moved(page: str) -> tuple[str, dict[str, str]]:
    """The page, and the files by their addresses."""
    files: dict[str, str] = {}

    def put(suffix: str, content: str) -> str:
        name = f"{len(files) + 1}.{suffix}"
        files[name] = content
        return name

    return without_inline(page, put), files


@pytest.mark.parametrize(
    ("before", "after", "files"),
    [
        ("<script>a < b && c</script>", '<script src="1.js"></script>', {"1.js": "a < b && c"}),
        ('<script defer data-x="1">a</script>', '<script src="1.js" data-x="1"></script>', {"1.js": "a"}),
        ('<SCRIPT type="module">a</SCRIPT\n>', '<script src="1.js" type="module"></script>', {"1.js": "a"}),
        ("<script> </script>", "", {}),
        ('<style media="print">p > a { color: red }</style>', '<link rel="stylesheet" href="1.css" media="print">', {"1.css": "p > a { color: red }"}),
        *(
            (same, same, {})
            for same in (
                '<script src="x.js"></script>',
                '<script type="application/ld+json">{"a": "<b>"}</script>',
                "<!-- <script>a</script> <p style='b'> -->",
                "<p title=\"style='a' onclick='b'\">&amp;&nbsp;&#20844;</p>",
                '<textarea>style="a"</textarea><p\nclass=a>1<br/>2',
            )
        ),
    ],
)  # fmt: skip
def test_scripts_and_styles_become_files_in_their_places(before: str, after: str, files: dict[str, str]) -> None:
    assert moved(f"{HEAD}甲\n{before}乙</body></html>") == (f"{HEAD}甲\n{after}乙</body></html>", files)


def test_style_attributes_and_handlers_become_one_file_of_the_page_each() -> None:
    body = """<p style="color: &quot;red&quot;" class="a&amp;b" hidden>1</p><br style='top:0'/><p style="top:0">2</p><a onclick="f('x')">3</a>"""
    page, files = moved(f"{HEAD}{body}")
    keys = dict.fromkeys(re.findall(r'data-gov-style="(\w+)"', page))
    assert len(keys) == 2
    red, top = keys
    assert files["1.css"] == (
        f'[data-gov-style="{red}"]:not(#_):not(#_){{color: "red"}}\n[data-gov-style="{top}"]:not(#_):not(#_){{top:0}}\n'
    )
    assert "element.onclick = function (event) { f('x') };" in files["2.js"]
    assert '<link rel="stylesheet" href="1.css">\n<script defer src="2.js"></script>\n</head>' in page
    assert f'<p data-gov-style="{red}" class="a&amp;b" hidden>1</p><br data-gov-style="{top}" />' in page


@pytest.fixture
def strict(project: Project) -> Project:
    project.write("conf.py", f"{CONF}govreport_strict_policy = True\ntemplates_path = ['_templates']\n")
    layout = '{%- extends "!layout.html" %}{% block extrahead %}<style>b { background: url(a.png) url("/b.png") }</style>{% endblock %}'
    project.write("_templates/layout.html", layout)
    project.report("suqian-2024")
    project.page("reports/a.md", "宿迁市", 2024)
    project.write("index.md", "# 首页\n\n```{toctree}\nreports/a\n```\n")
    return project


def linked(build: Build, name: str) -> set[Path]:
    page = (build.out / name).parent
    return {
        (page / address).resolve() for address in re.findall(r'(?:href|src)="([^"]*_static/govreport/[^"]*)"', build.text(name))
    }


@pytest.mark.parametrize(
    ("builder", "name"), [("html", "reports/a.html"), ("dirhtml", "reports/a/index.html"), ("singlehtml", "index.html")]
)
def test_no_page_has_anything_inside_and_all_files_are_there(strict: Project, builder: str, name: str) -> None:
    build = strict.build(builder)
    assert build.warnings == []
    pages = [path.relative_to(build.out).as_posix() for path in build.out.rglob("*.html")]
    assert name in pages
    used = set()
    for page in pages:
        assert INSIDE.findall(build.text(page)) == []
        used |= linked(build, page)
    assert used == {path.resolve() for path in build.out.joinpath("_static/govreport").iterdir()}


def test_pictures_in_styles_are_found_from_the_file(strict: Project) -> None:
    build = strict.build("html")
    styles = {path.read_text("utf-8") for path in linked(build, "reports/a.html") if "b.png" in path.read_text("utf-8")}
    assert styles == {'b { background: url(../../reports/a.png) url("/b.png") }'}


def test_the_plural_rule_is_that_of_the_language(strict: Project) -> None:
    for language, rule in (("zh_CN", "0"), ("de", "(n != 1)"), ("en", "n != 1")):
        build = strict.build(out=language, language=language)
        scripts = [path.read_text("utf-8") for path in linked(build, "index.html") if path.suffix == ".js"]
        assert [script for script in scripts if f"PLURAL_EXPR = (n) => Number({rule});" in script], language


def test_files_that_no_page_needs_any_more_are_removed(strict: Project) -> None:
    before = {path.name for path in strict.build().out.joinpath("_static/govreport").iterdir()}
    strict.write("_templates/layout.html", '{%- extends "!layout.html" %}')
    again = strict.build()
    assert {path.name for path in again.out.joinpath("_static/govreport").iterdir()} < before
    assert again.files() == {
        **strict.build(out="clean").files(),
        **{name: data for name, data in again.files().items() if "doctrees" in name},
    }
    strict.write("conf.py", CONF)
    assert list(strict.build().out.joinpath("_static/govreport").iterdir()) == []


def test_without_the_setting_nothing_is_moved(strict: Project) -> None:
    strict.write("conf.py", CONF)
    build = strict.build()
    assert INSIDE.search(build.text("index.html"))
    assert not build.out.joinpath("_static/govreport").exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh_CN", "govreport_strict_policy 不能与 template_bridge 同时使用"), ("en", "does not work together")],
)
def test_another_template_bridge_is_told(strict: Project, language: str, said: str) -> None:
    build = strict.build(template_bridge="sphinx.jinja2glue.BuiltinTemplateLoader", language=language)
    assert [line for line in build.warnings if said in line and "conf.py" in line and "[govreport.bad-config]" in line]
    assert len(build.warnings) == 1


@pytest.mark.parametrize("builder", ["epub", "govfragment", "latex"])
def test_other_outputs_are_left_alone(strict: Project, builder: str) -> None:
    build = strict.build(builder, **{f"{builder}_show_urls": "no"} if builder != "govfragment" else {})
    assert not build.out.joinpath("_static/govreport").exists()
