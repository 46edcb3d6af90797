"""A shift from the door to the end, and a visit with it."""

from datetime import timedelta

import pytest

from bookings.models import AccessView, Booking, Offer, Shift, Visit
from coop.errors import Refusal, WrongState
from members.models import Availability
from tests import make
from tests.bookings.clock import NINE, NOW, local

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def shift(ana) -> Shift:
    """Ana's, on Wednesday from nine to eleven."""
    quote = make.quote(at=NOW, service=make.service(minutes=120), access_note="Ring twice.")
    return make.accepted(starts_at=NINE, at=NOW, quote=quote)


@pytest.fixture
def crew(ana, bo) -> list[Shift]:
    """Ana's and Bo's, the same four hours' work shared by two."""
    quote = make.quote(at=NOW, service=make.service(minutes=240, crew=2))
    make.accepted(starts_at=NINE, at=NOW, quote=quote)
    return list(Shift.objects.order_by("pk"))


def states() -> tuple[str, ...]:
    return (
        Booking.objects.get().state,
        Visit.objects.get().state,
        *Shift.objects.order_by("pk").values_list("state", flat=True),
    )


def test_one_can_start_half_an_hour_early_and_not_sooner(shift, ana):
    with pytest.raises(Refusal, match="too early"):
        shift.start(at=NINE - 31 * MINUTE, by=ana.user)
    shift.start(at=NINE - 30 * MINUTE, by=ana.user)
    assert (shift.started_at, Visit.objects.get().started_at) == (NINE - 30 * MINUTE, NINE - 30 * MINUTE)


def test_a_visit_is_done_when_its_one_worker_is_done(shift, ana):
    shift.start(at=NINE, by=ana.user)
    shift.complete(at=NINE + HOUR, by=ana.user)
    assert (states(), shift.done_at, Visit.objects.get().completed_at) == (
        ("ended", "completed", "done"),
        NINE + HOUR,
        NINE + HOUR,
    )


def test_a_crew_shares_the_minutes(crew):
    assert [(each.member.user.first_name, each.minutes) for each in crew] == [("Ana", 120), ("Bo", 120)]


def test_a_visit_of_two_is_done_with_the_last_of_them(crew):
    for each in crew:
        each.start(at=NINE, by=each.member.user)
    crew[1].complete(at=NINE + HOUR, by=crew[1].member.user)
    assert states() == ("confirmed", "started", "started", "done")
    crew[0].complete(at=NINE + 2 * HOUR, by=crew[0].member.user)
    assert (states(), Visit.objects.get().completed_at) == (("ended", "completed", "done", "done"), NINE + 2 * HOUR)


def test_nothing_ends_before_it_begins(shift, ana):
    shift.start(at=NINE, by=ana.user)
    with pytest.raises(Refusal, match="cannot end before it begins"):
        shift.complete(at=NINE - MINUTE, by=ana.user)
    assert (shift.state, states()) == ("started", ("confirmed", "started", "started"))


def test_completing_twice_is_refused(shift, ana):
    shift.start(at=NINE, by=ana.user)
    shift.complete(at=NINE + HOUR, by=ana.user)
    with pytest.raises(WrongState, match="the shift is now “done”"):
        shift.complete(at=NINE + HOUR, by=ana.user)


def test_a_shift_given_back_goes_to_the_next_person(shift, ana, bo):
    shift.release(at=NOW + HOUR, by=ana.user)
    offer = Shift.objects.get().offer_next(at=NOW + HOUR)
    assert (offer.member, [row["against"] for row in offer.turn.candidates]) == (bo, ["", "passed"])


def test_whoever_gave_it_back_may_take_it_again_from_the_board(shift, ana):
    shift.release(at=NOW + HOUR, by=ana.user)
    shift.take(ana, at=NOW + 2 * HOUR, by=ana.user)
    assert (shift.state, shift.member) == ("accepted", ana)


def test_one_cannot_take_what_one_passed_and_has_no_time_for_any_more(ana):
    quotes = [make.quote(at=NOW, service=make.service(minutes=120)) for _number in range(2)]
    make.confirmed(starts_at=NINE, at=NOW, quote=quotes[0])
    Offer.objects.get().pass_on(at=NOW, by=ana.user)
    make.accepted(starts_at=NINE, at=NOW, quote=quotes[1])
    passed = Shift.objects.get(state="open")
    with pytest.raises(Refusal, match="does not fit your day"):
        passed.take(ana, at=NOW, by=ana.user)
    Availability.objects.all().delete()
    Booking.objects.exclude(pk=passed.visit.booking_id).get().cancel(at=NOW, by=None)
    with pytest.raises(Refusal, match="does not fit your day"):
        passed.take(ana, at=NOW, by=ana.user)


