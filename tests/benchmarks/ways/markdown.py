"""Sphinx and Markdown (MyST): no table at all, ready-made HTML, this extension."""

from __future__ import annotations

from tests.benchmarks import pages

from .way import myst_way

WAYS = (
    myst_way("myst-plain", "the pages without tables", lambda _number: "", extensions=("myst_parser",)),
    myst_way(
        "myst-raw",
        "ready-made HTML between the paragraphs",
        lambda number: "\n".join(map(pages.raw_html, pages.tables(number))),
        extensions=("myst_parser",),
    ),
    myst_way(
        "myst-directive",
        "`gov-disclosure-table`",
        lambda _number: "```{gov-disclosure-table}\n```\n",
        extensions=("myst_parser", "sphinx_govreport"),
        settings='govreport_data = ["data"]\n',
        has_data=True,
    ),
)
