"""The gallery: each example is written once, in MyST, and printed with its source in both languages and its output."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

_FENCE = re.compile(r"(?P<fence>:{3,})\{(?P<name>[\w-]+)\} ?(?P<argument>.*)")
_ROLE = re.compile(r"\{([\w:-]+)\}(?=`)")
_TABS = """\
:::::{{tab-set}}
:sync-group: source

::::{{tab-item}} MyST
:sync: myst

```markdown
{myst}
```
::::

::::{{tab-item}} reStructuredText
:sync: rst

```rst
{rst}
```
::::
:::::
"""


class Example(SphinxDirective):
    """``govdocs-gallery``: an example with its source and its output."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the two sources in tabs, and the output below them."""
        myst = "\n".join(self.content)
        output = nodes.container("", *self.parse_content_to_nodes(), classes=["govdocs-output"])
        tabs = self.parse_text_to_nodes(_TABS.format(myst=myst, rst=in_rst(myst)))
        example = nodes.container("", *tabs, output, classes=["govdocs-example"])
        for node in example.findall(nodes.TextElement):
            if not isinstance(node, nodes.Inline):  # Sphinx removes inline nodes that have this attribute
                node["translatable"] = False  # examples are in Chinese in both editions, as reports are
        return [example]


def in_rst(myst: str) -> str:
    """Return an example in reStructuredText. It consists of paragraphs with roles, and of directives in colon fences."""
    lines = []
    fence = ""
    for line in myst.splitlines():
        opening = _FENCE.fullmatch(line)
        if opening and not fence:
            fence = opening["fence"]
            lines.append(f".. {opening['name']}:: {opening['argument']}".rstrip())
        elif fence and line == fence:
            fence = ""
        else:
            written = _ROLE.sub(r":\1:", line)
            lines.append(f"   {written}" if fence and written else written)
    return "\n".join(lines)


DIRECTIVES = {"govdocs-gallery": Example}
