"""Who may do what with pay. Who, never when."""

from typing import Any

from django.utils import timezone
from rules.permissions import add_perm
from rules.predicates import predicate

from members.rules import holds, not_oneself
from payouts.payroll.payruns import OFFICES, PayRun


@predicate  # type: ignore[untyped-decorator]
def drafted_it(user: Any, run: PayRun | None) -> bool:
    """Whoever drafted this pay run."""
    return run is not None and run.drafted_by_id == user.pk


@predicate  # type: ignore[untyped-decorator]
def stands_in(user: Any, run: PayRun | None) -> bool:
    """Named for a pay run that nobody of the offices can approve."""
    return run is not None and user in run.stand_ins(timezone.now())


add_perm("payouts.draft_payrun", holds("treasurer"))
add_perm("payouts.inspect_payrun", holds(*OFFICES) | stands_in)
add_perm("payouts.approve_payrun", (holds(*OFFICES) & ~drafted_it) | stands_in)
add_perm("payouts.send_back_payrun", holds(*OFFICES) | stands_in)
add_perm("payouts.export_payrun", holds("treasurer"))
add_perm("payouts.retry_payout", holds("treasurer"))
add_perm("payouts.pay_outside_payout", holds("treasurer") & not_oneself)
