"""``pack --verify``: every changed byte and every malicious archive is reported."""

from __future__ import annotations

import io
import json
import os
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_govreport.packs.archive import ArchiveEntry, moment_of, write_archive
from sphinx_govreport.packs.verify import verify
from tests.draws import seeds
from tests.packs.conftest import PAGE, Run

CHECKS = (
    '{"version": "0", "counts": {"passed": 3, "explained": 0, "failed": 0, "not-comparable": 0, "no-last-year": 1}, '
    '"reports": [{"sha256": "0"}], "findings": []}\n'
)
NOT_ON_WINDOWS = (
    'Windows cannot store this name: it is reserved, has one of <>:"|?*, or ends in a dot or a space. Rename it. [unsafe-name]'
)
FILES = {"CHECKS.json": CHECKS, "index.html": "<p>宿迁市</p>\n", "reports/2024.html": "<p>3525</p>\n", "空.css": ""}


def small(**more: str) -> bytes:
    """Return a pack of a few bytes."""
    file = io.BytesIO()
    write_archive(file, [ArchiveEntry.of_bytes(name, text.encode()) for name, text in {**FILES, **more}.items()], moment_of(""))
    return file.getvalue()


def verified(data: bytes, folder: Path) -> list[str]:
    """Return the findings for an archive."""
    path = folder / "p.zip"
    path.write_bytes(data)
    return [f"{found.pos}: {found.render(str)} [{found.rule.name}]" for found in verify(path, "p.zip").findings]


def test_a_pack_and_the_folder_that_it_was_unpacked_into_are_sound(run: Run, pack: Path, unpacked: Path) -> None:
    code, out, err = run("pack", "--verify", pack)
    assert code == 0
    assert err.startswith("site.zip: ")
    assert run("pack", "--verify", "unpacked/")[:2] == (0, out), "known by the same digest"


def test_a_changed_a_lost_and_an_added_file_are_named_in_a_folder(run: Run, unpacked: Path) -> None:
    page = unpacked / PAGE
    body = page.read_bytes()
    page.write_bytes(body.replace(b">3525<", b">3526<", 1))
    assert page.read_bytes() != body
    (unpacked / "index.html").unlink()
    (unpacked / "reports/shell.php").write_text("<?php", "utf-8")
    (unpacked / "secret").symlink_to("/etc/passwd")
    code, out, err = run("pack", "--verify", unpacked)
    assert (code, out) == (1, "")
    assert [(line.split(": ")[0], line.rpartition(" ")[2]) for line in err.splitlines()] == [
        ("unpacked/index.html", "[missing-file]"),
        (f"unpacked/{PAGE}", "[changed-file]"),
        ("unpacked/reports/shell.php", "[added-file]"),
        ("unpacked/secret", "[not-a-file]"),
    ]
    _code, _out, chinese = run("pack", "--verify", unpacked, language="zh_CN")
    assert chinese.splitlines()[0] == "unpacked/index.html: 错误: 清单中有这个文件，但文件缺失。 [文件缺失]"


def test_the_same_is_named_in_an_archive(tmp_path: Path) -> None:
    def but(files: dict[str, str]) -> bytes:
        """Return the manifest of the whole pack, with other files."""
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(small())) as old, zipfile.ZipFile(file, "w") as new:
            for name, text in files.items():
                new.writestr(name, text)
            new.writestr("MANIFEST.sha256", old.read("MANIFEST.sha256"))
        return file.getvalue()

    assert verified(but({**FILES, "index.html": "<p>宿千市</p>\n"}), tmp_path)[0].startswith(
        "p.zip/index.html: This file was changed"
    )
    lost = {name: text for name, text in FILES.items() if name != "index.html"}
    assert verified(but(lost), tmp_path) == [
        "p.zip/index.html: The manifest lists this file, but it is missing. [missing-file]"
    ]
    assert verified(but({**FILES, "a.js": ""}), tmp_path) == [
        "p.zip/a.js: This file was added: the manifest does not list it. [added-file]"
    ]
    (repacked,) = verified(but(FILES), tmp_path)
    assert repacked.endswith(" is different. [bad-archive]"), "packed again by hand: the files are right, the archive is not"


