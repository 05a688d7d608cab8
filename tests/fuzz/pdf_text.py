"""A small PDF with ruled tables, as an office program prints one; its letters are those of a font that every reader knows."""

from __future__ import annotations

from collections.abc import Sequence

from tests.importers.written import Rows, without_merges

_HEAD = """\
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
3 0 obj << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >> endobj
4 0 obj << /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>
 /FontDescriptor 5 0 R /DW 1000 >> endobj
5 0 obj << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200
 /CapHeight 700 /StemV 80 >> endobj
"""


def pdf(title: str, tables: Sequence[tuple[str, Rows]]) -> bytes:
    """A page for the title and each table."""
    pages = [_page(title, *tables[0]), *(_page("", heading, rows) for heading, rows in tables[1:])]
    parts = [_HEAD]
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    parts.append(f"2 0 obj << /Type /Pages /Count {len(pages)} /Kids [{kids}] >> endobj\n")
    for number, content in enumerate(pages):
        page = 10 + 2 * number
        parts.append(
            f"{page} 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 1200 1200] /Resources << /Font << /F 3 0 R >> >> "
            f"/Contents {page + 1} 0 R >> endobj\n{page + 1} 0 obj << /Length {len(content)} >> stream\n{content}\nendstream endobj\n"
        )
    return ("%PDF-1.4\n" + "".join(parts) + "trailer << /Root 1 0 R >>\n%%EOF").encode("latin-1")


def _page(title: str, heading: str, rows: Rows) -> str:
    parts = [_text(60, 1150, title), _text(60, 1110, heading)]
    full = without_merges(rows)
    width, height = 1080 / max(map(len, full)), 30
    for down, row in enumerate(full):
        y = 1080 - height * (down + 1)
        for right, cell in enumerate(row):
            x = 60 + width * right
            parts += [f"{x:.1f} {y} {width:.1f} {height} re S", _text(x + 2, y + 10, cell.text.replace("\n", ""))]
    return "\n".join(parts)


def _text(x: float, y: float, written: str) -> str:
    return f"BT /F 5 Tf {x:.1f} {y} Td <{written.encode('utf-16-be').hex()}> Tj ET"
