"""A coordinator decides a turn otherwise: with a reason, within the hard rules, and for all members to read."""

from datetime import time, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bookings.models import DoNotSend, Offer, Override, Shift, Turn
from bookings.turns.overrides.forms import GiveForm
from coop.errors import Refusal
from coop.models import Amendment
from members.models import Availability, Member, Notice
from tests import make
from tests.bookings.clock import NINE, NOW, WEDNESDAY, local

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASON = "She knows the lift there."


def offered(day: int = 11, **wish) -> Offer:
    """A two-hour visit at nine on a day of March, offered to whoever's turn it is."""
    service = wish.pop("service", None) or make.service(minutes=120)
    made = make.confirmed(starts_at=local(day, 9), at=NOW, quote=make.quote(at=NOW, service=service, **wish))
    return Offer.objects.waiting().get(shift__visit__booking=made)


def give(shift: Shift, to: Member, *, by: Member, reason: str = REASON) -> Override:
    shift = Shift.objects.with_related().get(pk=shift.pk)
    return Override.give(shift, to=to, reason=reason, at=NOW, by=by.user)


def test_a_coordinator_may_ask_somebody_else_than_whoevers_turn_it_is(ana, bo, sol):
    first = offered()
    given = give(first.shift, bo, by=sol)
    second = Offer.objects.waiting().get()
    assert (first.member, second.member, second.shift.state) == (ana, bo, "offered")
    assert (given.giver, given.receiver, given.reason, given.at, given.turn) == (sol, bo, REASON, NOW, second.turn)


def test_the_record_has_everybodys_numbers_and_whose_turn_it_would_have_been(ana, bo, sol):
    turn = give(offered().shift, bo, by=sol).turn
    assert (turn.chosen, turn.due, [row["member"] for row in turn.candidates]) == (bo, ana.pk, [ana.pk, bo.pk, sol.pk])


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_without_a_reason_nothing_happens(ana, bo, sol, reason):
    offer = offered()
    with pytest.raises(Refusal, match="Say why"):
        give(offer.shift, bo, by=sol, reason=reason)
    assert (Offer.objects.waiting().get(), Override.objects.exists()) == (offer, False)


def _kept_away(bo, household):
    DoNotSend.place(client=household, member=bo, placer="client", reason="conduct", at=NOW, by=household.user)


def _refuses(bo, household):
    DoNotSend.place(client=household, member=bo, placer="member", reason="other", at=NOW, by=bo.user)


def _without_the_skill(bo, household):
    Member.objects.filter(pk=bo.pk).update(skills=["care"])


def _without_the_credential(bo, household):
    bo.credentials.update(expires_on=WEDNESDAY)


def _afraid_of_dogs(bo, household):
    bo.adapt(languages=["en"], avoids=["dog"])


def _elsewhere(bo, household):
    bo.move(phone="", zip=bo.zip, areas=["100"])


def _off(bo, household):
    bo.take_leave(first=WEDNESDAY, last=WEDNESDAY, today=NOW.date())


def _in_the_afternoon(bo, household):
    Availability.objects.filter(member=bo).update(starts=time(12))


def _at_work(bo, household):
    Shift.objects.create(
        quote=make.quote(at=NOW),
        member=bo,
        state="held",
        zip=bo.zip,
        starts_at=NINE - HOUR,
        ends_at=NINE + HOUR,
        span=(NINE - HOUR, NINE + HOUR),
        held_until=NOW + DAY,
    )


def _gone(bo, household):
    bo.leave_coop(at=NOW, by=None)


WHY_NOT = [
    *(_kept_away, _refuses, _without_the_skill, _without_the_credential, _afraid_of_dogs, _elsewhere),
    *(_off, _in_the_afternoon, _at_work, _gone),
]


@pytest.mark.parametrize("why_not", WHY_NOT)
def test_no_hard_rule_is_broken_and_every_reason_reads_the_same(ana, bo, sol, why_not):
    household = make.client()
    for each in (ana, bo):
        make.credential(each)
    offer = offered(client=household, service=make.service(minutes=120, credential="hha"))
    home = offer.shift.visit.booking.home
    home.pets = ["dog"]
    home.save()
    why_not(bo, household)
    with pytest.raises(Refusal) as refused:
        give(offer.shift, bo, by=sol)
    assert str(refused.value) == "Bo L. cannot be given this shift: it does not fit their day or what it asks for."
    assert (Offer.objects.waiting().get(), Override.objects.exists(), Turn.objects.count()) == (offer, False, 1)


def test_who_passed_may_be_asked_again_and_a_second_pass_counts_no_more_than_the_first(ana, bo, sol):
    offer = offered()
    offer.pass_on(at=NOW, by=ana.user, why="time")
    give(offer.shift, ana, by=sol)
    Offer.objects.waiting().get().pass_on(at=NOW, by=ana.user, why="time")
    received = {row["member"]: row["received"] for row in offered(12).turn.candidates}
    assert received == {ana.pk: 60, bo.pk: 120, sol.pk: 0}


def test_whoever_was_asked_is_told_and_it_counts_for_nothing(ana, bo, sol):
    offer = offered()
    give(offer.shift, bo, by=sol)
    taken_back = Offer.objects.get(pk=offer.pk)
    told = Notice.objects.get(key=f"offer_taken_back:{offer.pk}")
    assert (taken_back.state, taken_back.counts, told.user) == ("withdrawn", False, ana.user)
    assert "Sol V., who coordinates, gave it to somebody else" in told.body


