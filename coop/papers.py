"""Papers: a page of facts set by typst as a tagged PDF (PDF/UA-1), in which no letter is missing.

The bundled font has the Latin, Greek, Cyrillic, Arabic and Hebrew letters; fonts of the machine add theirs, where it
has any. PDF/UA-1 refuses a page with a letter that none of them has: then such letters are written in Latin ones.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from anyascii import anyascii
from django.utils.translation import get_language
from typst import Compiler, Fonts, TypstError

from coop.contact import coop_name

FONTS = Path(__file__).parent / "fonts"
LATIN = (range(0x250), range(0x1E00, 0x1F00), range(0x2000, 0x2070), range(0x20A0, 0x20D0))
"""Letters, signs and currencies that the bundled font has for certain."""


def paper(page: Path, facts: dict[str, Any]) -> bytes:
    """A `.typ` page with these facts in it, as a PDF in the language of whoever asks.

    `facts` are whatever JSON can hold; the page reads them as `facts`, beside `language` and `coop`.
    """
    try:
        return _set(page, facts)
    except TypstError:
        return _set(page, in_latin(facts))


def in_latin(facts: Any) -> Any:
    """The same facts with every text in letters that the bundled font has."""
    if isinstance(facts, str):
        return " ".join("".join(_latin(letter) for letter in facts).split(" ")).strip()
    if isinstance(facts, dict):
        return {name: in_latin(fact) for name, fact in facts.items()}
    return [in_latin(fact) for fact in facts] if isinstance(facts, list | tuple) else facts


def _latin(letter: str) -> str:
    return letter if any(ord(letter) in known for known in LATIN) else anyascii(letter)


def _set(page: Path, facts: dict[str, Any]) -> bytes:
    inputs = {"facts": json.dumps({**facts, "language": get_language() or "en", "coop": coop_name()})}
    pdf = Compiler(page.read_bytes(), font_paths=_fonts()).compile(
        format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"]
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> Fonts:
    """Looked for once a process: the bundled ones, and what the machine has."""
    return Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(FONTS)])
