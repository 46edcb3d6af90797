"""What the pages of a visit say while a bank waits for its client."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.client.money_steps import MoneyStep
from bookings.models import Visit
from payouts.charges.charges import Charge


def step_of(visit: Visit) -> MoneyStep | None:
    """To confirm the payment that has waited longest."""
    waits = Charge.objects.to_confirm().filter(visit=visit).select_related("visit").order_by("pk")
    charge = next((one for one in waits if one.can_be_confirmed(timezone.now())), None)
    if charge is None:
        return None
    return MoneyStep(
        title=_("The bank waits for a confirmation"),
        text=_("It asks that whoever owns the card confirms the payment. After a while the card counts as declined."),
        action=_("Confirm the payment"),
        address=charge.confirm_path,
    )
