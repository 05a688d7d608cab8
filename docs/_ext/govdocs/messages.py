"""Every rule of the code on one page: what it means, why it matters, how to fix it, and an example that is run."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

from sphinx_govreport.cli.rules import GROUPS
from sphinx_govreport.core.diagnostics import Rule, Severity, Text, text, translator

from .examples import Shown, examples
from .parts import Generated

_LEVELS = {Severity.ERROR: "Error.", Severity.WARNING: "Warning.", Severity.HINT: "Hint: printed by the command only."}
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".md": "markdown"}


class Messages(Generated):
    """``govdocs-messages``: a section for each group of rules, an entry for each rule."""

    def run(self) -> list[nodes.Node]:
        sections: list[nodes.Node] = []
        for heading, rules in GROUPS:
            title = nodes.title("", self._said(heading), translatable=False)
            entries = map(self._entry, rules)
            ident = nodes.make_id(heading.template)
            sections.append(nodes.section("", title, *entries, ids=[ident], names=[ident]))
        return sections

    def _entry(self, rule: Rule) -> addnodes.desc:
        about = rule.explanation
        if about is None:
            raise ValueError(f"{rule.name} has no explanation")
        ident = self.named("govreport", rule.name)
        names = [addnodes.desc_name(rule.name, rule.name)]
        if rule.chinese:
            names.append(addnodes.desc_annotation("", f" {rule.chinese}"))
        signature = addnodes.desc_signature("", "", *names, ids=[ident])
        signature["_toc_parts"], signature["_toc_name"] = (), ""
        body = (self.fixed(self._said(one)) for one in (about.meaning, about.reason))
        advice = self.fixed(self._said(text("What to do: {advice}", advice=about.advice)))
        content = addnodes.desc_content("", *body, advice, *self._severity_overrides(rule), *self._example(rule.name))
        return addnodes.desc("", signature, content, domain="gov", objtype="rule", no_index=True, classes=["gov-rule"])

    def _said(self, message: Text) -> str:
        return message.render(translator(self.config.language))

    def _severity_overrides(self, rule: Rule) -> Iterator[nodes.Node]:
        yield self.paragraph(_LEVELS[rule.severity])
        if rule.is_explainable:
            yield self.paragraph("The author may explain it.")

    def _example(self, name: str) -> list[nodes.Node]:
        shown = examples(self.config.language).get(name, Shown((), "", ""))
        if not shown.said:
            self.complain(f"there is no example that gives {name}")
            return []
        blocks = [self._block(written, _LANGUAGES.get(file[file.rfind(".") :], "text"), file) for file, written in shown.files]
        if shown.typed:
            blocks.append(self._block(shown.typed, "sh"))
        return [*blocks, self._block(shown.said, "text")]

    def _block(self, written: str, language: str, caption: str = "") -> nodes.Node:
        literal = nodes.literal_block(written, written.rstrip("\n"), language=language, force=True)
        if not caption:
            return literal
        label = nodes.caption(caption, caption, translatable=False)
        return nodes.container("", label, literal, literal_block=True, classes=["literal-block-wrapper"])


DIRECTIVES = {"govdocs-messages": Messages}
