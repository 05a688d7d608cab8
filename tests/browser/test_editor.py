"""The schema in an editor: the YAML language server, as editors run it, completes keys and flags wrong ones.

Needs node and the package `yaml-language-server` in the folder that GOVREPORT_TOOLS names (`.ci/run` puts it there).
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from sphinx_govreport.cli import main
from tests.published import published, year_file

pytestmark = pytest.mark.browser

MODELINE = "# yaml-language-server: $schema=./govreport-year.schema.json\n"


class Server:
    """A language server that is spoken to through its standard input and output."""

    def __init__(self, folder: Path) -> None:
        found = Path(
            os.environ.get("GOVREPORT_TOOLS", "build/tools"), "node_modules/yaml-language-server/bin/yaml-language-server"
        )
        assert found.is_file(), f"{found} is missing: npm install --prefix build/tools yaml-language-server"
        self.folder = folder
        self.process = subprocess.Popen(
            ["node", str(found.resolve()), "--stdio"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.number = 0
        root = folder.as_uri()
        self.ask("initialize", {"processId": os.getpid(), "rootUri": root, "capabilities": {}})
        self.tell("initialized", {})

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        pipe = self._pipe(self.process.stdin)
        pipe.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        pipe.flush()

    def receive(self) -> dict[str, Any]:
        pipe = self._pipe(self.process.stdout)
        length = 0
        while line := pipe.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(pipe.read(length))
        if "id" in message and "method" in message:  # the server asks; every answer may be empty
            items = message["params"].get("items", ()) if message.get("params") else ()
            self.send({"id": message["id"], "result": [{} for _item in items] or None})
        return message

    def tell(self, method: str, params: object) -> None:
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while (message := self.receive()).get("id") != self.number or "method" in message:
            pass
        assert "error" not in message, message
        return message["result"]

    def open(self, name: str, text: str) -> list[dict[str, Any]]:
        """What is wrong with a file that is opened."""
        uri = self.uri(name)
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found: list[dict[str, Any]] = message["params"]["diagnostics"]
                return found

    def completed(self, name: str, line: int, character: int) -> dict[str, str]:
        """What is offered at a place, with its description."""
        place = {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}
        answer = self.ask("textDocument/completion", place)
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: str(item.get("documentation", "")) for item in items}

    def hover(self, name: str, line: int, character: int) -> str:
        place = {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}
        return json.dumps(self.ask("textDocument/hover", place), ensure_ascii=False)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe
        return pipe


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    assert main(["schema", "--output", str(tmp_path / "govreport-year.schema.json")]) == 0
    running = Server(tmp_path)
    yield running
    running.process.kill()
    running.process.communicate()


@pytest.mark.parametrize("name", ["suqian-2024", "wendeng-commerce-2020"])
def test_a_published_report_is_right(server: Server, name: str) -> None:
    assert server.open("year.yaml", MODELINE + year_file(published(name))) == []


def test_a_wrong_key_is_flagged_where_it_stands(server: Server) -> None:
    text = MODELINE + year_file(published("suqian-2024")).replace("state-secret:", "state-secrets:")
    line = next(n for n, one in enumerate(text.splitlines()) if "state-secrets:" in one)
    found = server.open("year.yaml", text)
    assert any("state-secrets" in one["message"] and one["range"]["start"]["line"] == line for one in found), found


def test_keys_are_completed_and_explained(server: Server) -> None:
    text = MODELINE + "agency: 宿迁市\nyear: 2024\nform: 2021\nrequests:\n  results:\n    refused:\n      \n"
    server.open("year.yaml", text)
    offered = server.completed("year.yaml", 7, 6)
    assert {"state-secret", "enforcement-file", "属于国家秘密"} <= offered.keys(), offered
    assert {"made", "granted"}.isdisjoint(offered), "only what belongs here"
    assert "属于国家秘密" in server.hover("year.yaml", 6, 6) or "不予公开" in server.hover("year.yaml", 6, 6)
