"""Former names and levels of agencies, declared once for all uses of reports.

A report that was published under a former name belongs to the agency under its current name. The printed report, its caption
and its records keep the name under which it was published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sphinx_govreport.core.diagnostics import Diagnostic, Text, bilingual, explained_rule, text
from sphinx_govreport.core.examples import Example
from sphinx_govreport.core.forms.form import Form, did_you_mean, hint_for, level_spellings
from sphinx_govreport.core.reports.report import ReportKey
from sphinx_govreport.core.yaml.source import MappingNode, Node, ScalarNode, SequenceNode, Source, is_text, read_source

BAD_AGENCIES = explained_rule(
    "bad-agencies",
    "机关设置有误",
    text("The declaration of agencies contains an invalid entry."),
    text("The years of an agency would not belong together, or its deadline would be wrong."),
    text("Write it as the message says; a former name belongs to only one agency and is not the current name of another."),
    example=Example(
        (("agencies.yaml", "平潭综合实验区:\n  fromer: 平潭综合实验区管委会\n"),),
        run="sphinx-govreport check --agencies agencies.yaml data",
    ),
)

#: a site's declaration: the name of a file, or the content of such a file
Declaration: TypeAlias = str | Mapping[str, Mapping[str, str | Sequence[str]]]

_KEYS = {"former": "former", "曾用名": "former", "level": "level", "级别": "level"}
_CONF = "conf.py"  # the file of a declaration that has no other


@dataclass(frozen=True)
class Agencies:
    """The declared names and levels of agencies."""

    renamed: Mapping[str, str] = field(default_factory=dict)  #: by former name: the current name
    levels: Mapping[str, str] = field(default_factory=dict)  #: by current name: the key of the level

    def now(self, name: str) -> str:
        """Return the current name of an agency, given a current or former one."""
        return self.renamed.get(name, name)

    def key_now(self, key: ReportKey) -> ReportKey:
        """Return the key of a report with the current name of its agency."""
        return key._replace(agency=self.now(key.agency))

    def level(self, name: str) -> str:
        """Return the key of an agency's level; empty if it is not declared."""
        return self.levels.get(self.now(name), "")

    def below(self, parts: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
        """Return the agencies below each agency, each once and all under their current names."""
        found: dict[str, dict[str, None]] = {}
        for agency, names in parts:
            found.setdefault(self.now(agency), {}).update(dict.fromkeys(map(self.now, names)))
        return {agency: [*names] for agency, names in found.items()}


NOTHING_DECLARED = Agencies()


def file_of(declaration: Declaration) -> list[str]:
    """Return the file name of a declaration, if it is a file."""
    return [declaration] if isinstance(declaration, str) and declaration else []


def read_agencies(data: bytes | None, declaration: Declaration, forms: Iterable[Form]) -> tuple[Agencies, list[Diagnostic]]:
    """Read a declaration or, if it is a file, its ``data``; levels are those of the ``forms``. Invalid entries are left out."""
    if not isinstance(declaration, str):
        source = Source(_CONF, "", _node_of(declaration))
    elif data is None:
        return NOTHING_DECLARED, []
    else:
        source = read_source(declaration, data)
    reader = _Reader(source, level_spellings(forms))
    if source.root is not None:
        reader.read(source.root)
    return Agencies(reader.renamed, reader.levels), [*source.diagnostics, *reader.diagnostics]


def _node_of(value: object) -> Node:
    """Return a value of ``conf.py`` as if it were read from a file; its line is unknown."""
    if isinstance(value, Mapping):
        return MappingNode(tuple((ScalarNode(str(key), 1, 1), _node_of(item)) for key, item in value.items()), 1, 1)
    if isinstance(value, (list, tuple)):
        return SequenceNode(tuple(map(_node_of, value)), 1, 1)
    return ScalarNode(str(value), 1, 1)


class _Reader:
    """Reads one declaration and collects its problems."""

    def __init__(self, source: Source, known_levels: Mapping[str, str]) -> None:
        self.source = source
        self.known_levels = known_levels
        self.diagnostics: list[Diagnostic] = []
        self.renamed: dict[str, str] = {}
        self.levels: dict[str, str] = {}

    def report(self, node: Node, message: Text, hint: Text | None = None) -> None:
        self.diagnostics.append(Diagnostic(BAD_AGENCIES, self.source.pos(node), message, hint))

    def read(self, root: Node) -> None:
        if not isinstance(root, MappingNode):
            self.report(root, text("A mapping is expected here: {keys}.", keys="…: {former: […], level: …}"))
            return
        names = {key.text.strip() for key, _value in root.entries}
        for key, value in root.entries:
            agency = key.text.strip()
            if not isinstance(value, MappingNode):
                entry = bilingual("{name}: {{former: […], level: …}}", "{name}: {{曾用名: […], 级别: …}}", name=agency)
                message = text("The declaration of {agency} must be a mapping.", agency=agency)
                self.report(value, message, text("For example: {example}.", example=entry))
                continue
            for name, item in value.entries:
                kind = _KEYS.get("".join(name.text.split()))
                if kind == "former":
                    self.former(agency, item, names)
                elif kind == "level":
                    self.level(agency, item)
                else:
                    hint = hint_for(did_you_mean(name.text, _KEYS), _KEYS)
                    self.report(name, text("{agency}: unknown key “{key}”.", agency=agency, key=name.text), hint)

    def former(self, agency: str, node: Node, names: set[str]) -> None:
        for item in node.items if isinstance(node, SequenceNode) else (node,):
            name = item.text.strip() if is_text(item) else ""
            if not name:
                self.report(item, text("{agency}: a former name must be a text.", agency=agency))
            elif name == agency:
                self.report(item, text("“{name}” is the current name of the agency.", name=name))
            elif name in names:
                hint = text("If it is the same agency, declare all its names in one place, under its current name.")
                self.report(item, text("“{name}” is also declared as an agency.", name=name), hint)
            elif (other := self.renamed.setdefault(name, agency)) != agency:
                message = text("“{name}” is already a former name of {agency}.", name=name, agency=other)
                hint = text("It would not be clear which agency is intended: declare it for only one of them.")
                self.report(item, message, hint)

    def level(self, agency: str, node: Node) -> None:
        if not isinstance(node, ScalarNode):
            self.report(node, text("{agency}: the level must be a text.", agency=agency))
            return
        written = "".join(node.text.split())
        if level := self.known_levels.get(written):
            self.levels[agency] = level
        else:
            hint = hint_for(did_you_mean(written, self.known_levels), self.known_levels)
            self.report(node, text("{agency}: no form has a level “{level}”.", agency=agency, level=written), hint)
