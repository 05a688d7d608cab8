"""``check --against`` a pack: changes since it was packed, as printed on its pages."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_govreport.packs.archive import ArchiveEntry, moment_of, write_archive
from tests.conftest import CONF, Project
from tests.packs.conftest import Run
from tests.published import published, year_file

Change = Callable[..., None]
OFF = [part for rule in ("carried-over", "jump", "not-filled") for part in ("--severity", f"{rule}=off")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with reports of two forms, with one table of a third on a page, and one on no page. Returns its HTML."""
    project = Project(tmp_path_factory.mktemp("made") / "site")
    project.write("conf.py", f'{CONF}suppress_warnings = ["toc.not_included"]\n')
    project.quiet()
    for name in ("suqian-2023", "suqian-2024", "shanghai-municipal-office-2019", "test-city-2025"):
        project.report(name)
    text = year_file(published("suqian-2024")).replace("total: 3525", "total: {value: 3525, note: 含代理}")
    project.write("data/suqian-2024.yaml", text)
    project.write("index.md", "# 首页\n")
    project.page("2024.md", "宿迁市", 2024, "```{gov-disclosure-table}\n:zero: 零\n:compare: 2023\n```\n")
    project.page("2023.md", "宿迁市", 2023, "```{gov-disclosure-table} reviews\n```\n")
    project.page("2019.md", "上海市人民政府办公厅", 2019)
    return project.build().out


@pytest.fixture
def change(made: Path, run: Run) -> Change:
    """``site.zip`` and its year files in the folder of the test; changes a file."""
    shutil.copytree(made.parents[1] / "site/data", "data")
    assert run("pack", made, "-o", "site.zip")[0] == 0

    def change(name: str, old: str, new: str) -> None:
        path = Path(f"data/{name}.yaml")
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def silent(run: Run, *data: str) -> list[tuple[str, str, str]]:
    """Return label, published number and current number of each figure that was changed without a correction."""
    out = run("check", *(data or ("data",)), "--against", "site.zip", *OFF)[1]
    return re.findall(r"error: (.+?) was published as (.+?), but is now (.+?), without a correction", out)


def test_what_is_as_it_was_packed_is_no_finding(change: Change, run: Run) -> None:
    assert silent(run) == []
    assert "Compared with site.zip: 4 reports." in run("check", "data", "--against", "site.zip", *OFF)[2]
    for name in ("suqian-2023", "suqian-2024", "shanghai-municipal-office-2019", "test-city-2025"):
        change(name, "agency:", "# 换行\nagency:")
    assert silent(run) == [], "every figure is read from the pages as it was: zeros, units, signs, blanks"


def test_what_pages_print_was_published(change: Change, run: Run) -> None:
    change("suqian-2024", "natural-person: 3440", "natural-person: 3441")
    change("suqian-2024", "amount: 72701.2578", "amount: 72701.3")
    change("suqian-2024", "public-interest-organisation: 0", "public-interest-organisation: /")
    change("shanghai-municipal-office-2019", "unit: 元", "unit: 万元")
    assert silent(run) == [
        ("政府集中采购·采购总金额", "251000元", "251000万元"),
        ("行政事业性收费·本年收费金额", "72701.2578", "72701.3"),
        ("本年新收政府信息公开申请数量·自然人", "3440", "3441"),
        ("上年结转政府信息公开申请数量·社会公益组织", "0", "not applicable"),
    ]
    assert len(silent(run, "data/suqian-2024.yaml")) == 3


def test_what_no_page_prints_was_not_published(change: Change, run: Run) -> None:
    change("suqian-2023", "natural-person:", "natural-person: 99 #")
    change("test-city-2025", "natural-person:", "natural-person: 99 #")
    assert silent(run) == []
    change("suqian-2023", "upheld:", "upheld: 9 #")
    assert [found[2] for found in silent(run)] == ["9"]


def test_a_correction_tells_a_change(change: Change, run: Run) -> None:
    change("suqian-2024", "amount: 72701.2578", "amount: 72701.3")
    entry = (
        "{date: 2025-03-10, figure: 主动公开.行政事业性收费.收费金额, before: 72701.2578, after: 72701.3, reason: 四舍五入。}"
    )
    change("suqian-2024", "reviews:", f"corrections:\n  - {entry}\nreviews:")
    assert silent(run) == []


def test_a_report_that_is_gone_is_said(change: Change, run: Run) -> None:
    Path("data/suqian-2024.yaml").unlink()
    Path("data/test-city-2025.yaml").unlink()  # it was on no page
    out = run("check", "data", "--against", "site.zip", *OFF)[1]
    assert re.findall(r"(\S+): warning: (.*) \[withdrawn-report\]", out) == [
        (
            "data/suqian-2024.yaml:1:1",
            "The report of 宿迁市 for 2024 was published, but no longer exists. Restore the year file.",
        )
    ]
    Path("data/suqian-2023.yaml").rename("data/suqian-2023[1].yaml")  # the marks of a pattern
    assert "withdrawn" not in run("check", "data/suqian-2023[1].yaml", "--against", "site.zip", *OFF)[1], "nobody asked for it"


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"agency": "\ud800", "year": 2024},
        *({"agency": "宿迁市", "year": year} for year in (float("inf"), 2024.5, True, [2024])),
    ],
)
def test_a_pack_that_somebody_else_has_made_is_not_trusted(change: Change, run: Run, report: dict[str, object]) -> None:
    checks = {"counts": {}, "reports": [{"path": "a.yaml", "sha256": "0", **report}], "findings": []}
    with Path("site.zip").open("wb") as file:
        write_archive(file, [ArchiveEntry.of_bytes("CHECKS.json", json.dumps(checks).encode())], moment_of(""))
    assert run("pack", "--verify", "site.zip")[0] == 0
    code, out, err = run("check", "data", "--against", "site.zip")
    assert (code, out, "“site.zip” is not a pack, or was changed after packing; nothing was compared." in err) == (2, "", True)


@pytest.mark.parametrize("number", ["sNaN", "NaN", "-Infinity", "1e99999", "0x1"])
def test_what_is_no_number_on_a_page_was_not_filled_in(change: Change, run: Run, number: str) -> None:
    with zipfile.ZipFile("site.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.startswith("MANIFEST")}
    files["2024.html"] = files["2024.html"].replace(b'value="3440"', f'value="{number}"'.encode(), 1)
    with Path("site.zip").open("wb") as file:
        write_archive(file, list(map(ArchiveEntry.of_bytes, files, files.values())), moment_of(""))
    change("suqian-2024", "agency:", "# 换行\nagency:")
    assert silent(run) == [("本年新收政府信息公开申请数量·自然人", "not filled in", "3440")]


def test_what_is_no_pack_or_a_changed_one_is_not_compared_with(change: Change, run: Run) -> None:
    with Path("site.zip").open("ab") as file:
        file.write(b"\n")
    for name in ("site.zip", "data/suqian-2024.yaml"):
        code, out, err = run("check", "data", "--against", name)
        assert (code, out) == (2, "")
        assert f"{name}: error: " in err
        assert f"“{name}” is not a pack, or was changed after packing; nothing was compared." in err


def test_a_report_that_two_files_have_is_not_gone(change: Change, run: Run) -> None:
    change("suqian-2024", "natural-person: 3440", "natural-person: 3441")
    Path("data/again.yaml").write_bytes(Path("data/suqian-2024.yaml").read_bytes())
    out = run("check", "data", "--against", "site.zip", *OFF)[1]
    assert re.findall(r"\[(duplicate-report|withdrawn-report|silent-change)\]", out) == ["duplicate-report"]
