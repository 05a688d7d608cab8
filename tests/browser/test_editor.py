"""The schema in an editor: the YAML language server, as used by editors, completes keys and flags wrong ones.

Needs node and the package `yaml-language-server` in the folder GOVREPORT_TOOLS (installed by `.ci/run`).
"""

from __future__ import annotations

import json
import os
import re
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
    """A language server with standard input and output."""

    def __init__(self, folder: Path) -> None:
        found = Path(
            os.environ.get("GOVREPORT_TOOLS", "build/tools"), "node_modules/yaml-language-server/bin/yaml-language-server"
        )
        assert found.is_file(), f"{found} is missing: npm install --prefix build/tools yaml-language-server"
        self.folder = folder
        self.process = subprocess.Popen(
            ["node", str(found.resolve()), "--stdio"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.number = self.opened = 0
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
        if "id" in message and "method" in message:  # a request of the server; every answer may be empty
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
        """Open a file and return its problems."""
        uri = self.show(name, text)
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found: list[dict[str, Any]] = message["params"]["diagnostics"]
                return found

    def show(self, name: str, text: str) -> str:
        """Open a file and return its address: each has its own, as answers about another may still come."""
        self.opened += 1
        uri = (self.folder / f"{self.opened}-{name}").as_uri()
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
        return uri

    def completed(self, text: str) -> dict[str, str]:
        """Return the completions at the mark ``‸``, with their inserted text."""
        answer = self.ask_at("textDocument/completion", text)
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item["insertText"] for item in items}

    def hover(self, text: str) -> list[str]:
        """Return the lines shown at the mark ``‸``, without their source."""
        answer = self.ask_at("textDocument/hover", text)
        return [line for line in answer["contents"]["value"].splitlines() if line and not line.startswith("Source:")]

    def ask_at(self, method: str, text: str) -> Any:
        before, after = text.split("‸")
        uri = self.show("asked.yaml", before + after)
        lines = before.split("\n")
        place = {"line": len(lines) - 1, "character": len(lines[-1])}
        return self.ask(method, {"textDocument": {"uri": uri}, "position": place})

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe
        return pipe


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests: it takes longer to start than to answer."""
    folder = tmp_path_factory.mktemp("editor")
    assert main(["schema", "--output", str(folder / "govreport-year.schema.json")]) == 0
    running = Server(folder)
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
    assert [(one["range"]["start"]["line"], one["message"]) for one in found] == [
        (line, "Unknown key."),
        (line - 1, "“state-secret” is missing."),
    ]


CHINESE = """\
机关: 某局
年度: 2024
格式: 2021
主动公开: 0
依申请公开:
  新收: [3, 1, 0, 0, 0, 0]
  上年结转: 0
  办理结果:
    予以公开: [3, 1, 0, 0, 0, 0, 4]
    部分公开: 0
    不予公开: 0
    无法提供: 0
    不予处理: 0
    其他处理: {逾期不补正: 0, 逾期未缴费: 0, 其他: 0}
  结转下年度: 0
复议诉讼: 0
"""
ENGLISH = """\
agency: 某局
year: 2024
form: 2021
proactive-disclosure: 0
requests:
  received: [3, 1, 0, 0, 0, 0]
  carried-in: 0
  results:
    granted: [3, 1, 0, 0, 0, 0, 4]
    partly-granted: 0
    refused: 0
    unable: 0
    not-processed: 0
    other: {overdue-correction: 0, overdue-payment: 0, other: 0}
  carried-out: 0
reviews: 0
"""
BOTH = pytest.mark.parametrize("text", [CHINESE, ENGLISH], ids=["Chinese", "English"])


def changed(text: str, *lines: tuple[int, str]) -> str:
    """Return a year file with changed lines; they count from 1, and an empty one is left out."""
    written: list[str] = text.splitlines()
    for number, line in lines:
        written[number - 1] = line
    return MODELINE + "\n".join(filter(None, written)) + "\n"


@BOTH
def test_a_year_file_is_right_in_each_language_and_while_it_is_begun(server: Server, text: str) -> None:
    assert server.open("whole.yaml", MODELINE + text) == []
    empty = re.compile(r"(?<=:) (?:0|\[.*\])$", re.MULTILINE)
    assert server.open("empty.yaml", MODELINE + empty.sub("", text)) == []
    assert server.open("null.yaml", MODELINE + empty.sub(" ~", text)) == []
    assert server.open("lists.yaml", MODELINE + re.sub(r"(?<=[\[ ])\d(?=[,\]])", "~", text)) == []


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("机关: 某局\n‸", "年度 格式 附注 说明 更正 主动公开 依申请公开 复议诉讼"),
        ("agency: 某局\n‸", "year form notes explanations corrections proactive-disclosure requests reviews"),
        ("机关: 某局\n年度: 2024\n格式: 2021\n‸", "附注 说明 更正 主动公开 依申请公开 复议诉讼"),
        ("机关: 某局\n格式: 2021\n依申请公开:\n  ‸", "新收 上年结转 办理结果 结转下年度"),
        ("agency: 某局\nform: 2021\nrequests:\n  ‸", "received carried-in results carried-out"),
        ("机关: 某局\n格式: 2021\n依申请公开:\n  办理结果:\n    无法提供:\n      ‸",
         "本机关不掌握相关政府信息 没有现成信息需要另行制作 补正后申请内容仍不明确"),
        ("agency: 某局\nform: 2021\nrequests:\n  results:\n    unable:\n      ‸", "not-held needs-creation still-unclear"),
        ("机关: 某局\n格式: 2019\n主动公开:\n  规章:\n    ‸", "本年新制作数量 本年新公开数量 对外公开总数量"),
        ("机关: 某局\n格式: {默认: 2021, 主动公开: 2019}\n主动公开:\n  规章:\n    ‸", "本年新制作数量 本年新公开数量 对外公开总数量"),
        ("机关: 某局\n格式: 2021\n依申请公开:\n  新收:\n    ‸", "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"),
    ],
)  # fmt: skip
def test_short_keys_of_the_language_are_completed_without_values(server: Server, before: str, offered: str) -> None:
    found = server.completed(MODELINE + before)
    assert found.keys() == set(offered.split())
    rest = found.keys() - {"附注", "说明", "更正", "notes", "explanations", "corrections"}
    assert {key: found[key].removesuffix("$1") for key in rest} == {key: f"{key}: " for key in rest}


@BOTH
def test_no_value_is_offered_for_a_table_a_row_or_a_figure(server: Server, text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        key, _, value = line.partition(":")
        if value.strip() and number > 3:
            assert server.completed(changed(text, (number, f"{key}: ‸"))) == {}, line


@BOTH
def test_what_is_missing_or_wrong_is_said_in_the_language_of_the_file(server: Server, text: str) -> None:
    def messages(*lines: tuple[int, str]) -> list[str]:
        return [one["message"] for one in server.open("wrong.yaml", changed(text, *lines))]

    chinese = text is CHINESE
    key = [line.partition(":")[0] for line in ["", *text.splitlines()]]
    for number in (2, 4, 7, 10, 15):
        own = key[number].strip()
        assert messages((number, "")) == [f"缺少“{own}”。" if chinese else f"“{own}” is missing."]
        twice = f"“{own}”在这里写了两次。" if chinese else f"“{own}” appears here twice."
        other = (ENGLISH if chinese else CHINESE).splitlines()[number - 1]
        if chinese or number > 2:  # with a Chinese key at its top, a file is Chinese
            assert messages((number, f"{text.splitlines()[number - 1]}\n{other}")) == [twice]
    only_zero = "只有 0 可以代表一整项，否则请逐项填写。"
    order = "按顺序填写：自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计。"
    number = "请写不带分隔符的数字，如 0 或 12；/ 是不适用，空着是未填报。"
    if not chinese:
        only_zero = "Only 0 can be written for all figures of a branch; otherwise write each figure."
        order = (
            "In this order: Natural persons, Enterprises, Research institutions, Public-interest organisations, "
            "Legal-service organisations, Others, Total."
        )
        number = "Write a number without separators, such as 0 or 12; / means not applicable, empty means not filled in."
    for value, said in (("5", only_zero), ("无", only_zero), ("[1, 2, 3]", order), ("[-1, 0, 0, 0, 0, 0]", number)):
        assert messages((6, f"{key[6]}: {value}")) == [said], value
    assert messages((6, f"{key[6]}: 0\n  more: 0")) == ["这里没有这个键。" if chinese else "Unknown key."]


def test_what_a_key_or_a_figure_is_can_be_read_in_the_language_of_the_file(server: Server) -> None:
    order = "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计"
    zero = "只写一个 0 表示各数均为 0，空着是未填报。"
    row = ["#### 本年新收政府信息公开申请数量", f"单位：件。按顺序填写：{order}。{zero}"]
    for value in ("[3, 1, 0, 0, 0, 0]", "0", ""):
        assert server.hover(changed(CHINESE, (6, f"  新‸收: {value}"))) == row
    assert server.hover(changed(CHINESE, (5, "依申‸请公开:"))) == [
        "#### 收到和处理政府信息公开申请情况",
        "年度报告格式，第三部分",
        f"单位：件。{zero}",
    ]
    figure = "单位：件。0 是零，/ 是不适用，空着是未填报。"
    assert server.hover(changed(CHINESE, (6, "  新收: [3, ‸1, 0, 0, 0, 0]"))) == [
        "#### 本年新收政府信息公开申请数量·商业企业",
        figure,
    ]
    total = f"{figure}这是合计，可以不写。"
    assert server.hover(changed(CHINESE, (6, "  新收: {总‸计: }"))) == ["#### 本年新收政府信息公开申请数量·总计", total]
    granted = server.hover(changed(CHINESE, (10, "    （二）部分‸公开（区分处理的，只计这一情形，不计其他情形）: 0")))
    assert granted[0] == "#### 部分公开", "another spelling is explained too"
    english = server.hover(changed(ENGLISH, (6, "  received: [3, ‸1, 0, 0, 0, 0]")))
    assert english == [
        "#### Received this year·Enterprises",
        "Unit: 件. 0 means zero, / means not applicable, empty means not filled in.",
    ]
    assert server.hover(changed(ENGLISH, (10, "    partly‸-granted: 0")))[0] == "#### Partly granted"
