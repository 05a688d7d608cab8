"""The Sphinx extension; ``setup()`` lists every registration.

Imports ``core``, ``exporters`` and ``packs``.
"""

from __future__ import annotations

from docutils.nodes import inline
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from sphinx_govreport.core.versions import ENV_VERSION

from . import compat, events, latex, log, meta_tags, nodes, numbers, official, output, pages
from .builders.fragment import FragmentBuilder
from .builders.word import WordBuilder
from .config import VALUES, name_language_of_books, read_values
from .directives import DIRECTIVES, downloads
from .directives.check_table import AddPageFindings
from .directives.report_list import FillLists
from .directives.trend_chart import ChartsAsTables, use_tikz
from .domain import outdated, targets
from .domain.domain import GovDomain
from .latex_tables import LATEX_NODES, PrintedTables
from .roles import ROLES, FiguresElsewhere, Reference, report_missing
from .search import SearchRegistration
from .transforms import FigureCells, LinkQuotes, NestedTables, ScrollTables, StockTables

#: before and after the handlers of other extensions, whose default priority is 500
FIRST, EARLY, LATE, LAST = 1, 100, 900, 10_000


def setup(app: Sphinx, version: str) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    for value in VALUES:
        app.add_config_value(value.name, value.default, value.rebuild, frozenset(value.shape.types), value.description)

    app.add_domain(GovDomain)
    for kind in GovDomain.object_types:
        app.add_role_to_domain(GovDomain.name, kind, Reference(innernodeclass=inline, warn_dangling=True))
    for name, role in ROLES.items():
        app.add_role(name, role())
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)

    compat.add_captioned_node(app, nodes.gov_table, nodes.caption_of)
    compat.add_captioned_node(app, nodes.gov_small_table)
    compat.add_captioned_node(app, nodes.gov_figure)
    app.add_node(nodes.gov_grid, html=(nodes.visit_grid_html, None))
    app.add_node(nodes.gov_quote, html=(nodes.visit_quote_html, nodes.depart_quote_html))
    app.add_node(nodes.gov_scroll, html=(nodes.visit_scroll_html, nodes.depart_scroll_html))
    app.add_node(nodes.gov_break, html=(nodes.visit_break_html, None))
    app.add_node(nodes.gov_report_list)
    app.add_node(nodes.gov_time, html=(nodes.visit_time_html, nodes.closing("</time>")))
    app.add_node(nodes.gov_signature, html=(nodes.visit_signature_html, nodes.closing("</div>\n")))
    app.add_node(nodes.gov_chart, html=(nodes.visit_chart_html, None), latex=(nodes.visit_chart_latex, None))
    app.add_node(nodes.gov_chart_data, html=(nodes.visit_data_html, nodes.closing("</details>\n")))
    app.add_node(nodes.gov_downloads)
    app.add_node(nodes.gov_download, html=(nodes.visit_download_html, nodes.closing("</a>")))

    for node, visit, depart in LATEX_NODES:
        app.add_node(node, latex=(visit, depart))

    filled_in = (FiguresElsewhere, FillLists, AddPageFindings, downloads.LinkDownloads)
    as_written = (official.Signatures, official.OfficialPages)
    as_nodes = (numbers.NumberCaptions, ChartsAsTables, StockTables, FigureCells, NestedTables)
    for transform in (*filled_in, *as_written, *as_nodes, PrintedTables, ScrollTables, LinkQuotes):
        app.add_post_transform(transform)
    app.add_builder(FragmentBuilder)
    app.add_builder(WordBuilder)

    site_output = output.Output()
    written = outdated.WrittenPages()
    search = SearchRegistration()
    app.add_event(log.PROBLEM)
    app.connect(log.PROBLEM, lambda _app, found: site_output.problems.append(found))
    app.connect("config-inited", read_values, priority=FIRST)  # before Sphinx checks their types
    app.connect("config-inited", name_language_of_books)
    app.connect("config-inited", latex.set_defaults, priority=700)  # before Sphinx checks latex_elements
    app.connect("builder-inited", site_output.look, priority=EARLY)
    app.connect("builder-inited", events.begin)
    app.connect("builder-inited", events.copy_stylesheet)
    app.connect("builder-inited", meta_tags.check_license)
    app.connect("builder-inited", latex.use_style)
    app.connect("env-get-outdated", outdated.outdated_pages)
    app.connect("source-read", pages.note_text, priority=LATE)
    app.connect("include-read", pages.note_included, priority=LATE)
    app.connect("doctree-read", targets.note_places)
    app.connect("doctree-read", events.check_read_page)
    app.connect("doctree-read", official.place_signature, priority=LATE)  # it is not part of the text that is checked
    app.connect("env-updated", use_tikz)
    app.connect("env-updated", official.write_titles)
    app.connect("env-updated", search.begin)  # when Sphinx is about to create the index
    app.connect("env-updated", events.compare_pages)
    app.connect("env-updated", written.due)
    app.connect("env-updated", meta_tags.check_fields)
    app.connect("doctree-resolved", written.note)
    app.connect("missing-reference", numbers.resolve_numref)
    app.connect("warn-missing-reference", report_missing)
    app.connect("html-page-context", downloads.write_files)
    app.connect("html-page-context", events.add_stylesheet)
    app.connect("html-page-context", meta_tags.add_tags)
    app.connect("html-page-context", meta_tags.add_dataset)
    app.connect("build-finished", site_output.tidy, priority=EARLY)
    app.connect("build-finished", downloads.describe_files)
    app.connect("build-finished", downloads.copy_pdfs)
    app.connect("build-finished", search.end)
    app.connect("build-finished", output.point_to_explanations)
    app.connect("build-finished", site_output.note, priority=LAST)
    app.connect("build-finished", site_output.write_summary, priority=LAST + 1)  # only recorded files can be packed
    app.connect("build-finished", written.store, priority=LAST + 2)  # when there is a summary
    return {"version": version, "env_version": ENV_VERSION, "parallel_read_safe": True, "parallel_write_safe": True}
