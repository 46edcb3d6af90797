"""What the register of members says of how they are paid."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.register.lines import Line, register
from payouts.pay_kinds.pay_kinds import Kinds, PayKind


def ways(numbers: Collection[int], at: datetime) -> dict[int, str]:
    """How each is paid today, where somebody has said so."""
    kinds, today = Kinds(numbers), timezone.localdate(at)
    found = {number: kinds.on(number, today) for number in numbers}
    return {number: str(PayKind.Kind(kind).label) for number, kind in found.items() if kind}


register("pay_kind", Line(_("How they are paid"), ways, perm="payouts.read_pay_kinds"))
