"""Templates whose pages have no script and no style inside, for ``govreport_strict_policy``.

Sphinx and its themes write both into every page: for the search box, menus and colour schemes. With ``govreport_strict_policy``
they are moved into files, which such a policy allows from the site itself. What they do stays the same.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.jinja2glue import BuiltinTemplateLoader

from ..core.source import digest_of
from .downloads import is_site
from .policy import FOLDER
from .written import write_output

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.theming import Theme

#: an address that is meant from the folder of the page
_RELATIVE = re.compile(r"url\(\s*[\"']?(?![\"'/#]|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
#: types of script that a browser runs; others hold data, which no policy is about
_RUN = {None, "", "module", "text/javascript", "application/javascript"}
#: an attribute weighs more than any selector; as in the attribute, a script that sets the same property weighs more
_STYLE_RULE = '[data-gov-style="{key}"]:not(#_):not(#_){{{style}}}\n'
_HANDLER = """document.querySelectorAll('[data-gov-{event}="{key}"]').forEach(function (element) {{
  element.{event} = function (event) {{ {body} }};
}});
"""

Attribute = tuple[str, str | None]
Put = Callable[[str, str], str]  #: keeps a text in a file with a suffix, and returns its address


def without_inline(page: str, put: Put) -> str:
    """A page whose scripts, styles, style attributes and event handlers are in files that ``put`` writes."""
    parser = _Inline(page, put)
    parser.feed(page)
    parser.close()
    return parser.result()


class _Inline(HTMLParser):
    """Notes what is to be put in the place of which part of a page."""

    def __init__(self, page: str, put: Put) -> None:
        super().__init__(convert_charrefs=False)
        self.page = page
        self.put = put
        self.starts = [0, *(found.end() for found in re.finditer("\n", page))]
        self.edits: list[tuple[int, int, str]] = []
        self.rules: dict[str, None] = {}
        self.handlers: dict[str, None] = {}
        self.head_end = 0
        self.open: tuple[int, int, list[Attribute]] | None = None

    def result(self) -> str:
        """The page as it is to be written."""
        linked = [(_link, "css", self.rules), (_script, "js", self.handlers)]
        links = "".join(make(self.put(suffix, "".join(texts)), []) + "\n" for make, suffix, texts in linked if texts)
        return "".join(self._parts(sorted([*self.edits, (self.head_end, self.head_end, links)])))

    def _parts(self, edits: list[tuple[int, int, str]]) -> Iterator[str]:
        done = 0
        for start, end, new in edits:
            yield self.page[done:start]
            yield new
            done = end
        yield self.page[done:]

    @property
    def here(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[Attribute]) -> None:
        start, raw = self.here, self.get_starttag_text() or ""
        if tag == "style" or (tag == "script" and dict(attrs).get("type") in _RUN and "src" not in dict(attrs)):
            self.open = (start, start + len(raw), attrs)
        elif any(map(_is_inline, dict(attrs))):
            kept = [self._moved(name, value or "") if _is_inline(name) else (name, value) for name, value in attrs]
            self.edits.append((start, start + len(raw), _tag(tag, kept, raw.endswith("/>"))))

    def handle_startendtag(self, tag: str, attrs: list[Attribute]) -> None:
        self.handle_starttag(tag, attrs)

    def _moved(self, name: str, value: str) -> Attribute:
        """The attribute that stands for a style or a handler, which is kept for a file."""
        key = digest_of(value.encode())[:8]
        if name == "style":
            self.rules[_STYLE_RULE.format(key=key, style=value)] = None
        else:
            self.handlers[_HANDLER.format(event=name, key=key, body=value)] = None
        return f"data-gov-{name}", key

    def handle_endtag(self, tag: str) -> None:
        if tag == "head" and not self.head_end:
            self.head_end = self.here
        if tag not in ("script", "style") or self.open is None:
            return
        start, inside, attrs = self.open
        self.open = None
        body = self.page[inside : self.here]
        end = self.page.index(">", self.here) + 1
        make, suffix = (_link, "css") if tag == "style" else (_script_in_place, "js")
        self.edits.append((start, end, make(self.put(suffix, body), attrs) if body.strip() else ""))


def _is_inline(name: str) -> bool:
    """Whether an attribute holds style or script."""
    return name == "style" or name.startswith("on")


def _tag(name: str, attrs: list[Attribute], closed: bool = False) -> str:
    written = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attrs)
    return f"<{name}{written}{' /' if closed else ''}>"


def _link(address: str, attrs: list[Attribute]) -> str:
    kept = [(name, value) for name, value in attrs if name == "media"]
    return _tag("link", [("rel", "stylesheet"), ("href", address), *kept])


def _script(address: str, attrs: list[Attribute]) -> str:
    return _tag("script", [("defer", None), ("src", address), *attrs]) + "</script>"


def _script_in_place(address: str, attrs: list[Attribute]) -> str:
    """Run where it stood: there ``defer`` and ``async`` meant nothing."""
    kept = [(name, value) for name, value in attrs if name not in ("defer", "async")]
    return _tag("script", [("src", address), *kept]) + "</script>"


# -- in Sphinx -----------------------------------------------------------------------------------------------------


class StrictTemplates(BuiltinTemplateLoader):
    """Sphinx's own templates, whose pages are written without scripts and styles inside."""

    def init(self, builder: Builder, theme: Theme | None = None, dirs: list[str] | None = None) -> None:
        super().init(builder, theme, dirs)
        self.builder = builder

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]  # as its base class
        page = super().render(template, context)
        if not template.endswith(".html") or not is_site(self.builder):
            return page

        return without_inline(page, functools.partial(self._put, context))

    def _put(self, context: dict[str, Any], suffix: str, content: str) -> str:
        if suffix == "css":
            page = self.builder.get_target_uri(context["pagename"]).partition("#")[0]
            back = posixpath.relpath(posixpath.dirname(page) or ".", FOLDER)
            content = _RELATIVE.sub(rf"\g<0>{back}/", content)
        data = content.encode()
        name = f"{FOLDER}/{digest_of(data)[:16]}.{suffix}"
        target = Path(self.builder.outdir, name)
        if not target.exists():  # its name says what is in it
            write_output(self.builder, target, data)
        return str(context["pathto"](name, True))
