"""A JSON Schema (draft-07) of year files, for editors: keys are completed, and the titles are the author's manual.

It is made from the forms, so that it says what the loader says. What only the text of a file shows (a key written twice,
``012``) is left to the loader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

from sphinx_govreport.core.forms.form import EACH, Form, FormTable, table_spellings, tables_of
from sphinx_govreport.core.forms.indicators import Branch, Indicator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import main_form

from .figures import MAX_DIGITS
from .keys import CORRECTION_KEYS, FIGURE_KEYS, TOP_KEYS
from .year_file import FIRST_YEAR, LAST_YEAR, is_computed

Schema: TypeAlias = dict[str, Any]

_ZERO: Schema = {"const": 0, "title": "零填报", "description": "本项下各数均为 0"}
_TEXT: Schema = {"type": "string", "pattern": r"\S"}


def schema_of(forms: Mapping[str, Form]) -> Schema:
    """The schema of year files by any of ``forms``."""
    names = _spellings(table_spellings(tables_of(forms.values())))
    top = {canonical: (canonical, chinese) for canonical, chinese in TOP_KEYS.items()}
    of_top: dict[str, Schema] = {
        "agency": _TEXT | {"title": "机关", "description": "发布年度报告的机关全称"},
        "year": {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR, "title": "报告年度"},
        "form": _form(forms, names),
        "notes": _notes(names),
        "explanations": {
            "type": "object",
            "title": "说明",
            "description": "检查发现的情况如属实，在此说明原因，印在表下",
            "additionalProperties": _TEXT,
        },
        "corrections": _corrections(),
    }
    properties = {spelling: of_top[key] for key, spellings in top.items() for spelling in spellings}
    properties |= {spelling: {"title": table} for table, spellings in names.items() for spelling in spellings}
    required = [_one_of(top[key]) for key in ("agency", "year", "form")]
    required += [_one_of(names[table]) for table in _common(forms)]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{main_form(forms.values()).title}数据",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "allOf": [*required, *_by_form(forms, names, top["form"])],
        "definitions": dict(_definitions(forms)),
    }


def _by_form(forms: Mapping[str, Form], names: Mapping[str, tuple[str, ...]], form_keys: tuple[str, ...]) -> Iterator[Schema]:
    """For each form and table: where the form holds, the table is as it says. Tables of no form that holds are not there."""
    common = _common(forms)
    conditions: dict[str, list[Schema]] = defaultdict(list)
    for form in forms.values():
        for table in form.tables:
            own, default = names[table.name], ("default", "默认")
            chosen = _has(own, _named(form))
            by_default = {"allOf": [_has(default, _named(form)), {"not": _one_of(own)}]}
            holds = {"anyOf": [_named(form), {"type": "object", "anyOf": [chosen, by_default]}]}
            condition = {"anyOf": [{"properties": {key: holds}, "required": [key]} for key in form_keys]}
            reference = _ref(_name(form, table))
            then: Schema = {"properties": dict.fromkeys(own, reference)}
            if table.name not in common:
                then |= _one_of(own)
                conditions[table.name].append(condition)
            yield {"if": condition, "then": then}
    for name, allowed in conditions.items():
        yield {"if": {"not": {"anyOf": allowed}}, "then": {"properties": dict.fromkeys(names[name], False)}}


def _common(forms: Mapping[str, Form]) -> tuple[str, ...]:
    """Return the names of the tables that all forms have: every report has them."""
    first, *others = forms.values()
    return tuple(name for name in first.table_names if all(name in form.table_names for form in others))


def _named(form: Form) -> Schema:
    """How a form is written: ``2021`` is a number to YAML."""
    is_year = len(form.name) == 4 and form.name.isascii() and form.name.isdecimal()
    return {"enum": [form.name, int(form.name)] if is_year else [form.name]}


def _has(keys: Iterable[str], value: Schema) -> Schema:
    return {"anyOf": [{"properties": {key: value}, "required": [key]} for key in keys]}


def _one_of(keys: Iterable[str]) -> Schema:
    """One spelling of a key must be there; two would be the same key twice."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def _spellings(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The canonical name and all spellings of each."""
    return {key: tuple(name for name, meant in names.items() if meant == key) for key in dict.fromkeys(names.values())}


# -- what stands at the top ----------------------------------------------------------------------------------------


def _form(forms: Mapping[str, Form], names: Mapping[str, tuple[str, ...]]) -> Schema:
    one: Schema = {"enum": [value for form in forms.values() for value in _named(form)["enum"]]}
    keys = ["default", "默认", *(spelling for spellings in names.values() for spelling in spellings)]
    every = {"allOf": [_one_of(names[table]) for table in _common(forms)] or [{"minProperties": 1}]}
    by_table = {
        "type": "object",
        "properties": dict.fromkeys(keys, one),
        "additionalProperties": False,
        "anyOf": [_one_of(("default", "默认")), every],
    }
    shown = "；".join(f"{form.name}：{form.notice}" for form in forms.values())
    return {"title": "统计表格式", "description": shown, "anyOf": [one, by_table]}


def _notes(names: Mapping[str, tuple[str, ...]]) -> Schema:
    note = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    keys = [spelling for spellings in names.values() for spelling in spellings]
    return {"type": "object", "title": "表下附注", "properties": dict.fromkeys(keys, note), "additionalProperties": False}


