"""What somebody was offered, gave back, handed over and swapped, and the turns that were decided otherwise."""

from datetime import datetime

from bookings.households.personal_data import of_work
from bookings.turns.given_back import GivenBack
from bookings.turns.offers.offers import Offer
from bookings.turns.overrides.overrides import Override
from bookings.turns.swaps.swaps import Swap
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Offers by area: a client's home is the client's."""
    return of_work(user, _work)


def _work(member: Member) -> Facts:
    asked = Offer.objects.of(member).select_related("shift").order_by("made_at", "pk")
    given_back = GivenBack.objects.filter(member=member).select_related("shift").order_by("at")
    return {
        "offers": [
            {"shift": one.starts_at, "ZIP code": one.shift.zip_id, "made_at": one.made_at, "state": one.state}
            for one in asked
        ],
        "given back": [
            {"shift": one.shift.starts_at, "at": one.at, "why": one.why, "words": one.words.open()}
            for one in given_back
        ],
        "days handed over": list(member.hand_overs.order_by("day").values("day", "last", "back_on", "said_at")),
        "turns that were decided otherwise": [
            {"from": one.giver.short_name, "for": one.receiver.short_name, "reason": one.reason, "at": one.at}
            for one in Override.objects.concerning(member).order_by("at", "pk")
        ],
        "swaps": _swaps(member.user),
    }


def _swaps(user: User) -> list[Facts]:
    """Every swap that this person asked for or was asked about, and what became of it."""
    return [
        {
            "from": one.asker.short_name,
            "to": one.other.short_name,
            "shift": one.shift.starts_at,
            "in return": one.back.starts_at if one.back else None,
            "state": one.state,
            "asked_at": one.asked_at,
        }
        for one in Swap.objects.visible_to(user).with_related().order_by("asked_at", "pk")
    ]


def forget(user: User, at: datetime) -> None:
    """Why they gave shifts back goes."""
    GivenBack.objects.filter(member__user=user).delete()


register(PersonalData("home", facts=facts, forget=forget))
