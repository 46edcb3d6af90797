"""Several people want the same thing at the same moment: real threads, real connections, a real PostgreSQL.

Each was seen to fail once with the lock that it proves taken out.
"""

import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from bookings.households.claims import Kept
from bookings.matching.errors import TimeTaken
from bookings.models import Booking, Client, DoNotSend, Offer, Quote, SendAgain, Service, Shift, Visit
from coop.errors import WrongState
from coop.models import Event
from members.models import Member, User
from tests import make
from tests.bookings.clock import NINE, NOW, local
from tests.proofs import rounds
from tests.races import Step, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
HOUR = timedelta(hours=1)
DAYS = range(11, 17)
"""One round a day, so that rounds do not meet."""


@pytest.fixture
def work() -> Service:
    return make.service(minutes=120)


def offers(work: Service, *, client: Client | None = None) -> list[Offer]:
    """One waiting offer a day."""
    for day in DAYS:
        make.confirmed(starts_at=local(day, 9), at=NOW, quote=make.quote(at=NOW, service=work, client=client))
    return list(Offer.objects.waiting().select_related("shift__zip", "member__user").order_by("pk"))


def outcome(results: list[object]) -> Counter[str]:
    return Counter(type(result).__name__ if isinstance(result, Exception) else "done" for result in results)


def overlaps() -> list[tuple[int, int]]:
    """Pairs of shifts that one member would have at the same time."""
    rows = Shift.objects.filter(state__in=["held", "offered", "accepted", "started"]).order_by("member", "starts_at")
    return [(a.pk, b.pk) for a, b in pairwise(rows) if a.member_id == b.member_id and a.ends_at > b.starts_at]


def sent_all_the_same() -> list[int]:
    """Shifts to come that somebody has who must not go there."""
    return [
        shift.pk
        for ban in DoNotSend.objects.standing()
        for shift in Shift.objects.filter(
            member=ban.member_id, visit__booking__home__client=ban.client_id, state__in=["held", "offered", "accepted"]
        )
    ]


@pytest.mark.parametrize("free", [1, 3, 10])
def test_of_twenty_clients_who_want_one_time_as_many_get_it_as_members_are_free(work, free):
    for _number in range(free):
        make.member()
    quotes = [make.quote(at=NOW, service=work) for _number in range(20)]
    results = at_once(*(lambda quote=quote: quote.choose_time(NINE, at=NOW) for quote in quotes))
    assert outcome(results) == {"done": free, "TimeTaken": 20 - free}
    nearest = {tuple(result.nearest) for result in results if isinstance(result, TimeTaken)}
    assert {len(times) for times in nearest} == {3}
    assert (Shift.objects.filter(starts_at=NINE).values("member").distinct().count(), overlaps()) == (free, [])


def test_visits_that_only_overlap_are_no_way_around_it(work, ana):
    starts = [NINE + timedelta(minutes=30) * (number % 4) for number in range(12)]
    quotes = [make.quote(at=NOW, service=work) for _start in starts]
    results = at_once(
        *(
            lambda quote=quote, start=start: quote.choose_time(start, at=NOW)
            for quote, start in zip(quotes, starts, strict=True)
        )
    )
    assert (outcome(results), overlaps()) == ({"done": 1, "TimeTaken": 11}, [])


def test_booking_one_quote_twice_at_once_is_booking_once(work, ana):
    for day in DAYS:
        quote = make.quote(at=NOW, service=work)
        quote.choose_time(local(day, 9), at=NOW)
        same = [Quote.objects.get(pk=quote.pk) for _number in range(2)]
        results = at_once(*(lambda quote=quote: Booking.request(quote, at=NOW, by=None) for quote in same))
        assert results[0] == results[1] == Booking.objects.latest("pk")
    assert (Booking.objects.count(), Visit.objects.count(), Shift.objects.count()) == (len(DAYS),) * 3


def test_two_first_bookings_at_once_that_are_proven_at_once_make_one_account(work, ana, bo):
    quotes = [make.quote(at=NOW, service=work) for _day in (11, 12)]
    for quote, day in zip(quotes, (11, 12), strict=True):
        Quote.objects.filter(pk=quote.pk).update(email="new@example.org")
        quote.refresh_from_db()
        quote.choose_time(local(day, 9), at=NOW)
    results = at_once(*(lambda quote=quote: Booking.request(quote, at=NOW, by=None) for quote in quotes), spread=0)
    assert outcome(results) == {"done": 2}
    claims = [User.objects.get(pk=user.pk) for user in User.objects.claiming("new@example.org")]
    proven = at_once(*(lambda user=user: user.prove(at=NOW) for user in claims), spread=0)
    assert outcome(proven) == {"done": 1, "Refusal": 1}
    assert User.objects.filter(email="new@example.org").count() == 1


