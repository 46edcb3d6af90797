"""What is owed when somebody leaves, either way."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from coop.money import dollars
from members.models import Confirmation, Member
from members.standing.leaving_facts import Place, tells
from payouts.payroll.presenters import balances_of


@tells(Place.MONEY)
def money_is_settled(member: Member, _gone_on: date, _at: datetime) -> Iterator[str]:
    """Pay and tips, what is taken out of pay, and capital."""
    owed = sum(balances_of(member))
    if owed > 0:
        said = _("The co-op owes you %(amount)s today. It is paid with the next pay run, as is what you still earn.")
    elif owed < 0:
        said = _("You owe the co-op %(amount)s today. It is taken off what you earn until then.")
    else:
        said = _("Nothing is owed today, either way. What you earn until then is paid as usual.")
    yield said % {"amount": dollars(abs(owed))}
    if Confirmation.objects.waiting().filter(concerns__member=member, concerns__is_asked=True).exists():
        yield _("A decision about you still waits for a second person.")
    yield _("The co-op's books keep no shares or capital of single members, so there is none to pay back here.")
