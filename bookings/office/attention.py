"""Messages that did not arrive."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.office.readable_messages import readable_by
from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import Notice, User
from members.notices.notices import NoticeQuerySet


def _find(user: User, _at: datetime) -> NoticeQuerySet:
    return readable_by(user).failed().select_related("user").order_by("due_at", "pk")


def _show(notice: Notice) -> Row:
    again = Remedy(_("Send once more"), reverse("retry_notice", args=[notice.pk]))
    call = Remedy(_("People to call"), reverse("calls"), is_link=True)
    return Row(
        f"{notice.user}: {notice.subject}",
        since=notice.tried_at or notice.due_at,
        reason=_(notice.trouble) if notice.trouble else "",
        chip=str(notice.get_way_display()),
        remedies=(again, call),
    )


register(
    WaitingList(
        "messages",
        gettext_lazy("Messages that did not arrive"),
        "bookings.coordinate",
        ("coordinator",),
        _find,
        _show,
    )
)
