"""What several forms of this room share."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _


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


FAR = timedelta(days=730)


def near(day: date) -> date:
    """The day; refused when it is years away, where calendars end."""
    if not -FAR < day - timezone.localdate() < FAR:
        raise forms.ValidationError(_("Choose a day within the next two years."))
    return day


def unless_same(was: datetime, told: datetime) -> datetime:
    """What was, with its seconds and its side of a night when clocks go back, if it reads the same."""
    shown = was.astimezone(told.tzinfo).replace(second=0, microsecond=0, tzinfo=None)
    return was if shown == told.replace(tzinfo=None) else told
