"""What a screen reader is given: the browser's accessibility tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sphinx_govreport.core.tables.table import figure_ident, table_ident
from tests.browser.conftest import Opener, Site
from tests.published import report_key

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

APPLICANTS = "申请人情况"
BODIES = f"{APPLICANTS} → 法人或其他组织"
RESULTS = "三、本年度办理结果"
REFUSED = f"{RESULTS} → （三）不予公开"
UNABLE = f"{RESULTS} → （四）无法提供"
NOT_PROCESSED = f"{RESULTS} → （五）不予处理"
OTHER = f"{RESULTS} → （六）其他处理"
#: by the figure's key path: its row, its column, its text
CELLS = {
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


class Tree:
    """The accessibility tree of a page, by the elements that its nodes stand for."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("DOM.enable")
        self.root = self.session.send("DOM.getDocument")["root"]["nodeId"]
        nodes = self.session.send("Accessibility.getFullAXTree")["nodes"]
        self.by_id = {node["nodeId"]: node for node in nodes}
        self.by_element = {node["backendDOMNodeId"]: node for node in nodes if "backendDOMNodeId" in node}

    def node(self, ident: str) -> dict[str, Any]:
        """The node of the element with an id."""
        found = self.session.send("DOM.querySelector", {"nodeId": self.root, "selector": f"#{ident}"})["nodeId"]
        element = self.session.send("DOM.describeNode", {"nodeId": found})["node"]["backendNodeId"]
        node: dict[str, Any] = self.by_element[element]
        return node

    def ancestor(self, node: dict[str, Any], role: str) -> dict[str, Any]:
        """The nearest node of a role around a node."""
        while node["role"]["value"] != role:
            node = self.by_id[node["parentId"]]
        return node


def test_each_figure_has_its_whole_path_of_heads(site: Site, open_page: Opener) -> None:
    """The heads that a cell names, as the tree has them: role and name, in the order in which they are read."""
    page = open_page(site, "reports/suqian-2024")
    tree = Tree(page)
    assert len(CELLS) == 20
    for path, expected in CELLS.items():
        table, _, rest = path.partition(".")
        ident = figure_ident(table_ident(report_key("宿迁市", 2024), table), rest)
        cell = tree.node(ident)
        heads = [tree.node(head) for head in (page.locator(f"#{ident}").get_attribute("headers") or "").split()]
        named = {
            role: " → ".join(head["name"]["value"] for head in heads if head["role"]["value"] == role)
            for role in ("rowheader", "columnheader")
        }
        assert {head["role"]["value"] for head in heads} <= named.keys()
        assert (named["rowheader"], named["columnheader"], cell["name"]["value"]) == expected
        assert cell["role"]["value"] == "cell"
        assert "宿迁市2024年" in tree.ancestor(cell, "table")["name"]["value"]
        assert "宿迁市2024年" in tree.ancestor(cell, "region")["name"]["value"]


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
