"""A photo made anew from its pixels: smaller, upright, and silent about where, when and with what it was taken."""

from io import BytesIO
from threading import Lock
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import ExifTags, Image, ImageOps

from coop.errors import Refusal
from coop.web.uploads import MOST_BYTES

MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""What we read, and how large. A JPEG is read at a fraction of its size; of others each pixel unfolds to 4 bytes."""
MOST_PROGRESSIVE = 16_000_000
"""A JPEG that comes in layers keeps all of them at once, so it is bounded like the others."""
LARGE, SMALL = 1600, 320
"""The longer side of what is kept, and of what lists show, in pixels."""
OTHERS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF"}
"""What newer phones write, by the brand behind `ftyp`."""
PHOTO_ATTRS = {"accept": "image/jpeg,image/png,image/webp", "data-shrink": str(LARGE)}
_one_at_a_time = Lock()


def clean(data: bytes) -> tuple[bytes, bytes]:
    """The photo for looking at, and the one for lists; both JPEG. Refused with a sentence if it is none.

    How large it is stands in its head and is looked at before anything unfolds; one picture in a process at a time.
    """
    try:
        with _one_at_a_time, Image.open(BytesIO(data), formats=tuple(MOST_PIXELS)) as sent:
            if sent.width * sent.height > _most(sent):
                raise Refusal(_("This picture has too many pixels. Please take another one."), field="photo")
            upright = _upright(sent)
            return _jpeg(upright, LARGE), _jpeg(upright, SMALL)
    except Refusal:
        raise
    except Exception as trouble:  # a broken file may fail in any way
        raise Refusal(_what_to_send(data), field="photo") from trouble


def _most(sent: Image.Image) -> int:
    most = MOST_PIXELS[sent.format or "PNG"]
    return min(most, MOST_PROGRESSIVE) if sent.info.get("progressive") else most


def _upright(sent: Image.Image) -> Image.Image:
    """Small first, then turned: of what is large there is one copy and no second."""
    sent.draft("RGB", (LARGE, LARGE))
    turned = sent.getexif()
    small = sent.convert("RGB")
    small.thumbnail((LARGE, LARGE))
    small.info, small.getexif()[ExifTags.Base.Orientation] = {}, turned.get(ExifTags.Base.Orientation, 1)
    return ImageOps.exif_transpose(small)


def _what_to_send(data: bytes) -> str:
    """Why it cannot be read, and what can: a phone that writes another kind is told how to send this one."""
    kind = OTHERS.get(data[8:12]) if data[4:8] == b"ftyp" else None
    if kind is None:
        return _("We cannot read this as a photo. Please take another one, or send it as JPEG, PNG or WebP.")
    return _(
        "We cannot read photos of the kind %(kind)s. Please take it with the button on this page, or send it as JPEG: "
        "on an iPhone under Settings, Camera, Formats, “Most Compatible”; or make a screenshot of it and send that."
    ) % {"kind": kind}


def _jpeg(picture: Image.Image, longest: int) -> bytes:
    """Its pixels on an empty sheet, so that nothing that came with them comes along."""
    picture = picture.copy()
    picture.thumbnail((longest, longest))
    sheet = Image.new("RGB", picture.size)
    sheet.paste(picture)
    kept = BytesIO()
    sheet.save(kept, "JPEG", quality=80, optimize=True)
    return kept.getvalue()


class PhotoField(forms.FileField):
    """A photo as it comes from a phone, not larger than we keep; `clean` makes it anew."""

    default_error_messages = {
        **dict.fromkeys(["required", "invalid", "missing"], gettext_lazy("Please choose a photo.")),
        "empty": gettext_lazy("We cannot read this as a photo. Please take another one."),
        "large": gettext_lazy("This file is larger than 8 MB. Please take a smaller photo."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Photo"), "widget": forms.FileInput(attrs=PHOTO_ATTRS), **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        if sent and (sent.size or 0) > MOST_BYTES:
            raise forms.ValidationError(self.error_messages["large"], code="large")
        return sent
