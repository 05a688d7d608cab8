"""The description of a report under a strict Content-Security-Policy. Needs chromium."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SITE = Path(__file__).parents[2] / "example_site"


class Strict(http.server.SimpleHTTPRequestHandler):
    """Lets nothing in that the site does not serve as a file."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # browsers ask for it once, whatever the page says
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def build(out: Path, *options: str) -> Path:
    subprocess.run([sys.executable, "-m", "sphinx", "-qnW", "-b", "html", *options, str(SITE), str(out)], check=True)
    return out


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    build(tmp_path / "with")
    build(tmp_path / "without", "-D", "govreport_dataset=0")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_policy_lets_the_data_block_through(address: str) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "these tests need chromium"
    said: dict[str, list[str]] = {"with": [], "without": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, messages in said.items():
            page = browser.new_page()
            page.on("console", lambda message, messages=messages: messages.append(message.text))  # type: ignore[misc]
            page.goto(f"{address}/{name}/reports/suqian-2024.html")
            blocks = page.locator('script[type="application/ld+json"]').all_text_contents()
            assert [json.loads(block)["@type"] for block in blocks] == (["Dataset"] if name == "with" else [])
        browser.close()
    assert said["with"] == said["without"], "what is left is the theme's own"
