"""A new site: everything that a bureau needs for its first report, ready to be built."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from sphinx_govreport.core.files import atomic_write
from sphinx_govreport.core.forms.form import TABLES, Form, Section, form_in_force
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.json import dumped
from sphinx_govreport.core.markdown import escaped, front_matter
from sphinx_govreport.core.reports.figures import Figure, Status
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.schema import schema_of
from sphinx_govreport.core.tables.table import report_title
from sphinx_govreport.core.versions import __version__

from .year_file import SCHEMA, year_file_text

_TEMPLATES = Path(__file__).parent / "site"
_SUFFIX = ".in"

#: what is to be written in the sections that have no table
_PROMPTS = {
    "overview": (
        "[概述本年度主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障五个方面的情况。]",
        "本年度新收政府信息公开申请{gov-figure}`requests.received.total`件，上年结转{gov-figure}`requests.carried-in.total`件，"
        "办结{gov-figure}`requests.results.total.total`件，结转下年度继续办理{gov-figure}`requests.carried-out.total`件。",
    ),
    "problems": ("[写明存在的主要问题和改进措施。]",),
    "other": ("[收取信息处理费的情况在此报告，没有收取的写明没有收取；以及其他需要报告的事项。]",),
}


def site_files(agency: str, year: int, forms: Mapping[str, Form]) -> dict[str, str]:
    """The files of a site by path. Raises :class:`ValueError` if no form is in force in that year."""
    form = form_in_force(reversed(tuple(forms.values())), year)
    if form is None:
        raise ValueError(f"no form is in force in {year}")
    report = _empty(agency, year, form)
    values = {
        "@project@": json.dumps(f"{agency}政府信息公开专栏", ensure_ascii=False),
        "@title@": escaped(f"{agency}政府信息公开专栏"),
        "@year@": str(year),
        "@next@": str(year + 1),
        "@version@": __version__,
    }
    files = {name: _filled(body, values) for name, body in _templates()}
    files[f"data/{year}.yaml"] = year_file_text([report], forms)
    files[f"data/{SCHEMA}"] = dumped(schema_of(forms))
    files[f"reports/{year}.md"] = _page(report, form)
    return files


def write_site(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files. Raises :class:`FileExistsError` with a name, and writes nothing, if one of them is there already."""
    for name in files:
        if (folder / name).exists():
            raise FileExistsError(str(folder / name))
    for name, body in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, body.encode())


def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted(_TEMPLATES.rglob(f"*{_SUFFIX}")):
        yield path.relative_to(_TEMPLATES).as_posix().removesuffix(_SUFFIX), path.read_text("utf-8")


def _filled(body: str, values: Mapping[str, str]) -> str:
    for place, value in values.items():
        body = body.replace(place, value)
    return body


def _empty(agency: str, year: int, form: Form) -> Report:
    """A report in which nothing is filled in; totals are left to be reckoned."""
    blank = Figure(Status.BLANK, None, "", 0, 0)
    figures = {
        name: {
            path: blank._replace(is_explicit=not indicator.parts)
            for path, indicator in layout_of(form.table(name)).indicators.items()
        }
        for name in TABLES
    }
    return Report(agency, year, "", "", dict.fromkeys(TABLES, form.name), figures, {}, {})


def _page(report: Report, form: Form) -> str:
    lines = [f"{front_matter(report.agency, report.year)}# {escaped(report_title(report))}", ""]
    for section in form.sections:
        lines += [f"## {section.title}", "", *_content(section)]
    return "\n".join(lines).rstrip() + "\n"


def _content(section: Section) -> Iterator[str]:
    if section.key in TABLES:
        yield from (f"```{{gov-disclosure-table}} {section.key}", "```", "")
    for prompt in _PROMPTS.get(section.key, ()):
        yield from (prompt if prompt[0] != "[" else escaped(prompt), "")
