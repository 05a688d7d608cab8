"""The browser's accessibility tree, which screen readers use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from lxml import html
from lxml.html import HtmlElement

from sphinx_govreport.core.tables.table import figure_ident, table_ident
from tests.browser.conftest import THEMES, Opener, Site, grouped
from tests.conftest import CONF, Project
from tests.ext.test_local_forms import ONE_TABLE
from tests.published import published, report_key, year_file

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ITEM_1 = "第二十条第（一）项"
APPLICANTS = "申请人情况"
BODIES = f"{APPLICANTS} → 法人或其他组织"
RESULTS = "三、本年度办理结果"
REFUSED = f"{RESULTS} → （三）不予公开"
UNABLE = f"{RESULTS} → （四）无法提供"
NOT_PROCESSED = f"{RESULTS} → （五）不予处理"
OTHER = f"{RESULTS} → （六）其他处理"
#: by the figure's key path: its row, its column, its text
CELLS = {
    "proactive-disclosure.rules.in-force": ("规章", f"{ITEM_1} → 现行有效件数", "12"),
    "proactive-disclosure.normative-documents.issued": ("行政规范性文件", f"{ITEM_1} → 本年制发件数", "50"),
    "proactive-disclosure.licensing.decisions": ("行政许可", "第二十条第（五）项 → 本年处理决定数量", "1573179"),
    "proactive-disclosure.penalties.decisions": ("行政处罚", "第二十条第（六）项 → 本年处理决定数量", "2676474"),
    "proactive-disclosure.fees.amount": ("行政事业性收费", "第二十条第（八）项 → 本年收费金额（单位：万元）", "72701.2578"),
    "requests.received.natural-person": ("一、本年新收政府信息公开申请数量", f"{APPLICANTS} → 自然人", "3440"),
    "requests.received.total": ("一、本年新收政府信息公开申请数量", f"{APPLICANTS} → 总计", "3525"),
    "requests.carried-in.enterprise": ("二、上年结转政府信息公开申请数量", f"{BODIES} → 商业企业", "3"),
    "requests.results.granted.legal-service": (f"{RESULTS} → （一）予以公开", f"{BODIES} → 法律服务机构", "2"),
    "requests.results.partly-granted.natural-person": (
        f"{RESULTS} → （二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        f"{APPLICANTS} → 自然人",
        "462",
    ),
    "requests.results.refused.state-secret.enterprise": (f"{REFUSED} → 1.属于国家秘密", f"{BODIES} → 商业企业", "0"),
    "requests.results.refused.third-party-rights.enterprise": (
        f"{REFUSED} → 4.保护第三方合法权益",
        f"{BODIES} → 商业企业",
        "1",
    ),
    "requests.results.refused.enforcement-file.total": (f"{REFUSED} → 7.属于行政执法案卷", f"{APPLICANTS} → 总计", "23"),
    "requests.results.refused.administrative-inquiry.other": (f"{REFUSED} → 8.属于行政查询事项", f"{BODIES} → 其他", "0"),
    "requests.results.unable.not-held.legal-service": (
        f"{UNABLE} → 1.本机关不掌握相关政府信息",
        f"{BODIES} → 法律服务机构",
        "3",
    ),
    "requests.results.not-processed.petition.research-institution": (
        f"{NOT_PROCESSED} → 1.信访举报投诉类申请",
        f"{BODIES} → 科研机构",
        "0",
    ),
    "requests.results.other.overdue-payment.total": (
        f"{OTHER} → 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        f"{APPLICANTS} → 总计",
        "38",
    ),
    "requests.results.other.other.public-interest-organisation": (f"{OTHER} → 3.其他", f"{BODIES} → 社会公益组织", "0"),
    "requests.results.total.total": (f"{RESULTS} → （七）总计", f"{APPLICANTS} → 总计", "3521"),
    "requests.carried-out.other": ("四、结转下年度继续办理", f"{BODIES} → 其他", "1"),
    "reviews.reconsideration.upheld": ("", "行政复议 → 结果维持", "88"),
    "reviews.reconsideration.total": ("", "行政复议 → 总计", "170"),
    "reviews.litigation.direct.other": ("", "行政诉讼 → 未经复议直接起诉 → 其他结果", "11"),
    "reviews.litigation.after-reconsideration.upheld": ("", "行政诉讼 → 复议后起诉 → 结果维持", "33"),
    "reviews.litigation.after-reconsideration.pending": ("", "行政诉讼 → 复议后起诉 → 尚未审结", "13"),
}

#: two header rows on both sides, no row header, no column header, a column of units; a title above the only block
BLOCKS = (
    ONE_TABLE
    + """\
    widths: [10, 10, 10, 10, 10]
    blocks:
      - title: 第一项
        corner: [类别, 内容]
        columns:
          - {label: 发布, english: Published, columns: [{key: site, label: 网站, english: Site}, {key: paper, label: 公报, english: Paper}]}
          - {key: total, label: 合计, english: Total}
        rows:
          - key: texts
            label: 文件
            english: Texts
            rows: [{key: rules, label: 规章, english: Rules}, {key: notices, label: 通知, english: Notices}]
          - {key: answers, label: 答复, english: Answers}
      - corner: 事项
        columns: [{key: count, label: 办件数, english: Count, span: 2}, {key: shown, label: 计量, shows: unit}, {key: fee, label: 金额, english: Fee}]
        rows: [{key: permits, label: 许可, english: Permits}]
      - title: 第三项
        columns: [{key: visits, label: 走访, english: Visits, span: 2}, {key: calls, label: 电话, english: Calls, span: 3}]
  people:
    section: 一
    label: 人员情况
    english: People
    source: 某办发〔2022〕3号
    unit: 人
    widths: [10, 10, 10]
    blocks:
      - title: 年末在岗人员
        corner: 岗位
        columns: [{key: full, label: 专职, english: Full}, {key: part, label: 兼职, english: Part}]
        rows: [{key: staff, label: 工作人员, english: Staff}, {key: heads, label: 负责人, english: Heads}]