def test_two_claims_that_are_taken_over_at_once_make_one_household(work, ana, bo):
    for number, days in enumerate([(11, 12), (13, 14)]):
        person = make.user(email=f"new-{number}@example.org")
        claims = [
            make.claimed(starts_at=local(day, 9), at=NOW, email=person.email, service=work).client for day in days
        ]
        yes = [
            lambda claim=claim, person=person: slowly(lambda: claim.take_over(None, keep=Kept(), at=NOW, by=person))
            for claim in claims
        ]
        assert outcome(at_once(*yes)) == {"done": 2}
        household = Client.objects.get(user=person)
        assert Booking.objects.filter(home__client=household).count() == 2


def test_a_claim_that_is_taken_over_and_disowned_at_once_is_one_of_both(work, ana):
    household = make.client()
    for day in DAYS:
        claim = make.claimed(starts_at=local(day, 9), at=NOW, email=household.user.email, service=work).client
        twin, booking = Client.objects.get(pk=claim.pk), Booking.objects.latest("pk")
        results = at_once(
            lambda claim=claim: slowly(lambda: claim.take_over(household, keep=Kept(), at=NOW, by=household.user)),
            lambda twin=twin: slowly(lambda: twin.disown(at=NOW)),
            spread=0.02,
        )
        assert outcome(results) == {"done": 1, "Refusal": 1}, results
        booking = Booking.objects.get(pk=booking.pk)
        assert (booking.client == household, booking.state) in [(True, "requested"), (False, "cancelled")]


def test_a_yes_against_a_no(work, ana, bo):
    for offer in offers(work):
        twin = Offer.objects.get(pk=offer.pk)
        results = at_once(
            lambda offer=offer: offer.accept(at=NOW, by=offer.member.user),
            lambda twin=twin: twin.pass_on(at=NOW, by=twin.member.user),
        )
        assert outcome(results) == {"done": 1, "WrongState": 1}
        state, shift = Offer.objects.get(pk=offer.pk).state, Shift.objects.get(pk=offer.shift_id)
        asked = shift.offers.count()
        assert (state, shift.state, asked) in [("accepted", "accepted", 1), ("passed", "offered", 2)]
    assert overlaps() == []


def test_two_yeses(work, ana):
    for offer in offers(work):
        twin = Offer.objects.get(pk=offer.pk)
        assert outcome(
            at_once(*(lambda each=each: each.accept(at=NOW, by=each.member.user) for each in (offer, twin)))
        ) == {
            "done": 1,
            "WrongState": 1,
        }
        assert Event.objects.about(offer).filter(verb="accept").count() == 1


def test_a_yes_at_the_last_moment_against_the_clock(work, ana, bo):
    for offer in offers(work):
        clock = Offer.objects.select_related("shift__zip").get(pk=offer.pk)
        results = at_once(
            lambda offer=offer: offer.accept(at=offer.answer_by, by=offer.member.user),
            lambda clock=clock: clock.pass_on(at=clock.answer_by, by=None),
        )
        assert outcome(results) == {"done": 1, "WrongState": 1}
        state, shift = Offer.objects.get(pk=offer.pk).state, Shift.objects.get(pk=offer.shift_id)
        assert (state, shift.state) in [("accepted", "accepted"), ("expired", "offered")]


def test_two_members_take_one_shift_from_the_board(work, ana, bo):
    for offer in offers(work):
        Shift.objects.get(pk=offer.shift_id).free(at=NOW)
        both = [(Shift.objects.get(pk=offer.shift_id), member) for member in (ana, bo)]
        results = at_once(*(lambda shift=shift, who=who: shift.take(who, at=NOW, by=who.user) for shift, who in both))
        assert outcome(results) == {"done": 1, "WrongState": 1}
    assert overlaps() == []


def test_a_visit_is_completed_once_however_often_it_is_said(work, ana):
    for offer in offers(work):
        offer.accept(at=NOW, by=ana.user)
        offer.shift.start(at=offer.shift.starts_at, by=ana.user)
        both = [Shift.objects.get(pk=offer.shift_id) for _number in range(2)]
        results = at_once(
            *(lambda each=each: each.complete(at=each.starts_at + HOUR, by=ana.user) for each in both), spread=0
        )
        assert outcome(results) == {"done": 1, "WrongState": 1}
        assert Event.objects.about(both[0].visit).filter(verb="complete").count() == 1


def test_the_last_two_of_a_crew_complete_the_visit_once(ana, bo):
    crew = make.service(minutes=240, crew=2)
    for day in DAYS[:5]:
        make.accepted(starts_at=local(day, 9), at=NOW, quote=make.quote(at=NOW, service=crew))
        both = list(Shift.objects.filter(state="accepted").order_by("pk"))
        for each in both:
            each.start(at=each.starts_at, by=each.member.user)
        results = at_once(
            *(lambda each=each: each.complete(at=each.starts_at + HOUR, by=each.member.user) for each in both)
        )
        assert (outcome(results), Visit.objects.get(pk=both[0].visit_id).state) == ({"done": 2}, "completed")


