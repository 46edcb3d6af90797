"""Funds of the co-op below zero."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.money import dollars
from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import User
from payouts.ledger.ledger import Entry
from payouts.ledger.shortfalls import Shortfall, shortfalls

Found = tuple[Shortfall, datetime]


def _find(_user: User, _at: datetime) -> list[Found]:
    short = shortfalls()
    since = dict(Entry.objects.filter(pk__in=[one.since for one in short]).values_list("pk", "posted_at"))
    return sorted(((one, since[one.since]) for one in short), key=lambda found: found[1])


def _show(found: Found) -> Row:
    short, since = found
    reason = _(
        "Below zero: %(fund)s. It has paid out %(cents)s more than it had. Nobody's pay is touched by that. If it goes "
        "on, the split of the price does not fit what things cost."
    ) % {"fund": short.label, "cents": dollars(short.cents)}
    books = Remedy(_("The books"), reverse("books"), is_link=True)
    return Row(str(short.label).capitalize(), since=since, reason=reason, remedies=(books,))


register(
    WaitingList(
        "funds",
        gettext_lazy("Funds below zero"),
        "payouts.see_trouble",
        ("treasurer", "board"),
        _find,
        _show,
    )
)
