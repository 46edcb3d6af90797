"""The members of a pay run, a page at a time: what is odd first, then who cannot be paid, each line by line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, prefetch_related_objects

from payouts.payroll.approval.comparison import odd_in
from payouts.payroll.lines import Line
from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import PayRun

if TYPE_CHECKING:
    from django.db.models import QuerySet

PER_PAGE = 25


@dataclass(frozen=True)
class Row:
    """What one member is paid, and what is odd about it, in words."""

    payout: Payout
    odd: list[str]

    @property
    def cannot_be_paid(self) -> bool:
        """Nobody can send it: there is no bank account yet."""
        return not self.payout.through_firm and not self.payout.has_account

    @property
    def order(self) -> tuple[bool, bool, str, int]:
        return not self.odd, not self.cannot_be_paid, self.payout.member.user.name, self.payout.pk


@dataclass(frozen=True)
class Overview:
    """A page of the members, how many of them are odd, and what waits for a bank account: people and cents."""

    page: "Page[Row]"
    odd: int
    without_account: int
    without_account_cents: int

    @classmethod
    def of(cls, run: PayRun, *, page: str | None) -> "Overview":
        """As of now. Seven queries, whatever the number of members and lines."""
        odd = odd_in(run)
        payouts = run.payouts.select_related("member__user", "member__payee_account")
        rows = sorted((Row(payout, odd.get(payout.pk, [])) for payout in payouts), key=lambda row: row.order)
        stuck = [row.payout.cents for row in rows if row.cannot_be_paid and row.payout.state != Payout.State.SENT]
        shown = Paginator(rows, PER_PAGE).get_page(page)
        _with_lines([row.payout for row in shown])
        return cls(shown, sum(1 for row in rows if row.odd), len(stuck), sum(stuck))


def _with_lines(payouts: list[Payout]) -> None:
    """Read what the lines of these show: the day, what it was, and why money went back."""
    lines: QuerySet[Line] = Line.objects.select_related("transfer__entry__supplement")
    lines = lines.order_by("transfer__entry__effective_on", "pk")
    prefetch_related_objects(payouts, Prefetch("lines", queryset=lines))
