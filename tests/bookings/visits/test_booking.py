"""From a quote to a booking that ends, or is let go."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.checkout.tasks import sweep_holds
from bookings.matching.errors import TimeTaken
from bookings.models import Booking, Client, DoNotSend, Home, Offer, Quote, Shift, Visit
from bookings.turns.tasks import sweep_offers
from coop.errors import Refusal, WrongState
from coop.models import Event, Heartbeat
from members.models import Notice, User
from tests import make
from tests.bookings.clock import NINE, NOW, local

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def drafted(**wish) -> Quote:
    """A quote for Wednesday at nine, held."""
    quote = make.quote(at=NOW, service=make.service(minutes=120), **wish)
    quote.choose_time(NINE, at=NOW)
    return quote


def test_a_booking_makes_the_client_the_home_the_visit_and_keeps_the_time(ana):
    quote = drafted(street="5 Polhemus Place", access_note="The key is with Rosa.")
    booking = Booking.request(quote, at=NOW, by=None)
    visit, shift = booking.first_visit(), Shift.objects.get()
    assert (booking.state, booking.card_due_at, str(booking.home)) == (
        "requested",
        NOW + 15 * MINUTE,
        "5 Polhemus Place",
    )
    assert (visit.starts_at, visit.ends_at, visit.minutes, visit.cents) == (NINE, NINE + 2 * HOUR, 120, quote.cents)
    assert (shift.state, shift.visit, shift.member, shift.held_until) == ("held", None, ana, NOW + 15 * MINUTE)
    assert (visit.people(), list(visit.shifts.all())) == ([], [])
    assert Home.objects.get().access_note.open() == "The key is with Rosa."
    assert not Quote.objects.get().access_note


def test_booking_the_same_quote_twice_is_booking_once(ana):
    quote = drafted()
    first = Booking.request(quote, at=NOW, by=None)
    assert Booking.request(Quote.objects.get(), at=NOW + MINUTE, by=None) == first
    assert (Visit.objects.count(), Shift.objects.count(), Event.objects.about(first).count()) == (1, 1, 1)


def test_a_household_that_comes_back_keeps_its_account_and_its_home(ana):
    household = make.client("Jordan Lee")
    for day in (11, 12):
        quote = make.quote(at=NOW, client=household, street="5 Polhemus Place")
        quote.choose_time(local(day, 9), at=NOW)
        Booking.request(quote, at=NOW, by=household.user)
    assert (Client.objects.get(), Home.objects.get().client) == (household, household)


def test_only_who_is_signed_in_replaces_a_note(ana):
    household, home = make.client("Jordan Lee"), "5 Polhemus Place"
    notes = []
    for day, note, by in (
        (11, "Red door", household.user),
        (12, "No, the green one", None),
        (14, "Blue door", household.user),
    ):
        quote = make.quote(at=NOW, client=household, street=home, access_note=note)
        quote.choose_time(local(day, 9), at=NOW)
        Booking.request(quote, at=NOW, by=by)
        notes.append(Home.objects.get(client=household).access_note.open())
    assert notes == ["Red door", "Red door", "Blue door"]


def test_an_address_is_the_same_in_capitals(ana):
    quote = drafted()
    quote.email = "Jordan-LEE@example.org"
    Booking.request(quote, at=NOW, by=None)
    assert User.objects.claiming("jordan-Lee@example.org").get().claimed_email == "jordan-lee@example.org"


def test_whoever_waits_too_long_may_find_the_time_taken_and_loses_nothing(ana):
    slow, quick = drafted(access_note="Blue door"), make.quote(at=NOW, service=make.service(minutes=120))
    quick.choose_time(NINE, at=NOW + 10 * MINUTE)
    with pytest.raises(TimeTaken) as taken:
        Booking.request(slow, at=NOW + 10 * MINUTE, by=None)
    assert taken.value.nearest == [local(11, 11, 30), local(11, 12), local(11, 12, 30)]
    assert (slow.access_note.open(), User.objects.filter(email=slow.email).exists()) == ("Blue door", False)


def test_whoever_waits_too_long_and_finds_it_free_books_it_all_the_same(ana):
    assert Booking.request(drafted(), at=NOW + HOUR, by=None).first_visit().starts_at == NINE


@pytest.mark.parametrize("at", [NINE - 23 * HOUR, NINE, NINE + 30 * DAY])
def test_an_old_draft_does_not_book_a_time_that_is_too_near_or_over(ana, at):
    with pytest.raises(TimeTaken):
        Booking.request(drafted(), at=at, by=None)
    assert Visit.objects.count() == 0


def test_a_time_kept_just_before_the_notice_ended_is_still_good(ana):
    quote = make.quote(at=NOW, service=make.service(minutes=120))
    quote.choose_time(NINE, at=NINE - DAY)
    assert Booking.request(quote, at=NINE - DAY + 9 * MINUTE, by=None).state == "requested"


def test_a_draft_that_changed_in_another_window_is_shown_again_first(ana):
    stale = drafted()
    Quote.objects.get().choose_time(local(11, 14), at=NOW)
    with pytest.raises(Refusal, match="You chose another time in the meantime"):
        Booking.request(stale, at=NOW, by=None)


def test_what_is_booked_is_not_moved_by_the_old_draft(ana):
    quote = drafted()
    Booking.request(quote, at=NOW, by=None)
    with pytest.raises(WrongState, match="booked already"):
        quote.choose_time(local(11, 14), at=NOW)
    assert (quote.starts_at, Shift.objects.get().starts_at) == (NINE, NINE)


def test_a_saved_card_confirms_and_offers_and_twice_is_once(ana):
    booking = make.booking(starts_at=NINE, at=NOW)
    booking.card_saved(at=NOW + MINUTE, by=None)
    booking.card_saved(at=NOW + 2 * MINUTE, by=None)
    assert (booking.state, booking.confirmed_at) == ("confirmed", NOW + MINUTE)
    assert Offer.objects.get().member == ana
    assert sorted(Notice.objects.values_list("key", flat=True)) == [
        f"booking_confirmed:booking:{booking.pk}",
        f"offer:{Offer.objects.get().pk}",
    ]


def test_a_declined_card_keeps_the_time_for_a_day_once(ana):
    booking = make.booking(starts_at=local(12, 9), at=NOW)
    booking.mark_at_risk(at=NOW, by=None)
    booking.mark_at_risk(at=NOW + HOUR, by=None)
    assert (booking.at_risk, booking.card_due_at, Shift.objects.get().held_until) == (True, NOW + DAY, NOW + DAY)
    booking.card_saved(at=NOW + 23 * HOUR, by=None)
    assert (booking.state, booking.at_risk) == ("confirmed", False)


def test_a_declined_card_does_not_keep_the_time_past_the_visit(ana):
    booking = make.booking(starts_at=NINE, at=NINE - DAY)
    booking.mark_at_risk(at=NINE - 23 * HOUR, by=None)
    assert booking.card_due_at == NINE


def test_without_a_card_the_sweep_lets_the_time_go(ana, time_machine):
    booking, other = make.booking(starts_at=NINE, at=NOW), make.quote(at=NOW, service=make.service(minutes=120))
    time_machine.move_to(booking.card_due_at - timedelta(seconds=1))
    sweep_holds()
    assert Booking.objects.get().state == "requested"
    time_machine.move_to(booking.card_due_at)
    sweep_holds()
    states = (Booking.objects.get().state, Visit.objects.get().state, Shift.objects.count())
    assert states == ("cancelled", "cancelled", 0)
    assert NINE in other.openings(first=NINE.date(), days=1, at=NOW)
    with pytest.raises(WrongState):
        booking.card_saved(at=booking.card_due_at, by=None)


def test_a_card_that_came_just_in_time_is_not_swept_away(ana):
    booking = make.booking(starts_at=NINE, at=NOW)
    seen_by_the_sweep = Booking.objects.get()
    booking.card_saved(at=booking.card_due_at, by=None)
    with pytest.raises(WrongState):
        seen_by_the_sweep.lapse(at=booking.card_due_at, by=None)
    assert Booking.objects.get().state == "confirmed"


def test_the_sweep_forgets_times_that_were_only_kept(ana, time_machine):
    drafted()
    time_machine.move_to(NOW + 10 * MINUTE)
    sweep_holds()
    assert (Shift.objects.count(), Quote.objects.count()) == (0, 1)


def test_an_offer_nobody_answered_goes_on_and_the_sweep_keeps_well(ana, bo, time_machine):
    make.confirmed(starts_at=NINE, at=NOW)
    offer = Offer.objects.get()
    time_machine.move_to(offer.answer_by)
    sweep_offers()
    assert list(Offer.objects.order_by("pk").values_list("member", "state")) == [(ana.pk, "expired"), (bo.pk, "made")]
    assert Heartbeat.objects.get(pk="bookings.sweep_offers").trouble == ""


def test_the_client_cancels_free_until_a_day_before(ana):
    booking = make.confirmed(starts_at=NINE, at=NOW)
    with pytest.raises(Refusal, match=r"costs \$25.00 by now"):
        booking.cancel_free(at=NINE - DAY + timedelta(seconds=1), by=booking.client.user)
    booking.cancel_free(at=NINE - DAY, by=booking.client.user)
    assert (booking.state, Visit.objects.get().state, Shift.objects.get().state) == ("cancelled",) * 3
    assert Offer.objects.get().state == "withdrawn"


def test_whoever_had_accepted_is_told_that_they_need_not_go(ana):
    shift = make.accepted(starts_at=NINE, at=NOW)
    booking = Booking.objects.get()
    booking.cancel(at=NOW + HOUR, by=None, note="The client called.")
    notice = Notice.objects.get(user=ana.user, key__startswith=f"shift_cancelled:{shift.pk}:")
    assert notice.subject == "Off your calendar: your shift on Wednesday, March 11 at 9:00 AM"
    assert Event.objects.about(booking).last().note == "The client called."


def test_a_visit_under_way_is_not_cancelled(ana):
    shift = make.accepted(starts_at=NINE, at=NOW)
    shift.start(at=NINE, by=ana.user)
    with pytest.raises(Refusal, match="under way"):
        Booking.objects.get().cancel(at=NINE, by=None)
    shift.complete(at=NINE + HOUR, by=ana.user)
    assert Booking.objects.get().state == "ended"


@pytest.mark.parametrize("verb", ["confirm", "cancel", "cancel_free", "end", "lapse", "mark_at_risk"])
def test_what_is_over_stays_over(ana, verb):
    shift = make.accepted(starts_at=NINE, at=NOW)
    shift.start(at=NINE, by=ana.user)
    shift.complete(at=NINE + HOUR, by=ana.user)
    with pytest.raises(WrongState, match="the booking is now “ended”"):
        getattr(Booking.objects.get(), verb)(at=NINE + 2 * HOUR, by=None)


def test_a_booking_takes_no_more_queries_than_it_needs(ana, django_assert_max_num_queries):
    household = make.client()
    drafted(client=household)
    quote = Quote.objects.select_related("service", "zip").get()
    with django_assert_max_num_queries(40):
        Booking.request(quote, at=NOW, by=None)


@pytest.mark.parametrize("new", [True, False])
def test_booking_a_time_that_is_kept_takes_a_dozen_queries(ana, bo, new):
    """Counted without the beginnings and ends of transactions; somebody new gets an account and a home as well."""
    household = None if new else make.client()
    first = make.quote(at=NOW, service=make.service(minutes=120), client=household, street="1 Known Street")
    first.choose_time(NINE, at=NOW)
    if not new:
        Booking.request(first, at=NOW, by=None)
        again = make.quote(at=NOW, service=first.service, client=household, street="1 Known Street")
        again.choose_time(local(12, 9), at=NOW)
        first = again
    first = Quote.objects.select_related("service", "zip").get(pk=first.pk)
    with CaptureQueriesContext(connection) as queries:
        Booking.request(first, at=NOW, by=None)
    counted = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(counted) <= 16, "\n".join(counted)  # a dozen, and whether we are open, come there, and still offer it


def test_whoever_must_not_go_there_is_exchanged_when_the_time_is_booked(ana, bo):
    household = make.client()
    quote = make.quote(at=NOW, service=make.service(minutes=120), client=household)
    quote.choose_time(NINE, at=NOW)
    kept = quote.shifts.get().member
    DoNotSend.place(client=household, member=kept, placer="client", reason="other", at=NOW, by=household.user)
    Booking.request(quote, at=NOW, by=household.user)
    shift = Shift.objects.get()
    assert (shift.member, shift.state) == (bo if kept == ana else ana, "held")
