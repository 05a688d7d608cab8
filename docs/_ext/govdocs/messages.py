"""Every rule of the code on one page, each with its reason and an example."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from docutils import nodes
from sphinx import addnodes

import sphinx_govreport
from sphinx_govreport.core.diagnostics import Rule, Severity, Text, translator

from .examples import Shown, examples
from .parts import Generated

_LEVELS = {Severity.ERROR: "Error.", Severity.WARNING: "Warning.", Severity.HINT: "Hint: printed by the command only."}
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".md": "markdown"}


@cache
def rules() -> dict[str, Rule]:
    """Every rule that a module of the package declares."""
    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(sphinx_govreport.__path__, "sphinx_govreport."):
        if not module.name.endswith("__main__"):
            values = vars(importlib.import_module(module.name)).values()
            found |= {value.name: value for value in values if isinstance(value, Rule)}
    return found


class RuleEntry(Generated):
    """``govdocs-rule NAME``: level, title and example of a rule, around its reason, which is the content."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        rule = rules().get(name)
        if rule is None:
            self.complain(f"the code has no rule {name}")
            return []
        ident = f"govreport-{name}"
        signature = addnodes.desc_signature("", "", addnodes.desc_name(name, name), ids=[ident])
        signature["_toc_parts"], signature["_toc_name"] = (), ""
        self.env.domains.standard_domain.note_hyperlink_target(ident, self.env.docname, ident, name)
        content = addnodes.desc_content("", *self._levels(rule), *self.parse_content_to_nodes(), *self._example(name))
        return [addnodes.desc("", signature, content, domain="gov", objtype="rule", no_index=True, classes=["gov-rule"])]

    def _levels(self, rule: Rule) -> list[nodes.Node]:
        paragraphs = [self._title(rule.title)] if rule.title else []
        paragraphs.append(self.paragraph(_LEVELS[rule.severity]))
        if rule.is_explainable:
            paragraphs.append(self.paragraph("The author may explain it."))
        return list(paragraphs)

    def _title(self, title: Text) -> nodes.paragraph:
        """What a check asks, in the words of its messages."""
        stop = "。" if self.config.language == "zh_CN" else "."
        return nodes.paragraph("", title.render(translator(self.config.language)) + stop, translatable=False)

    def _example(self, name: str) -> list[nodes.Node]:
        shown = examples(self.config.language).get(name, Shown((), "", ""))
        if not shown.said:
            self.complain(f"there is no example that gives {name}")
            return []
        blocks = [self._block(text, _LANGUAGES.get(file[file.rfind(".") :], "text"), file) for file, text in shown.files]
        if shown.typed:
            blocks.append(self._block(shown.typed, "sh"))
        return [*blocks, self._block(shown.said, "text")]

    def _block(self, text: str, language: str, caption: str = "") -> nodes.Node:
        literal = nodes.literal_block(text, text.rstrip("\n"), language=language, force=True)
        if not caption:
            return literal
        label = nodes.caption(caption, caption, translatable=False)
        return nodes.container("", label, literal, literal_block=True, classes=["literal-block-wrapper"])


DIRECTIVES = {"govdocs-rule": RuleEntry}
