"""Every rule that any code reports, by the task that reports it. Its modules import Sphinx, so it is imported on demand."""

from __future__ import annotations

from sphinx_govreport.core import plugins
from sphinx_govreport.core.checks import corrections, page, run
from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS, plugin_rules
from sphinx_govreport.core.diagnostics import Rule, Text, text
from sphinx_govreport.core.forms import reader
from sphinx_govreport.core.library import agencies, known_forms, library, paths
from sphinx_govreport.core.reports import rollup as sums
from sphinx_govreport.core.reports import year_file
from sphinx_govreport.core.yaml import pitfalls, source
from sphinx_govreport.ext import config, doctree_document, lookup, meta_tags, roles
from sphinx_govreport.ext.directives import comparison_table, disclosure_table, downloads, trend_chart
from sphinx_govreport.importers.rules import IMPORT_RULES
from sphinx_govreport.packs import archive, verify

from . import pack, rollup

#: each group with its heading
GROUPS: tuple[tuple[Text, tuple[Rule, ...]], ...] = (
    (text("Year files and forms"), (
        paths.UNREADABLE_FILE, paths.NO_FILES, library.DUPLICATE_REPORT, library.ALIKE_AGENCIES, source.INVISIBLE,
        paths.OUTSIDE_FOLDER, source.ENCODING, source.TOO_LARGE, source.EMPTY_FILE, source.CUT_TEXT, pitfalls.YAML_SYNTAX,
        source.DUPLICATE_KEY, year_file.MISSING_KEY, year_file.UNKNOWN_KEY, year_file.UNKNOWN_FORM, year_file.BAD_VALUE,
        year_file.BAD_NUMBER, year_file.BAD_UNIT, year_file.MISSING_UNIT, year_file.MISSING_FIGURE, year_file.ROW_LENGTH,
        reader.BAD_FORM, known_forms.DUPLICATE_FORM, known_forms.REPLACED_FORM, agencies.BAD_AGENCIES,
    )),
    (text("Figures"), (
        *CHECKS, run.UNKNOWN_RULE, run.NOT_EXPLAINABLE, run.UNUSED_EXPLANATION, corrections.SILENT_CHANGE,
        corrections.WITHDRAWN_REPORT,
    )),
    (text("Pages of reports"), (
        *PAGE_CHECKS, page.UNREAD_MARKUP,
    )),
    (text("Building a site"), (
        config.BAD_CONFIG, lookup.BAD_OPTION, lookup.UNKNOWN_REPORT, disclosure_table.UNKNOWN_TABLE,
        lookup.UNKNOWN_FIGURE, roles.UNKNOWN_REFERENCE, comparison_table.UNKNOWN_SET, trend_chart.UNLIKE_FIGURES,
        disclosure_table.NOT_COMPARABLE, comparison_table.NO_PARTS, meta_tags.BAD_FIELD, meta_tags.MISSING_DATE,
        downloads.MISSING_PDF, doctree_document.NOT_PRINTED,
    )),
    (text("Adding up reports"), (
        sums.UNKNOWN_PART, sums.OTHER_FORM, sums.NOT_COUNTED, sums.NOT_ADDED, sums.COUNTED_TWICE, rollup.ABSENT,
        rollup.UNEXPECTED,
    )),
    (text("Importing documents"), IMPORT_RULES),
    (text("Packs"), (
        pack.TAKEN_NAME, pack.UNBUILT_FILE, archive.NOT_A_FILE, archive.UNSAFE_NAME, verify.BAD_ARCHIVE,
        archive.BAD_MANIFEST, verify.BAD_CHECKS, archive.CHANGED_FILE, archive.MISSING_FILE, archive.ADDED_FILE,
    )),
    (text("Plug-ins"), (plugins.BAD_PLUGIN, *plugin_rules())),
)  # fmt: skip

RULES = {rule.name: rule for _heading, group in GROUPS for rule in group}
