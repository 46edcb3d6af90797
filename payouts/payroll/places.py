"""Where pay runs are drafted and approved."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting
from payouts.payroll.payruns import PayRun

register(
    Place("pay_runs", _("Pay runs"), Group.MONEY, "payouts.inspect_payrun"),
)

register_waiting(
    Waiting(
        "pay_runs",
        _("Pay runs that wait for you"),
        "payouts.inspect_payrun",
        lambda user: Waits(PayRun.objects.filter(state=PayRun.State.DRAFT).exclude(drafted_by=user).count()),
        always=True,
    ),
)
