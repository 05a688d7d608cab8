"""A JSON Schema (draft-07) of year files for editors: keys are completed, and the titles document them.

It is generated from the forms and agrees with the loader. Errors that only the text of a file shows (``012``, ``1_000``) are
left to the loader. Keys of both languages are valid in every file, but only those of the file's own language are
``properties``, which editors complete; the other spellings are ``patternProperties``. ``errorMessage`` is not part of the
standard: the YAML language server and VS Code show it, others ignore it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from sphinx_govreport.core.diagnostics import Text, listed, sentences, text, translator
from sphinx_govreport.core.forms.form import EACH, Form, Keys, table_key, table_spellings, tables_of
from sphinx_govreport.core.forms.indicators import Branch, Indicator
from sphinx_govreport.core.forms.layout import layout_of
from sphinx_govreport.core.forms.reader import main_form

from .figures import MAX_DIGITS
from .keys import CORRECTION_KEYS, DEFAULT_KEY, FIGURE_KEYS, TOP_KEYS
from .year_file import FIRST_YEAR, LAST_YEAR

Schema: TypeAlias = dict[str, Any]

_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_NOT_FILLED: Schema = {"type": "null"}
_WHOLE = rf"(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})"  # a number in quotation marks, which is valid as well
_ANY_NUMBER = rf"^(?:/|[+-]?{_WHOLE}(?:\.[0-9]+)?)$"


def schema_of(forms: Mapping[str, Form], keys: Keys = "en") -> Schema:
    """Return the schema of year files by any of ``forms``; ``keys`` is the language that a file without keys is offered."""
    chinese = _any_of(TOP_KEYS.values())
    if keys == "zh":
        chinese = {"anyOf": [chinese, {"not": _any_of(TOP_KEYS)}]}
    zh, en = _SchemaWriter(forms, "zh"), _SchemaWriter(forms, "en")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{main_form(forms.values()).title}数据",
        "type": "object",
        "if": chinese,
        "then": zh.file(),
        "else": en.file(),
        "definitions": zh.definitions | en.definitions,
    }


class _SchemaWriter:
    """Writes the schema of files whose keys are in one language."""

    def __init__(self, forms: Mapping[str, Form], keys: Keys) -> None:
        self.forms = forms
        self.keys = keys
        self.translate = translator(keys)
        self.definitions: dict[str, Schema] = {}
        self.names: dict[str, str] = {}  #: names of the definitions, by content
        tables = table_spellings(tables_of(forms.values()))
        #: by table: its key, then its other spellings
        self.tables = {
            name: _own_first(table_key(name, forms.values(), keys), (one for one, meant in tables.items() if meant == name))
            for name in dict.fromkeys(tables.values())
        }

    def say(self, *parts: Text | None) -> str:
        return sentences(filter(None, parts), self.translate)

    def both(self, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Return the spellings of keys with one name in each language, that of the file first."""
        return {key: (key, name) if self.keys == "en" else (name, key) for key, name in names.items()}

    def ref(self, schema: Schema) -> Schema:
        """Return a reference to a schema, which is defined once: keys have several spellings, and forms share tables."""
        name = self.names.setdefault(json.dumps(schema), f"{self.keys}-{len(self.names) + 1}")
        self.definitions[name] = schema
        return {"$ref": f"#/definitions/{name}"}

    def mapping(self, keys: Mapping[tuple[str, ...], Schema | bool], others: Schema | bool = False) -> Schema:
        """Return a mapping with keys by their spellings; the first is completed. ``others`` is the schema of unknown keys."""
        patterns = {_pattern(spellings[1:]): schema for spellings, schema in keys.items() if spellings[1:]}
        schema: Schema = {"properties": {spellings[0]: schema for spellings, schema in keys.items()}}
        if patterns:
            schema["patternProperties"] = patterns
        schema["additionalProperties"] = others
        if others is False:
            schema["errorMessage"] = self.say(text("Unknown key."))
        return schema

    def needed(self, spellings: tuple[str, ...]) -> Schema:
        """Require a key in exactly one of its spellings."""
        own, *others = spellings
        missing = {"required": [own], "errorMessage": self.say(text("“{key}” is missing.", key=own))}
        if not others:
            return missing
        message = self.say(text("“{key}” appears here twice.", key=own))
        twice = {"patternProperties": {_pattern(others): False}, "errorMessage": message}
        return {"if": {"required": [own]}, "then": twice, "else": {"if": _any_of(others), "else": missing}}

    # top level of the file

    def file(self) -> Schema:
        """Return the schema of a file."""
        top = self.both(TOP_KEYS)
        of_top: dict[str, Schema] = {
            "agency": _TEXT | self.named(text("Agency"), text("The full name of the agency of the report.")),
            "year": _offered(self.named(text("Year of the report")), self.year()),
            "form": self.form(),
            "notes": self.notes(),
            "explanations": {
                "type": ["object", "null"],
                **self.named(
                    text("Explanations"), text("Why a finding of the checks is correct. It is printed under the table.")
                ),
                "additionalProperties": _TEXT,
            },
            "corrections": self.corrections(),
        }
        tables = {key for spellings in self.tables.values() for key in spellings}
        mapping = self.mapping({top[key]: schema for key, schema in of_top.items()})
        mapping["patternProperties"][_pattern(sorted(tables))] = True
        needed = [self.needed(top[key]) for key in ("agency", "year", "form")]
        needed += [self.needed(self.tables[name]) for name in self.common()]
        offered = {own: _offered({}, {}) for own, *_others in self.tables.values()}
        of_no_form = {"if": {"not": _any_of(top["form"])}, "then": {"properties": offered}}
        return {**mapping, "allOf": [*needed, of_no_form, *self.by_form(top["form"])]}

    def year(self) -> Schema:
        message = self.say(text("The year must be four digits."))
        within = _within({"minimum": FIRST_YEAR, "maximum": LAST_YEAR}, message)
        return {"type": ["integer", "string"], "pattern": "^20[0-9]{2}$", "errorMessage": message, "allOf": [within]}

    def named(self, title: Text, description: Text | None = None) -> Schema:
        return {"title": self.say(title), "description": self.say(description)} if description else {"title": self.say(title)}

    def by_form(self, form_keys: tuple[str, ...]) -> Iterator[Schema]:
        """Yield a condition for each form and table: if the form applies, it defines the table; else the table is invalid."""
        common = self.common()
        conditions: dict[str, list[Schema]] = defaultdict(list)
        default = self.both(DEFAULT_KEY)["default"]
        for form in self.forms.values():
            for table in form.tables:
                own = self.tables[table.name]
                by_default = {"allOf": [_has(default, _is(form)), {"not": _any_of(own)}]}
                holds = {"anyOf": [_is(form), {"type": "object", "anyOf": [_has(own, _is(form)), by_default]}]}
                condition = _has(form_keys, holds)
                reference = self.branch(layout_of(table).root, table.source)
                then: Schema = {"properties": {own[0]: reference}}
                if own[1:]:
                    then["patternProperties"] = {_pattern(own[1:]): reference}
                if table.name not in common:
                    then["allOf"] = [self.needed(own)]
                    conditions[table.name].append(condition)
                yield {"if": condition, "then": then}
        for name, allowed in conditions.items():
            yield {"if": {"not": {"anyOf": allowed}}, "then": {"patternProperties": {_pattern(self.tables[name]): False}}}

    def common(self) -> tuple[str, ...]:
        """Return the names of the tables that all forms have: every report has them."""
        first, *others = self.forms.values()
        return tuple(name for name in first.table_names if all(name in form.table_names for form in others))

    def form(self) -> Schema:
        names = [form.name for form in self.forms.values()]
        offered: list[object] = [int(name) if _is_year(name) else name for name in names]
        known = self.say(text("Known forms are: {names}.", names=listed(names)))
        one: Schema = {"anyOf": [{"enum": offered, "errorMessage": known}, {"type": "string", "pattern": _pattern(names)}]}
        default = self.both(DEFAULT_KEY)["default"]
        every = {"allOf": [self.needed(self.tables[name]) for name in self.common()] or [{"minProperties": 1}]}
        by_table = {
            "type": "object",
            **self.mapping({default: one, **dict.fromkeys(self.tables.values(), one)}),
            "anyOf": [_any_of(default), every],
        }
        if len(default) > 1:
            by_table["not"] = {"required": list(default)}
        shown = "；".join(f"{form.name}：{form.notice}" for form in self.forms.values())
        return {"title": self.say(text("Form of the tables")), "description": shown, "anyOf": [*one["anyOf"], by_table]}

    def notes(self) -> Schema:
        by_table = self.mapping({name: {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]} for name in self.tables.values()})
        return {"type": ["object", "null"], **self.named(text("Notes under the tables")), **by_table}

    def corrections(self) -> Schema:
        """Return the schema of corrections; the loader checks the values, since they depend on the form."""
        value: Schema = {"if": _NOT_FILLED, "else": {"type": ["number", "string"], "pattern": _ANY_NUMBER}}
        of_figure = self.both(FIGURE_KEYS)
        with_unit = self.mapping({of_figure["value"]: _offered({}, value), of_figure["unit"]: _TEXT})
        figure = {
            "if": _NOT_FILLED,
            "else": {"type": ["number", "string", "object"], "pattern": _ANY_NUMBER},
            "allOf": [with_unit, self.needed(of_figure["value"])],
        }
        example = text("The key of the figure, such as requests.received.natural-person.")
        of_key: dict[str, Schema] = {
            "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
            | self.named(text("Date"), text("The day on which the correction was published, such as 2025-03-10.")),
            "figure": _TEXT | self.named(text("Corrected figure"), example),
            "before": _offered(self.named(text("Before"), text("The number published before the correction.")), figure),
            "after": _offered(self.named(text("After"), text("The correct number; the table has the same figure.")), figure),
            "reason": _TEXT | self.named(text("Reason"), text("Why the figure was wrong. It is printed under the table.")),
        }
        keys = self.both(CORRECTION_KEYS)
        item = {
            "type": "object",
            **self.mapping({keys[key]: schema for key, schema in of_key.items()}),
            "allOf": [self.needed(spellings) for spellings in keys.values()],
        }
        about = text("Corrections of figures that were published. They are printed under the table.")
        return {"type": ["array", "null"], **self.named(text("Corrections"), about), "items": item}

    # tables

    def label(self, part: Branch | Indicator) -> str:
        return (part.english if self.keys == "en" else "") or part.label

    def head(self, part: Branch | Indicator) -> str:
        return self.label(part).rpartition("·")[2]

    def branch(self, branch: Branch, source: str = "") -> Schema:
        """Return the schema of a branch and everything below it; ``source`` is the legal source of a table."""
        spellings = {
            key: _own_first(branch.key(key, self.keys), (name for name, meant in branch.names.items() if meant == key))
            for key in branch.children
        }
        parts = {key: self.branch(one) if isinstance(one, Branch) else self.figure(one) for key, one in branch.children.items()}
        others = parts.pop(EACH, False)  # rows that the file lists
        needed = [self.needed(spellings[key]) for key in parts if key in branch.needed]
        row, order = self.row(branch, [*parts.values()])
        only_zero = self.say(text("Only 0 can be written for all figures of a branch; otherwise write each figure."))
        types = ["object", "integer", "string", *(["array"] if row else [])]
        written = {
            "if": _NOT_FILLED,
            "else": {"type": types, "pattern": "^0$", "errorMessage": only_zero},
            "allOf": [
                self.mapping({spellings[key]: schema for key, schema in parts.items()}, others),
                self.ref({"allOf": [*needed, _within({"minimum": 0, "maximum": 0}, only_zero)]}),
                *row,
            ],
        }
        units = {_unit(indicator) for indicator in branch.indicators() if not indicator.is_text}
        unit = text("Unit: {unit}.", unit=units.pop()) if len(units) == 1 else None
        blank = text("A single 0 means that all figures are 0; empty means not filled in.")
        title = {"title": self.label(branch), "description": "\n".join(filter(None, (source, self.say(unit, order, blank))))}
        return self.ref(_offered(title, written))

    def row(self, branch: Branch, schemas: list[Schema]) -> tuple[list[Schema], Text | None]:
        """Return the schema of a list in statutory order and its description, if all children of the branch are figures."""
        indicators = branch.figures
        if len(indicators) < len(branch.children):
            return [], None
        least = len(branch.numbers) - branch.ends_with_total
        said = text("In this order: {order}.", order=("、" if self.keys == "zh" else ", ").join(map(self.head, indicators)))
        row = _within({"minItems": least, "maxItems": len(indicators)}, self.say(said))
        if len(branch.numbers) == len(indicators):  # else the position of a figure depends on whether the texts are there
            row["items"] = schemas
        return [row], said

    def figure(self, indicator: Indicator) -> Schema:
        unit = text("Unit: {unit}.", unit=_unit(indicator))
        blank = text("0 means zero, / means not applicable, empty means not filled in.")
        total = text("It is a total and can be left out.") if indicator.parts else None
        said = self.say(text("A text; it can be left out.")) if indicator.is_text else self.say(unit, blank, total)
        return self.ref(_offered({"title": self.label(indicator), "description": said}, self.ref(self.written(indicator))))

    def written(self, indicator: Indicator) -> Schema:
        """Return the schema of the values of a figure."""
        if indicator.is_text:
            return {"if": _NOT_FILLED, "else": {"type": ["string", "number"], "pattern": r"\S"}}
        most = 10**MAX_DIGITS - 1
        hint = text("Write a number without separators, such as 0 or 12; / means not applicable, empty means not filled in.")
        message = self.say(hint)
        within = _within({"minimum": -most if indicator.signed else 0, "maximum": most}, message)
        number = f"{'[+-]?' if indicator.signed else ''}{_WHOLE}{'(?:[.][0-9]+)?' if indicator.decimal else ''}"
        said = {"pattern": f"^(?:/|{number})$", "errorMessage": message, "allOf": [within]}
        types = ["number" if indicator.decimal else "integer", "string"]
        keys = self.both(FIGURE_KEYS)
        named = list(indicator.units or (indicator.unit,))
        units = {"enum": named, "errorMessage": self.say(text("The unit is: {units}.", units=listed(named)))}
        value = {"if": _NOT_FILLED, "else": {"type": types, **said}}
        noted = self.mapping({keys["value"]: _offered({}, value), keys["note"]: _TEXT, keys["unit"]: units})
        return {"if": _NOT_FILLED, "else": {"type": [*types, "object"], **said}, "allOf": [noted, self.needed(keys["value"])]}


