"""That others said how somebody is paid, told to that person."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.looks.told import Seen, register
from members.models import User
from payouts.pay_kinds.pay_kinds import PayKind


def done(user: User, most: int) -> list[Seen]:
    """Each time with the way, and from which day on. One query."""
    rows = PayKind.objects.filter(member__user=user, said_by__isnull=False).exclude(said_by=user)
    theirs = rows.select_related("said_by").order_by("-said_at", "-pk")[:most]
    return [Seen(row.said_at, row.said_by, _in_words(row)) for row in theirs if row.said_by]


def _in_words(row: PayKind) -> str:
    about = {"kind": row.get_kind_display(), "day": date_format(row.starts_on)}
    return _("how you are paid from %(day)s on: %(kind)s") % about


register(done=done)
