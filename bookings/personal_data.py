"""This room's part of what is kept about a person: a household's homes and visits, a worker's shifts and offers."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bookings.aftercare.redos import Redo
from bookings.aftercare.thanks import ThankYou
from bookings.care.records import CareRecord
from bookings.checkout.waitlist import WaitlistEntry
from bookings.fairness.flag_answers import FlagAnswer
from bookings.households.clients import AreaRequest, Client, Home
from bookings.households.do_not_send import DoNotSend
from bookings.households.housemates import HouseholdMember
from bookings.households.note_views import AccessView
from bookings.households.send_again import SendAgain
from bookings.onsite.delays import Delay
from bookings.onsite.incidents import Incident
from bookings.onsite.photos import Photo
from bookings.onsite.taps import Tap, TapPlace
from bookings.turns.given_back import GivenBack
from bookings.turns.offers import Offer
from bookings.turns.overrides import Override
from bookings.turns.swaps import Swap
from bookings.visits.bookings import Booking
from bookings.visits.quotes import Quote
from bookings.visits.shifts import Shift
from bookings.visits.visits import Visit
from members.data_registry import Facts, PersonalData, register
from members.models import User


def listen() -> None:
    register(PersonalData("home", facts=facts, erasure_blockers=erasure_blockers, forget=forget))


def facts(user: User, at: datetime) -> Facts:
    """What this person has as a client, in the households of others, and as somebody who works here."""
    households = HouseholdMember.objects.of(user).select_related("client__user").order_by("pk")
    waits = WaitlistEntry.objects.filter(user=user).select_related("service").order_by("pk")
    return {
        "household": _household(user, at),
        "households of others": [
            {"of": one.client.user.short_name, "state": one.state, "invited_at": one.invited_at} for one in households
        ],
        "waiting for": [{"service": str(one.service), "day": one.day, "state": one.state} for one in waits],
        "work": _work(user) if user.membership else None,
    }


def _household(user: User, at: datetime) -> Facts | None:
    client = Client.objects.filter(user=user).first()
    if client is None:
        return None
    kept_away = DoNotSend.objects.filter(client=client, placer="client").select_related("member__user")
    wished = SendAgain.objects.filter(client=client).select_related("member__user")
    return {
        "phone": str(client.phone),
        "since": client.since,
        "people": [str(one.user) for one in client.people.standing().select_related("user").order_by("pk")],
        "homes": [_home(home, user, at) for home in client.homes.select_related("zip").order_by("pk")],
        "visits": [_visit(visit) for visit in _visits(client)],
        "asked to do again": list(
            Redo.objects.filter(visit__booking__home__client=client).order_by("pk").values("asked_at", "words", "state")
        ),
        "thanks": list(
            ThankYou.objects.filter(visit__booking__home__client=client).order_by("pk").values("written_at", "words")
        ),
        "care on record": _care(CareRecord.objects.filter(shift__visit__booking__home__client=client)),
        "not to be sent": [
            {"person": one.member.short_name, "reason": one.reason, "since": one.placed_at, "until": one.lifted_at}
            for one in kept_away.order_by("pk")
        ],
        "please again": [
            {"person": one.member.short_name, "since": one.placed_at, "until": one.withdrawn_at}
            for one in wished.order_by("pk")
        ],
    }


def _home(home: Home, user: User, at: datetime) -> Facts:
    """With the getting-in note, which is theirs; that it was opened for them is written down."""
    looks = home.views.select_related("user").order_by("at")
    return {
        "street": home.street,
        "apartment": home.apartment,
        "ZIP code": home.zip_id,
        "pets": home.pets,
        "supplies": home.supplies,
        "language of who comes": home.spoken,
        "getting in": home.show_note(at=at, by=user) if home.access_note else "",
        "who opened that": [{"person": look.user.short_name, "at": look.at} for look in looks],
    }


def _visits(client: Client) -> list[Visit]:
    visits = Visit.objects.filter(booking__home__client=client).select_related("booking__service", "booking__home")
    return list(visits.prefetch_related("shifts__member__user", "booking__add_ons").order_by("starts_at", "pk"))


def _visit(visit: Visit) -> Facts:
    return {
        "service": str(visit.booking.service),
        "extras": [str(extra) for extra in visit.booking.add_ons.all()],
        "home": str(visit.booking.home),
        "state": visit.state,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "booked_at": visit.booking.requested_at,
        "people": [member.short_name for member in visit.people()],
        "photos": [{"moment": one.moment, "taken_at": one.taken_at} for one in Photo.objects.of_visit(visit.pk)],
        "cents": visit.cents,
    }


def _work(user: User) -> Facts:
    """Shifts and offers by area: a client's home is the client's."""
    assert user.membership is not None
    have = Shift.objects.of(user.membership).filter(state__in=["accepted", "started", "done"])
    asked = Offer.objects.of(user.membership).select_related("shift").order_by("made_at", "pk")
    refused = DoNotSend.objects.filter(member=user.membership, placer="member").select_related("client__user")
    return {
        "shifts": list(
            have.order_by("starts_at").values("state", "zip", "starts_at", "ends_at", "started_at", "done_at")
        ),
        "offers": [
            {"shift": one.starts_at, "ZIP code": one.shift.zip_id, "made_at": one.made_at, "state": one.state}
            for one in asked
        ],
        "said to be late": list(
            Delay.objects.filter(said_by=user).order_by("said_at").values("starts_at", "minutes", "said_at")
        ),
        "reported": [
            {"reported_at": one.reported_at, "kind": one.kind, "state": one.state, "words": one.words.open()}
            for one in Incident.objects.filter(by=user).order_by("reported_at")
        ],
        "given back": [
            {"shift": one.shift.starts_at, "at": one.at, "why": one.why, "words": one.words.open()}
            for one in GivenBack.objects.filter(member=user.membership).select_related("shift").order_by("at")
        ],
        "turns that were decided otherwise": [
            {"from": one.giver.short_name, "for": one.receiver.short_name, "reason": one.reason, "at": one.at}
            for one in Override.objects.concerning(user.membership).order_by("at", "pk")
        ],
        "swaps": _swaps(user),
        "homes that you do not go to": [
            {"client": one.client.user.short_name, "since": one.placed_at, "until": one.lifted_at} for one in refused
        ],
        "starts and finishes": _taps(user),
        "care on record": _care(CareRecord.objects.filter(shift__member=user.membership), where=False),
        "answers to what the numbers asked": list(
            user.membership.flag_answers.exclude(words="").order_by("pk").values("written_at", "words")
        ),
        "getting-in notes that you opened": list(AccessView.objects.filter(user=user).order_by("at").values("at")),
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


def _care(records: QuerySet[CareRecord], *, where: bool = True) -> list[Facts]:
    """What is told of care visits, every number; a client's name and home are the client's."""
    theirs = ("recipient", "street", "start_place", "end_place") if where else ()
    facts = ("number", "service", "worker", "starts_at", "ends_at", "start_how", "end_how", "flags", "reason", *theirs)
    return [dict(one) for one in records.order_by("shift", "number").values(*facts)]


def _taps(user: User) -> list[Facts]:
    """Each with the place, as long as that is kept."""
    where = ("place__latitude", "place__longitude", "place__accuracy")
    mine = Tap.objects.filter(Q(by=user) | Q(shift__member__user=user)).order_by("pk")
    known = mine.values("kind", "at", "device_at", "received_at", "flags", "reason", *where)
    return [dict(tap) for tap in known]


def erasure_blockers(user: User, at: datetime) -> Iterator[str]:
    """What is booked has to take place or be cancelled first."""
    if Booking.objects.going().filter(home__client__user_id=user.pk).exists():
        yield _("A visit is still planned. Cancel it first, or wait until it is over.")
    if Incident.objects.standing().filter(by=user).exists():
        yield _("Something that you reported is still being looked at. Please wait until it is closed.")


def forget(user: User, at: datetime) -> None:
    """Homes lose their address, note and place, the household its phone and people, drafts their contact."""
    for wait in WaitlistEntry.objects.filter(user=user, state__in=["waiting", "asked"]):
        wait.leave(at=at, by=user)
    for one in HouseholdMember.objects.standing().visible_to(user).select_related("user", "client"):
        if one.is_about(user) or one.client.user_id == user.pk:
            one.leave(at=at, by=user)
    AreaRequest.objects.filter(email=user.email).delete()
    Redo.objects.filter(visit__booking__home__client__user_id=user.pk).update(words="")
    ThankYou.objects.filter(visit__booking__home__client__user_id=user.pk).update(words="")
    FlagAnswer.objects.filter(member__user=user).exclude(words="").update(words="")
    theirs = Q(booking__home__client__user_id=user.pk) | Q(client__user_id=user.pk)
    drafts = Quote.objects.filter(theirs | Q(email=user.email) if user.email else theirs)
    drafts.update(name="", email="", phone="", street="", apartment="", access_note="")
    at_home = Q(tap__shift__visit__booking__home__client__user_id=user.pk)
    TapPlace.objects.filter(at_home | Q(tap__by=user)).delete()
    of_them = Q(by=user) | Q(shift__visit__booking__home__client__user_id=user.pk)
    for incident in Incident.objects.filter(state="closed").filter(of_them):
        incident.forget_words()
    GivenBack.objects.filter(member__user=user).delete()
    Photo.objects.filter(shift__visit__booking__home__client__user_id=user.pk).delete()
    for home in Home.objects.filter(client__user_id=user.pk).order_by("pk"):
        home.forget(at=at)
    Client.objects.filter(user=user).update(phone="")