"""
)
OWN = """\
agency: 某局
year: 2022
form: hard
work:
  texts: {rules: [1, 2, 3], notices: [4, 5, 9]}
  answers: [6, 7, 13]
  permits: [8, 9]
  visits: 10
  calls: 11
people: {staff: [12, 13], heads: [14, 15]}
"""


class Tree:
    """The accessibility tree of a page, by the elements of its nodes."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("DOM.enable")
        self.root = self.session.send("DOM.getDocument")["root"]["nodeId"]
        nodes = self.session.send("Accessibility.getFullAXTree")["nodes"]
        self.by_id = {node["nodeId"]: node for node in nodes}
        self.by_element = {node["backendDOMNodeId"]: node for node in nodes if "backendDOMNodeId" in node}

    def node(self, ident: str) -> dict[str, Any]:
        """Return the node of the element with an id."""
        found = self.session.send("DOM.querySelector", {"nodeId": self.root, "selector": f"#{ident}"})["nodeId"]
        element = self.session.send("DOM.describeNode", {"nodeId": found})["node"]["backendNodeId"]
        node: dict[str, Any] = self.by_element[element]
        return node

    def ancestor(self, node: dict[str, Any], role: str) -> dict[str, Any]:
        """Return the nearest ancestor with a role."""
        while node["role"]["value"] != role:
            node = self.by_id[node["parentId"]]
        return node


class Read(NamedTuple):
    """A browser's information about a cell with a figure: all texts without white space."""

    ident: str
    text: str
    heads: list[str]  #: in alphabetical order, because browsers use different orders
    table: str


@pytest.fixture(params=["chromium", "firefox"])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], list[Read]]:
    """Reads the figures of a page like a screen reader: from the running browser."""
    missing = [name for name in ("dbus-run-session", "Xvfb") if not shutil.which(name)]
    assert not missing, f"these tests need {', '.join(missing)}"

    def read(page: Path) -> list[Read]:
        told = tmp_path / "told.json"
        # the bindings belong to the system's Python
        script = ["/usr/bin/python3", str(Path(__file__).with_name("read_tables.py")), request.param, page.as_uri(), str(told)]
        with tempfile.TemporaryDirectory() as own:  # the accessibility bus would otherwise share its socket with all sessions
            places = {"XDG_CACHE_HOME": own, "XDG_RUNTIME_DIR": own}
            command = ["dbus-run-session", "--", *script]
            subprocess.run(command, check=True, timeout=200, env={**os.environ, **places})
        return [
            Read(cell["id"], joined(cell["text"]), sorted(map(joined, cell["headers"])), joined(cell["table"]))
            for cell in json.loads(told.read_text("utf-8"))
        ]

    return read


def joined(text: str) -> str:
    return "".join(text.split())


def heads_of(cell: HtmlElement) -> list[str]:
    """Return the headers of a cell: those it references or, in tables without merged cells, those of its row and column."""
    (table,) = cell.xpath("ancestor::table[1]")
    if named := cell.get("headers"):
        heads = [table.xpath(f".//th[@id='{ident}']")[0] for ident in named.split()]
    else:
        column = len(list(cell.itersiblings(preceding=True)))
        heads = [*table.xpath("./thead/tr/th")[column : column + 1], *cell.xpath("../th")]
    return sorted(joined(head.text_content()) for head in heads)


