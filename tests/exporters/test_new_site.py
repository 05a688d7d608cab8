"""A new site builds immediately, lists the figures to fill in, and passes strictly when they are filled in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from lxml import html

from sphinx_govreport.cli import main
from tests.published import published, year_file

BIN = Path(sys.executable).parent


def build(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-q", *options, "-b", "html", ".", "_build/html"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    assert main(["new-site", str(folder), "--agency", "宿迁市", "--year", "2024"]) == 0
    return folder


def test_the_folder_may_be_named_as_every_output_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = ("--agency", "宿迁市", "--year", "2024")
    assert main(["new-site", *own, "-o", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site/conf.py").is_file()
    for wrong in ([], ["a", "-o", "b"]):
        with pytest.raises(SystemExit) as stop:
            main(["--language", "en", "new-site", *own, *wrong])
        assert stop.value.code == 2
        assert capsys.readouterr().err.endswith("error: Specify the folder of the site once: DIR or --output DIR.\n")


@pytest.mark.parametrize("arguments", [["-"], ["-o", "-"], ["--output", "/dev/stdout"]], ids=" ".join)
def test_a_site_is_not_printed(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["--language", "en", "new-site", "--agency", "某市某局", *arguments])
    assert stop.value.code == 2
    assert "A site consists of several files; specify a folder: --output DIR." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_agency_has_a_name_without_spaces_around_it(tmp_path: Path) -> None:
    assert main(["new-site", str(tmp_path / "site"), "--year", "2024", "--agency", " 宿迁市\u3000"]) == 0
    assert "\n机关: 宿迁市\n" in (tmp_path / "site/data/2024.yaml").read_text("utf-8")


def test_a_name_with_marks_is_quoted_in_the_page_and_stays_readable(tmp_path: Path) -> None:
    assert main(["new-site", str(tmp_path / "site"), "--agency", "某局: 一分局", "--year", "2024"]) == 0
    page = (tmp_path / "site/reports/2024.md").read_text("utf-8")
    assert 'govreport-agency: "某局: 一分局"\n' in page


def test_a_new_site_builds_and_says_what_is_to_be_filled_in(site: Path) -> None:
    run = build(site, "-n")
    assert run.returncode == 0
    assert run.stderr == (
        "data/2024.yaml:3:5: WARNING: 2024 年的数据尚未填写，共 166 项。请把每个“~”换成数据。 [govreport.not-filled]\n"
    )
    page = (site / "_build/html/reports/2024.html").read_text("utf-8")
    assert page.count("<table") == 3
    assert "宿迁市2024年政府信息公开工作年度报告" in page
    assert 'href="reports/2024.html"' in (site / "_build/html/index.html").read_text("utf-8")


def test_a_filled_site_passes_strictly(site: Path) -> None:
    (site / "data/2024.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    page = site / "reports/2024.md"
    text = page.read_text("utf-8")
    for prompt in re.findall(r"^\\\[.*\\\]$", text, flags=re.MULTILINE):
        text = text.replace(prompt, "本机关按照规定开展工作，没有收取信息处理费，主要问题是公开的深度还不够。")
    page.write_text(text, "utf-8")
    run = build(site, "-nW", "--keep-going")
    assert (run.returncode, run.stderr) == (0, "")
    assert "3525" in (site / "_build/html/reports/2024.html").read_text("utf-8")
    assert (site / "_build/html/datapackage.json").exists()


def test_its_pages_are_in_chinese_throughout(site: Path) -> None:
    """Header, search, footer and the page for missing addresses, without text about the tools."""
    (site / "data/2024.yaml").write_text(year_file(published("suqian-2024")), "utf-8")
    conf = site / "conf.py"
    address = "https://www.example.gov.cn/zwgk/"
    conf.write_text(conf.read_text("utf-8").replace('html_baseurl = ""', f'html_baseurl = "{address}"'), "utf-8")
    assert build(site, "-n").returncode == 0
    for name in ("index", "reports/2024", "search", "404"):
        tree = html.fromstring((site / f"_build/html/{name}.html").read_bytes())
        for script in tree.xpath("//script|//style"):
            script.drop_tree()
        shown = " ".join(
            [
                tree.text_content(),
                *tree.xpath(
                    "//@placeholder|//@aria-label|//@title[not(parent::a[contains(@class, 'headerlink')])]|//input[@type='submit']/@value"
                ),
            ]
        )
        # Sphinx has no Chinese translation of the sidebar's label
        assert set(re.findall("[A-Za-z]+", shown)) <= {"CSV", "JSON", "JavaScript", "Main"}, name
        assert tree.xpath("//header//a")[0].text == "宿迁市政府信息公开专栏"
        assert tree.xpath("//footer//p")[0].text == "主办单位：宿迁市"
        assert tree.xpath("//form[@role='search' or ../@role='search']//input[@type='text']/@placeholder") == ["搜索本站"]
        assert tree.xpath("//base/@href") == ([address] if name == "404" else [])


def test_the_commands_of_its_makefile_and_ci_are_there(site: Path) -> None:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    (site / ".venv/bin").mkdir(parents=True)
    for name in ("sphinx-build", "sphinx-govreport"):
        (site / ".venv/bin" / name).symlink_to(BIN / name)
    (site / ".venv/installed").touch()
    subprocess.run(["make", "html", "check"], cwd=site, check=True, capture_output=True, env=environment)
    github = yaml.safe_load((site / ".github/workflows/site.yml").read_text("utf-8"))
    gitlab = yaml.safe_load((site / ".gitlab-ci.yml").read_text("utf-8"))
    steps = [step["run"] for step in github["jobs"]["build"]["steps"] if "run" in step]
    scripts = [*gitlab["site"]["script"], *gitlab["pages"]["script"]]
    ours = [line for line in (*steps, *scripts) if line.startswith(("sphinx-", "python -m zipfile"))]
    assert len(ours) == 10
    for line in dict.fromkeys(ours):  # both have most of them
        lenient = line.replace("-nW", "-n").replace(" --strict", "")
        run = subprocess.run(["sh", "-c", lenient], cwd=site, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, (line, run.stderr)
    assert (site / "public/reports/2024.html").is_file()


@pytest.mark.parametrize("file", [".github/workflows/site.yml", ".gitlab-ci.yml"])
def test_its_ci_fails_on_warnings(site: Path, file: str) -> None:
    """Missing figures and prompts are warnings: both the check and the build fail."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    data = site / "data/2024.yaml"
    data.write_text(data.read_text("utf-8").replace("本年制发件数: ~", "本年制发件数: 1", 1), "utf-8")
    lines = re.findall(r"(?:run:|-) (sphinx-govreport .*check .*|sphinx-build .*)", (site / file).read_text("utf-8"))
    assert len(lines) == 2
    check, build = (
        subprocess.run(["sh", "-c", line], cwd=site, env=environment, capture_output=True, text=True) for line in lines
    )
    assert check.returncode == 1, check.stderr
    assert build.returncode == 1, build.stderr
    assert "0 个错误，6 个警告" in check.stderr  # each table and each prompt on the page


