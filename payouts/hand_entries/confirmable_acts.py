"""What is written into the books by hand is confirmed by a second person, whatever was voted."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coop.money import dollars
from members.models import User
from members.second_person.confirmable_acts import Matter, register
from payouts.bookkeeping.rules import OFFICES
from payouts.hand_entries.hand_entries import MATTER, HandEntry


def _in_words(numbers: Collection[int]) -> dict[int, str]:
    """What a second person is asked to confirm, of each."""
    return {one.pk: said(one) for one in HandEntry.objects.light().filter(pk__in=numbers)}


def said(one: HandEntry) -> str:
    """One entry by hand as a sentence: its kind, sum, fund and day."""
    words = _("Into the books: %(kind)s, %(cents)s, %(fund)s, %(day)s")
    if one.undoes_id:
        words = _("Undo in the books: %(kind)s, %(cents)s, %(fund)s, %(day)s")
    elif one.other_fund:
        words = _("Into the books: %(kind)s, %(cents)s, from %(fund)s to %(other)s, %(day)s")
    return words % {
        "kind": one.get_kind_display(),
        "cents": dollars(one.cents),
        "fund": one.get_fund_display(),
        "other": one.get_other_fund_display(),
        "day": date_format(one.day, "SHORT_DATE_FORMAT"),
    }


def _link(number: int) -> str:
    return reverse("hand_entry", args=[number])


def _touches(number: int, user: User) -> bool:
    return HandEntry.objects.light().get(pk=number).is_about(user)


def _post(number: int, at: datetime, by: User) -> None:
    HandEntry.objects.light().get(pk=number).post(at=at, by=by)


def _drop(number: int, at: datetime, by: User) -> None:
    HandEntry.objects.light().get(pk=number).drop(at=at, by=by)


register(
    MATTER, Matter(OFFICES, say=_in_words, link=_link, touches=_touches, carry_out=_post, drop=_drop, always_two=True)
)
