"""The documentation's package adds a rule, an importer and an exporter; a broken package is reported without other failures."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.core.tables.table import report_title, table_of
from tests.conftest import Project
from tests.core.test_checks import untouched
from tests.docs.editions import DOCS

SOUND = (DOCS / "_ext/govdocs/sound.yaml").read_text("utf-8")
REFUSED = (
    "refused: {state-secret: [3, 1, 0, 0, 0, 0], prohibited-by-law: 0, endangers-security: 0, third-party-rights: 0, internal-affairs: 0, "
    "deliberative-process: 0, enforcement-file: 0, administrative-inquiry: 0}"
)
YEAR_FILE = SOUND.replace("granted: [3, 1, 0, 0, 0, 0, 4]", "granted: 0").replace("refused: 0", REFUSED)

Run = Callable[..., subprocess.CompletedProcess[str]]


def blocks() -> dict[str, str]:
    """Return the files of the package, as printed on the page."""
    page = (DOCS / "guides/plugins.md").read_text("utf-8")
    return dict(re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))


def installed(folder: Path, module: str) -> None:
    """Install the package like pip: its module, and its entry points next to it."""
    about = tomllib.loads(blocks()["pyproject.toml"])["project"]
    (folder / "govreport_province.py").write_text(module, "utf-8")
    info = folder / "govreport_province-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n", "utf-8")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in about["entry-points"].items()
    )
    (info / "entry_points.txt").write_text("\n".join(groups), "utf-8")


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    return folder


@pytest.fixture
def run(packages: Path, project: Project) -> Run:
    """Run Python in the site's folder, with the package on its path."""
    project.write("data/2024.yaml", YEAR_FILE)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(filter(None, (str(packages), os.environ.get("PYTHONPATH"), str(DOCS.parent))))
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(
            command, cwd=project.folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def test_its_rule_is_one_like_ours(run: Run, packages: Path) -> None:
    installed(packages, blocks()["govreport_province.py"])
    said = run("sphinx_govreport", "check", "data").stdout
    found = "4 of 4 results are refusals. If it is correct, give the reason: “explanations: {refusals: …}”. [refusals]"
    assert re.fullmatch(rf"data/2024.yaml:\d+:\d+: warning: {re.escape(found)}\n", said)
    assert "4 件结果中有 4 件不予公开。" in run("sphinx_govreport", "--language", "zh_CN", "check", "data").stdout
    assert run("sphinx_govreport", "check", "--severity", "refusals=off", "data").stdout == ""
    assert run("sphinx_govreport", "check", "--severity", "refusals=error", "data").returncode == 1
    assert run("sphinx_govreport", "check", "--jobs", "2", "data").stdout == said
    (rule,) = json.loads(run("sphinx_govreport", "check", "--format", "sarif", "data").stdout)["runs"][0]["tool"]["driver"][
        "rules"
    ]
    assert rule["help"]["text"] == "Readers and courts will ask why. Check that the results are in the right rows."


def test_its_rule_is_explained_and_listed(run: Run, packages: Path) -> None:
    installed(packages, blocks()["govreport_province.py"])
    said = run("sphinx_govreport", "--language", "zh_CN", "explain", "refusals").stdout
    assert said == (
        "refusals\n========\n一半以上的办理结果是不予公开。\n公众和法院会问原因。\n\n怎么办：请核对结果是否填错了行。\n"
        "级别：警告；可用 govreport_severity 或 --severity 另选。\n"
    )
    assert "\nrefusals             More than half of the results are refusals.\n" in run("sphinx_govreport", "explain").stdout


def test_its_documents_are_read(run: Run, packages: Path, project: Project) -> None:
    installed(packages, blocks()["govreport_province.py"])
    report, forms = untouched("suqian-2024"), statutory_forms()
    tables = []
    for table in (table_of(report, forms, name) for name in report.figures):
        rows = [[""] * table.layout.width for _line in table.layout.lines]
        for row, line in zip(rows, table.layout.lines, strict=True):
            for cell in line:
                row[cell.column] = table.shown(cell)
        tables.append(rows)
    project.write("old.json", json.dumps({"title": report_title(report, forms), "tables": tables}))
    done = run("sphinx_govreport", "import", "old.json", "-o", "old.yaml")
    assert (done.returncode, done.stdout) == (0, "old.yaml\n"), done.stderr
    assert "[3440, 75, 0, 1, 6, 3" in (project.folder / "old.yaml").read_text("utf-8")
    project.write("bad.json", "[]")
    assert "The importer “cms” has failed: TypeError" in run("sphinx_govreport", "import", "bad.json").stderr


def test_its_files_are_written(run: Run, packages: Path, project: Project) -> None:
    installed(packages, blocks()["govreport_province.py"])
    assert run("sphinx_govreport", "export", "data", "--to", "totals").stdout == "某市某局\t2024\t4\n"
    (packages / "govreport_province.py").write_text(
        blocks()["govreport_province.py"].replace("one.agency", "one.name"), "utf-8"
    )
    done = run("sphinx_govreport", "export", "data", "--to", "totals")
    assert done.returncode == 2
    assert "The plug-in “govreport_province:write_totals” has failed: AttributeError" in done.stderr


def test_a_site_has_its_check_and_its_files(run: Run, packages: Path, project: Project) -> None:
    installed(packages, blocks()["govreport_province.py"])
    project.page("index.md", "某市某局", 2024, "```{gov-disclosure-table}\n```\n\n```{gov-check-table}\n```\n")
    with (project.folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('govreport_downloads = ["totals"]\n')
    for _build in range(2):  # also if nothing is out of date
        done = run("sphinx", "-q", ".", "_build")
        assert re.fullmatch(
            r"data/2024.yaml:\d+: WARNING: 4 件结果中有 4 件不予公开。如果数据无误，请写明原因：“explanations: \{refusals: …\}”。 \[govreport.refusals\]\n".replace(
                r"\d+:", r"\d+(?::\d+)?:"
            ),
            done.stderr.replace(f"{project.folder}/", ""),
        ), done.stderr
    page = (project.folder / "_build/index.html").read_text("utf-8")
    assert "不予公开不超过办理结果的一半" in page
    (link,) = re.findall(r'href="([^"]+\.tsv)"', page)
    assert (project.folder / "_build" / link).read_text("utf-8") == "某市某局\t2024\t4\n"
    project.write("data/2024.yaml", f"{YEAR_FILE}explanations: {{refusals: 均涉及国家秘密。}}\n")
    assert run("sphinx", "-q", ".", "_build").stderr == ""
    assert "均涉及国家秘密。" in (project.folder / "_build/index.html").read_text("utf-8")


def test_no_page_links_to_a_file_that_could_not_be_written(run: Run, packages: Path, project: Project) -> None:
    installed(packages, blocks()["govreport_province.py"])
    project.page("2024.md", "某市某局", 2024, "```{gov-disclosure-table}\n```\n")
    project.write("index.md", "# 年报\n\n```{gov-report-list}\n```\n\n```{toctree}\n2024\n```\n")
    with (project.folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('govreport_downloads = ["csv", "totals"]\n')
    run("sphinx", "-q", ".", "_build")
    pages = ("index.html", "2024.html")
    html = [(project.folder / "_build" / page).read_text("utf-8") for page in pages]
    assert all(re.findall(r'href="[^"]+\.(csv|tsv)"', page) == ["csv", "tsv"] for page in html)
    module = blocks()["govreport_province.py"].replace("one.agency", "one.name")
    (packages / "govreport_province.py").write_text(module, "utf-8")
    done = run("sphinx", "-q", ".", "_build")
    assert done.stderr.count("插件“govreport_province:write_totals”运行出错：AttributeError") == 1
    for page in pages:
        assert re.findall(r'href="[^"]+\.(csv|tsv)"', (project.folder / "_build" / page).read_text("utf-8")) == ["csv"], page
    assert not list((project.folder / "_build").glob("*.tsv")), "the figures of the last build would be out of date"
    done = run("sphinx_govreport", "pack", "_build", "-o", "site.zip")
    assert done.returncode == 1
    assert "插件“govreport_province:write_totals”运行出错：AttributeError" in done.stderr


BROKEN = {
    "import govreport_nowhere\n": "ModuleNotFoundError: No module named 'govreport_nowhere'",
    "FAMILY = CMS = TOTALS = 5\n": "TypeError: int is not ",
    "": "AttributeError: module 'govreport_province' has no attribute ",
    "def broken(:\n": "SyntaxError: ",
}


@pytest.mark.parametrize("module", BROKEN)
def test_a_broken_package_is_told_and_the_rest_works(module: str, run: Run, packages: Path, project: Project) -> None:
    installed(packages, module)
    said = f"govreport-province 1.0: error: The plug-in “govreport_province:{{}}” cannot be used: {BROKEN[module]}"
    done = run("sphinx_govreport", "check", "data")
    assert done.stdout.startswith(said.format("FAMILY"))
    assert done.stdout.endswith("Correct the package, or uninstall it. [bad-plugin]\n")
    assert done.returncode == 1
    assert said.format("FAMILY") in run("sphinx_govreport", "explain", "balance").stderr
    done = run("sphinx_govreport", "export", "data", "--to", "csv")
    assert said.format("TOTALS") in done.stderr
    assert "某市某局" in done.stdout
    project.page("index.md", "某市某局", 2024)
    done = run("sphinx", "-q", ".", "_build")
    assert "插件“govreport_province:FAMILY”无法使用" in done.stderr
    assert "[govreport.bad-plugin]" in done.stderr
    assert (project.folder / "_build/index.html").is_file()


@pytest.mark.parametrize("name", ["carried-over", "prose-figure"])
def test_a_rule_or_a_format_with_a_name_of_ours_is_refused(name: str, run: Run, packages: Path) -> None:
    """It would have our severity and our explanation, or never be written."""
    module = blocks()["govreport_province.py"]
    assert '"refusals"' in module
    assert '"totals"' in module
    installed(packages, module.replace('"refusals"', f'"{name}"').replace('"totals"', '"csv"'))
    done = run("sphinx_govreport", "check", "data")
    said = "govreport-province 1.0: error: The plug-in “govreport_province:{}” cannot be used: there is another “{}”."
    assert done.stdout.startswith(said.format("FAMILY", name))
    assert "refusals" not in done.stdout
    assert done.returncode == 1
    done = run("sphinx_govreport", "export", "data", "--to", "csv")
    assert done.stderr.startswith(said.format("TOTALS", "csv"))
    assert done.stdout.startswith("\ufeffagency,"), "the format is ours"


@pytest.mark.parametrize(("body", "reason"), [("1 / 0", "ZeroDivisionError"), ("yield 5", "TypeError: int is not Outcome")])
def test_a_check_that_fails_is_told_at_the_report(body: str, reason: str, run: Run, packages: Path) -> None:
    broken = re.sub(
        r"(def check_refusals\(subject\):\n).*?\n\n",
        rf"\1    {body}\n    yield\n\n",
        blocks()["govreport_province.py"],
        flags=re.DOTALL,
    )
    installed(packages, broken)
    done = run("sphinx_govreport", "check", "data")
    assert done.stdout.startswith(f"data/2024.yaml:1:1: error: The check of refusals has failed: {reason}")
    assert done.returncode == 1