def test_its_data_fits_the_schema_beside_it(site: Path) -> None:
    schema = json.loads((site / "data/govreport-year.schema.json").read_text("utf-8"))
    jsonschema.validate(yaml.safe_load((site / "data/2024.yaml").read_text("utf-8")), schema)


def test_a_site_of_which_a_killed_command_wrote_a_part_is_completed(site: Path) -> None:
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    (site / "index.md").unlink()
    (site / "data/2024.yaml").unlink()
    assert main(["new-site", str(site), "--agency", "宿迁市", "--year", "2024"]) == 0
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_nothing_is_overwritten(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    (site / "conf.py").write_text("mine", "utf-8")
    (site / "index.md").unlink()
    with pytest.raises(SystemExit) as stopped:
        main(["new-site", str(site), "--agency", "甲", "--year", "2023"])
    assert stopped.value.code == 2
    assert "” already exists; choose another name." in capsys.readouterr().err
    assert not (site / "index.md").exists()
    assert not (site / "data/2023.yaml").exists()
    assert len(before) == 15


@pytest.mark.slow
@pytest.mark.parametrize("agency", ["\"'); import os #", "A: b [c] *d*", "{{x}} <b>&", "-1", "@year@"])
def test_any_name_makes_a_valid_site(agency: str, tmp_path: Path) -> None:
    assert main(["new-site", str(tmp_path / "s"), "--agency", agency, "--year", "2020"]) == 0
    run = build(tmp_path / "s", "-n")
    assert run.returncode == 0
    assert all("not-filled" in line for line in run.stderr.splitlines())
    page = html.fromstring((tmp_path / "s/_build/html/reports/2020.html").read_text("utf-8"))
    assert "".join(page.xpath("//h1//text()[not(ancestor::a)]")) == f"{agency}2020年政府信息公开工作年度报告"
    assert page.xpath("//footer//p")[0].text == f"主办单位：{agency}"


def test_a_year_without_a_form_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["new-site", str(tmp_path / "s"), "--agency", "甲", "--year", "2015"])
    assert "2015" in capsys.readouterr().err
    assert not (tmp_path / "s").exists()
