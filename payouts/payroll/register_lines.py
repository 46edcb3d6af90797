"""What the register of members says of where their pay goes."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from members.register.lines import Line, register
from payouts.payroll.payees import PayeeAccount


def bank_details(numbers: Collection[int], _at: datetime) -> dict[int, str]:
    """Whether each can receive pay."""
    known = {payee.member_id: str(payee) for payee in PayeeAccount.objects.filter(member__in=numbers)}
    return {number: known.get(number, str(_("no bank account yet"))) for number in numbers}


register("bank", Line(_("Bank details"), bank_details))
