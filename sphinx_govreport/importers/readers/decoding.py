"""Decodes text in an unknown encoding."""

from __future__ import annotations

import codecs
import re

from sphinx_govreport.core.diagnostics import text
from sphinx_govreport.importers.document import BROKEN, Refused

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)


def decoded(data: bytes) -> str:
    """Return the text. A declared encoding is used only if UTF-8 does not fit: published pages often declare the wrong one."""
    declared = _DECLARED.search(data[:4096])
    wanted = declared[1].decode("ascii").lower() if declared else ""
    encodings = [encoding for bom, encoding in _BOMS if data.startswith(bom)] or ["utf-8"]
    encodings += ["big5hkscs"] if wanted.startswith("big5") else ["gb18030"]
    # more than one for 100 bytes outside ASCII are a sign of another encoding; some may be in the text itself
    most = len(data.translate(None, bytes(range(128)))) // 100 + data.count(BROKEN.encode())
    for encoding in encodings:
        written = data.decode(encoding, "replace")
        if written.count(BROKEN) <= most:
            return written.replace("\r\n", "\n").replace("\r", "\n")
    raise Refused(text("The text is neither UTF-8 nor GBK."), text("Open it and save it as UTF-8."))
