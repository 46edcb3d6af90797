"""How a pay run differs from the one before it, so that somebody looks where much is different."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum

if TYPE_CHECKING:
    from payouts.payroll.payruns import PayRun

MUCH = 30
"""Per cent by which somebody's hours may differ from the run before without being pointed out."""


def signed_percent(number: int) -> str:
    """+3% or −12%."""
    return f"{'−' if number < 0 else '+'}{abs(number)}%"


@dataclass(frozen=True)
class Comparison:
    """A pay run against the one before it: by how many per cent more is paid, and whose hours differ much."""

    change: int | None
    differ: int

    @classmethod
    def of(cls, run: "PayRun") -> "Comparison":
        before = run.previous()
        was = before.payouts.by_us().aggregate(total=Sum("cents", default=0))["total"] if before else 0
        now = run.payouts.by_us().aggregate(total=Sum("cents", default=0))["total"]
        changes = [payout.change for payout in run.payouts.by_us().with_related()]
        differ = sum(1 for change in changes if change is not None and abs(change) > MUCH)
        return cls(change=round(100 * (now - was) / was) if was else None, differ=differ)

    @property
    def said(self) -> str:
        """+3% or −12%; a dash for the first run."""
        return "–" if self.change is None else signed_percent(self.change)
