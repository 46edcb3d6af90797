"""The least that is paid at once: who is owed less waits for the next pay run, unless they leave."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, F, Sum, When
from django.utils import timezone

from members.models import Member
from payouts.payroll.lines import not_settled
from payouts.payroll.owed import Owed
from payouts.policies import LEAST_PAYOUT

if TYPE_CHECKING:
    from payouts.payroll.payruns import PayRun

STAYS = (Member.State.CANDIDATE, Member.State.MEMBER, Member.State.ON_LEAVE, Member.State.SUSPENDED)
"""Whoever will be in a later pay run, too."""


def paid_now(owed: Iterable[Owed], *, on: date) -> list[Owed]:
    """Those of `owed` whom a pay run drafted on a day pays: they are owed something, and it is enough (a policy).

    Wages never wait, and whoever leaves or has left is paid whatever it is.
    """
    least = LEAST_PAYOUT.on(on)
    found = [one for one in owed if one.cents > 0]
    small = {one.member for one in found if _is_less(one, least)}
    waits = set(_who_stays(small, on=on)) if small else set()
    return [one for one in found if one.member not in waits or not _is_less(one, least)]


def waits_for_more(run: "PayRun") -> list[tuple[Member, int]]:
    """Who is owed too little to be paid by a draft, by name, with the cents that wait. Three queries."""
    least = LEAST_PAYOUT.on(timezone.localdate(run.drafted_at))
    if not least:
        return []
    sums = _not_in_a_run(run)
    people = Member.objects.filter(pk__in=[pk for pk, cents in sums.items() if 0 < cents < least])
    return [(person, sums[person.pk]) for person in people.select_related("user").order_by("user__name", "pk")]


def _is_less(one: Owed, least: int) -> bool:
    return one.cents < least and not one.through_firm


def _who_stays(members: set[int], *, on: date) -> "Iterable[int]":
    return Member.objects.in_state(*STAYS, on=on).filter(pk__in=members).values_list("pk", flat=True)


def _not_in_a_run(run: "PayRun") -> dict[int, int]:
    """What the draft found and did not take, by member."""
    rows = not_settled().filter(entry__effective_on__lte=run.ends_on, entry__posted_at__lte=run.closes_at).order_by()
    who = Case(When(payee__member__isnull=False, then=F("payee__member")), default=F("payer__member"))
    found = rows.annotate(who=who).values_list("who").annotate(total=Sum("left"))
    return dict(found)
