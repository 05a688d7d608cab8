"""A small PDF with ruled tables, as printed by an office program; it uses a font that every reader has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.importers.written import Rows, without_merges

_HEAD = """\
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
3 0 obj << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >> endobj
4 0 obj << /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>
 /FontDescriptor 5 0 R /DW 1000 >> endobj
5 0 obj << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200
 /CapHeight 700 /StemV 80 >> endobj
6 0 obj << /Type /Font /Subtype /Type0 /BaseFont /Flat /Encoding /UniGB-UTF16-H /DescendantFonts [7 0 R] >> endobj
7 0 obj << /Type /Font /Subtype /CIDFontType0 /BaseFont /Flat /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>
 /FontDescriptor 8 0 R /DW 1000 >> endobj
8 0 obj << /Type /FontDescriptor /FontName /Flat /Flags 6 /FontBBox [0 0 1000 900] /ItalicAngle 0 /Ascent 800 /Descent 0
 /CapHeight 700 /StemV 80 >> endobj
"""
_SIZE = 5
Pieces = Callable[[str], list[tuple[str, str]]]


def pdf(title: str, tables: Sequence[tuple[str, Rows]]) -> bytes:
    """Return a PDF with a page for the title and each table."""
    return content(title, tables, lambda text: [(text, "")])


def content(title: str, tables: Sequence[tuple[str, Rows]], pieces: Pieces) -> bytes:
    """Return the same with cells drawn piece by piece: each is a text and how it is drawn."""
    return _file([_page(title, *tables[0], pieces), *(_page("", heading, rows, pieces) for heading, rows in tables[1:])])


def with_pictures(title: str, headings: Sequence[tuple[str, bool]]) -> bytes:
    """Return a page with headings, some with a picture below."""
    parts = [_text(60, 1150, title)]
    picture = "BI /W 1 /H 1 /CS /G /BPC 8 ID x EI"
    for number, (heading, has_picture) in enumerate(headings):
        y = 1100 - 300 * number
        parts += [_text(60, y, heading), f"q 200 0 0 200 60 {y - 220} cm {picture} Q" if has_picture else ""]
    return _file(["\n".join(parts)])


def _file(pages: list[str]) -> bytes:
    parts = [_HEAD]
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    parts.append(f"2 0 obj << /Type /Pages /Count {len(pages)} /Kids [{kids}] >> endobj\n")
    for number, drawn in enumerate(pages):
        page = 10 + 2 * number
        parts.append(
            f"{page} 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 1200 1200] /Resources << /Font << /F 3 0 R /Flat 6 0 R >> >> "
            f"/Contents {page + 1} 0 R >> endobj\n{page + 1} 0 obj << /Length {len(drawn)} >> stream\n{drawn}\nendstream endobj\n"
        )
    return ("%PDF-1.4\n" + "".join(parts) + "trailer << /Root 1 0 R >>\n%%EOF").encode("latin-1")


def _page(title: str, heading: str, rows: Rows, pieces: Pieces) -> str:
    parts = [_text(60, 1150, title), _text(60, 1110, heading)]
    full = without_merges(rows)
    width, height = 1080 / max(map(len, full)), 30
    for down, row in enumerate(full):
        y = 1080 - height * (down + 1)
        for right, cell in enumerate(row):
            x = 60 + width * right
            parts.append(f"{x:.1f} {y} {width:.1f} {height} re S")
            at = x + 2
            for text, way in pieces(cell.text.replace("\n", "")):
                most = len(text) if way else int(width / _SIZE) - 1
                for number, start in enumerate(range(0, len(text), most or 1)):
                    drawn, at = _drawn(at if not number else x + 2, y + 20 - 6 * number, text[start : start + most], way)
                    parts.append(drawn)
    return "\n".join(parts)


def _drawn(x: float, y: float, text: str, way: str) -> tuple[str, float]:
    """Return a drawn piece, and the position of the next one."""
    size = {"tiny": 1.0, "raised": 3.0, "lowered": 3.0, "small": 3.0}.get(way, _SIZE)
    rise = {"raised": 2.0, "lowered": -1.0}.get(way, 0.0)
    end = x + size * len(text)
    drawn = _text(x, y, text, size, f"{rise} Ts {3 if way == 'not drawn' else 0} Tr")
    if way == "bar":
        drawn += f"\n0.4 w {x:.1f} {y + 1.7:.1f} m {end:.1f} {y + 1.7:.1f} l S 1 w"
    elif way == "thin box":
        drawn += f"\n{x:.1f} {y + 1.5:.1f} {end - x:.1f} 0.4 re f"
    return drawn, end


def _text(x: float, y: float, text: str, size: float = _SIZE, state: str = "") -> str:
    return f"BT /F {size} Tf {state} {x:.1f} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"
