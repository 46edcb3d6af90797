"""What members are owed, or owe, that no pay run holds: below zero, or left over once somebody is gone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Sum

from members.models import Member
from payouts.ledger.ledger import Account
from payouts.payroll.lines import not_settled
from payouts.payroll.payout_rows import SETTLED, PayoutState
from payouts.payroll.payouts import Payout


@dataclass(frozen=True)
class Rest:
    """Cents of a member that are in no pay run, since when the oldest of them; below zero they owe it."""

    member: Member
    cents: int
    since: datetime | None
    is_former: bool


def free_balances() -> dict[int, int]:
    """Cents by member that no pay run will pay: the balance, less what is on its way. Two queries."""
    found: Counter[int] = Counter()
    for account in Account.objects.filter(member__isnull=False).with_balance():
        assert account.member_id is not None
        found[account.member_id] += account.balance
    on_its_way = Payout.objects.exclude(state__in=[*SETTLED, PayoutState.WITHDRAWN]).order_by()
    found.subtract(dict(on_its_way.values_list("member").annotate(Sum("cents"))))
    return dict(found)


def owing(day: date) -> list[Rest]:
    """Members who owe the co-op something, those who have waited longest first. Five queries."""
    return _rests({member: cents for member, cents in free_balances().items() if cents < 0}, day, end="payer")


def left_over(day: date) -> list[Rest]:
    """What is still owed to those who have left, and is in no pay run. Five queries."""
    owed = {member: cents for member, cents in free_balances().items() if cents > 0}
    return [rest for rest in _rests(owed, day, end="payee") if rest.is_former]


def _rests(cents: dict[int, int], day: date, *, end: str) -> list[Rest]:
    people = Member.objects.filter(pk__in=cents).select_related("user").order_by("pk")
    former = set(Member.objects.in_state(Member.State.FORMER, on=day).filter(pk__in=cents).values_list("pk", flat=True))
    since = _since(cents, end)
    found = [Rest(one, cents[one.pk], since.get(one.pk), one.pk in former) for one in people]
    return sorted(found, key=lambda rest: (rest.since is None, rest.since))


def _since(members: Iterable[int], end: str) -> dict[int, datetime]:
    """When the oldest came that is on no statement."""
    rows = not_settled().filter(**{f"{end}__member__in": list(members)}).order_by()
    return dict(rows.values_list(f"{end}__member").annotate(Min("entry__posted_at")))
