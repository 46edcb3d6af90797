"""Pay that waits for a person: what did not go out, what has nowhere to go, what is owed by or to those who left."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.models import Event
from coop.web.attention import Remedy, Row, WaitingList, register
from members.models import User
from payouts.payroll.balances import Rest, left_over, owing
from payouts.payroll.payout_rows import PayoutQuerySet
from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import PayRun

PERM = "payouts.see_waiting_pay"
ABOUT = ("member__user", "run")


def _stuck(_user: User, _at: datetime) -> PayoutQuerySet:
    return Payout.objects.in_trouble().select_related(*ABOUT).order_by("run__approved_at", "pk")


def _without_account(_user: User, _at: datetime) -> PayoutQuerySet:
    return Payout.objects.without_account().select_related(*ABOUT).order_by("run__approved_at", "pk")


def _payout(payout: Payout) -> Row:
    again = Remedy(_("Send it once more"), reverse("retry_payout", args=[payout.pk]), verb="retry", of=payout)
    outside = Remedy(
        _("It was paid outside Stripe"),
        reverse("pay_outside", args=[payout.pk]),
        asks=_("Write it down as paid"),
        verb="pay_outside",
        of=payout,
    )
    return _of(payout, _why(payout), (again, outside))


def _why(payout: Payout) -> str:
    if payout.state == Payout.State.REVIEW and not payout.trouble:
        said = _("Nobody can say whether it was paid. Look for the transfer group %(group)s at Stripe first.")
        return said % {"group": payout.group}
    if payout.state == Payout.State.WAITING:
        return _("There is not enough money with Stripe yet. We look again every quarter of an hour.")
    return payout.trouble


def _homeless(payout: Payout) -> Row:
    check = Remedy(
        _("Pay by check"),
        reverse("pay_outside", args=[payout.pk]),
        asks=_("Write it down as paid"),
        verb="pay_outside",
        of=payout,
    )
    reason = _("They have no bank account with Stripe yet. It goes out by itself once they have one.")
    return _of(payout, reason, (check,))


def _of(payout: Payout, reason: str, remedies: tuple[Remedy, ...]) -> Row:
    return Row(
        str(payout.member),
        since=payout.run.approved_at,
        reason=f"{payout.run.days}. {reason}",
        cents=payout.cents,
        link=payout.run.get_absolute_url(),
        chip=str(payout.get_state_display()),
        remedies=remedies,
    )


def _drafts(_user: User, _at: datetime) -> QuerySet[PayRun]:
    return PayRun.objects.filter(state=PayRun.State.DRAFT).with_totals().select_related("drafted_by")


def _draft(run: PayRun) -> Row:
    reason = _("%(person)s has drafted it. Somebody else looks at it and approves it.")
    look = Remedy(_("Look at it and decide"), run.get_absolute_url(), is_link=True)
    said = reason % {"person": run.drafted_by.short_name}
    cents: int = run.cents  # type: ignore[attr-defined]
    return Row(run.days, since=run.drafted_at, reason=said, cents=cents, remedies=(look,))


def _not_exported(_user: User, _at: datetime) -> QuerySet[PayRun]:
    taken = Event.objects.filter(kind=PayRun._meta.label_lower, subject=OuterRef("pk"), verb="export")
    wages = Payout.objects.filter(run=OuterRef("pk"), state=Payout.State.HANDED_OVER)
    return PayRun.objects.filter(Exists(wages), ~Exists(taken)).with_totals().order_by("approved_at", "pk")


def _wages(run: PayRun) -> Row:
    reason = _("Nobody has taken the file for the payroll firm yet, so the firm cannot pay these wages.")
    look = Remedy(_("Get the file"), run.get_absolute_url(), is_link=True)
    cents: int = run.wages  # type: ignore[attr-defined]
    return Row(
        run.days, since=run.approved_at, reason=reason, cents=cents, link=run.get_absolute_url(), remedies=(look,)
    )


def _owing(_user: User, at: datetime) -> list[Rest]:
    return owing(timezone.localdate(at))


def _owes(rest: Rest) -> Row:
    reason = _("It is taken off what they earn next.")
    if rest.is_former:
        reason = _("They have left, so nothing that they earn will pay it back.")
    books = Remedy(_("The books"), reverse("books"), is_link=True)
    return Row(str(rest.member), since=rest.since, reason=reason, cents=-rest.cents, remedies=(books,))


def _left_over(_user: User, at: datetime) -> list[Rest]:
    return left_over(timezone.localdate(at))


def _is_owed(rest: Rest) -> Row:
    reason = _("They have left, and this is in no pay run yet.")
    draft = Remedy(_("Draft a pay run"), reverse("pay_runs"), is_link=True, perm="payouts.draft_payrun")
    return Row(str(rest.member), since=rest.since, reason=reason, cents=rest.cents, remedies=(draft,))


TREASURER = ("treasurer",)
register(
    WaitingList("left_over", gettext_lazy("Still owed to those who have left"), PERM, TREASURER, _left_over, _is_owed),
    WaitingList(
        "owing",
        gettext_lazy("Owed to the co-op by members, and by those who have left"),
        PERM,
        TREASURER,
        _owing,
        _owes,
    ),
    WaitingList(
        "wages",
        gettext_lazy("Wages whose file the payroll firm does not have"),
        PERM,
        TREASURER,
        _not_exported,
        _wages,
        states=(Payout.State.HANDED_OVER,),
    ),
    WaitingList(
        "drafts",
        gettext_lazy("Pay runs that wait for a second person"),
        PERM,
        ("treasurer", "board"),
        _drafts,
        _draft,
        states=(PayRun.State.DRAFT,),
    ),
    WaitingList(
        "without_account",
        gettext_lazy("Pay that waits for a bank account"),
        PERM,
        TREASURER,
        _without_account,
        _homeless,
        states=(Payout.State.WAITING,),
    ),
    WaitingList(
        "payouts",
        gettext_lazy("Pay that did not go out"),
        PERM,
        TREASURER,
        _stuck,
        _payout,
        states=(Payout.State.FAILED, Payout.State.REVIEW, Payout.State.WAITING),
    ),
)
