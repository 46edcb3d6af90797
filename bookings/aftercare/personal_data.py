"""What a household said after a visit: thanks, and what it asked to be done again."""

from datetime import datetime

from bookings.aftercare.redos import Redo
from bookings.aftercare.thanks import ThankYou
from bookings.households.clients import Client
from bookings.households.personal_data import of_household
from members.models import User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """In their own words."""
    return of_household(user, _household)


def _household(client: Client) -> Facts:
    redos = Redo.objects.filter(visit__booking__home__client=client).order_by("pk")
    thanks = ThankYou.objects.filter(visit__booking__home__client=client).order_by("pk")
    return {
        "asked to do again": list(redos.values("asked_at", "words", "state")),
        "thanks": list(thanks.values("written_at", "words")),
    }


def forget(user: User, at: datetime) -> None:
    """The words go; that something was asked for stays."""
    Redo.objects.filter(visit__booking__home__client__user_id=user.pk).update(words="")
    ThankYou.objects.filter(visit__booking__home__client__user_id=user.pk).update(words="")


register(PersonalData("home", facts=facts, forget=forget))