def damage(data: bytearray, random: random.Random) -> bytearray:
    """Damages by disks, networks and attackers."""
    at, length = random.randrange(len(data)), random.choice((1, 2, 4, 30))
    match random.choice(("replace", "cut", "insert", "repeat", "before")):
        case "replace":
            data[at : at + length] = random.randbytes(length)
        case "cut":
            del data[at : at + length]
        case "insert":
            data[at:at] = random.choice((random.randbytes(length), b"PK\x01\x02", b"\xff" * length, b"\0" * length))
        case "repeat":
            data += data[at : at + 200]
        case "before":
            data[:0] = data[at : at + 200]
    return data


@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.slow)])
def test_every_byte_counts(step: int, tmp_path: Path) -> None:
    sound = small()
    assert verified(sound, tmp_path) == []
    for at in range(0, len(sound), step):
        for change in (0x01, 0xFF):
            data = bytearray(sound)
            data[at] ^= change
            assert verified(bytes(data), tmp_path), f"byte {at} was changed"
    assert verified(sound.replace(b"3525", b"3526"), tmp_path) == [
        "p.zip/reports/2024.html: This file was changed: its bytes do not match the checksum of the archive. [changed-file]"
    ]
    for other in (sound + b"\0", b"\0" + sound, sound[:-1], sound[: len(sound) // 2], b""):
        assert verified(other, tmp_path)


@pytest.mark.parametrize("seed", seeds(20, 400))
def test_no_damage_is_overlooked_or_not_understood(seed: int, tmp_path: Path) -> None:
    random_ = random.Random(seed)  # noqa: S311
    sound = small()
    data = bytearray(sound)
    for _time in range(random_.randrange(1, 6)):
        data = damage(data, random_)
    assert bytes(data) == sound or verified(bytes(data), tmp_path)


def hostile(*entries: tuple[zipfile.ZipInfo | str, str], compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO(small())
    with zipfile.ZipFile(file, "a", compression) as archive:
        for name, text in entries:
            archive.writestr(name, text)
    return file.getvalue()


def of_kind(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def encrypted() -> bytes:
    """Return the archive with the encryption bit of the first file set in the central directory."""
    data = bytearray(small())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def nameless() -> bytes:
    """Return the archive whose only file, which is empty, has no name in the central directory."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", "")
    data = bytearray(file.getvalue())
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    data[at + 28] = 0
    del data[at + 46 : end]
    data[-10:-6] = (46).to_bytes(4, "little")
    return bytes(data)


def claiming(size: int) -> bytes:
    """Return the archive whose first file claims to be larger than it is."""
    data = bytearray(small())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = size.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            lambda: hostile(("../../etc/cron.d/x", "")),
            "p.zip/../../etc/cron.d/x: The name leads out of the folder. [unsafe-name]",
        ),
        (lambda: hostile(("/etc/passwd", "")), "p.zip//etc/passwd: The name leads out of the folder. [unsafe-name]"),
        (lambda: hostile(("C:/x.html", "")), "p.zip/C:/x.html: The name leads out of the folder. [unsafe-name]"),
        (lambda: hostile(("a/./b", "")), "p.zip/a/./b: The name leads out of the folder. [unsafe-name]"),
        (nameless, "p.zip/: The name leads out of the folder. [unsafe-name]"),
        (
            lambda: hostile(("..\\x", "")),
            "p.zip/..\\x: The name contains characters that cannot be printed, or a backslash. [unsafe-name]",
        ),
        (
            lambda: hostile(("a\x1b[2J\u202e.html", "")),
            "p.zip/a\\x1b[2J\\u202e.html: The name contains characters that cannot be printed, or a backslash. [unsafe-name]",
        ),
        *(
            (
                lambda sign=sign: hostile((f"a{sign}.html", "")),
                f"p.zip/a{ascii(sign)[1:-1]}.html: The name contains characters that cannot be printed, or a backslash. [unsafe-name]",
            )
            for sign in "\xad\u061c\u115f\u200b\u200e\u200f\u2029\u202a\u2060\u2066\u3164\ufe0f\ufeff"
        ),
        (
            lambda: hostile(("index.html", "other")),
            "p.zip/index.html: The archive has 2 files with this name. [bad-archive]",
        ),
        (
            lambda: hostile((of_kind("link", stat.S_IFLNK), "/etc/passwd")),
            "p.zip/link: This is a folder, a link or a device; a pack has files only. [not-a-file]",
        ),
        (
            lambda: hostile((of_kind("tty", stat.S_IFCHR), "")),
            "p.zip/tty: This is a folder, a link or a device; a pack has files only. [not-a-file]",
        ),
        (
            lambda: hostile(("folder/", "")),
            "p.zip/folder/: This is a folder, a link or a device; a pack has files only. [not-a-file]",
        ),
        (
            lambda: hostile(("bomb", "0" * 10_000_000), compression=zipfile.ZIP_DEFLATED),
            "p.zip: Its files claim to be larger than the archive; files in a pack are not compressed. Nothing was read. [bad-archive]",
        ),
        (
            lambda: hostile(("small", "0" * 99), compression=zipfile.ZIP_BZIP2),
            "p.zip/small: The file is compressed or encrypted; files in a pack are neither. [bad-archive]",
        ),
        (encrypted, "p.zip/CHECKS.json: The file is compressed or encrypted; files in a pack are neither. [bad-archive]"),
        (
            lambda: claiming(0xFFFF_FFF0),
            "p.zip: Its files claim to be larger than the archive; files in a pack are not compressed. Nothing was read. [bad-archive]",
        ),
        (
            lambda: small(**{"Index.html": ""}),
            "p.zip/index.html: Some systems do not distinguish this name from “Index.html”: they differ in case or composition "
            "only. Rename one. [unsafe-name]",
        ),
        (lambda: small(**{"附件/Con.html": ""}), f"p.zip/附件/Con.html: {NOT_ON_WINDOWS}"),
        (lambda: b"no zip", "p.zip: The file is damaged, or is not an archive. [bad-archive]"),
        (lambda: small()[:-30], "p.zip: The file is damaged, or is not an archive. [bad-archive]"),
        (
            lambda: small(**{"CHECKS.json": "[]"}),
            "p.zip/CHECKS.json: It does not contain the results of the checks, as a pack must. [bad-checks]",
        ),
    ],
)
def test_hostile_archives_are_named(data: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    assert said in verified(data(), tmp_path)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("", ["p/CHECKS.json: This file was added: the manifest does not list it. [added-file]"]),
        ("hello\n", ["p/MANIFEST.sha256:1:1: This line is not “SHA-256, two spaces, name”. [bad-manifest]"]),
        (f"{'0' * 64}  ../../x\n", ["p/MANIFEST.sha256:1:1: The name leads out of the folder. [unsafe-name]"]),
        (f"{'0' * 64}  a\n{'1' * 64}  a\n", ["p/MANIFEST.sha256:2:1: “a” is listed a second time. [bad-manifest]"]),
        ("\udcff", ["p/MANIFEST.sha256: The manifest is not UTF-8. [bad-manifest]"]),
        (None, ["p/MANIFEST.sha256: There is no manifest; this is not a pack. [bad-manifest]"]),
    ],
)
def test_a_spoiled_manifest_is_named(manifest: str | None, said: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "CHECKS.json").write_text(CHECKS, "utf-8")
    if manifest is not None:
        (folder / "MANIFEST.sha256").write_text(manifest, "utf-8", errors="surrogateescape")
    found = verify(folder, "p").findings
    assert {*said} <= {f"{one.pos}: {one.render(str)} [{one.rule.name}]" for one in found}


def test_a_pack_whose_checks_failed_is_not_sound(tmp_path: Path) -> None:
    finding = '{"path": "data/2024.yaml", "line": 8, "column": 3, "rule": "balance", "severity": "error", "message": "不平。", "hint": null}'
    data = small(**{"CHECKS.json": CHECKS.replace('"findings": []', f'"findings": [{finding}]')})
    assert verified(data, tmp_path) == ["data/2024.yaml:8:3: 不平。 [balance]"]


def test_an_archive_that_may_not_be_read_is_not_damaged(run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = io.open

    def refuse(file: object, *arguments: object, **options: object) -> object:
        if file == str(pack):
            raise PermissionError(13, "no", str(pack))
        return opened(file, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(io, "open", refuse)
    assert run("pack", "--verify", pack) == (
        1, "", "site.zip: error: The file cannot be read: permission is denied. [unreadable-file]\n",
    )  # fmt: skip


def test_names_that_are_no_text_are_printed_safely(run: Run, unpacked: Path) -> None:
    (unpacked / os.fsdecode(b"\xff\x1b.html")).write_text("x", "utf-8")
    code, _out, err = run("pack", "--verify", unpacked)
    assert code == 1
    assert err.startswith("unpacked/\\xff\\x1b.html: error: ")


FINDING = '{"path": "data/2024.yaml", "line": 8, "column": 3, "rule": "balance", "severity": "error", "message": "不平。", "hint": null}'


def with_finding(old: str = "", new: str = "") -> str:
    return CHECKS.replace('"findings": []', f'"findings": [{FINDING.replace(old, new)}]')


@pytest.mark.parametrize(
    "checks",
    [
        "", "null", "1", '"a"', "[]", "[" * 100_000, '{"a":' * 100_000, "{", "\udcff", "\ufeff{}", "NaN",
        *(CHECKS.replace('"passed": 3', f'"passed": {number}') for number in (
            "Infinity", "-Infinity", "NaN", "1e999", "1.5", "-1", "true", "null", '"3"', "[]", "{}", "9" * 5000, "9" * 30,
        )),
        CHECKS.replace('"counts": {', '"counts": [{').replace("}, ", "}], ", 1),
        *(CHECKS.replace('"reports": [{"sha256": "0"}]', f'"reports": {value}') for value in ("null", "5", '"abc"', "[1]", "[{}]")),
        *(CHECKS.replace('"findings": []', f'"findings": {value}') for value in ("null", "7", '"abc"', "[1]", "[{}]", "[[]]")),
        *(with_finding('"line": 8', f'"line": {value}') for value in ("Infinity", "NaN", '"8"', "null", "-1", "1e400")),
        *(with_finding('"column": 3', f'"column": {value}') for value in ("-Infinity", "2.5", "[]")),
        with_finding('"error"', '"fatal"'),
        with_finding('"error"', "{}"),
        with_finding('"rule": "balance", ', ""),
    ],
)  # fmt: skip
def test_checks_of_wrong_types_get_a_message(run: Run, checks: str) -> None:
    file = io.BytesIO()
    data = {**FILES, "CHECKS.json": checks}
    entries = [ArchiveEntry.of_bytes(name, text.encode(errors="surrogateescape")) for name, text in data.items()]
    write_archive(file, entries, moment_of(""))
    Path("p.zip").write_bytes(file.getvalue())
    said = "p.zip/CHECKS.json: error: It does not contain the results of the checks, as a pack must. [bad-checks]\n"
    assert run("pack", "--verify", "p.zip") == (1, "", said)


def test_what_checks_quote_reaches_the_terminal_in_one_line(run: Run) -> None:
    hostile = "a\x1b[2J\r\n\u202eb\u2028c"
    finding = json.dumps(
        {"path": hostile, "line": 1, "column": 2, "rule": hostile, "severity": "error", "message": hostile, "hint": hostile}
    )
    checks = CHECKS.replace('"findings": []', f'"findings": [{finding}]')
    Path("p.zip").write_bytes(small(**{"CHECKS.json": checks}))
    code, out, err = run("pack", "--verify", "p.zip")
    assert (code, out) == (1, "")
    shown = "a\\x1b[2J \\u202eb c"
    assert err == f"{shown}:1:2: error: {shown} {shown} [{shown}]\n"


def test_a_folder_in_the_place_of_a_file_is_named(run: Run, unpacked: Path) -> None:
    for name in ("MANIFEST.sha256", "CHECKS.json"):
        (unpacked / name).unlink()
        (unpacked / name).mkdir()
        (unpacked / name / "x").write_text("x", "utf-8")
    code, out, err = run("pack", "--verify", "unpacked")
    assert (code, out) == (1, "")
    assert "unpacked/MANIFEST.sha256: error: There is no manifest; this is not a pack. [bad-manifest]" in err
