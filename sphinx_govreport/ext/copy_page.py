"""The pages from which fragments are copied: plain, with one script and one style sheet beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from ..core.diagnostics import Text, Translate, text

FILES = ("govfragment.css", "govfragment.js")  #: what the pages need

_ALL = text("All pages")
_PAGES = text("Pages to be pasted into a CMS:")
_FILE = text("The fragment as a file")
_COPY = text("Copy")
_COPIED = text("Copied. Paste it into the editor.")
_FAILED = text("Not copied. Mark the source and copy it.")
_SOURCE = text("Source")
_PREVIEW = text("Preview")
_LEFT = text("Pictures to be uploaded")
_PLACES = text("The fragment names each of them in its place.")


class Site(NamedTuple):
    """What all pages have in common."""

    project: str
    language: str  #: as HTML writes it
    translate: Translate

    def say(self, said: Text) -> str:
        """A text in the site's language, for HTML."""
        return escape(said.render(self.translate))


class Left(NamedTuple):
    """What a fragment cannot hold: somebody uploads it and puts it where the fragment names it."""

    name: str  #: of its file, or its address
    alt: str
    is_file: bool  #: whether the file lies beside the fragments

    @property
    def placeholder(self) -> Text:
        """What stands in its place."""
        return text("[Picture to be put in here: {name}]", name=self.name)


def fragment_name(docname: str) -> str:
    """The file of a page's fragment."""
    return f"fragments/{docname}.html"


def copy_name(docname: str) -> str:
    """The file of the page to copy it from."""
    return f"copy/{docname}.html"


def copy_page(site: Site, docname: str, title: str, fragment: str, left: Sequence[Left]) -> str:
    """A page with a fragment, its source, and a button that copies both; without its script, the source can be marked."""
    root = "../" * copy_name(docname).count("/")
    return _page(
        site,
        root,
        title,
        f'<p><a href="{root}index.html">{site.say(_ALL)}</a> · '
        f'<a href="{root}{quote(fragment_name(docname))}" download>{site.say(_FILE)}</a></p>\n'
        f'<p><button type="button" id="govfragment-copy" hidden>{site.say(_COPY)}</button> '
        '<span role="status" id="govfragment-status" '
        f'data-copied="{site.say(_COPIED)}" data-failed="{site.say(_FAILED)}"></span></p>\n'
        + "".join(_left(site, root, left))
        + f'<h2 id="govfragment-title">{site.say(_SOURCE)}</h2>\n'
        f'<textarea id="govfragment-source" aria-labelledby="govfragment-title" rows="10" readonly spellcheck="false">'
        f"{escape(fragment, quote=False)}</textarea>\n"
        f'<section id="govfragment-preview" aria-label="{site.say(_PREVIEW)}" hidden></section>\n',
    )


def _left(site: Site, root: str, left: Sequence[Left]) -> Iterator[str]:
    if left:
        yield f"<h2>{site.say(_LEFT)}</h2>\n<p>{site.say(_PLACES)}</p>\n<ul>\n"
        for one in left:
            address = f"{root}_images/{quote(one.name)}" if one.is_file else one.name
            alt = f"<br>{escape(one.alt)}" if one.alt else ""
            yield f'<li><a href="{escape(address)}">{escape(one.name)}</a>{alt}</li>\n'
        yield "</ul>\n"


def list_page(site: Site, pages: Mapping[str, str]) -> str:
    """The list of all pages; ``pages`` are titles by page."""
    items = (
        f'<li><a href="{quote(copy_name(docname))}">{escape(title)}</a> <code>{escape(docname)}</code></li>\n'
        for docname, title in pages.items()
    )
    return _page(site, "", site.project, f"<p>{site.say(_PAGES)}</p>\n<ul>\n{''.join(items)}</ul>\n")


def _page(site: Site, root: str, title: str, content: str) -> str:
    style, script = FILES
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(site.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" href="{root}{style}">\n<script src="{root}{script}" defer></script>\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{content}</main>\n</body>\n</html>\n"
    )
