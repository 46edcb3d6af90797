"""Whoever approves a pay run hears first of what does not fit."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from payouts.payroll.doubts import register
from payouts.reconciliation.differences import differences


def _count(at: datetime) -> int:
    return len(differences(at=at))


register("differences", _("Unexplained between the books, Stripe and the bank"), "reconciliation", _count)
