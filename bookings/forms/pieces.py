"""What several forms of this room share."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language


class Tiles(forms.RadioSelect):
    """A few answers as wide tiles."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "wide"} | (attrs or {}))


def spoken() -> str:
    """The language of the page: en or es."""
    return (get_language() or "en")[:2]


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, if it was sent at all; sent empty is sent, too."""
    return request.POST if request.method == "POST" else None
