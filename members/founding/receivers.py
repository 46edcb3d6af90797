"""What other folders ask about invitations."""

from collections.abc import Iterable
from typing import Any

from members.founding.invitations import FounderInvitation
from members.people.users import User
from members.signing_in.numbers import numbers


def invited_at(phone: Any) -> Iterable[User]:
    """Whoever is invited to found the co-op by a text message to this number, and gave no address."""
    waiting = FounderInvitation.objects.waiting().filter(phone=phone)
    return User.objects.filter(pk__in=waiting.values("user"), email="", claimed_email="")


numbers.claiming.append(invited_at)
