"""After the visit: something is done again in private and for nothing, and a few words of thanks are read and kept by
whom they are for."""

from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import DoNotSend, Redo, Service, Shift, ThankYou, Turn, Visit
from bookings.visits.worker_schedule import stops
from coop.errors import Refusal
from members.models import Member, Notice, User
from payouts.ledger.ledger import Transfer
from payouts.models import Charge, Entry
from tests import make
from tests.bookings import desk
from tests.bookings.clock import NOW, local
from tests.house import undone

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Ana, a household, and a visit that she did there yesterday morning: once for all tests of this file."""
    with django_db_blocker.unblock(), undone():
        with time_machine.travel(NOW, tick=False):
            ana, household = make.member("Ana Reyes", languages=["es", "en"]), make.client("Jordan Lee")
            shift = make.accepted(starts_at=local(8, 9), at=NOW - 3 * DAY, client=household)
            shift.start(at=shift.starts_at, by=ana.user)
            shift.complete(at=local(8, 12), by=ana.user)
        yield ana, household, Visit.objects.with_related().get(pk=shift.visit_id)


@pytest.fixture
def stage(built, db):
    """What a test does there is undone after it."""
    return deepcopy(built)


@pytest.fixture
def ana(stage) -> Member:
    return stage[0]


@pytest.fixture
def household(stage):
    return stage[1]


@pytest.fixture
def done(stage) -> Visit:
    return stage[2]


def ask(visit: Visit, *, at=NOW) -> Redo:
    asked = Redo.ask(visit, rooms=["kitchen", "bathroom"], words="The oven.", at=at, by=visit.booking.client.user)
    return Redo.objects.with_related().get(pk=asked.pk)


def planned(visit: Visit, *, minutes: int = 60, starts_at=None) -> Redo:
    redo = ask(visit)
    redo.plan(starts_at or local(11, 10), minutes=minutes, at=NOW, by=visit.booking.client.user)
    return redo


def go(shift: Shift) -> None:
    """Whoever is asked says yes, comes and does it."""
    offer = shift.offers.get(state="made")
    offer.accept(at=NOW, by=offer.member.user)
    shift = Shift.objects.with_related().get(pk=shift.pk)
    shift.start(at=shift.starts_at, by=shift.member.user)
    shift.complete(at=shift.ends_at, by=shift.member.user)


def test_something_can_be_asked_for_again_until_48_hours_after_and_once(done):
    end = done.completed_at
    assert Redo.until_when(done) == end + 48 * HOUR
    with pytest.raises(Refusal, match="is over"):
        ask(done, at=end + 48 * HOUR + timedelta(seconds=1))
    first = ask(done, at=end + 48 * HOUR)
    again = Redo.ask(done, rooms=["hall"], words="", at=NOW, by=done.booking.client.user)
    assert (again, again.rooms) == (first, ["bathroom", "kitchen"])


def test_care_by_the_hour_a_visit_not_done_and_a_free_visit_are_not_done_again(done, household):
    done.booking.service = Service.objects.get(code="aide")
    assert Redo.until_when(done) is None
    coming = make.accepted(starts_at=local(11, 9), at=NOW, client=household).visit
    assert Redo.until_when(coming) is None
    with pytest.raises(Refusal, match="cannot be done again"):
        ask(coming)


def test_a_redo_is_a_visit_for_nothing_that_pays_the_floor_out_of_the_coops_hand(done, ana):
    redo = planned(done, minutes=90)
    assert (redo.state, redo.again.cents, redo.again.booking.state) == ("planned", 0, "confirmed")
    shift = redo.again.shifts.get()
    assert stops([Shift.objects.with_related().get(pk=shift.pk)], at=NOW)[0].pay == 3338
    go(shift)
    entry = Entry.objects.get(key=f"visit:{redo.again_id}")
    moves = Transfer.objects.filter(entry=entry).values_list("payer__kind", "payee__kind", "cents")
    assert list(moves) == [("operations", "pay", 3338)]
    assert not Charge.objects.filter(visit=redo.again).exists()
    redo.refresh_from_db()
    assert (redo.state, Visit.objects.get(pk=redo.again_id).booking.state) == ("done", "ended")


def test_the_household_reads_that_it_costs_nothing(done):
    redo = planned(done)
    mail = Notice.objects.get(key=f"booking_confirmed:booking:{redo.again.booking_id}")
    assert "It costs you nothing." in mail.body
    assert "$" not in mail.body
    theirs = desk.signed_in(done.booking.client.user)
    go(redo.again.shifts.get())
    for page in (reverse("receipt", args=[redo.again_id]), redo.again.get_absolute_url(), reverse("my_bookings")):
        assert theirs.get(page).status_code == 200


def test_a_redo_is_done_within_five_days(done):
    redo = ask(done)
    assert redo.until == NOW + 5 * DAY
    times = redo.times(minutes=60, at=NOW)
    assert (times[0] >= NOW, times[-1] <= redo.until) == (True, True)
    for never in (local(20, 10), local(11, 3)):
        with pytest.raises(Refusal, match="Nobody is free then"):
            redo.plan(never, minutes=60, at=NOW, by=done.booking.client.user)
    assert Redo.objects.get().state == "asked"


def test_what_is_late_is_still_done(done):
    redo = ask(done)
    late = redo.until + 2 * DAY
    times = redo.times(minutes=60, at=late)
    assert (bool(times), min(times) >= late, max(times) <= late + 5 * DAY) == (True, True, True)


def test_neither_the_request_nor_its_visit_moves_anybody_in_the_turn(done, household, ana, bo):
    def order():
        quote = make.quote(at=NOW, service=make.service(minutes=120), client=household)
        made = make.confirmed(starts_at=local(16, 9), at=NOW, quote=quote)
        turn = Turn.objects.get(shift__visit__booking=made)
        made.cancel(at=NOW, by=None)
        return [(row["member"], row["received"], row["share"], row["against"]) for row in turn.candidates]

    before = order()
    redo = planned(done)
    offered = redo.again.shifts.get()
    assert (offered.state, order()) == ("offered", before)
    go(offered)
    assert order() == before


def test_whoever_comes_reads_what_to_do_again(done, ana):
    redo = planned(done)
    assert redo.again.shifts.get().member == ana
    assert stops([Shift.objects.with_related().get(visit=redo.again)], at=NOW)[0].work[:4] == [
        "To do again:",
        "Bathroom",
        "Kitchen",
        "The oven.",
    ]


def test_a_redo_that_we_cancel_waits_for_another_time_and_one_that_the_household_cancels_is_withdrawn(done, sol):
    redo = planned(done)
    Visit.objects.with_related().get(pk=redo.again_id).call_off(at=NOW, by=sol.user, note="Sick.")
    redo.refresh_from_db()
    assert (redo.state, redo.again) == ("asked", None)
    redo.plan(local(12, 10), minutes=60, at=NOW, by=sol.user)
    redo.again.booking.cancel(at=NOW, by=done.booking.client.user)
    redo.refresh_from_db()
    assert redo.state == "withdrawn"


def test_asking_planning_and_declining_on_the_pages(done, household, ana, sol, bo):
    theirs, office = desk.signed_in(household.user), desk.signed_in(sol)
    assert "Was something missed?" in desk.text(theirs.get(done.get_absolute_url()))
    asking = reverse("ask_redo", args=[done.pk])
    assert "Please choose at least one." in desk.text(theirs.post(asking, {"words": "Dust."}))
    page = desk.text(theirs.post(asking, {"rooms": ["kitchen"], "words": "Dust."}, follow=True))
    assert "We look for a time" in page
    assert "Dust." in desk.text(office.get(reverse("redos")))
    redo = Redo.objects.get()
    plan = reverse("plan_redo", args=[redo.pk])
    page = desk.text(office.get(plan, {"minutes": "90"}))
    assert 'name="minutes" value="90"' in page
    starts = local(11, 10).isoformat()
    assert "Nobody is free then any more" in desk.text(office.post(plan, {"minutes": "90", "starts_at": "never"}))
    office.post(plan, {"minutes": "90", "starts_at": starts})
    redo.refresh_from_db()
    assert (redo.state, redo.again.minutes, redo.again.starts_at) == ("planned", 90, local(11, 10))
    assert "We come on" in desk.text(theirs.get(done.get_absolute_url()))
    assert "Dust." not in desk.text(office.get(reverse("redos")))


def test_declining_tells_the_household_alone(done, household, sol, ana):
    redo, office = ask(done), desk.signed_in(sol)
    decline = reverse("decline_redo", args=[redo.pk])
    assert office.post(decline, {"answer": ""}).status_code == 200
    office.post(decline, {"answer": "The oven was not booked."})
    theirs = desk.signed_in(household.user)
    assert "The oven was not booked." in desk.text(theirs.get(done.get_absolute_url()))
    assert "The oven was not booked." not in desk.text(desk.signed_in(ana).get(done.get_absolute_url()))
    assert Notice.objects.filter(key=f"redo_declined:{redo.pk}").get().user == household.user


def test_the_household_needs_it_no_more(done, household):
    redo, theirs = ask(done), desk.signed_in(household.user)
    assert "it is fine after all" in desk.text(theirs.post(reverse("withdraw_redo", args=[redo.pk]), follow=True))
    assert Redo.objects.get().state == "withdrawn"


def test_a_redo_is_seen_by_the_household_and_the_office_alone(done, ana, sol, dan):
    redo = ask(done)
    assert "The oven." not in desk.text(desk.signed_in(ana).get(done.get_absolute_url()))
    for person in (ana, dan):
        browser = desk.signed_in(person)
        assert browser.get(reverse("redos")).status_code == 403
        assert browser.get(reverse("plan_redo", args=[redo.pk])).status_code == 404
        assert browser.post(reverse("withdraw_redo", args=[redo.pk])).status_code == 404


def test_thanks_are_on_the_page_of_whom_they_are_for_and_nowhere_else(done, household, ana, bo):
    theirs = desk.signed_in(household.user)
    thank = reverse("thank", args=[done.pk])
    assert "Only they read it." in desk.text(theirs.get(thank))
    theirs.post(thank, {"words": "The windows shine!"})
    assert "You said thank you for this visit." in desk.text(theirs.get(done.get_absolute_url()))
    assert "You have said thank you" in desk.text(theirs.post(thank, {"words": "Again!"}))
    assert "The windows shine!" in desk.text(desk.signed_in(ana).get(reverse("thank_yous")))
    assert "The windows shine!" not in desk.text(desk.signed_in(bo).get(reverse("thank_yous")))
    note = ThankYou.objects.get()
    assert desk.signed_in(bo).post(reverse("remove_thank_you", args=[note.pk])).status_code == 404
    desk.signed_in(ana).post(reverse("remove_thank_you", args=[note.pk]))
    note.refresh_from_db()
    assert (note.words, note.removed_at) == ("", NOW)
    assert "The windows shine!" not in desk.text(desk.signed_in(ana).get(reverse("thank_yous")))
    assert "You said thank you for this visit." in desk.text(theirs.get(done.get_absolute_url()))


def test_thanks_have_a_length_and_a_visit_that_was_done(done, household, ana):
    theirs = desk.signed_in(household.user)
    assert theirs.post(reverse("thank", args=[done.pk]), {"words": "x" * 301}).status_code == 200
    coming = make.accepted(starts_at=local(11, 9), at=NOW, client=household).visit
    assert "once the visit is done" in desk.text(theirs.post(reverse("thank", args=[coming.pk]), {"words": "Thanks"}))
    assert not ThankYou.objects.exists()


def test_words_from_a_home_to_which_one_does_not_go_are_not_shown_and_the_household_cannot_tell(done, household, ana):
    theirs = desk.signed_in(household.user)
    DoNotSend.place(client=household, member=ana, placer="member", reason="conduct", at=NOW, by=ana.user)
    page = desk.text(theirs.post(reverse("thank", args=[done.pk]), {"words": "See you!"}, follow=True))
    assert "Your words are on their page." in page
    assert "See you!" not in desk.text(desk.signed_in(ana).get(reverse("thank_yous")))


def test_a_redo_race_plans_it_once(done, sol):
    redo = planned(done)
    with pytest.raises(Refusal):
        redo.plan(local(12, 10), minutes=60, at=NOW, by=sol.user)
    assert Visit.objects.filter(cents=0).count() == 1


def test_members_who_left_read_no_thanks(done, ana):
    ThankYou.write(done, words="Thanks!", at=NOW)
    Member.objects.get(pk=ana.pk).leave_coop(at=NOW, by=None)
    assert desk.signed_in(User.objects.get(pk=ana.user_id)).get(reverse("thank_yous")).status_code == 403
