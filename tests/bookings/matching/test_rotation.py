"""Whose turn it is, and why."""

from datetime import datetime, time, timedelta
from fractions import Fraction

import pytest
from django.db import connection, transaction

from bookings.matching import rotation
from bookings.matching.deadlines import answer_by
from bookings.models import DoNotSend, Offer, Shift, Turn
from coop.errors import Refusal
from coop.models import Amendment
from members.models import Availability, Leave, Member
from tests import make
from tests.bookings.clock import NEW_YORK, NINE, NOW, WEDNESDAY, local

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WANTED = 3 * 1440
"""What the cast asked for in the week that they are here and the fortnight to come, in minutes."""

NOTHING_YET = {
    "received": 0,
    "assigned": 0,
    "passed": 0,
    "wanted": WANTED,
    "days": 21,
    "share": 0.0,
    "last_assigned": None,
    "against": "",
}
"""What is written down of one of the cast who had no work yet."""


def offered(day: int, **wish) -> Offer:
    """A two-hour visit at nine on a day of March, offered to whoever's turn it is."""
    service = make.service(minutes=120)
    made = make.confirmed(starts_at=local(day, 9), at=NOW, quote=make.quote(at=NOW, service=service, **wish))
    return Offer.objects.waiting().get(shift__visit__booking=made)


def accept(offer: Offer) -> None:
    offer.accept(at=NOW, by=offer.member.user)


def order(shift: Shift, *, at: datetime = NOW) -> list[tuple[int, Fraction, str]]:
    return [(each.member, each.received, each.against) for each in rotation.in_turn(shift.need(), at=at)]


def test_the_shift_goes_to_whoever_had_the_smallest_share_of_the_hours_they_asked_for(ana, bo):
    accept(offered(11))
    assert offered(12).member == bo


def test_who_asked_for_more_hours_has_the_smaller_share_of_the_same_work(ana, bo):
    accept(offered(11))
    accept(offered(12))
    Member.objects.filter(pk=bo.pk).update(minutes_wanted=1441)
    assert offered(13).member == bo


def test_of_two_with_the_same_share_the_one_assigned_longer_ago_is_asked_then_the_first_to_come(ana, bo):
    first = offered(11)
    accept(first)
    second = make.confirmed(
        starts_at=local(12, 9), at=NOW + HOUR, quote=make.quote(at=NOW, service=make.service(minutes=120))
    )
    assert (first.member, second.first_visit().shifts.get().member) == (ana, bo)
    assert offered(13).member == ana


def test_a_pass_counts_half(ana, bo):
    offer = offered(11)
    offer.pass_on(at=NOW, by=ana.user, why="time")
    shift = offered(12).shift
    assert [each[:2] for each in order(shift)] == [(ana.pk, Fraction(60)), (bo.pk, Fraction(120))]


@pytest.mark.parametrize("why", ["safety", "details"])
def test_a_pass_for_safety_or_missing_details_does_not_count(ana, why):
    offered(11).pass_on(at=NOW, by=ana.user, why=why)
    assert order(offered(12).shift) == [(ana.pk, 0, "")]


def test_what_somebody_passed_does_not_count_once_it_does_not_take_place(ana):
    offer = offered(11)
    offer.pass_on(at=NOW, by=ana.user, why="time")
    shift = Shift.objects.get(pk=offer.shift_id)
    before = order(offered(12).shift)[0][1]
    shift.visit.call_off(at=NOW, by=None, note="")
    assert (before, order(offered(13).shift)[0][1]) == (60, 120)


def test_an_offer_that_nobody_answered_does_not_count(ana):
    offer = offered(11)
    offer.pass_on(at=offer.answer_by, by=None)
    assert order(offered(12).shift) == [(ana.pk, 0, "")]


def test_a_shift_taken_after_all_counts_once(ana):
    offer = offered(11)
    offer.pass_on(at=NOW, by=ana.user)
    Shift.objects.get(pk=offer.shift_id).take(ana, at=NOW, by=ana.user)
    assert order(offered(12).shift) == [(ana.pk, 120, "")]


def test_four_weeks_back_and_a_fortnight_ahead_count(ana):
    accept(offered(11))
    shift = offered(12).shift
    counted = [order(shift, at=NINE + days)[0][1] for days in (-14 * DAY, -13.9 * DAY, 28 * DAY, 28.1 * DAY)]
    assert counted == [0, 120, 120, 0]


def test_who_is_new_is_measured_by_the_weeks_that_they_are_here(ana):
    new = make.member("Nell Soto")
    Member.objects.filter(pk=new.pk).update(started_on=NOW.date() + 10 * DAY)
    shift = offered(11).shift
    wanted = {each.member: each.wanted for each in rotation.in_turn(shift.need(), at=NOW)}
    assert wanted == {ana.pk: WANTED, new.pk: 1440}