def test_a_do_not_send_while_the_offer_is_accepted(work, ana):
    for offer in offers(work):
        household = offer.shift.home.client
        results = at_once(
            lambda offer=offer: offer.accept(at=NOW, by=ana.user), lambda household=household: ban(household, ana)
        )
        assert set(outcome(results)) <= {"done", "WrongState"}
        assert sent_all_the_same() == []
    assert DoNotSend.objects.count() == len(DAYS)


def test_a_do_not_send_while_the_turn_is_decided(work, ana):
    make.confirmed(starts_at=NINE, at=NOW, quote=make.quote(at=NOW, service=work))
    shift = Shift.objects.with_related().get()
    for _round in range(rounds(12, short=4)):
        shift.free(at=NOW)
        results = at_once(
            lambda shift=shift: slowly(lambda: shift.offer_next(at=NOW)),
            lambda shift=shift: slowly(lambda: ban(shift.home.client, ana)),
            spread=0.02,
        )
        shift = Shift.objects.with_related().get()
        assert (outcome(results), sent_all_the_same()) == ({"done": 2}, [])
        DoNotSend.objects.standing().get().lift(at=NOW)


def test_a_do_not_send_while_somebody_is_asked_for_what_was_booked_with_the_households_address(work, ana):
    household = make.client("Jordan Lee")
    booking = make.claimed(starts_at=NINE, at=NOW, email=household.user.email, service=work)
    booking.card_saved(at=NOW, by=None)
    for _round in range(rounds(12, short=4)):
        shift = Shift.objects.with_related().get(visit__isnull=False)
        results = at_once(
            lambda shift=shift: slowly(lambda: shift.offer_next(at=NOW)),
            lambda: slowly(lambda: ban(household, ana)),
            spread=0.02,
        )
        shift = Shift.objects.with_related().get(visit__isnull=False)
        assert (outcome(results), shift.member) == ({"done": 2}, None)
        DoNotSend.objects.standing().get().lift(at=NOW)


def test_a_do_not_send_while_the_household_books(work, ana):
    for day in DAYS:
        household = make.client()
        quote = make.quote(at=NOW, service=work, client=household)
        quote.choose_time(local(day, 9), at=NOW)
        results = at_once(
            lambda quote=quote, household=household: slowly(lambda: Booking.request(quote, at=NOW, by=household.user)),
            lambda household=household: slowly(lambda: ban(household, ana)),
            spread=0.02,
        )
        assert set(outcome(results)) <= {"done", "TimeTaken"}
        assert sent_all_the_same() == []


def test_a_wish_against_a_do_not_send_of_the_same_household(ana):
    for _round in range(3):
        household = make.client()
        results = at_once(
            lambda household=household: slowly(lambda: SendAgain.place(client=household, member=ana, at=NOW)),
            lambda household=household: slowly(lambda: ban(household, ana)),
            spread=0.02,
        )
        assert set(outcome(results)) <= {"done", "Refusal"}
        assert not SendAgain.objects.standing().filter(client=household).exists()


def slowly(step: Step) -> object:
    """A step whose commit takes its time, as on a busy disk: what it wrote cannot be seen yet by anybody else."""
    with transaction.atomic():
        done = step()
        time.sleep(0.08)
    return done


def ban(household: Client, member: Member) -> None:
    DoNotSend.place(client=household, member=member, placer="client", reason="other", at=NOW, by=household.user)


def test_a_card_that_is_saved_twice_at_once_confirms_once(work, ana):
    for day in DAYS:
        booking = make.booking(starts_at=local(day, 9), at=NOW, quote=make.quote(at=NOW, service=work))
        both = [Booking.objects.get(pk=booking.pk) for _number in range(2)]
        assert outcome(at_once(*(lambda each=each: each.card_saved(at=NOW, by=None) for each in both))) == {"done": 2}
        assert Event.objects.about(booking).filter(verb="confirm").count() == 1
        assert Offer.objects.filter(shift__visit__booking=booking).count() == 1


def test_a_card_at_the_last_moment_against_the_sweep(work, ana):
    for day in DAYS:
        booking = make.booking(starts_at=local(day, 9), at=NOW, quote=make.quote(at=NOW, service=work))
        sweep, due = Booking.objects.get(pk=booking.pk), booking.card_due_at
        results = at_once(
            lambda booking=booking, due=due: booking.card_saved(at=due, by=None),
            lambda sweep=sweep, due=due: sweep.lapse(at=due, by=None),
        )
        assert outcome(results) == {"done": 1, "WrongState": 1}
        states = set(Shift.objects.filter(visit__booking=booking).values_list("state", flat=True))
        state = (Booking.objects.get(pk=booking.pk).state, states)
        assert state == (("confirmed", {"offered"}) if results[0] is None else ("cancelled", set()))
        assert not Shift.objects.filter(visit=None).exists()
        assert [type(result) for result in results if result] == [WrongState]
