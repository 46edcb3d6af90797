"""Facts about a person as a file to take along: one for programs, one for eyes, in a zip."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from phonenumber_field.phonenumber import PhoneNumber

from members.personal_data import Facts


class _Plain(DjangoJSONEncoder):
    """Numbers of phones as they are dialled from anywhere."""

    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, PhoneNumber) else super().default(o)


def packed(facts: Facts, *, at: datetime) -> bytes:
    """A zip with `my-data.json` and a page to read, `my-data.html`, which needs nothing else and runs nothing."""
    plain = json.dumps(facts, cls=_Plain, ensure_ascii=False, indent=2)
    page = render_to_string("members/my_data/takeaway.html", {"facts": json.loads(plain), "at": at})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packing:
        packing.writestr("my-data.json", plain)
        packing.writestr("my-data.html", page)
    return file.getvalue()
