"""What people send to be kept as a paper: a PDF or a photo, told apart by what is in it, and made anew."""

from io import BytesIO
from threading import Lock
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypdf import PdfReader, PdfWriter

from coop.errors import Refusal
from coop.web.images import LARGE, PhotoField, clean
from coop.web.pdf_pages import only_drawn

PDF, JPEG = "application/pdf", "image/jpeg"
PDF_BEGINS, HEAD = b"%PDF-", 1024
"""How a PDF begins, and within how many bytes it says so."""
MOST_PAGES = 200
DOCUMENT_ATTRS = {"accept": "application/pdf,image/jpeg,image/png,image/webp", "data-shrink": str(LARGE)}
_one_at_a_time = Lock()


class Document(NamedTuple):
    """A paper as we keep it, and what it is: `application/pdf` or `image/jpeg`."""

    data: bytes
    type: str


def clean_document(data: bytes, *, field: str = "paper") -> Document:
    """The paper made anew: the pages of a PDF, the pixels of a photo, and nothing that came with them.

    Refused with a sentence, for the form's `field`, if it is neither.
    """
    try:
        if PDF_BEGINS in data[:HEAD]:
            return Document(_pages_of(data), PDF)
        return Document(clean(data)[0], JPEG)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=field) from refusal


def _pages_of(data: bytes) -> bytes:
    try:
        with _one_at_a_time:
            return _anew(PdfReader(BytesIO(data)))
    except Refusal:
        raise
    except Exception as trouble:  # a broken file may fail in any way
        raise Refusal(_("We cannot read this PDF. Please save it once more, or send photos of its pages.")) from trouble


def _anew(sent: PdfReader) -> bytes:
    if sent.is_encrypted:
        raise Refusal(_("This PDF is locked with a password. Please save it without one."))
    if not 0 < len(sent.pages) <= MOST_PAGES:
        raise Refusal(_("This PDF has too many pages. Please send it in parts."))
    anew = PdfWriter()
    for page in sent.pages:
        only_drawn(page)
        anew.add_page(page)
    anew.metadata = None
    kept = BytesIO()
    anew.write(kept)
    return kept.getvalue()


class DocumentField(PhotoField):
    """A paper as somebody sends it, not larger than we keep; `clean_document` makes it anew."""

    default_error_messages = {
        **dict.fromkeys(["required", "invalid", "missing"], gettext_lazy("Please choose a file.")),
        "empty": gettext_lazy("This file is empty. Please choose another."),
        "large": gettext_lazy("This file is larger than 8 MB. Please send a smaller one, or in parts."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.FileInput(attrs=DOCUMENT_ATTRS), **kwargs})


def show_document(data: bytes | memoryview, kind: str, *, name: str = "paper") -> HttpResponse:
    """A kept paper as an answer: shown, under a name of ours, as what we know it to be, and it may do nothing.

    A browser that does not show PDFs keeps it as a file of that name.
    """
    response = HttpResponse(bytes(data), content_type=kind)
    ending = "pdf" if kind == PDF else "jpg"
    response["Content-Disposition"] = f'inline; filename="{name}.{ending}"'
    return response
