"""How many published pages per second are read: ``python -m tests.benchmarks.imports``."""

from __future__ import annotations

import argparse
import time

from sphinx_govreport.core.forms.reader import statutory_forms
from sphinx_govreport.importers.recognise.report import Wanted, import_documents
from tests.importers import written
from tests.published import NAMES, published


def portal_page(name: str) -> bytes:
    """Return a portal's page with menus, scripts and text around the report, about 90 KB."""
    menu = "".join(f"<li><a href='/zwgk/{n}.html'>政务公开栏目{n}</a></li>" for n in range(800)).encode()
    text = "<p>本机关依照条例公开政府信息，方便公众查询，并及时更新栏目内容。</p>".encode() * 300
    page = written.html(published(name))
    return page.replace(b"<body>", b"<body><ul>" + menu + b"</ul>").replace(b"</body>", text + b"</body>")


def main() -> None:
    """Print the pages per second of each round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pages = [portal_page(name) for name in NAMES]
    forms = statutory_forms()
    import_documents("a.html", pages[0], forms, Wanted())[0]
    for _ in range(options.rounds):
        start = time.perf_counter()
        for number in range(options.pages):
            found = import_documents("a.html", pages[number % len(pages)], forms, Wanted())[0]
            assert found.report
        rate = options.pages / (time.perf_counter() - start)
        print(f"{rate:.0f} pages a second, {len(pages[0]) // 1000} KB each")


if __name__ == "__main__":
    main()
