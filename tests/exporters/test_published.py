"""Open data is described, and matches its description."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sphinx_govreport.cli import main
from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.exporters import EXPORTS
from sphinx_govreport.exporters.metadata import records_schema
from tests.conftest import CONF, Project
from tests.exporters.test_exports import made_up, read
from tests.published import NAMES, published, year_file

FORMS = statutory_forms()
LICENCE = 'govreport_license = "https://example.org/licence"\n'
PROFILES = "https://datapackage.org/profiles/2.0"
VALIDATOR = jsonschema.Draft202012Validator(records_schema(statutory_forms()))


@pytest.mark.parametrize("seed", range(30))
def test_exported_json_is_what_its_schema_says(seed: int) -> None:
    reports = [read(year_file(published(name))) for name in NAMES] + [read(made_up(random.Random(seed)))]  # noqa: S311
    VALIDATOR.validate(json.loads(str(EXPORTS["json"](reports, FORMS))))


def change(path: str, value: object) -> list[Any]:
    """Return an exported report with one change."""
    data: list[Any] = json.loads(str(EXPORTS["json"]([read(year_file(published("suqian-2024")))], FORMS)))
    *keys, last = path.split(".")
    place: Any = data[0]
    for key in keys:
        place = place[int(key) if key.isdecimal() else key]
    place[last] = value
    return data


@pytest.mark.parametrize(("path", "value"), [
    ("year", "2024"), ("agency", ""), ("forms.budget", "2021"), ("figures.0.value", 2), ("figures.0.value", "012"),
    ("figures.0.value", "1e3"), ("figures.0.status", "blank"), ("figures.0.status", "none"), ("figures.0.table", "budget"),
    ("figures.0.more", ""), ("notes.reviews", "text"),
])  # fmt: skip
def test_what_is_no_export_fails(path: str, value: object) -> None:
    assert list(VALIDATOR.iter_errors(change(path, value)))


def test_the_command_writes_the_schema(tmp_path: Path) -> None:
    target = tmp_path / "schema.json"
    assert main(["schema", "--records", "--output", str(target)]) == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(target.read_text("utf-8")))
    assert json.loads(target.read_text("utf-8")) == records_schema(statutory_forms())


def check_package(folder: Path) -> dict[str, Any]:
    """Check that every file of a package matches its description: bytes, hash, columns, and each cell of each row."""
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["$schema"] == f"{PROFILES}/datapackage.json"
    assert "profile" not in package
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert all(contributor.keys() == {"title", "roles"} for contributor in package["contributors"])
    for resource in package["resources"]:
        body = (folder / resource["path"]).read_bytes()
        assert (resource["$schema"], resource["type"]) == (f"{PROFILES}/dataresource.json", "table")
        assert resource["dialect"]["$schema"] == f"{PROFILES}/tabledialect.json"
        assert resource["schema"]["$schema"] == f"{PROFILES}/tableschema.json"
        assert "profile" not in resource
        assert resource["bytes"] == len(body)
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
        assert reader.fieldnames == [*fields]
        for row in reader:
            for name, cell in row.items():
                constraints = fields[name]["constraints"]
                assert cell or not constraints["required"]
                assert not cell or cell in constraints.get("enum", [cell])
                assert not cell or re.fullmatch(constraints.get("pattern", r"[^\0]*"), cell)
    return package


def test_a_data_package_describes_all_years(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in NAMES:
        (data / f"{name}.yaml").write_text(year_file(published(name)), "utf-8")
    (data / "extra.yaml").write_text(made_up(random.Random(7)), "utf-8")  # noqa: S311
    assert main(["export", str(data), "--to", "datapackage", "--output", str(tmp_path / "out")]) == 0
    package = check_package(tmp_path / "out")
    assert len(package["resources"]) == len(NAMES) + 1
    assert package["title"].endswith("等政府信息公开工作年度报告（2019–2025年）")
    assert {source["title"] for source in package["sources"]} == {"国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号"}


def package_of(tmp_path: Path, **files: str) -> Path:
    """Return a folder with the data package of year files."""
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    for name, written in files.items():
        (data / f"{name}.yaml").write_text(written, "utf-8")
    assert main(["export", str(data), "--to", "datapackage", "--output", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def test_a_data_package_has_a_file_for_each_report(tmp_path: Path) -> None:
    files = {}
    for name, agency, count in (("a", "西湖镇水利局", "50"), ("b", "南北市应急管理局", "51")):  # hashes that begin alike
        written = year_file(published("suqian-2024")).replace("agency: 宿迁市", f"agency: {agency}")
        files[name] = written.replace("issued: 50", f"issued: {count}")
    folder = package_of(tmp_path, **files)
    resources = check_package(folder)["resources"]
    assert sorted(path.name for path in folder.glob("*.csv")) == ["gov-5fffa11a1895-2024.csv", "gov-5fffa1a4d1a1-2024.csv"]
    rows = {(folder / one["path"]).read_text("utf-8-sig").splitlines()[4] for one in resources}
    row = "{},2024,2021,proactive-disclosure,normative-documents.issued,主动公开政府信息情况,行政规范性文件·本年制发件数,{},number,件,"
    assert rows == {row.format("西湖镇水利局", 50), row.format("南北市应急管理局", 51)}


def test_a_data_package_says_who_made_it_and_changes_only_with_its_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    files = {name: year_file(published(f"suqian-{name}")) for name in ("2023", "2024")}
    package = check_package(package_of(tmp_path, **files))
    assert (package["version"], package["contributors"]) == ("2024.2.0", [{"title": "宿迁市", "roles": ["creator"]}])
    assert "created" not in package  # not the time of the clock: the same reports give the same file
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1737336600")
    files["2023"] += (
        "corrections:\n  - {date: 2025-03-10, figure: reviews.reconsideration.upheld, before: 0, after: 265, reason: 漏计}\n"
    )
    package = check_package(package_of(tmp_path, **files))
    assert (package["version"], package["created"]) == ("2024.2.1", "2025-01-20T01:30:00Z")


@pytest.mark.slow
def test_frictionless_finds_nothing_wrong_with_a_data_package(tmp_path: Path) -> None:
    files = {name: year_file(published(name)) for name in NAMES} | {"extra": made_up(random.Random(7))}  # noqa: S311
    folder = package_of(tmp_path, **files)
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    report = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)
    assert (report["valid"], report["stats"]["tasks"]) == (True, len(files))
    for task in report["tasks"]:
        assert (task["errors"], task["warnings"]) == ([], [])


def test_a_site_describes_its_files(project: Project) -> None:
    project.write(
        "conf.py", f'{CONF}suppress_warnings = ["toc.not_included"]\ngovreport_downloads = ["csv", "json"]\n{LICENCE}'
    )
    for name in ("suqian-2023", "suqian-2024"):
        project.report(name)
        project.page(f"reports/{name}.md", "宿迁市", int(name[-4:]))
    project.write("index.md", "# 首页\n")
    build = project.build()
    package = check_package(build.out)
    assert package["licenses"] == [{"path": "https://example.org/licence"}]
    assert [resource["path"].partition("/")[0] for resource in package["resources"]] == ["reports", "reports"]
    assert json.loads(build.text("govreport-records.schema.json")) == records_schema(statutory_forms())
    (project.folder / "reports/suqian-2023.md").unlink()
    assert len(json.loads(project.build().text("datapackage.json"))["resources"]) == 1
