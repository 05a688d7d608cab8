"""Read the tables of a page from the accessibility tree of a running browser, as screen readers do, into a JSON file.

Run by the system's Python, which has the bindings of AT-SPI, in a separate session:
``dbus-run-session -- /usr/bin/python3 read_tables.py firefox URL FILE``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

PATIENCE = 90  # seconds for a browser to start, open a page and provide its tree
#: each with its possible command names, and its arguments
BROWSERS = {
    "chromium": (
        ("chromium", "google-chrome"),
        "--force-renderer-accessibility --no-sandbox --disable-gpu --no-first-run --disable-features=Translate --user-data-dir={}",
    ),
    "firefox": (("firefox-esr", "firefox"), "--no-remote --profile {}"),
}
#: no page of Firefox on the first start
PREFERENCES = (
    'user_pref("datareporting.policy.dataSubmissionEnabled", false);\nuser_pref("browser.shell.checkDefaultBrowser", false);\n'
)


@contextmanager
def screen() -> Iterator[str]:
    """Start a virtual display: browsers without a window provide no tree."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with open(reading) as number:
                yield f":{number.readline().strip()}"
        finally:
            server.terminate()


@contextmanager
def opened(browser: str, url: str, display: str) -> Iterator[None]:
    """Start a browser that shows a page."""
    names, options = BROWSERS[browser]
    program = next(filter(None, map(shutil.which, names)), None)
    assert program, f"{names[0]} is missing"
    # files that the browser's children still write are not a fault of the page
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        Path(profile, "user.js").write_text(PREFERENCES)
        environment = {**os.environ, "DISPLAY": display, "GNOME_ACCESSIBILITY": "1"}
        command = [program, *options.format(profile).split(), url]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                yield
            finally:
                process.terminate()


def children(node: Any) -> Iterator[Any]:
    for number in range(node.get_child_count()):
        child = node.get_child_at_index(number)
        if child is not None:
            yield child


def found(node: Any, role: Any) -> Iterator[Any]:
    """Yield all nodes with a role below a node, in the order of the page."""
    for child in children(node):
        if child.get_role() == role:
            yield child
        yield from found(child, role)


def document(url: str) -> Any:
    """Return the page if a browser has it."""
    for page in found(Atspi.get_desktop(0), Atspi.Role.DOCUMENT_WEB):
        said = Atspi.Document.get_document_attributes(page)
        if url in (said.get("DocURL"), said.get("URI")):
            return page
    return None


def cell(node: Any) -> dict[str, Any]:
    """Return the information about a cell with a figure."""
    heads = [*Atspi.TableCell.get_row_header_cells(node), *Atspi.TableCell.get_column_header_cells(node)]
    table = node
    while table.get_role() != Atspi.Role.TABLE:
        table = table.get_parent()
    return {
        "id": node.get_attributes().get("id", ""),
        "text": node.get_name(),
        "headers": [head.get_name() for head in heads],
        "table": table.get_name(),
    }


def reading(url: str) -> list[dict[str, Any]]:
    """Return all cells of the page that are not headers; empty if the page is not there."""
    page = document(url)
    return [cell(node) for node in found(page, Atspi.Role.TABLE_CELL)] if page else []


def settled(url: str) -> list[dict[str, Any]]:
    """Return the same when it no longer changes: trees arrive in pieces."""
    before: list[dict[str, Any]] = []
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            now = reading(url)
        except (AttributeError, gi.repository.GLib.Error):  # a node has disappeared meanwhile
            continue
        if now and now == before:
            return now
        before = now
    raise TimeoutError(f"{url}: {len(before)} cells")


def main(browser: str, url: str, file: str) -> None:
    with screen() as display, opened(browser, url, display):
        Path(file).write_text(json.dumps(settled(url), ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
