"""What a PDF of ours says: its text, as somebody would copy it out."""

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def text_of(pdf: bytes) -> str:
    """The words of a PDF, in their order."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def blank(*, title: str = "", pages: int = 1, opens: str = "") -> bytes:
    """A PDF of empty pages as somebody's program writes it: with a title, and `opens`, a script that runs by itself."""
    made, kept = PdfWriter(), BytesIO()
    for _page in range(pages):
        made.add_blank_page(width=612, height=792)
    made.add_metadata({"/Title": title or "Untitled"})
    if opens:
        script = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(opens)}
        )
        made.root_object[NameObject("/OpenAction")] = script
        made.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    made.write(kept)
    return kept.getvalue()