def test_one_cannot_take_what_is_over_or_taken(shift, ana, bo):
    with pytest.raises(WrongState):
        shift.take(bo, at=NOW, by=bo.user)
    shift.release(at=NOW, by=ana.user)
    with pytest.raises(Refusal, match="not to be taken any more"):
        shift.take(bo, at=NINE + 2 * HOUR, by=bo.user)


def test_a_booking_without_a_card_is_put_to_nobody(ana, bo):
    booking = make.booking(starts_at=NINE, at=NOW)
    kept = Shift.objects.get()
    assert (kept.state, kept.visit, kept.offer_next(at=NOW)) == ("held", None, None)
    with pytest.raises(WrongState):
        kept.take(bo, at=NOW, by=bo.user)
    opened_too_early = Shift(visit=booking.first_visit(), state="open", zip=kept.zip)
    opened_too_early.starts_at, opened_too_early.ends_at = kept.starts_at, kept.ends_at
    opened_too_early.span = kept.span
    opened_too_early.save()
    assert opened_too_early.offer_next(at=NOW) is None
    with pytest.raises(Refusal, match="not to be taken"):
        opened_too_early.take(bo, at=NOW, by=bo.user)
    opened_too_early.delete()
    assert not Offer.objects.exists()
    booking.card_saved(at=NOW, by=None)
    assert Offer.objects.get().member == ana


def test_a_lapsed_hold_does_not_stand_in_the_way_of_a_turn(ana):
    first = make.confirmed(starts_at=NINE, at=NOW, quote=make.quote(at=NOW, service=make.service(minutes=120)))
    offer = Offer.objects.get()
    offer.pass_on(at=NOW, by=ana.user)
    make.quote(at=NOW, service=make.service(minutes=120)).choose_time(NINE, at=NOW)
    shift = first.first_visit().shifts.get()
    with pytest.raises(Refusal, match="does not fit your day"):
        shift.take(ana, at=NOW + 9 * MINUTE, by=ana.user)
    shift.take(ana, at=NOW + 10 * MINUTE, by=ana.user)
    assert shift.state == "accepted"


def test_the_getting_in_note_is_shown_around_the_visit_and_each_showing_is_written_down(shift, ana):
    for at in (NINE - 121 * MINUTE, NINE + 241 * MINUTE):
        with pytest.raises(Refusal, match="from 2 hours before"):
            shift.show_access_note(at=at, by=ana.user)
    shown = [shift.show_access_note(at=at, by=ana.user) for at in (NINE - 2 * HOUR, NINE + 4 * HOUR)]
    views = list(AccessView.objects.order_by("at").values_list("home", "shift", "user", "at"))
    assert shown == ["Ring twice."] * 2
    assert views == [(shift.home.pk, shift.pk, ana.user.pk, at) for at in (NINE - 2 * HOUR, NINE + 4 * HOUR)]


def test_the_getting_in_note_is_not_shown_for_a_shift_that_nobody_has(shift, ana):
    shift.release(at=NINE - HOUR, by=ana.user)
    with pytest.raises(WrongState):
        shift.show_access_note(at=NINE - HOUR, by=ana.user)


def test_a_missed_visit_is_not_missed_before_it_was_to_begin(shift, ana):
    visit = Visit.objects.get()
    with pytest.raises(Refusal, match="has not begun yet"):
        visit.miss(at=NINE - MINUTE, by=ana.user)
    visit.miss(at=NINE, by=ana.user)
    assert states()[1:] == ("missed", "cancelled")


def test_the_locks_are_taken_in_the_order_of_the_house(shift, django_assert_num_queries):
    with django_assert_num_queries(3) as queries:
        from django.db import transaction

        with transaction.atomic():
            shift.lock()
    ending = 'FOR UPDATE OF "bookings_booking", "bookings_visit", "bookings_shift"'
    assert queries[1]["sql"].endswith(ending)


def test_a_visit_at_the_end_of_the_day_is_in_the_books_of_its_local_day(ana):
    Availability.objects.update(ends="23:45")
    shift = make.accepted(starts_at=local(11, 21), at=NOW, quote=make.quote(at=NOW, service=make.service(minutes=120)))
    assert Visit.objects.get().day == shift.starts_at.astimezone(shift.zone).date()
