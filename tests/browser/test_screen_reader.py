"""What a screen reader is given: the browser's accessibility tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sphinx_govreport.core.tables import figure_ident, table_ident
from tests.browser.conftest import Opener, Site

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

pytestmark = pytest.mark.browser

RESULTS = "三、本年度办理结果"
APPLICANTS = "申请人情况"
ORGANISATIONS = "法人或其他组织"
#: by key path: the heads of the row from the outermost to the innermost, those of the column, and the figure
REQUESTS = {
    "received.natural-person": (["一、本年新收政府信息公开申请数量"], [APPLICANTS, "自然人"], "3440"),
    "received.total": (["一、本年新收政府信息公开申请数量"], [APPLICANTS, "总计"], "3525"),
}