def test_nobody_is_forced_after_a_no_it_is_the_turn_of_whoever_was_first(ana, bo, sol):
    offer = offered()
    give(offer.shift, bo, by=sol)
    Offer.objects.waiting().get().pass_on(at=NOW, by=bo.user)
    assert Offer.objects.waiting().get().member == ana


def test_whoever_is_given_a_shift_reads_by_whom_and_why(ana, bo, sol):
    give(offered().shift, bo, by=sol)
    body = Notice.objects.get(user=bo.user, key__startswith="offer:").body
    assert "Sol V. asks you out of turn for a Cleaning in 11215" in body
    assert REASON in body
    assert "it is your turn" not in body


def test_who_said_yes_keeps_the_shift(ana, bo, sol):
    offer = offered()
    offer.accept(at=NOW, by=ana.user)
    with pytest.raises(Refusal, match="Somebody has this shift by now"):
        give(offer.shift, bo, by=sol)
    assert Shift.objects.get().member == ana


def test_what_begins_is_not_offered_any_more(ana, bo, sol):
    shift = Shift.objects.with_related().get(pk=offered().shift_id)
    with pytest.raises(Refusal, match="all are asked at once"):
        Override.give(shift, to=bo, reason=REASON, at=shift.starts_at, by=sol.user)
    shift.free(at=NOW)
    with pytest.raises(Refusal, match="not to be taken any more"):
        Override.give(shift, to=bo, reason=REASON, at=shift.starts_at + timedelta(hours=1), by=sol.user)
    assert not Override.objects.exists()


def test_whose_turn_it_is_anyway_is_asked_without_a_reason(ana, bo, sol):
    offer = offered()
    with pytest.raises(Refusal, match=r"Ana R\. is asked for it already"):
        give(offer.shift, ana, by=sol)
    Shift.objects.with_related().get().free(at=NOW)
    with pytest.raises(Refusal, match=r"It is the turn of Ana R\. anyway"):
        give(offer.shift, ana, by=sol)


def test_after_five_passes_a_shift_may_be_given_to_whoever_was_not_asked_yet(db, sol):
    members = [make.member() for _number in range(6)]
    shift = offered().shift
    for _number in range(5):
        offer = Offer.objects.waiting().get()
        offer.pass_on(at=NOW, by=offer.member.user)
    assert give(shift, members[5], by=sol).receiver == members[5]


def test_nobody_gives_a_shift_to_themselves(ana, sol):
    for weekday in range(7):
        make.available(sol, weekday=weekday, starts=8, ends=18)
    Member.objects.filter(pk=sol.pk).update(minutes_wanted=60)
    make.accepted(starts_at=local(13, 9), at=NOW, quote=make.quote(at=NOW, service=make.service()))
    offer = offered()
    other = sol if offer.member == ana else ana
    make.role(other, "coordinator")
    with pytest.raises(Refusal, match="cannot give a shift to yourself"):
        give(offer.shift, other, by=other)
    choice: Any = GiveForm(shift=offer.shift, at=NOW, by=other.user).fields["member"]
    assert other.pk not in [pk for pk, _words in choice.choices]


def test_somebody_past_legal_hours_may_be_given_a_shift_and_is_warned_like_anybody(ana, bo, sol):
    shift = offered(14).shift
    for day in range(9, 14):
        Shift.objects.create(
            quote=make.quote(at=NOW),
            member=bo,
            state="held",
            zip=bo.zip,
            starts_at=local(day, 9),
            ends_at=local(day, 17),
            span=(local(day, 9), local(day, 17)),
            held_until=NOW + 9 * DAY,
        )
    turn = give(shift, bo, by=sol).turn
    assert [row.get("over") for row in turn.candidates if row["member"] == bo.pk] == [["week"]]


def test_an_offer_out_of_turn_is_for_a_series_no_yes_in_advance(ana, bo, sol):
    series = make.series(starts_at=NINE, at=NOW)
    assert series.regular == ana
    shift = Shift.objects.with_related().get(visit__booking__series=series, starts_at=local(18, 9))
    shift.release(at=NOW, by=ana.user)
    Override.give(shift, to=ana, reason=REASON, at=NOW, by=sol.user)
    assert Shift.objects.get(pk=shift.pk).state == "offered"


def test_how_often_it_happens_counts_visits_of_four_weeks(ana, bo, sol):
    given = give(offered().shift, bo, by=sol)
    for day in (12, 13, 14):
        offered(day)
    parts = [Override.part(at) for at in (NOW, NOW + 28 * DAY)]
    assert [(part.overridden, part.decided, part.share) for part in parts] == [
        (1, 4, Fraction(1, 4)),
        (0, 0, Fraction(0)),
    ]
    assert [part.is_for_a_meeting for part in parts] == [True, False]
    Amendment.objects.create(
        policy="bookings.most_overrides",
        numerator=1,
        denominator=4,
        effective_on=NOW.date(),
        enacted_at=NOW,
        source="test:1",
    )
    assert not Override.part(given.at).is_for_a_meeting
