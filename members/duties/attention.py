"""Duties that wait: late, or with nobody who looks after them."""

from datetime import UTC, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.web.attention import Remedy, Row, WaitingList, register
from members.duties.duties import KEEPERS, Duty, DutyQuerySet
from members.people.users import User


def _find(_user: User, at: datetime) -> DutyQuerySet:
    today = timezone.localdate(at)
    return Duty.objects.to_look_at(today).light().in_care_on(today)


def _show(duty: Duty) -> Row:
    reason = _("By %(day)s.") % {"day": date_format(duty.due_on)}
    if duty.looks_after is None:
        reason += " " + _("Nobody looks after it.")
    return Row(
        duty.title,
        since=datetime.combine(duty.due_on, time(), UTC) if duty.is_late else None,
        reason=reason,
        link=duty.get_absolute_url(),
        remedies=(Remedy(_("To the duty"), duty.get_absolute_url(), is_link=True),),
    )


register(
    WaitingList(
        "duties",
        gettext_lazy("Duties that are late, or that nobody looks after"),
        "members.read_duties",
        KEEPERS,
        _find,
        _show,
        states=(Duty.State.OPEN,),
    )
)
