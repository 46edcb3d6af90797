"""What the register of members says of how they are paid."""

import re
from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from members.register import changes
from members.register.lines import Line, register
from payouts.pay_kinds.pay_kinds import Kinds, PayKind

NOTE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}): (\w+|–) → (\w+)")
NAMES = {"–": "–", **{kind.value: kind.label for kind in PayKind.Kind}}


def in_words(note: str) -> str:
    """From which day on, and from which way to which; a note that holds no codes stays as it is."""
    found = NOTE.fullmatch(note)
    if found is None or not {found[2], found[3]} <= NAMES.keys():
        return note
    return f"{date_format(date.fromisoformat(found[1]))}: {NAMES[found[2]]} → {NAMES[found[3]]}"


def ways(numbers: Collection[int], at: datetime) -> dict[int, str]:
    """How each is paid today, where somebody has said so."""
    kinds, today = Kinds(numbers), timezone.localdate(at)
    found = {number: kinds.on(number, today) for number in numbers}
    return {number: str(PayKind.Kind(kind).label) for number, kind in found.items() if kind}


register("pay_kind", Line(_("How they are paid"), ways, perm="payouts.read_pay_kinds"))
changes.register("say_pay_kind", in_words)
