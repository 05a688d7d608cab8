"""Troubleshooting: every symptom on the page occurs, in both languages, and its solution removes it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docutils import nodes

from sphinx_govreport.cli.rules import RULES
from tests.conftest import Project
from tests.docs.editions import DOCS, LANGUAGES, doctree_of

sys.path.insert(0, str(DOCS / "_ext"))

from govdocs.symptoms import symptom

pytestmark = pytest.mark.once

PAGE = "guides/troubleshooting"
SOURCE = (DOCS / f"{PAGE}.md").read_text("utf-8")
QUOTED = re.findall(r"^```text\n(.+)\n```$", SOURCE, flags=re.MULTILINE)
BACKTICKS = "```{gov-disclosure-table} requests\n:name: tab-requests\n```\n"
COLONS = BACKTICKS.replace("```", ":::")
AGENCY = "宿迁市"
NOWHERE = ("https://www.example.gov.cn/east/", "missing.inv")


def test_the_page_prints_what_the_product_prints(tmp_path: Path) -> None:
    english, chinese = (
        [block.astext().rstrip("\n") for block in doctree_of(PAGE, language, tmp_path / language).findall(nodes.literal_block)]
        for language in LANGUAGES
    )
    wanted = re.findall(r"^```(?:\{govdocs-symptom\} (\S+)|text\n(.+))\n```$", SOURCE, flags=re.MULTILINE)
    assert english == [symptom(name, "en") if name else quoted for name, quoted in wanted]
    assert all(english)
    for (_name, quoted), block in zip(wanted, chinese, strict=True):
        assert block == quoted if quoted else re.search("[一-鿿]", block)


def test_every_problem_has_its_parts() -> None:
    problems = re.split(r"^### .+$", SOURCE, flags=re.MULTILINE)[1:]
    assert len(problems) > 20
    for problem in problems:
        assert ("**Symptom.**" in problem) == ("```" not in problem)
        assert "**Cause.**" in problem
        assert "**Solution.**" in problem


@pytest.fixture
def site(project: Project) -> Project:
    """A site with one report."""
    project.report("suqian-2024")
    project.page("index.md", AGENCY, 2024, BACKTICKS)
    return project


def warnings(site: Project, **settings: object) -> list[str]:
    found = site.build(**settings).warnings
    return [line.replace(f"{os.path.realpath(site.folder)}/", "") for line in found]


def test_colons_without_the_extension_are_text(site: Project) -> None:
    site.page("index.md", AGENCY, 2024, COLONS)
    build = site.build(myst_enable_extensions=[])
    (told,) = build.warnings
    assert told.endswith('用“:::”的，要在 conf.py 中写 myst_enable_extensions = ["colon_fence"]。 [govreport.unread-markup]')
    assert "`:::{gov-disclosure-table} requests`" in SOURCE
    assert ":::{gov-disclosure-table} requests" in build.text("index.html")
    assert ":::" not in site.build().text("index.html")


def test_a_site_without_the_extension(site: Project) -> None:
    assert [re.sub(":[0-9]+:", ":6:", line) for line in warnings(site, extensions=["myst_parser"])] == [QUOTED[0]]


def test_a_site_without_markdown(site: Project) -> None:
    site.write("conf.py", 'extensions = ["sphinx_govreport"]\n')
    command = [sys.executable, "-m", "sphinx", "-q", str(site.folder), str(site.folder / "_build")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode
    assert QUOTED[1].replace("…", os.path.realpath(site.folder)) in done.stderr


def test_a_reference_prints_the_caption(site: Project) -> None:
    site.page("index.md", AGENCY, 2024, f"{BACKTICKS}\n见 {{numref}}`tab-requests`。\n")
    link = r'<a class="reference internal" href="#tab-requests"><span class="std std-numref">(.*?)</span>'
    assert re.findall(link, site.build().text("index.html")) == ["宿迁市2024年收到和处理政府信息公开申请情况"]
    assert re.findall(link, site.build(govreport_numbered=True).text("index.html")) == ["表 1"]


def test_other_pages_keep_their_navigation(site: Project) -> None:
    site.write("index.md", "# Site\n\n```{toctree}\na\nb\n```\n")
    site.write("a.md", "# Before\n")
    site.write("b.md", "# Other\n")
    site.build()
    changed = site.write("a.md", "# After\n")
    os.utime(changed, ns=(2**62, 2**62))
    build = site.build()
    assert build.read == ["a"]
    assert "Before" in build.text("b.html")
    shutil.rmtree(build.out)
    assert "After" in site.build().text("b.html")


def test_latex_is_not_installed(site: Project, tmp_path: Path) -> None:
    site.build("latex", out="_build")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("make", "sh"):
        (bin_folder / name).symlink_to(str(shutil.which(name)))
    command = [sys.executable, "-m", "sphinx", "-M", "latexpdf", str(site.folder), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PATH": str(bin_folder)})
    assert done.returncode
    assert QUOTED[2] in re.sub(r"make\[\d+\]", "make", done.stderr)


def test_text_that_lost_its_mark(site: Project) -> None:
    output = site.folder / "2024.csv"
    command = [sys.executable, "-m", "sphinx_govreport", "export", str(site.folder / "data"), "--to", "csv", "-o", str(output)]
    subprocess.run(command, check=True)
    assert output.read_bytes().startswith("\ufeff".encode())
    assert f"`{'机关'.encode().decode('gbk')}`" in SOURCE


@pytest.mark.parametrize(("settings", "found"), [({}, True), ({"language": "en"}, False), ({"govreport_search": False}, False)])
def test_the_search_of_a_site_that_is_not_chinese(settings: dict[str, object], found: bool, site: Project) -> None:
    site.write("index.md", "# 规范性文件清理\n")
    terms = json.loads(site.build(**settings).text("searchindex.js").removeprefix("Search.setIndex(").removesuffix(")"))
    assert ("规范" in terms["titleterms"]) == found


def test_another_site_without_inventory(site: Project) -> None:
    settings = {
        "extensions": ["myst_parser", "sphinx_govreport", "sphinx.ext.intersphinx"],
        "intersphinx_mapping": {"east": NOWHERE},
    }
    assert QUOTED[3] in warnings(site, **settings)[0]


def test_a_shallow_clone_gets_its_history(site: Project, tmp_path: Path) -> None:
    git = "git -c user.name=a -c user.email=a@example.org -c init.defaultBranch=main"
    script = f"""set -e
{git} init -q; {git} add .; {git} commit -q -m 2024; {git} tag published; {git} commit -q --allow-empty -m 2025
{git} clone -q --depth 1 file://$PWD {tmp_path}/clone; cd {tmp_path}/clone
{sys.executable} -m sphinx_govreport check --against published data && exit 1
{git} fetch -q --unshallow --tags
{sys.executable} -m sphinx_govreport check --against published --severity reviews-total=off data
"""
    done = subprocess.run(["sh", "-c", script], cwd=site.folder, capture_output=True, text=True)
    assert "“published” is not in this shallow clone." in done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_on_the_page_exist() -> None:
    assert set(re.findall(r"govreport-ignore: ([a-z-]+)", SOURCE)) <= set(RULES)
    assert set(re.findall(r'govreport_severity = \{"([a-z-]+)"', SOURCE)) <= set(RULES)
