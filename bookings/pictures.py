"""A photo made anew from its pixels: smaller, upright, and silent about where, when and with what it was taken."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from coop.errors import Refusal

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
"""A phone takes twelve million; a file that unfolds to more than this is no photo."""
LARGE, SMALL = 1600, 320
"""The longer side of what is kept, and of what lists show, in pixels."""


def clean(data: bytes) -> tuple[bytes, bytes]:
    """The photo for looking at, and the one for lists; both JPEG. Refused with a sentence if it is none."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise Refusal(_("This picture has too many pixels. Please take another one."), field="photo")
            sent.draft("RGB", (LARGE, LARGE))
            upright = ImageOps.exif_transpose(sent).convert("RGB")
    except Refusal:
        raise
    except Exception as trouble:  # a broken file may fail in any way
        raise Refusal(_("We cannot read this as a photo. Please take another one."), field="photo") from trouble
    return _jpeg(upright, LARGE), _jpeg(upright, SMALL)


def _jpeg(picture: Image.Image, longest: int) -> bytes:
    """Its pixels on an empty sheet, so that nothing that came with them comes along."""
    picture = picture.copy()
    picture.thumbnail((longest, longest))
    sheet = Image.new("RGB", picture.size)
    sheet.paste(picture)
    kept = BytesIO()
    sheet.save(kept, "JPEG", quality=80, optimize=True)
    return kept.getvalue()
