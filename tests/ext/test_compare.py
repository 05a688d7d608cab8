"""``:compare:``: last year's figures next to this year's, in the statutory table."""

from __future__ import annotations

import re

from lxml import html

from tests.conftest import Build, Project


def directive(tables: str, options: str = ":compare:\n") -> str:
    return f"```{{gov-disclosure-table}} {tables}\n{options}```\n"


def beside(build: Build) -> dict[str, str]:
    cells = html.fromstring(build.text("index.html")).xpath("//td[span[@class='gov-compare']]")
    return {re.sub(r"^gov-\w{12}-\d{4}-", "", cell.get("id")): cell.text_content() for cell in cells}


def test_the_year_before_stands_beside_each_figure_that_sums_up(years: Project) -> None:
    years.page("index.md", "宿迁市", 2024, directive(""))
    build = years.build()
    assert build.warnings == []
    told = beside(build)
    assert len(told) == 10 + 25 + 3, "all figures of table 二, the totals of tables 三 and 四"
    assert told["proactive-disclosure-fees-amount"] == "72701.2578（2023年：59237.2449，增长22.7%）"
    assert told["requests-received-total"] == "3525（2023年：3511，增长0.4%）"
    assert told["requests-results-refused-third-party-rights-total"] == "17（2023年：38，下降55.3%）"
    assert told["reviews-litigation-direct-total"].startswith("25（2023年：")
    plain = years.build(out="plain").text("index.html")
    assert html.fromstring(plain).xpath("//td//data/@value")[:3] == ["2", "1", "12"], "figures stay figures"


def test_a_zero_is_no_base(years: Project) -> None:
    path = years.folder / "data" / "suqian-2023.yaml"
    path.write_text(path.read_text("utf-8").replace("59237.2449", "0"), "utf-8")
    path = years.folder / "data" / "suqian-2024.yaml"
    text = path.read_text("utf-8")
    years.page("index.md", "宿迁市", 2024, directive("主动公开"))
    assert beside(years.build())["proactive-disclosure-fees-amount"] == "72701.2578（2023年：0，基数为0）"
    path.write_text(text.replace("72701.2578", "/"), "utf-8")
    build = years.build(govreport_severity={"not-applicable": "off", "carried-over": "off", "in-force": "off"})
    assert beside(build)["proactive-disclosure-fees-amount"] == "/（2023年：0）"
    path.write_text(text, "utf-8")
    path = years.folder / "data" / "suqian-2023.yaml"
    path.write_text(path.read_text("utf-8").replace("amount: 0", "amount:"), "utf-8")
    assert beside(years.build())["proactive-disclosure-fees-amount"] == "72701.2578（2023年：未填报）"


def test_another_year_can_be_named(years: Project) -> None:
    path = years.folder / "data" / "suqian-2023.yaml"
    path.rename(years.folder / "data" / "suqian-2022.yaml")
    path = years.folder / "data" / "suqian-2022.yaml"
    path.write_text(path.read_text("utf-8").replace("year: 2023", "year: 2022"), "utf-8")
    years.page("index.md", "宿迁市", 2024, directive("requests", ":compare: 2022\n"))
    build = years.build()
    assert build.warnings == []
    assert beside(build)["requests-received-total"] == "3525（2022年：3511，增长0.4%）"
    assert beside(build)["requests-results-not-processed-publication-total"] == "0（2022年：0，持平）"  # 2022 is not 上年


def test_years_of_two_forms_are_never_compared(years: Project) -> None:
    years.report("wendeng-commerce-2020")
    text = (years.folder / "data" / "suqian-2024.yaml").read_text("utf-8")
    years.write("data/2021.yaml", text.replace("宿迁市", "威海市文登区商务局").replace("year: 2024", "year: 2021"))
    years.page("index.md", "威海市文登区商务局", 2021, directive("requests"))
    build = years.build()
    assert [warning.partition("site/")[2] for warning in build.warnings] == [
        "index.md:7: WARNING: 2021年与2020年统计口径不同：requests。这些表格不作对比；请去掉 compare 选项。 [govreport.not-comparable]"
    ]
    assert beside(build) == {}
    years.page("index.md", "威海市文登区商务局", 2021, directive("依申请公开、主动公开"))
    (warning,) = years.build().warnings
    assert "2021年与2020年统计口径不同：依申请公开、主动公开。" in warning, "tables have the names that the page has for them"
    (warning,) = years.build(language="en").warnings
    assert "2021 and 2020 count differently: 依申请公开, 主动公开." in warning
    years.page("index.md", "威海市文登区商务局", 2021, directive(""))
    (warning,) = years.build(language="en").warnings
    assert "count differently: proactive-disclosure, requests, reviews." in warning, "or those of the year file"


def test_the_form_of_2019_has_its_own_changes(years: Project) -> None:
    years.report("wendeng-commerce-2020")
    text = (years.folder / "data" / "wendeng-commerce-2020.yaml").read_text("utf-8")
    years.write("data/2019.yaml", text.replace("year: 2020", "year: 2019"))
    years.page("index.md", "威海市文登区商务局", 2020, directive("") + directive("主动公开"))
    build = years.build()
    (warning,) = build.warnings
    assert warning.endswith(": 主动公开的表格本身就有上年数据。请去掉这个选项。 [govreport.not-comparable]")
    assert {key.partition("-")[0] for key in beside(build)} == {"requests", "reviews"}


def test_a_year_that_is_not_there_is_reported(years: Project) -> None:
    years.page("index.md", "宿迁市", 2023, directive("requests"))
    build = years.build()
    (warning,) = build.warnings
    assert "没有宿迁市2022年的年报" in warning
    assert len(html.fromstring(build.text("index.html")).xpath("//td")) == 25 * 7, "the table is printed all the same"


def test_every_builder_prints_the_comparison(years: Project) -> None:
    years.page("index.md", "宿迁市", 2024, directive(""))
    for builder in ("text", "latex", "man", "texinfo", "xml"):
        build = years.build(builder)
        assert build.warnings == [], builder
        written = "".join(
            path.read_text("utf-8", "replace")
            for path in build.out.rglob("*")
            if path.suffix in (".txt", ".tex", ".1", ".texi", ".xml")
        )
        assert "增长" in written, builder
    assert "3525（2023年：3511，" in re.sub(r"[\s|]", "", years.build("xml").text("index.xml"))


def test_the_page_is_read_again_when_last_year_changes(years: Project) -> None:
    years.page("index.md", "宿迁市", 2024, directive("requests"))
    years.write("other.md", "# 别页\n")
    years.build()
    path = years.folder / "data" / "suqian-2023.yaml"
    path.write_text(path.read_text("utf-8").replace("3511", "3512"), "utf-8")
    build = years.build(govreport_severity={"row-total": "off", "balance": "off", "carried-over": "off"})
    assert "index" in build.read
    assert beside(build)["requests-received-total"] == "3525（2023年：3512，增长0.4%）"
