"""What was said, reported, photographed and tapped at a visit."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bookings.households.clients import Client
from bookings.households.personal_data import of_household, of_work
from bookings.onsite.delays import Delay
from bookings.onsite.incidents.incidents import Incident
from bookings.onsite.photos import Photo
from bookings.onsite.taps import Tap, TapPlace
from members.models import Member, User
from members.personal_data import Facts, PersonalData, register


def facts(user: User, at: datetime) -> Facts:
    """Photos of their home; and as a worker what they said, reported and tapped."""
    return {**of_household(user, _household), **of_work(user, _work)}


def _household(client: Client) -> Facts:
    photos = Photo.objects.filter(shift__visit__booking__home__client=client).order_by("taken_at", "pk")
    return {"photos": list(photos.values("moment", "taken_at", visit=F("shift__visit__starts_at")))}


def _work(member: Member) -> Facts:
    user = member.user
    return {
        "said to be late": list(
            Delay.objects.filter(said_by=user).order_by("said_at").values("starts_at", "minutes", "said_at")
        ),
        "reported": [
            {"reported_at": one.reported_at, "kind": one.kind, "state": one.state, "words": one.words.open()}
            for one in Incident.objects.filter(by=user).order_by("reported_at")
        ],
        "starts and finishes": _taps(user),
    }


def _taps(user: User) -> list[Facts]:
    """Each with the place, as long as that is kept."""
    where = ("place__latitude", "place__longitude", "place__accuracy")
    mine = Tap.objects.filter(Q(by=user) | Q(shift__member__user=user)).order_by("pk")
    known = mine.values("kind", "at", "device_at", "received_at", "flags", "reason", *where)
    return [dict(tap) for tap in known]


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """Whoever reported something may be asked about it until it is closed."""
    if Incident.objects.standing().filter(by=user).exists():
        yield _("Something that you reported is still being looked at. Please wait until it is closed.")


def forget(user: User, at: datetime) -> None:
    """Places of taps go, the words of closed reports, and the photos of their home."""
    at_home = Q(tap__shift__visit__booking__home__client__user_id=user.pk)
    TapPlace.objects.filter(at_home | Q(tap__by=user)).delete()
    of_them = Q(by=user) | Q(shift__visit__booking__home__client__user_id=user.pk)
    for incident in Incident.objects.filter(state=Incident.State.CLOSED).filter(of_them):
        incident.forget_words()
    Photo.objects.filter(shift__visit__booking__home__client__user_id=user.pk).delete()


register(PersonalData("home", facts=facts, forget=forget, erasure_blockers=erasure_blockers))