@pytest.fixture(scope="module", params=grouped(THEMES))
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with the tables of both forms, with last year's figures, and those of a form with different blocks."""
    project = Project(tmp_path_factory.mktemp("printed") / "site")
    project.write("conf.py", f'{CONF}govreport_forms = ["form.yaml"]\nsuppress_warnings = ["govreport"]\n')
    for name in ("suqian-2023", "suqian-2024", "wendeng-commerce-2020"):
        project.report(name)
    last = year_file(published("wendeng-commerce-2020")).replace("year: 2020", "year: 2019")
    project.write("data/wendeng-2019.yaml", last)
    project.write("form.yaml", BLOCKS)
    project.write("data/own.yaml", OWN)
    whose = [("宿迁市", 2024, ":compare:\n"), ("威海市文登区商务局", 2020, ":compare:\n"), ("某局", 2022, "")]
    tables = (f"```{{gov-disclosure-table}}\n:agency: {agency}\n:year: {year}\n{more}```\n\n" for agency, year, more in whose)
    years = "```{gov-comparison-table} requests-summary\n:agency: 宿迁市\n:change: percent 1\n```\n"
    project.write("index.md", f"# 年报\n\n{''.join(tables)}{years}")
    out = project.folder.parent / "html"
    # separate build: themes cause warnings of new Sphinx versions
    options = f"-qnW -b html -D html_theme={request.param}".split()
    command = [sys.executable, "-m", "sphinx", *options, str(project.folder), str(out)]
    subprocess.run(command, check=True)
    return out / "index.html"


def test_each_figure_has_exactly_its_own_heads(printed: Path, read: Callable[[Path], list[Read]]) -> None:
    """None of another block, and none missing, whichever algorithm a browser uses."""
    page = html.parse(str(printed), html.HTMLParser(encoding="utf-8"))
    cells = page.xpath("//div[contains(@class, 'gov-scroll')]//td")
    told = read(printed)
    assert [one.text for one in told] == [joined(cell.text_content()) for cell in cells]
    assert len(page.xpath("//td[@data-gov-key]")) == 200 + 198 + 17
    compared = "contains(@class, 'gov-form-{}') and .//*[@class='gov-compare']"
    assert all(page.xpath(f"//table[{compared.format(form)}]") for form in ("2019", "2021"))
    wrong = [(one, heads) for one, heads in zip(told, map(heads_of, cells), strict=True) if one.heads != heads]
    assert wrong == []
    by_ident = {one.ident: one for one in told if one.ident}
    for path, (row, column, text) in CELLS.items():
        table, _, rest = path.partition(".")
        one = by_ident[figure_ident(table_ident(report_key("宿迁市", 2024), table), rest)]
        assert one.heads == sorted(joined(head) for head in (row, *column.split(" → ")) for head in head.split(" → ") if head)
        assert one.text.partition("（")[0] == text
    blocks = ["第二十条第（一）项", "第二十条第（五）项", "第二十条第（六）项", "第二十条第（八）项"]
    assert list(dict.fromkeys(one.table for one in told))[:4] == blocks


def test_a_figure_is_a_cell_of_a_table_with_a_name(site: Site, open_page: Opener) -> None:
    """Of a block if there are several; the caption names the table."""
    page = open_page(site, "reports/suqian-2024")
    tree = Tree(page)
    for path, (_row, column, text) in CELLS.items():
        table, _, rest = path.partition(".")
        cell = tree.node(figure_ident(table_ident(report_key("宿迁市", 2024), table), rest))
        assert (cell["role"]["value"], cell["name"]["value"]) == ("cell", text)
        around = tree.ancestor(cell, "table")
        if table == "proactive-disclosure":
            assert around["name"]["value"] == column.split(" → ")[0]
            around = tree.ancestor(tree.by_id[around["parentId"]], "table")
        assert "宿迁市2024年" in around["name"]["value"]
        assert "宿迁市2024年" in tree.ancestor(around, "region")["name"]["value"]


def test_a_row_is_read_from_its_head_to_its_total(site: Site, open_page: Opener) -> None:
    page = open_page(site, "reports/suqian-2024")
    tree = Tree(page)
    row = tree.ancestor(
        tree.node(figure_ident(table_ident(report_key("宿迁市", 2024), "requests"), "results.refused.state-secret.total")),
        "row",
    )
    read = [tree.by_id[child] for child in row["childIds"]]
    assert [(node["role"]["value"], node["name"]["value"]) for node in read] == [
        ("rowheader", "（三）不予公开"),
        ("rowheader", "1.属于国家秘密"),
        *(("cell", figure) for figure in ("2", "0", "0", "0", "0", "0", "2")),
    ]
