"""How many year files per second are read and checked by one core. Run by `make bench`."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from sphinx_govreport import __version__
from sphinx_govreport.core.library.cache import Cache
from sphinx_govreport.core.library.checks import check_library
from sphinx_govreport.core.library.library import load_library
from tests.published import published, year_file


def main() -> None:
    """Write reports of two years for many agencies, check them, and print the rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("suqian-2023", "suqian-2024"):
            text = year_file(published(name))
            for number in range(options.agencies):
                changed = text.replace("agency: 宿迁市", f"agency: 第{number}区")
                Path(folder, f"{name}-{number}.yaml").write_text(changed, "utf-8")
        start = time.perf_counter()
        library = load_library(Path(folder), ["."], [], Cache(None, __version__))
        read = time.perf_counter()
        checked = check_library(library, {"jump": None})
        end = time.perf_counter()
    assert len(checked) == 2 * options.agencies
    assert not any(one.findings for one in checked.values())
    print(f"{len(checked)} year files of 200 lines: {len(checked) / (end - start):.0f} a second")
    print(f"read {(read - start) * 1000 / len(checked):.2f} ms, checked {(end - read) * 1000 / len(checked):.2f} ms each")


if __name__ == "__main__":
    main()
