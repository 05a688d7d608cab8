"""The directives, each with what it needs while pages are written.

Imports ``ext.domain``, ``ext.nodes`` and ``ext.lookup``.
"""

from __future__ import annotations

from sphinx_govreport.ext.lookup import GovReportDirective

from .check_table import CheckTable
from .comparison_table import ComparisonTable, RollupTable
from .disclosure_table import DisclosureTable
from .downloads import Downloads
from .report_list import ReportList
from .trend_chart import TrendChart

DIRECTIVES: dict[str, type[GovReportDirective]] = {
    "gov-disclosure-table": DisclosureTable,
    "gov-check-table": CheckTable,
    "gov-comparison-table": ComparisonTable,
    "gov-trend-chart": TrendChart,
    "gov-report-list": ReportList,
    "gov-downloads": Downloads,
    "gov-rollup-table": RollupTable,
}
