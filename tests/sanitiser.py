"""What a rich text editor of a content management system leaves of what is pasted into it: the way UEditor and its like filter."""

from __future__ import annotations

from lxml import etree, html

TAGS = frozenset(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details div dl dt em font footer "
    "h1 h2 h3 h4 h5 h6 header hr i img ins li mark nav ol p pre s section small span strike strong sub sup table tbody td tfoot th thead "
    "tr tt u ul".split()
)
WITH_CONTENT = frozenset(("script", "style", "iframe", "object", "embed"))  # nothing is left of them
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"rowspan", "colspan"},
    "th": {"rowspan", "colspan"},
}


def sanitised(fragment: str) -> str:
    """Elements of a list, spans of cells and the attribute ``style``; of other elements the content."""
    root = html.fragment_fromstring(fragment, create_parent="body")
    for element in list(root.iter()):
        if element is root:
            continue
        if not isinstance(element.tag, str):
            element.getparent().remove(element)
        elif element.tag in WITH_CONTENT:
            element.drop_tree()
        elif element.tag not in TAGS:
            element.drop_tag()
        else:
            for name in set(element.attrib) - {"style"} - ATTRIBUTES.get(element.tag, set()):
                del element.attrib[name]
    for span in list(root.iter("span", "a")):
        if not span.attrib and not len(span) and not (span.text or "").strip():
            span.drop_tag()
    return (root.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
