"""``sphinx-build -b govfragment``: each page as a fragment for a CMS, with a page to copy it from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "govfragment"


class FragmentBuilder(StandaloneHTMLBuilder):
    """Writes the content of pages as HTML does, and makes it fit to be pasted.

    All pages are written on each build, so that no fragment is older than anything it is made of.
    """

    name = NAME
    search = copysource = add_permalinks = html_scaled_image_link = False
    embedded = True  # nothing stands beside a page that it could lead to

    def init(self) -> None:
        """Get ready; only now is imported what most builds do not need."""
        from .fragment_files import FragmentFiles

        super().init()
        self.files = FragmentFiles(self)

    def get_theme_config(self) -> tuple[str, dict[str, str | int | bool]]:
        """The simplest: themes wrap tables, and expect files that are not written here."""
        return "basic", {}

    def get_outdated_docs(self) -> Iterator[str]:
        """All pages."""
        yield from self.env.found_docs

    def handle_page(
        self, pagename: str, addctx: dict[str, Any], templatename: str = "", *, outfilename: Any = None, event_arg: Any = None
    ) -> None:
        """Write a page's fragment, and the page to copy it from."""
        self.files.write_page(pagename, addctx["body"])

    def copy_assets(self) -> None:
        """Lay what the pages to copy from need beside them."""
        self.files.copy_assets()

    def finish(self) -> None:
        """List the pages, lay pictures that are to be uploaded beside them, and remove what only the last build wrote."""
        self.images = self.files.pictures()
        self.copy_image_files()
        self.files.finish(self.images.values())


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(FragmentBuilder)
