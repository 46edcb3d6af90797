"""A paper that somebody sends is made anew, and is what is in it, whatever it is called."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from coop.errors import Refusal
from coop.web import documents
from coop.web.documents import clean_document
from tests.paper import blank


def test_of_a_pdf_its_pages_stay_and_nothing_runs() -> None:
    kept = clean_document(blank(title="Canary", pages=2, opens="app.alert('Canary')"))
    read = PdfReader(BytesIO(kept.data))
    assert (kept.type, len(read.pages)) == ("application/pdf", 2)
    assert [mark for mark in (b"Canary", b"JavaScript", b"/JS", b"OpenAction") if mark in kept.data] == []


def test_a_photo_becomes_a_jpeg_without_where_it_was_taken() -> None:
    exif, sent = Image.Exif(), BytesIO()
    exif[0x010F] = "Phone of Ana"
    Image.new("RGB", (40, 30), "white").save(sent, "PNG", exif=exif)
    kept = clean_document(sent.getvalue())
    assert (kept.type, kept.data[:3], b"Phone" in kept.data) == ("image/jpeg", b"\xff\xd8\xff", False)


def locked() -> bytes:
    made, kept = PdfWriter(clone_from=BytesIO(blank())), BytesIO()
    made.encrypt("secret", algorithm="RC4-128")
    made.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"<html>hello</html>", "cannot read this as a photo"),
        (b"%PDF-1.7 and nothing more", "cannot read this PDF"),
        (locked(), "locked with a password"),
        (blank(pages=3), "too many pages"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(sent: bytes, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_PAGES", 2)
    with pytest.raises(Refusal, match=said) as refused:
        clean_document(sent, field="file")
    assert refused.value.field == "file"
