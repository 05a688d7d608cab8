"""Every rule that any code reports, by what is at work when it is met. Its modules need Sphinx: imported only when asked."""

from __future__ import annotations

from sphinx_govreport.core.checks.registry import CHECKS, PAGE_CHECKS, plugin_rules
from sphinx_govreport.core.checks.run import NOT_EXPLAINABLE, UNKNOWN_RULE, UNUSED_EXPLANATION
from sphinx_govreport.core.diagnostics import Rule, Text, text
from sphinx_govreport.core.forms.reader import BAD_FORM
from sphinx_govreport.core.library.library import ALIKE_AGENCIES, DUPLICATE_REPORT, NO_FILES, OUTSIDE_FOLDER, UNREADABLE_FILE
from sphinx_govreport.core.plugins import BAD_PLUGIN
from sphinx_govreport.core.reports.rollup import COUNTED_TWICE, NOT_ADDED, NOT_COUNTED, OTHER_FORM, UNKNOWN_PART
from sphinx_govreport.core.reports.year_file import (
    BAD_NUMBER,
    BAD_UNIT,
    BAD_VALUE,
    MISSING_FIGURE,
    MISSING_KEY,
    MISSING_UNIT,
    ROW_LENGTH,
    UNKNOWN_FORM,
    UNKNOWN_KEY,
)
from sphinx_govreport.core.yaml.pitfalls import YAML_SYNTAX
from sphinx_govreport.core.yaml.source import DUPLICATE_KEY, EMPTY_FILE, ENCODING, INVISIBLE, TOO_LARGE
from sphinx_govreport.ext.config import BAD_CONFIG
from sphinx_govreport.ext.directives.comparison_table import UNKNOWN_SET
from sphinx_govreport.ext.directives.disclosure_table import NOT_COMPARABLE, UNKNOWN_TABLE
from sphinx_govreport.ext.directives.rollup_table import NO_PARTS
from sphinx_govreport.ext.directives.trend_chart import UNLIKE_FIGURES
from sphinx_govreport.ext.doctree_document import NOT_PRINTED
from sphinx_govreport.ext.downloads.links import MISSING_PDF
from sphinx_govreport.ext.lookup import BAD_OPTION, UNKNOWN_FIGURE, UNKNOWN_REPORT
from sphinx_govreport.ext.meta_tags import BAD_FIELD, MISSING_DATE
from sphinx_govreport.ext.references import UNKNOWN_REFERENCE
from sphinx_govreport.importers.compare import DIFFERS
from sphinx_govreport.importers.invisible import REMOVED
from sphinx_govreport.importers.recognise.figures import (
    BY_POSITION,
    FOOTNOTE_MARK,
    LABEL,
    MISSING_COLUMN,
    MISSING_ROW,
    MISSING_TABLE,
    READ_AS,
    READ_TWICE,
    UNREAD_COLUMN,
    UNREAD_FIGURE,
    UNREAD_ROW,
)
from sphinx_govreport.importers.recognise.report import NO_FORM, REFUSED, UNKNOWN_AGENCY, UNKNOWN_YEAR, UNREAD_EXPLANATION
from sphinx_govreport.importers.records import BAD_RECORD
from sphinx_govreport.packs.archive import ADDED_FILE, BAD_MANIFEST, CHANGED_FILE, MISSING_FILE, NOT_A_FILE, UNSAFE_NAME
from sphinx_govreport.packs.verify import BAD_ARCHIVE, BAD_CHECKS

from .pack import TAKEN_NAME, UNBUILT_FILE
from .rollup import ABSENT, UNEXPECTED

#: each group with its heading
GROUPS: tuple[tuple[Text, tuple[Rule, ...]], ...] = (
    (text("Year files and forms"), (
        UNREADABLE_FILE, NO_FILES, DUPLICATE_REPORT, ALIKE_AGENCIES, INVISIBLE, OUTSIDE_FOLDER, ENCODING, TOO_LARGE,
        EMPTY_FILE, YAML_SYNTAX, DUPLICATE_KEY, MISSING_KEY, UNKNOWN_KEY, UNKNOWN_FORM, BAD_VALUE, BAD_NUMBER,
        BAD_UNIT, MISSING_UNIT, MISSING_FIGURE, ROW_LENGTH, BAD_FORM,
    )),
    (text("Figures"), (
        *CHECKS, UNKNOWN_RULE, NOT_EXPLAINABLE, UNUSED_EXPLANATION,
    )),
    (text("Pages of reports"), (
        *PAGE_CHECKS,
    )),
    (text("Building a site"), (
        BAD_CONFIG, BAD_OPTION, UNKNOWN_REPORT, UNKNOWN_TABLE, UNKNOWN_FIGURE, UNKNOWN_REFERENCE, UNKNOWN_SET,
        UNLIKE_FIGURES, NOT_COMPARABLE, NO_PARTS, BAD_FIELD, MISSING_DATE, MISSING_PDF, NOT_PRINTED,
    )),
    (text("Adding up reports"), (
        UNKNOWN_PART, OTHER_FORM, NOT_COUNTED, NOT_ADDED, COUNTED_TWICE, ABSENT, UNEXPECTED,
    )),
    (text("Importing documents"), (
        REMOVED, REFUSED, BAD_RECORD, UNKNOWN_AGENCY, UNKNOWN_YEAR, NO_FORM, MISSING_TABLE, MISSING_ROW,
        MISSING_COLUMN, UNREAD_FIGURE, UNREAD_ROW, UNREAD_COLUMN, READ_TWICE, LABEL, BY_POSITION, READ_AS,
        FOOTNOTE_MARK, UNREAD_EXPLANATION, DIFFERS,
    )),
    (text("Packs"), (
        TAKEN_NAME, UNBUILT_FILE, NOT_A_FILE, UNSAFE_NAME, BAD_ARCHIVE, BAD_MANIFEST, BAD_CHECKS, CHANGED_FILE,
        MISSING_FILE, ADDED_FILE,
    )),
    (text("Plug-ins"), (BAD_PLUGIN, *plugin_rules())),
)  # fmt: skip

RULES = {rule.name: rule for _heading, group in GROUPS for rule in group}
