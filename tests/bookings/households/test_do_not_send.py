"""Who must not be sent is not sent, on any path, and nobody is told."""

from datetime import timedelta

import pytest

from bookings.matching.errors import TimeTaken
from bookings.models import Booking, DoNotSend, Offer, Shift, Turn
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, Notice
from tests import make
from tests.bookings.clock import NINE, NOW, local

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def household(db):
    return make.client("Jordan Lee")


def place(household, member: Member, *, placer: str = "client", at=NOW) -> DoNotSend:
    by = household.user if placer == "client" else member.user
    return DoNotSend.place(client=household, member=member, placer=placer, reason="conduct", at=at, by=by)


def shift_of(household, *, day: int = 11, street: str = "", verb=make.accepted) -> Shift:
    quote = make.quote(at=NOW, service=make.service(minutes=120), client=household, street=street)
    verb(starts_at=local(day, 9), at=NOW, quote=quote)
    return Shift.objects.latest("pk")


@pytest.mark.parametrize("placer", ["client", "member"])
def test_it_holds_on_every_path_whoever_asked_for_it(household, ana, bo, placer):
    place(household, ana, placer=placer)
    shift = shift_of(household, verb=make.confirmed)
    assert shift.member == bo
    Offer.objects.get().pass_on(at=NOW, by=bo.user)
    assert Turn.objects.latest("pk").chosen is None
    with pytest.raises(Refusal):
        Shift.objects.get().take(ana, at=NOW, by=ana.user)
    bo.leave_coop(at=NOW, by=None)
    if placer == "client":
        with pytest.raises(TimeTaken):
            make.booking(starts_at=local(12, 9), at=NOW, client=household)
    else:  # a household sees what everybody sees, whoever refuses it; then nobody is sent
        make.confirmed(starts_at=local(12, 9), at=NOW, client=household)
        assert Shift.objects.latest("pk").state == "open"


def test_it_holds_at_every_home_of_the_household(household, ana):
    shift_of(household, street="1 Garfield Place")
    place(household, ana)
    with pytest.raises(TimeTaken):
        make.booking(
            starts_at=local(12, 9), at=NOW, quote=make.quote(at=NOW, client=household, street="2 Other Street")
        )


def test_a_client_who_is_known_only_at_the_end_is_not_sent_them_either(household, ana):
    place(household, ana)
    quote = make.quote(at=NOW, client=household)
    quote.choose_time(NINE, at=NOW)
    with pytest.raises(TimeTaken) as taken:
        Booking.request(quote, at=NOW, by=household.user)
    assert (taken.value.nearest, Booking.objects.count()) == ([], 0)


def test_asking_twice_is_asking_once(household, ana):
    assert place(household, ana) == place(household, ana, at=NOW + HOUR)
    assert DoNotSend.objects.get().placed_at == NOW


@pytest.mark.parametrize(("verb", "offers"), [(make.confirmed, ["withdrawn"]), (make.accepted, ["accepted"])])
def test_it_frees_what_was_planned_however_far_it_was(household, ana, verb, offers):
    shift_of(household, verb=verb)
    place(household, ana)
    shift = Shift.objects.get()
    assert (shift.state, shift.member) == ("open", None)
    assert list(Offer.objects.values_list("state", flat=True)) == offers


def test_it_frees_all_that_is_to_come_and_only_theirs(household, ana, bo):
    others = make.client()
    make.stand("on_leave", bo)
    theirs = [shift_of(household, day=day).pk for day in (11, 12)]
    elsewhere = shift_of(others, day=13).pk
    make.stand("member", bo)
    make.stand("on_leave", ana)
    someone_else = shift_of(household, day=14).pk
    make.stand("member", ana)
    place(household, ana, at=local(11, 10))
    held = dict(Shift.objects.values_list("pk", "member"))
    assert held == {theirs[0]: ana.pk, theirs[1]: None, elsewhere: ana.pk, someone_else: bo.pk}


def test_the_freed_shift_goes_to_the_next_person(household, ana, bo):
    shift_of(household)
    place(household, ana)
    offer = Shift.objects.get().offer_next(at=NOW)
    assert (offer.member, [row["against"] for row in offer.turn.candidates]) == (bo, ["", "not_matched"])


def test_a_booking_whose_person_is_kept_away_before_the_card_came_still_stands(household, ana, bo):
    shift_of(household, verb=make.booking)
    place(household, ana)
    Booking.objects.get().card_saved(at=NOW, by=None)
    assert (Booking.objects.get().state, Offer.objects.get().member) == ("confirmed", bo)


def test_only_the_side_that_asked_for_it_lifts_its_own(household, ana):
    theirs, hers = place(household, ana), place(household, ana, placer="member")
    theirs.lift(at=NOW + HOUR)
    theirs.lift(at=NOW + 2 * HOUR)
    assert list(DoNotSend.objects.standing()) == [hers]
    assert DoNotSend.objects.get(pk=theirs.pk).lifted_at == NOW + HOUR
    shift = shift_of(household, verb=make.confirmed)
    assert (shift.state, shift.member) == ("open", None)
    hers.lift(at=NOW + HOUR)
    assert shift_of(household, day=12).member == ana


def test_it_can_be_asked_for_again_after_it_was_lifted(household, ana):
    place(household, ana).lift(at=NOW)
    place(household, ana, at=NOW + HOUR)
    assert DoNotSend.objects.standing().get().placed_at == NOW + HOUR


def test_the_member_reads_the_same_words_as_when_a_visit_is_cancelled(household, ana):
    shift = shift_of(household)
    place(household, ana)
    cancelled = shift_of(make.client())
    cancelled.cancel(at=NOW, by=None)
    first, second = Notice.objects.filter(key__startswith="shift_cancelled").order_by("pk")
    assert (first.user, first.subject, first.body) == (ana.user, second.subject, second.body)
    told = Notice.objects.filter(user=household.user).values_list("key", flat=True)
    assert list(told) == [f"booking_confirmed:booking:{shift.visit.booking_id}"]


def test_the_history_that_members_read_does_not_name_who_asked(household, ana):
    shift = shift_of(household)
    before = Event.objects.count()
    place(household, ana)
    written = [(event.verb, event.actor, event.note) for event in Event.objects.about(shift)][-1:]
    assert (written, Event.objects.count() - before) == ([("release", None, "")], 1)