def _own_first(own: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((own, *names)))


def _offered(title: Schema, schema: Schema) -> Schema:
    """Return the schema below ``anyOf``: the language server then completes a key with its colon and proposes no value.

    It shows the title of the inner schema if only that fits, else this one.
    """
    below = {"allOf": [schema]} if "$ref" in schema else schema
    return title | {"anyOf": [{"title": title["title"], **below} if title else below]}


def _within(bounds: Schema, message: str) -> Schema:
    """Limit numbers or lists. For limits the language server shows no custom message, but it does for a wrong type."""
    return {"if": bounds, "else": {"type": "null", "errorMessage": message}}


def _pattern(names: Iterable[str]) -> str:
    """Return a regular expression, for JavaScript too, that matches exactly these names."""
    escaped = (re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", name) for name in names)
    return f"^(?:{'|'.join(escaped)})$"


def _any_of(keys: Iterable[str]) -> Schema:
    return {"anyOf": [{"required": [key]} for key in keys]}


def _has(keys: tuple[str, ...], value: Schema) -> Schema:
    """Return the condition that a spelling has this value, without ``properties``, because editors would complete them."""
    return {"patternProperties": {_pattern(keys): value}, **_any_of(keys)}


def _is(form: Form) -> Schema:
    """Return the schema of a form's name: ``2021`` is a number in YAML."""
    named: Schema = {"type": "string", "pattern": _pattern([form.name])}
    return {"anyOf": [named, {"const": int(form.name)}]} if _is_year(form.name) else named


def _unit(indicator: Indicator) -> str | tuple[str | Text, ...]:
    return indicator.unit or listed(indicator.units)


def _is_year(form: str) -> bool:
    return len(form) == 4 and form.isascii() and form.isdecimal()
