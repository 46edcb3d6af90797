"""Of a PDF stays what draws its pages: nothing to press, nothing that runs, no file hung on it."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from coop.web.documents import clean_document

SCRIPT = "<</S/JavaScript/JS(Canary)>>"
FILE = "<</Type/Filespec/F(a.exe)/EF<</F 8 0 R>>>>"
WIDGET = "<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/AS/A/AP<</N<</A 7 0 R>>>>"
FORM = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
ACTS = b"/JavaScript /JS /Launch /EmbeddedFile /URI /AF /Metadata /GoTo Canary file:".split()


def pdf(*, page: str = "", resources: str = "", form: str = "", catalog: str = "") -> bytes:
    """One page: 5 is drawn on it with the Type 3 font 6, 7 is the look of a box, 8 a file, 9 what is about it."""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
        f"/Resources<</XObject<</A 5 0 R>>{resources}>>{page}>>",
        stream("", "/A Do"),
        stream(f"{FORM}/Resources<</Font<</A 6 0 R>>>>{form}", "BT /A 9 Tf (A) Tj ET"),
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[9]"
        "/Encoding<</Differences[65/A]>>/CharProcs<</A 7 0 R>>>>",
        stream(FORM, "0 0 9 9 re f"),
        stream("/Type/EmbeddedFile", "Canary"),
        stream("/Type/Metadata/Subtype/XML", "Canary"),
    ]
    return written(objects)


def stream(about: str, said: str) -> str:
    return f"<<{about}/Length {len(said)}>>stream\n{said}\nendstream"


def written(objects: Iterable[str]) -> bytes:
    made, places = b"%PDF-1.7\n", []
    for number, said in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj{said}endobj\n".encode()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    ends = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}trailer<</Root 1 0 R/Size {len(places) + 1}>>"
    return made + f"{ends}\nstartxref\n{len(made)}\n%%EOF".encode()


def link(action: str) -> dict[str, str]:
    return {"page": f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]{action}>>]"}


@pytest.mark.parametrize(
    "sent",
    [
        link(f"/A<</S/GoTo/D[3 0 R/Fit]/Next{SCRIPT}>>"),
        link(f"/A<</S/GoTo/D[3 0 R/Fit]/Next[{SCRIPT}<</S/Launch/F(Canary)>>]>>"),
        link(f"/A<</S/URI/URI(https://here.test)/Next{SCRIPT}>>"),
        link("/A<</S/URI/URI(file:///etc/passwd)>>"),
        link("/A<</S/URI/URI(JaVa\tscript:Canary)>>"),
        link(f"/PA<</S/URI/URI(Canary)>>/AA<</U{SCRIPT}>>"),
        link("/A<</S/J#61vaScript/J#53(Canary)>>"),
        {"page": f"/AA<</O{SCRIPT}>>/AF[{FILE}]/Metadata 9 0 R/PieceInfo<</X 9 0 R>>"},
        {"page": f"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS{FILE}>>]"},
        {"page": f"/Annots[{WIDGET}/A{SCRIPT}/AA<</U{SCRIPT}>>/MK<</R 8 0 R>>/Parent 1 0 R>>]"},
        {"page": f"/Annots[{WIDGET}/BS<</X[{SCRIPT}{FILE}]/Y{SCRIPT}>>>>]"},
        {"form": f"/AF[{FILE}]/Metadata 9 0 R/PieceInfo<</X 9 0 R>>/F{FILE}/Ref<</F{FILE}>>"},
        {"resources": "/Properties<</M<</Metadata 9 0 R>>>>/ExtGState<</G<</AF 8 0 R/X 8 0 R>>/H 1 0 R>>"},
        {"catalog": f"/OpenAction{SCRIPT}/Names<</JavaScript<</Names[(x){SCRIPT}]>>>>/AF[{FILE}]/Metadata 9 0 R"},
        {"resources": "/Font<</F 1 0 R>>", "catalog": f"/OpenAction{SCRIPT}/URI<</Base(Canary)>>"},
    ],
)
def test_what_acts_or_hangs_on_a_page_goes_whole(sent: dict[str, str]) -> None:
    kept = clean_document(pdf(**sent)).data
    assert [mark for mark in ACTS if mark in kept] == []


def test_what_draws_stays_whatever_its_writer_called_it() -> None:
    marks = f"/Annots[{WIDGET}>><</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(Paid)/T(Ana)>>]"
    page: Any = PdfReader(BytesIO(clean_document(pdf(page=marks)).data)).pages[0]
    form = page["/Resources"]["/XObject"]["/A"]
    assert b"0 0 9 9 re" in form["/Resources"]["/Font"]["/A"]["/CharProcs"]["/A"].get_data()
    box, written_there = (mark.get_object() for mark in page["/Annots"])
    assert b"0 0 9 9 re" in box["/AP"]["/N"]["/A"].get_data()
    assert (written_there["/Contents"], "/T" in written_there) == ("Paid", False)
    assert page.get_contents().get_data() == b"/A Do"


@pytest.mark.parametrize("name", ["S", "Type", "Subtype"])
def test_a_letter_may_be_called_as_what_says_what_a_part_is(name: str) -> None:
    sent = pdf().replace(b"/CharProcs<</A 7 0 R>>", f"/CharProcs<</A 7 0 R/{name} 7 0 R>>".encode())
    page: Any = PdfReader(BytesIO(clean_document(sent).data)).pages[0]
    letters = page["/Resources"]["/XObject"]["/A"]["/Resources"]["/Font"]["/A"]["/CharProcs"]
    assert b"0 0 9 9 re" in letters[f"/{name}"].get_data()
