"""The manifest of a pack: the SHA-256 of every file, as ``sha256sum -c`` reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sphinx_govreport.core.diagnostics import Diagnostic, Pos, Rule, RuleExplanation, Text, text
from sphinx_govreport.core.examples import PACKED

MANIFEST_NAME = "MANIFEST.sha256"
CHECKS_NAME = "CHECKS.json"  #: how the checks of the site went

BAD_MANIFEST = Rule(
    "bad-manifest",
    explanation=RuleExplanation(
        text("The manifest of the pack cannot be read."),
        text("Without it nobody knows what was approved."),
        text("Do not publish it; fetch the pack again."),
        example=PACKED._replace(run="echo note >> public/MANIFEST.sha256\nsphinx-govreport pack --verify public"),
    ),
)
UNSAFE_NAME = Rule(
    "unsafe-name",
    explanation=RuleExplanation(
        text("The name of a file would not be the same file on every system, or leads out of the folder."),
        text("Unpacked, it could overwrite something else."),
        text("Rename it; do not unpack a pack that is said to have one."),
        example=PACKED._replace(run="touch '_build/a\\b.txt'\nsphinx-govreport pack _build -o new.zip"),
    ),
)
CHANGED_FILE = Rule(
    "changed-file",
    explanation=RuleExplanation(
        text("A file is not the one that was packed."),
        text("Somebody, or a fault, has changed what was approved."),
        text("Do not publish it; find out what has changed."),
        example=PACKED._replace(run="echo >> public/index.html\nsphinx-govreport pack --verify public"),
    ),
)
MISSING_FILE = Rule(
    "missing-file",
    explanation=RuleExplanation(
        text("A file that was packed is not there."),
        text("A part of what was approved is missing."),
        text("Do not publish it; fetch the pack again."),
        example=PACKED._replace(run="rm public/search.html\nsphinx-govreport pack --verify public"),
    ),
)
ADDED_FILE = Rule(
    "added-file",
    explanation=RuleExplanation(
        text("A file is there that was not packed."),
        text("It was approved by nobody."),
        text("Do not publish it; find out where it comes from."),
        example=PACKED._replace(run="touch public/shell.php\nsphinx-govreport pack --verify public"),
    ),
)

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
#: what no terminal should be sent and no honest name has: controls, line ends, halves of characters, changes of direction, and
#: what cannot be seen, so that no two names look alike
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_DRIVE = re.compile("[A-Za-z]:")


def shown(name: str) -> str:
    """A name that may be hostile, fit to be printed."""
    return _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", name)


def unsafe(name: str) -> Text | None:
    """Why a name must not be unpacked; None if it may be."""
    if _CONTROL.search(name) or "\\" in name:
        return text("The name has signs that cannot be printed, or a backslash.")
    if _DRIVE.match(name) or any(part in ("", ".", "..") for part in name.split("/")):
        return text("The name leads out of the folder.")
    return None


def manifest_text(digests: Mapping[str, str]) -> str:
    """A line for each file, by name."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def read_manifest(data: bytes, place: str, findings: list[Diagnostic]) -> dict[str, str]:
    """The digests by name. What is wrong with a line is added to ``findings``, at its line of ``place``."""
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        findings.append(Diagnostic(BAD_MANIFEST, Pos(place, 0), text("The manifest is not UTF-8.")))
        return {}
    digests: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        if not found and (line or number < len(lines)):
            findings.append(Diagnostic(BAD_MANIFEST, Pos(place, number), text("This line is not “SHA-256, two spaces, name”.")))
        if found and (problem := unsafe(found[2])):
            findings.append(Diagnostic(UNSAFE_NAME, Pos(place, number), problem))
        elif found and found[2] in digests:
            message = text("“{name}” is named a second time.", name=found[2])
            findings.append(Diagnostic(BAD_MANIFEST, Pos(place, number), message))
        elif found:
            digests[found[2]] = found[1]
    return digests


def compared(listed: Mapping[str, str], found: Mapping[str, str], place: str) -> Iterator[Diagnostic]:
    """What differs between the manifest and the files."""
    for name in listed.keys() | found.keys():
        pos = Pos(f"{place}/{shown(name)}", 0)
        if name not in found:
            yield Diagnostic(MISSING_FILE, pos, text("The manifest names this file, but it is not there."))
        elif name not in listed:
            yield Diagnostic(ADDED_FILE, pos, text("This file was added: the manifest does not name it."))
        elif listed[name] != found[name]:
            message = text(
                "This file was changed: its SHA-256 is {found}, in the manifest {listed}.",
                found=found[name],
                listed=listed[name],
            )
            yield Diagnostic(CHANGED_FILE, pos, message)
