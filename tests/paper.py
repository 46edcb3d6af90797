"""What a PDF of ours says: its text, as somebody would copy it out."""

import re
import zlib


def text_of(pdf: bytes) -> str:
    """The words of a PDF that is written in one font, in their order."""
    parts = [_open(part) for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)]
    letters = next(part for part in parts if b"beginbfchar" in part or b"beginbfrange" in part)
    pages = [part for part in parts if (b"BT" in part and b"Tj" in part) or b"TJ" in part]
    return " ".join(_say(page, _letters(letters)) for page in pages)


def _open(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return part


def _letters(table: bytes) -> dict[int, str]:
    """Which glyph is which letter."""
    pairs = re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>(?! <)", table)
    return {int(glyph, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for glyph, letter in pairs}


def _say(page: bytes, letters: dict[int, str]) -> str:
    """Strings are shown in brackets, two bytes a glyph, some bytes escaped."""
    said = []
    for raw in re.findall(rb"\(((?:\\.|[^\\)])*)\)", page, re.S):
        code = re.sub(rb"\\(.)", lambda found: {b"r": b"\r", b"n": b"\n"}.get(found[1], found[1]), raw, flags=re.S)
        said.append("".join(letters.get(int.from_bytes(code[at : at + 2]), "") for at in range(0, len(code), 2)))
    return " ".join(" ".join(said).split())