def test_nobody_is_offered_what_they_cannot_do(ana, bo, cara):
    household = make.client()
    unskilled, away, off, gone, lapsed, kept_away, busy = (make.member() for _number in range(7))
    for each in (ana, bo, cara, unskilled, away, off, gone, kept_away, busy):
        make.credential(each)
    make.credential(lapsed, expires_on=WEDNESDAY)
    Member.objects.filter(pk=unskilled.pk).update(skills=[])
    Availability.objects.filter(member=away).update(starts=time(10))
    Leave.objects.create(member=off, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    gone.leave_coop(at=NOW, by=None)
    DoNotSend.place(client=household, member=kept_away, placer="member", reason="other", at=NOW, by=kept_away.user)
    Availability.objects.filter(member=busy).update(starts=time(7))
    Availability.objects.exclude(member=busy).filter(weekday=3).delete()
    Availability.objects.exclude(member=busy).update(starts=time(8))
    make.booking(starts_at=local(11, 7), at=NOW, quote=make.quote(at=NOW, service=make.service(minutes=120)))
    service = make.service(minutes=120, credential="hha")
    made = make.confirmed(starts_at=NINE, at=NOW, quote=make.quote(at=NOW, service=service, client=household))
    shift = made.first_visit().shifts.get()
    Availability.objects.filter(member=away).update(starts=time(10))
    against = {each.member: each.against for each in rotation.in_turn(shift.need(), at=NOW)}
    assert against == {
        ana.pk: "",
        bo.pk: "",
        cara.pk: "",
        unskilled.pk: "not_matched",
        lapsed.pk: "not_matched",
        kept_away.pk: "not_matched",
        away.pk: "away",
        off.pk: "away",
        busy.pk: "busy",
    }


def test_each_decision_is_written_down_with_everybodys_numbers(ana, bo):
    accept(offered(11))
    turn = offered(12).turn
    assert (turn.chosen, turn.decided_at) == (bo, NOW)
    assert turn.candidates == [
        NOTHING_YET | {"member": bo.pk},
        NOTHING_YET
        | {"member": ana.pk, "received": 120, "assigned": 120, "share": 0.0278, "last_assigned": NOW.isoformat()},
    ]


@pytest.mark.parametrize(("visits", "first"), [(3, "bo"), (4, "ana")])
def test_the_regular_keeps_the_visit_while_at_most_fifteen_points_above_the_neediest(ana, bo, visits, first):
    Member.objects.filter(pk=ana.pk).update(skills=[])
    for day in range(12, 12 + visits):
        accept(offered(day))
    Member.objects.filter(pk=ana.pk).update(skills=["cleaning"])
    Member.objects.update(minutes_wanted=800)
    shift = offered(11).shift
    order = rotation.in_turn(shift.need(), at=NOW, regular=bo.pk)
    regulars = [candidate.member for candidate in order if candidate.regular]
    assert (order[0].member, regulars) == ((bo.pk, [bo.pk]) if first == "bo" else (ana.pk, []))


def test_the_members_may_change_by_vote_how_far_ahead_a_regular_may_be(ana, bo):
    taken = offered(12)
    accept(taken)
    ahead, shift = taken.member_id, offered(11).shift
    first = rotation.in_turn(shift.need(), at=NOW, regular=ahead)[0].member
    Amendment.objects.create(
        policy="bookings.regular_points", numerator=0, effective_on=NOW.date(), enacted_at=NOW, source="test:1"
    )
    assert (first, rotation.in_turn(shift.need(), at=NOW, regular=ahead)[0].member == ahead) == (ahead, False)


def test_a_regular_who_cannot_come_has_no_say(ana, bo):
    Leave.objects.create(member=bo, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    order = rotation.in_turn(offered(11).shift.need(), at=NOW, regular=bo.pk)
    found = [(each.member, each.against, each.regular) for each in order]
    assert found == [(ana.pk, "", False), (bo.pk, "away", False)]


def test_that_the_regular_went_first_is_written_down(ana, bo):
    order = rotation.positions(rotation.in_turn(offered(11).shift.need(), at=NOW, regular=bo.pk))
    assert order == [NOTHING_YET | {"member": bo.pk, "regular": True}, NOTHING_YET | {"member": ana.pk}]


def test_private_reasons_are_written_down_as_not_matched(ana, bo):
    household = make.client()
    DoNotSend.place(client=household, member=ana, placer="client", reason="conduct", at=NOW, by=household.user)
    turn = offered(11, client=household).turn
    assert [(row["member"], row["against"]) for row in turn.candidates] == [(bo.pk, ""), (ana.pk, "not_matched")]


@pytest.mark.parametrize("statement", ["UPDATE bookings_turn SET chosen_id = NULL", "DELETE FROM bookings_turn"])
def test_a_decision_is_never_rewritten(ana, statement):
    offered(11)
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_pass_asks_the_next_person_at_once_and_never_the_same_again(ana, bo):
    offer = offered(11)
    offer.pass_on(at=NOW, by=ana.user, why="far")
    following = Offer.objects.waiting().get()
    assert (following.member, following.turn.candidates[1]["against"]) == (bo, "passed")
    following.pass_on(at=NOW, by=bo.user)
    shift = Shift.objects.get()
    assert (shift.state, shift.member, Turn.objects.latest("pk").chosen) == ("open", None, None)


def test_after_five_passes_the_shift_is_on_the_open_board(db):
    members = [make.member() for _number in range(6)]
    offered(11)
    for _number in range(5):
        offer = Offer.objects.waiting().get()
        offer.pass_on(at=NOW, by=offer.member.user)
    shift = Shift.objects.get()
    assert (shift.state, shift.passes, Offer.objects.waiting().exists()) == ("open", 5, False)
    assert list(Shift.objects.unfilled(NOW)) == [shift]
    shift.take(members[5], at=NOW, by=members[5].user)
    assert (shift.state, shift.member) == ("accepted", members[5])


@pytest.mark.parametrize(
    ("asked", "starts", "answer"),
    [
        (local(9, 10), local(12, 9), local(9, 12)),
        (local(9, 10), local(11, 10), local(9, 10, 30)),
        (local(9, 10), local(9, 16), local(9, 10, 30)),
        (local(9, 10), local(9, 15, 59), local(9, 10, 10)),
        (local(9, 20), local(12, 9), local(10, 8)),
        (local(9, 19), local(12, 9), local(9, 21)),
        (local(9, 23), local(12, 9), local(10, 9)),
        (local(10, 3), local(13, 9), local(10, 9)),
        (local(9, 21), local(10, 7, 10), local(10, 7, 10)),
        (local(7, 20), local(12, 9), local(8, 8)),
        (local(31, 20, month=10), local(5, 9, month=11), local(1, 8, month=11)),
    ],
    ids=[
        "two hours when more than two days ahead",
        "half an hour from two days ahead",
        "half an hour to six hours ahead",
        "ten minutes when sooner",
        "the clock stops at nine in the evening",
        "or just does not",
        "and runs again from seven",
        "also after midnight",
        "never later than the shift itself",
        "over the short night in spring",
        "over the long night in autumn",
    ],
)
def test_the_time_to_answer(db, asked, starts, answer):
    assert answer_by(at=asked, starts_at=starts, zone=NEW_YORK) == answer


def test_a_late_yes_is_refused_in_words(ana):
    offer = offered(11)
    with pytest.raises(Refusal, match="time to answer this offer is over"):
        offer.accept(at=offer.answer_by + timedelta(seconds=1), by=ana.user)


def test_a_yes_counts_up_to_the_last_second(ana):
    offer = offered(11)
    assert list(Offer.objects.to_answer(offer.answer_by)) == [offer]
    assert not Offer.objects.to_answer(offer.answer_by + timedelta(seconds=1)).exists()
    offer.accept(at=offer.answer_by, by=ana.user)
    assert offer.state == "accepted"


def test_when_the_time_is_over_the_clock_passes_it_on(ana):
    offer = offered(11)
    assert not Offer.objects.overdue(offer.answer_by - timedelta(seconds=1)).exists()
    assert list(Offer.objects.overdue(offer.answer_by)) == [offer]
    offer.pass_on(at=offer.answer_by, by=None)
    assert offer.state == "expired"


def test_the_clock_lets_no_offer_expire_before_its_time(ana):
    offer = offered(11)
    with pytest.raises(Refusal, match="still time to answer"):
        offer.pass_on(at=offer.answer_by - timedelta(seconds=1), by=None)
    assert offer.state == "made"


def test_in_turn_takes_two_queries_whatever_the_number_of_members(ana, django_assert_num_queries):
    for _number in range(5):
        make.member()
    need = offered(11).shift.need()
    with django_assert_num_queries(2):
        rotation.in_turn(need, at=NOW)


def test_whoever_asked_for_next_to_nothing_is_taken_as_asking_for_an_hour() -> None:
    assert [rotation._wanted(minutes, 28) for minutes in (0, 14, 15, 16)] == [60, 60, 60, 64]