def _corrections() -> Schema:
    """Which figures may be what, only the form says: the loader tells."""
    value: Schema = {"anyOf": [{"type": "number"}, {"const": "/"}, {"type": "null"}]}
    (main, own_main), (unit, own_unit) = ((key, FIGURE_KEYS[key]) for key in ("value", "unit"))
    with_unit: Schema = {
        "type": "object",
        "properties": {main: value, own_main: value, unit: _TEXT, own_unit: _TEXT},
        "additionalProperties": False,
        "allOf": [_one_of((main, own_main))],
    }
    figure: Schema = {"anyOf": [*value["anyOf"], with_unit]}
    of_key: dict[str, Schema] = {
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "更正公布之日，如 2025-03-10"},
        "figure": _TEXT | {"description": "数据的键，如 requests.received.natural-person 或 依申请公开.新收.自然人"},
        "before": figure | {"description": "更正前公布的数据"},
        "after": figure | {"description": "更正后的数据，与表中数据一致"},
        "reason": _TEXT | {"description": "更正的原因，印在表下"},
    }
    keys = {key: (key, chinese) for key, chinese in CORRECTION_KEYS.items()}
    item = {
        "type": "object",
        "properties": {name: of_key[key] | {"title": CORRECTION_KEYS[key]} for key, names in keys.items() for name in names},
        "additionalProperties": False,
        "allOf": [_one_of(names) for names in keys.values()],
    }
    return {"type": "array", "title": "更正", "description": "已公布数据的更正，印在表下", "items": item}


# -- tables --------------------------------------------------------------------------------------------------------


def _definitions(forms: Mapping[str, Form]) -> Iterator[tuple[str, Schema]]:
    """Every table, branch and figure once: each has several spellings, and all of them refer to it."""
    for form in forms.values():
        for table in form.tables:
            root = layout_of(table).root
            for name, schema in _branch(root, _name(form, table)):
                own = {"title": table.label, "description": table.source} if name == _name(form, table) else {}
                yield name, schema | own
            for indicator in root.indicators():
                yield _name(form, table, indicator.path), _figure(indicator)
                yield _kind(indicator), _written(indicator)


def _name(form: Form, table: FormTable, path: str = "") -> str:
    return f"{form.name}-{table.name}.{path}".rstrip(".")


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{quote(name)}"}


def _branch(branch: Branch, table: str) -> Iterator[tuple[str, Schema]]:
    """A branch and the branches below it, by the names of their definitions."""
    spellings = _spellings(branch.names)
    properties: Schema = {}
    others: Schema | bool = False  # rows that the file names
    for key, child in branch.children.items():
        if isinstance(child, Branch):
            yield from _branch(child, table)
        reference = _ref(f"{table}.{child.path}")
        if key == EACH:
            others = reference
        else:
            properties |= dict.fromkeys(spellings[key], reference)
    required = [_one_of(spellings[key]) for key, child in branch.children.items() if key != EACH and not is_computed(child)]
    mapping: Schema = {"type": "object", "properties": properties, "additionalProperties": others}
    if required:
        mapping["allOf"] = required
    schema = {"title": branch.label, "anyOf": [_ZERO, mapping, *_row(branch, table)]}
    yield f"{table}.{branch.path}".rstrip("."), schema


def _row(branch: Branch, table: str) -> Iterator[Schema]:
    """A list in statutory order, if the branch has figures only."""
    indicators = branch.figures
    if len(indicators) < len(branch.children):
        return
    figures = [indicator for indicator in indicators if not indicator.is_text]
    least = len(figures) - bool(figures and figures[-1].is_column_total)
    order = "、".join(indicator.label.rpartition("·")[2] for indicator in indicators)
    row: Schema = {
        "type": "array",
        "description": f"按顺序填写：{order}",
        "minItems": least,
        "maxItems": len(indicators),
    }
    if len(figures) == len(indicators):  # else the place of a figure depends on whether the texts are there
        row["items"] = [_ref(f"{table}.{indicator.path}") for indicator in indicators]
    yield row


def _figure(indicator: Indicator) -> Schema:
    if indicator.is_text:
        return {"title": indicator.label, "description": "文字，可不填", "allOf": [_ref(_kind(indicator))]}
    counted = indicator.unit or "、".join(indicator.units)
    description = f"单位：{counted}。0 是零，/ 是不适用，空着是未填报" + ("；合计，可省略" if indicator.parts else "")
    return {"title": indicator.label, "description": description, "allOf": [_ref(_kind(indicator))]}


def _kind(indicator: Indicator) -> str:
    """What figures are called that are written alike."""
    if indicator.is_text:
        return "text"
    words = (
        "figure",
        "signed" if indicator.signed else "",
        "decimal" if indicator.decimal else "",
        *(indicator.units or (indicator.unit,)),
    )
    return "-".join(filter(None, words))


def _written(indicator: Indicator) -> Schema:
    """What may be written for a figure."""
    if indicator.is_text:
        return {"anyOf": [_TEXT, {"type": ["number", "null"]}]}
    most = 10**MAX_DIGITS - 1
    number: Schema = {"type": "number" if indicator.decimal else "integer", "maximum": most}
    number["minimum"] = -most if indicator.signed else 0
    value: Schema = {"anyOf": [number, {"const": "/"}, {"type": "null"}]}
    unit, note, main = (FIGURE_KEYS[key] for key in ("unit", "note", "value"))
    units = {"enum": list(indicator.units or (indicator.unit,))}
    noted: Schema = {
        "type": "object",
        "properties": {"value": value, main: value, "note": _TEXT, note: _TEXT, "unit": units, unit: units},
        "additionalProperties": False,
        "allOf": [_one_of(("value", main))],
    }
    return {"anyOf": [*value["anyOf"], noted]}
