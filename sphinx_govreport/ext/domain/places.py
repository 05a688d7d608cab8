"""Where things are printed: the pages of each report and of each table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sphinx_govreport.core.checks.page import Page

Key = tuple[str, int, str]  #: agency, year and table; the whole report has an empty table


class Places:
    """Worked out once, when all pages are read."""

    def __init__(self, tables: Mapping[str, Mapping[Key, bool]], pages: Mapping[str, Page]) -> None:
        found: dict[Key, dict[str, None]] = {}
        for docname, printed in tables.items():
            for key in printed:
                found.setdefault(key, {})[docname] = None
                found.setdefault((*key[:2], ""), {})[docname] = None
        for docname, page in pages.items():
            found.setdefault((page.agency, page.year, ""), {})[docname] = None

        def rank(docname: str) -> tuple[bool, bool, str]:
            """Best is a page that names the report at its top and prints its tables."""
            return docname not in pages, docname not in tables, docname

        # most stand on one page, and there may be thousands
        self._pages = {key: tuple(sorted(docs, key=rank) if len(docs) > 1 else docs) for key, docs in found.items()}

    def __iter__(self) -> Iterator[Key]:
        """All that is printed, in order."""
        return iter(sorted(self._pages))

    def all(self, agency: str, year: int) -> tuple[str, ...]:
        """The pages of a report, the best first."""
        return self._pages.get((agency, year, ""), ())

    def canonical_docname(self, agency: str, year: int, table: str, near: str) -> str:
        """The page that prints a table: ``near`` itself if it does, else the first; empty if none does.

        Without a table: the page of the report, which is one that names it at its top if there is one, and not ``near``.
        """
        pages = self._pages.get((agency, year, table), ())
        return near if table and near in pages else next(iter(pages), "")
