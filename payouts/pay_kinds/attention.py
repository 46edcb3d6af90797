"""Members of whom nobody has said how they are paid."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import Member, User
from payouts.pay_kinds.pay_kinds import Kinds


def _find(_user: User, at: datetime) -> list[Member]:
    """Those who are here and whose pay no pay run can pay today."""
    here = list(Member.objects.here().select_related("user").order_by("user__joined_at", "pk"))
    kinds, today = Kinds([member.pk for member in here]), timezone.localdate(at)
    return [member for member in here if kinds.on(member.pk, today) is None]


def _show(member: Member) -> Row:
    say = Remedy(
        _("Say how they are paid"),
        reverse("say_pay_kind", args=[member.pk]),
        is_link=True,
        perm="payouts.say_paykind",
    )
    reason = _("Nobody has said how they are paid. A pay run with their work in it cannot be drafted.")
    return Row(str(member), since=member.user.joined_at, reason=reason, remedies=(say,))


register(
    WaitingList(
        "pay_kinds",
        gettext_lazy("Members of whom nobody has said how they are paid"),
        "payouts.read_pay_kinds",
        ("treasurer", "membership"),
        _find,
        _show,
    )
)
