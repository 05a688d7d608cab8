"""Years that are not over, in a site: the finding depends on the day of the build, and no page changes with it."""

from __future__ import annotations

import pytest

from tests.conftest import Project
from tests.published import published, year_file

LAST_OF_2024, FIRST_OF_2025 = "1735689599", "1735689600"


@pytest.mark.parametrize("body", ["```{gov-disclosure-table}\n```\n", "```{gov-check-table}\n```\n"])
def test_a_warm_build_knows_what_year_it_is(project: Project, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    project.report("suqian-2024")
    project.page("index.md", "宿迁市", 2024, body)

    def warnings(epoch: str) -> list[str]:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        return project.build().warnings

    said = ["data/suqian-2024.yaml:2:7: WARNING: 报告年度是 2024 年，但这一年尚未结束，数据不可能完整。"]
    for epoch, expected in ((LAST_OF_2024, said), (LAST_OF_2024, said), (FIRST_OF_2025, []), (LAST_OF_2024, said)):
        found = warnings(epoch)
        assert [line.split("请改正")[0] for line in found] == expected
    warm = project.build().files()
    assert warm["index.html"] == project.build(out="clean").files()["index.html"]


def test_a_page_with_a_reason_does_not_change_with_the_calendar(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "explanations: {future-year: 本机关已于6月撤销。}\n"
    project.write("data/a.yaml", year_file(published("suqian-2024")) + reason)
    project.page("index.md", "宿迁市", 2024, "```{gov-disclosure-table}\n```\n\n```{gov-check-table}\n```\n")
    pages = []
    for epoch in (LAST_OF_2024, FIRST_OF_2025):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        build = project.build(out=epoch)
        assert build.warnings == []
        pages.append(build.text("index.html"))
    assert pages[0] == pages[1]
    assert "本机关已于6月撤销。" in pages[0]
