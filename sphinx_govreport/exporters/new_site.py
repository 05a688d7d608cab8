"""A new site: everything that an agency needs for its first report, ready to be built."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from sphinx_govreport.core.forms.form import Form, Keys, form_in_force, table_key
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.markdown import escaped, front_matter, table_directive
from sphinx_govreport.core.reports.report import Report, ReportKey
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.core.tables.table import titled
from sphinx_govreport.core.versions import __version__

from .year_file import SCHEMA, blank_report, year_file_text

_TEMPLATES = Path(__file__).parent / "site"
_SUFFIX = ".in"
_PLACE = re.compile("@[a-z]+@")


def site_files(agency: str, year: int, forms: Mapping[str, Form], local: Mapping[str, str], keys: Keys) -> dict[str, str]:
    """Return the files of a site by path; ``local`` are the texts of local forms' files by name, ``keys`` the language of keys.

    Raises :class:`ValueError` if no form is in force in that year.
    """
    form = form_in_force(reversed(tuple(forms.values())), year)
    if form is None:
        raise ValueError(f"no form is in force in {year}")
    report = blank_report(agency, year, form, keys)
    of_forms = {f"forms/{name}": body for name, body in local.items()}
    values = {
        "@project@": json.dumps(f"{agency}政府信息公开专栏", ensure_ascii=False),
        "@author@": json.dumps(agency, ensure_ascii=False),
        "@title@": escaped(f"{agency}政府信息公开专栏"),
        "@year@": str(year),
        "@next@": str(year + 1),
        "@version@": __version__,
        "@forms@": f"\n# 地方表样\ngovreport_forms = {json.dumps([*of_forms], ensure_ascii=False)}\n" if of_forms else "",
        "@options@": "".join(f" --form {shlex.quote(name)}" for name in of_forms),
    }
    files: dict[str, str] = {}
    for path in sorted(_TEMPLATES.rglob(f"*{_SUFFIX}")):
        body = _PLACE.sub(lambda place: values.get(place[0], place[0]), path.read_text("utf-8"))
        files[path.relative_to(_TEMPLATES).as_posix().removesuffix(_SUFFIX)] = body
    files |= of_forms
    files[f"data/{year}.yaml"] = year_file_text([report], forms)
    files[f"data/{SCHEMA}"] = dumped(schema_of(forms, keys))
    files[f"reports/{year}.md"] = _page(report, form)
    return files


def _page(report: Report, form: Form) -> str:
    """Return the page of an empty report: sections with tables and prompts; tables without a section come first."""
    title = titled(report.agency, report.year, form.title)
    top = front_matter(report.agency, report.year, ReportKey(report.agency, report.year, form.kind).other_kind)
    lines = [f"{top}# {escaped(title)}", ""]
    of_sections = {
        one.key: [table for table in form.tables if one.title.startswith(f"{table.section}、")] for one in form.sections
    }
    directives = {name: table_directive(table_key(name, [form], report.keys)) for name in form.table_names}
    placed = [table for tables in of_sections.values() for table in tables]
    lines += [line for table in form.tables if table not in placed for line in directives[table.name]]
    for section in form.sections:
        lines += [
            f"## {section.title}",
            "",
            *(line for table in of_sections[section.key] for line in directives[table.name]),
        ]
        for prompt in section.prompts:
            lines += [prompt if prompt[0] != "[" else escaped(prompt), ""]
    return "\n".join(lines).rstrip() + "\n"
