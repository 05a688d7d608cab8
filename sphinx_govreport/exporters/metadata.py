"""Descriptions of open data: the schema of the JSON, the Data Package of the CSV files, the Dataset of a page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sphinx_govreport.core.clock import moment_of_sources
from sphinx_govreport.core.forms.form import Form, table_order
from sphinx_govreport.core.forms.reader import main_form
from sphinx_govreport.core.reports.figures import Status
from sphinx_govreport.core.reports.records import OWN_FIELDS, REMARKS, STATUS, Record
from sphinx_govreport.core.reports.report import Report
from sphinx_govreport.core.reports.year_file import FIRST_YEAR, LAST_YEAR
from sphinx_govreport.core.tables.table import report_title

from . import Export

PACKAGE_NAME = "datapackage.json"  #: file name given by the standard
SCHEMA_NAME = "govreport-records.schema.json"

_PROFILES = "https://datapackage.org/profiles/2.0/"  # URLs of the standard, which tell readers its version
_NUMBER = r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?"


#: the relation of a value to its status
_VALUE: Mapping[str, object] = {
    "if": {"properties": {"status": {"const": STATUS[Status.NUMBER]}}},
    "then": {"properties": {"value": {"pattern": f"^{_NUMBER}$"}}},
    "else": {
        "if": {"properties": {"status": {"const": STATUS[Status.TEXT]}}},
        "then": {"properties": {"value": {"minLength": 1}}},
        "else": {"properties": {"value": {"const": ""}}},
    },
}
#: title and description of each column of the CSV and property of the JSON
_FIELDS: Mapping[str, tuple[str, str]] = {
    "agency": ("机关", "the agency that reports"),
    "year": ("年度", "the year that the report is for"),
    "form": ("格式", "the edition of the statutory form that the table follows"),
    "table": ("表", "the canonical name of the table"),
    "key": ("键", "the key path of the figure within its table; for an explanation the check that it is for"),
    "table_label": ("表名", "the statutory title of the table"),
    "label": ("指标", "the statutory labels of the figure, from the row to the column"),
    "value": ("数值", "the number, or the text of a column of texts, as it was reported; else empty"),
    "status": ("状态", "whether there is a number, why there is none, or what else the record says"),
    "unit": ("单位", "what the number counts"),
    "note": ("备注", "what is printed behind the number in brackets, or the text of a note, an explanation or a correction"),
}


def records_schema(forms: Mapping[str, Form]) -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of the output of ``export --to json`` for reports by any of ``forms``."""
    names = list(table_order(forms.values()))
    figure = {**_object("数字", {name: _property(name, names) for name in OWN_FIELDS}), **_VALUE}
    corrected = {name: _property(name, names) for name in ("value", "status", "unit")}
    correction = {
        "date": {"title": "更正日期", "type": "string", "format": "date"},
        "table": _property("table", names),
        "key": _property("key", names),
        "before": {**_object("更正前", corrected), **_VALUE},
        "after": {**_object("更正后", corrected), **_VALUE},
        "reason": {"title": "更正原因", "type": "string", "minLength": 1},
    }
    tables = {"enum": names}
    report = {
        "agency": _property("agency", names),
        "year": {**_described("year"), "type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        "forms": _mapping("各表表样", {"type": "string"}, **_required(forms), propertyNames=tables),
        "figures": {"type": "array", "items": figure},
        "notes": _mapping("附注", {"type": "array", "items": {"type": "string"}}, propertyNames=tables),
        "explanations": _mapping("说明", {"type": "string"}),
        "corrections": {"type": "array", "title": "更正", "items": _object("更正", correction)},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": main_form(forms.values()).title,
        "description": "Annual reports on open government information, a record for each figure.",
        "type": "array",
        "items": _object("年度报告", report),
    }


def _object(title: str, properties: Mapping[str, object]) -> dict[str, object]:
    """Return the schema of an object with exactly these properties."""
    required = list(properties)
    return {"type": "object", "title": title, "required": required, "additionalProperties": False, "properties": properties}


def _mapping(title: str, values: Mapping[str, object], **limits: object) -> dict[str, object]:
    """Return the schema of an object with any properties within ``limits``."""
    return {"type": "object", "title": title, **limits, "additionalProperties": values}


def _required(forms: Mapping[str, Form]) -> dict[str, object]:
    """Return the schema that requires a report to have all tables of a form."""
    sets = list(dict.fromkeys(form.table_names for form in forms.values()))
    return {"required": list(sets[0])} if len(sets) == 1 else {"anyOf": [{"required": list(names)} for names in sets]}


def _property(name: str, tables: Sequence[str]) -> dict[str, object]:
    said: dict[str, object] = {**_described(name), "type": "string"}
    if name == "table":
        said["enum"] = list(tables)
    if name == "status":
        said["enum"] = list(STATUS.values())
    if name == "agency":
        said["minLength"] = 1
    return said


def _described(name: str) -> dict[str, str]:
    title, description = _FIELDS[name]
    return {"title": title, "description": description}


class Resource(NamedTuple):
    """A CSV file in long form."""

    path: str  #: from the descriptor, with ``/``
    body: bytes
    report: Report


def data_package(resources: Sequence[Resource], forms: Mapping[str, Form], *, licence: str = "") -> dict[str, object]:
    """Return the descriptor of all CSV files, by the Data Package standard, version 2; empty properties are left out.

    It changes only with the files: its time of creation is that of the sources, if it is given, and not of the clock.
    """
    reports = [resource.report for resource in resources]
    years = sorted({report.year for report in reports})
    span = "–".join(map(str, dict.fromkeys(years[:1] + years[-1:])))
    agencies = sorted({report.agency for report in reports})
    names = sorted({name for report in reports for name in report.forms.values()})
    titles = "、".join(dict.fromkeys(report.form(forms).title for report in reports))
    tables = list(table_order(forms[name] for name in names))
    moment = moment_of_sources()
    said: dict[str, object] = {
        "$schema": f"{_PROFILES}datapackage.json",
        "name": "government-disclosure-annual-reports",
        "title": f"{'、'.join(agencies[:3])}{'等' if len(agencies) > 3 else ''}{titles}（{span}年）",
        "description": _all_figures(titles, len(tables)),
        "version": _version(reports),
        "created": f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else "",
        "licenses": [{"path": licence}] if licence else [],
        "contributors": [{"title": agency, "roles": ["creator"]} for agency in agencies],
        "sources": [{"title": forms[name].notice} for name in names],
        "resources": [_resource(resource, tables, forms) for resource in resources],
    }
    return {key: value for key, value in said.items() if value}


def _version(reports: Sequence[Report]) -> str:
    """Return a version of three numbers, as the standard requires: newest year, number of reports, number of corrections."""
    newest = max((report.year for report in reports), default=0)
    return f"{newest}.{len(reports)}.{sum(len(report.corrections) for report in reports)}"


def _all_figures(title: str, tables: int) -> str:
    count = "零一二三四五六七八九十"[tables] if tables <= 10 else tables  # Chinese writes small numbers like this
    return f"{title}{count}张法定表格的全部数据，每条记录一项数据。"


def _resource(resource: Resource, tables: Sequence[str], forms: Mapping[str, Form]) -> dict[str, object]:
    report = resource.report
    figures = (figure for table in report.figures.values() for figure in table.values())
    has_texts = any(figure.status is Status.TEXT for figure in figures)  # no pattern can be given for them
    return {
        "$schema": f"{_PROFILES}dataresource.json",
        "type": "table",
        "name": re.sub(r"[^a-z0-9._-]+", "-", resource.path.removesuffix(".csv").lower()).strip("-") or "records",
        "title": f"{report.published_by}{report.year}年{report.key(forms).other_kind}",
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(resource.body),
        "hash": f"sha256:{hashlib.sha256(resource.body).hexdigest()}",
        "dialect": {
            "$schema": f"{_PROFILES}tabledialect.json",
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "doubleQuote": True,
            "header": True,
        },
        "schema": {
            "$schema": f"{_PROFILES}tableschema.json",
            "fields": [_column(name, tables, has_texts=has_texts) for name in Record._fields],
            "missingValues": [""],
        },
    }


def _column(name: str, tables: Sequence[str], *, has_texts: bool) -> dict[str, object]:
    """Return the description of a column. Numbers are described as text: readers would round amounts otherwise."""
    column: dict[str, object] = {"name": name, "type": "year" if name == "year" else "string", **_described(name)}
    constraints: dict[str, object] = {"required": name in ("agency", "year", "form", "table", "status")}
    if name == "table":
        constraints["enum"] = list(tables)
    if name == "status":
        constraints["enum"] = [*STATUS.values(), *REMARKS]
    if name == "value" and not has_texts:
        constraints["pattern"] = _NUMBER
    return {**column, "constraints": constraints}


def dataset(
    report: Report,
    forms: Mapping[str, Form],
    files: Mapping[str, Export],
    *,
    url: str,
    description: str,
    published: str,
    licence: str,
) -> dict[str, object]:
    """Return a report as a ``Dataset`` of schema.org; empty properties are left out.

    ``files`` are the formats by URL, ``published`` is ``YYYY-MM-DD`` or ``YYYY-MM-DD HH:MM``, ``licence`` a URL.
    """
    title = report_title(report, forms)
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": title,
        "description": description or _all_figures(title, len(report.forms)),
        "url": url,
        "temporalCoverage": f"{report.year}-01-01/{report.year}-12-31",
        "datePublished": published.replace(" ", "T"),
        "dateModified": report.corrected,
        "license": licence,
        "creator": {"@type": "GovernmentOrganization", "name": report.published_by},
        "distribution": [
            {"@type": "DataDownload", "name": kind.title, "encodingFormat": kind.mimetype, "contentUrl": address}
            for address, kind in files.items()
        ],
    }
    return {key: value for key, value in said.items() if value}


def data_block(said: Mapping[str, object]) -> str:
    """Return JSON-LD for HTML: it contains no ``<``, so that nothing can end the block or begin a comment."""
    written = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{written}</script>\n'
