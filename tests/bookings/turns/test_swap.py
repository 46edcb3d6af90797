"""Two members swap a shift: both say yes, every rule holds for whoever comes, and nothing changes before."""

from datetime import timedelta

import pgtrigger
import pytest
import time_machine

from bookings.models import DoNotSend, Offer, Shift, Swap
from bookings.turns.tasks import sweep_offers
from coop.errors import Refusal, WrongState
from coop.models import Event
from members.models import Leave, Member, Notice
from tests import make
from tests.bookings.clock import NOW, local

pytestmark = pytest.mark.django_db
NO_FIT = "This could not be swapped: it does not fit their day or what it asks for."
NOT_THEIRS = "One of these shifts has begun or is not theirs any more, so it cannot be swapped."
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def of(member: Member, *, day: int, hour: int = 9, **wish: object) -> Shift:
    """A shift that this member accepted, whoever's turn it was."""
    made = make.confirmed(starts_at=local(day, hour), at=NOW, **wish)  # type: ignore[arg-type]
    shift = Shift.objects.with_related().get(visit__booking=made)
    while shift.member != member:
        Offer.objects.waiting().get(shift=shift).pass_on(at=NOW, by=shift.member.user)
        shift = Shift.objects.with_related().get(pk=shift.pk)
    Offer.objects.waiting().get(shift=shift).accept(at=NOW, by=member.user)
    return Shift.objects.with_related().get(pk=shift.pk)


def ask(shift: Shift, other: Member, back: Shift | None = None) -> Swap:
    return Swap.ask(shift, other=other, back=back, at=NOW, by=shift.member.user)


def agree(swap: Swap, *, at=NOW) -> None:
    Swap.objects.get(pk=swap.pk).agree(at=at, by=swap.other.user)


def holders(*shifts: Shift | None) -> list[tuple[str, Member | None]]:
    return [(one.state, one.member) for one in (Shift.objects.get(pk=shift.pk) for shift in shifts)]


def refused(swap: Swap) -> str:
    with pytest.raises(Refusal) as no:
        agree(swap)
    assert Swap.objects.get(pk=swap.pk).state == "asked"
    return str(no.value)


@pytest.mark.parametrize("gone", ["go_on_leave", "leave_coop"])
def test_nobody_is_asked_who_does_not_work_these_weeks(ana: Member, bo: Member, gone: str) -> None:
    shift = of(ana, day=11)
    getattr(bo, gone)(at=NOW, by=None)
    with pytest.raises(Refusal, match="They do not take shifts now"):
        ask(shift, Member.objects.get(pk=bo.pk))
    assert not Swap.objects.exists()


@pytest.mark.parametrize("gone", ["go_on_leave", "leave_coop"])
def test_nobody_takes_over_who_does_not_work_any_more(ana: Member, bo: Member, gone: str) -> None:
    shift = of(ana, day=11)
    swap = ask(shift, bo)
    getattr(bo, gone)(at=NOW, by=None)
    assert refused(swap) == NO_FIT
    assert holders(shift) == [("accepted", ana)]


def test_asking_changes_nothing(ana: Member, bo: Member) -> None:
    shift, back = of(ana, day=11), of(bo, day=12)
    swap = ask(shift, bo, back)
    assert (swap.state, holders(shift, back)) == ("asked", [("accepted", ana), ("accepted", bo)])


def test_with_both_consents_each_has_the_shift_of_the_other(ana: Member, bo: Member) -> None:
    shift, back = of(ana, day=11), of(bo, day=12)
    agree(ask(shift, bo, back))
    assert holders(shift, back) == [("accepted", bo), ("accepted", ana)]


def test_a_shift_may_be_taken_without_return(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    agree(ask(shift, bo))
    assert holders(shift) == [("accepted", bo)]


def test_what_one_gives_away_is_not_in_the_way_of_what_one_gets(ana: Member, bo: Member) -> None:
    shift, back = of(ana, day=11, hour=9), of(bo, day=11, hour=10)
    agree(ask(shift, bo, back))
    assert holders(shift, back) == [("accepted", bo), ("accepted", ana)]


def test_whoever_is_busy_takes_nothing_without_return(ana: Member, bo: Member) -> None:
    shift, busy = of(ana, day=11, hour=9), of(bo, day=11, hour=10)
    assert refused(ask(shift, bo)) == NO_FIT
    assert holders(shift, busy) == [("accepted", ana), ("accepted", bo)]


def kept_away(shift: Shift, bo: Member) -> None:
    client = shift.home.client
    DoNotSend.place(client=client, member=bo, placer="client", reason="other", at=NOW, by=client.user)


def without_the_skill(_shift: Shift, bo: Member) -> None:
    Member.objects.filter(pk=bo.pk).update(skills=["care"])


def of_another_language(shift: Shift, bo: Member) -> None:
    shift.home.spoken = "es"
    shift.home.save()


def with_a_dog(shift: Shift, bo: Member) -> None:
    shift.home.pets = ["dog"]
    shift.home.save()
    bo.adapt(languages=["en"], avoids=["dog"])


def far_away(_shift: Shift, bo: Member) -> None:
    bo.move(phone="", zip=bo.zip, areas=["104"])


def without_the_credential(shift: Shift, _bo: Member) -> None:
    service = shift.visit.booking.service
    service.credential = "hha"
    with pgtrigger.ignore():  # what was booked keeps what it asks for
        service.save()


def away(_shift: Shift, bo: Member) -> None:
    Leave.objects.create(member=bo, starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=9))


def on_leave(_shift: Shift, bo: Member) -> None:
    bo.go_on_leave(at=NOW, by=None)


@pytest.mark.parametrize(
    "stand_in_the_way",
    [
        *(kept_away, without_the_skill, of_another_language, with_a_dog, far_away, without_the_credential),
        *(away, on_leave),
    ],
)
def test_every_reason_against_it_reads_the_same(stand_in_the_way, ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    swap = ask(shift, bo)
    stand_in_the_way(shift, bo)
    assert refused(swap) == NO_FIT
    assert holders(shift) == [("accepted", ana)]


def test_whoever_asked_must_fit_what_they_get_as_well(ana: Member, bo: Member) -> None:
    shift, back = of(ana, day=11), of(bo, day=12)
    swap = ask(shift, bo, back)
    kept_away(back, ana)
    assert refused(swap) == NO_FIT
    assert holders(shift, back) == [("accepted", ana), ("accepted", bo)]


def test_what_began_or_went_on_is_not_swapped(ana: Member, bo: Member) -> None:
    given, begun = of(ana, day=11), of(ana, day=12)
    swaps = [ask(given, bo), ask(begun, bo)]
    Shift.objects.get(pk=given.pk).release(at=NOW, by=ana.user)
    Shift.objects.with_related().get(pk=begun.pk).start(at=begun.start_from, by=ana.user)
    assert [refused(swap) for swap in swaps] == [NOT_THEIRS, NOT_THEIRS]
    with pytest.raises(Refusal, match=NOT_THEIRS):
        ask(of(ana, day=13), bo, given)


def test_asking_twice_is_asking_once(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    assert ask(shift, bo) == ask(shift, bo)
    assert Notice.objects.filter(key__startswith="swap_asked").count() == 1


@pytest.mark.parametrize(("verb", "state"), [("decline", "declined"), ("withdraw", "withdrawn")])
def test_a_no_and_a_question_taken_back_leave_all_as_it_was(verb: str, state: str, ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    swap = ask(shift, bo)
    getattr(swap, verb)(at=NOW, by=bo.user)
    assert (Swap.objects.get(pk=swap.pk).state, holders(shift)) == (state, [("accepted", ana)])
    with pytest.raises(WrongState):
        agree(swap)


def test_a_question_lapses_when_its_first_shift_begins_or_is_not_theirs_any_more(ana, bo, cara, clock) -> None:
    first, later, given = of(ana, day=11), of(bo, day=12), of(ana, day=13)
    waits, gone, stays = ask(first, bo, later), ask(given, bo), ask(of(ana, day=16), bo)
    agree(ask(given, cara))
    clock.move_to(first.starts_at - HOUR)
    sweep_offers()
    assert [Swap.objects.get(pk=one.pk).state for one in (waits, gone, stays)] == ["asked", "lapsed", "asked"]
    clock.move_to(first.starts_at)
    sweep_offers()
    assert [Swap.objects.get(pk=one.pk).state for one in (waits, gone, stays)] == ["lapsed", "lapsed", "asked"]
    with pytest.raises(Refusal):
        stays.lapse(at=NOW, by=None)


def test_the_client_hears_who_comes_instead(ana: Member, bo: Member) -> None:
    shift, back = of(ana, day=11), of(bo, day=12)
    agree(ask(shift, bo, back))
    told = Notice.objects.filter(key__startswith="person_comes").order_by("key")
    assert [(one.user, one.subject) for one in told] == [
        (shift.home.client.user, "Bo L. comes on Wednesday, March 11"),
        (back.home.client.user, "Ana R. comes on Thursday, March 12"),
    ]
    assert "Instead of Ana R., Bo L. comes on Wednesday, March 11 at" in told[0].body


def test_whoever_asked_hears_the_answer(ana: Member, bo: Member) -> None:
    agree(ask(of(ana, day=11), bo))
    ask(of(ana, day=12), bo).decline(at=NOW, by=bo.user)
    told = Notice.objects.filter(key__startswith="swap_answered", user=ana.user).order_by("pk")
    assert [one.subject for one in told] == [
        "Bo L. takes your shift on Wednesday, March 11",
        "Bo L. cannot take your shift on Thursday, March 12",
    ]


def test_the_regular_person_of_a_series_stays_so_and_the_series_tells_its_client(ana: Member, bo: Member) -> None:
    series = make.series(starts_at=local(11, 9), at=NOW)
    shift = Shift.objects.with_related().get(visit=series.booking.first_visit())
    other = bo if shift.member == ana else ana
    agree(ask(shift, other))
    series.refresh_from_db()
    assert (series.regular, holders(shift)) == (shift.member, [("accepted", other)])
    series.days.get(visit=shift.visit).tell_substitute(at=NOW)
    told = Notice.objects.filter(user=shift.home.client.user).exclude(key__startswith="booking")
    assert [one.key.split(":")[0] for one in told] == ["substitute"]


def test_the_client_hears_when_the_regular_person_comes_after_all(ana: Member, bo: Member) -> None:
    series = make.series(starts_at=local(11, 9), at=NOW)
    shift = Shift.objects.with_related().get(visit=series.booking.first_visit())
    regular, other = shift.member, bo if shift.member == ana else ana
    agree(ask(shift, other))
    series.days.get(visit=shift.visit).tell_substitute(at=NOW)
    agree(ask(Shift.objects.with_related().get(pk=shift.pk), regular))
    row = series.days.get(visit=shift.visit)
    assert (row.substitute, row.asks) == (None, False)
    assert Notice.objects.filter(key__startswith="person_comes").get().user == shift.home.client.user


def test_whoever_got_a_shift_by_a_swap_and_gives_it_back_is_not_asked_again(ana: Member, bo: Member) -> None:
    shift, cara = of(ana, day=11), make.member("Cara Okafor")
    agree(ask(shift, bo))
    Shift.objects.get(pk=shift.pk).release(at=NOW, by=bo.user, note="I am ill.")
    offer = Shift.objects.with_related().get(pk=shift.pk).offer_next(at=NOW)
    assert offer
    assert (offer.member, [(row["member"], row["against"]) for row in offer.turn.candidates]) == (
        cara,
        [(cara.pk, ""), (ana.pk, "passed"), (bo.pk, "passed")],
    )


def test_at_another_time_whoever_gave_a_shift_back_may_be_asked_again(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    agree(ask(shift, bo))
    Shift.objects.get(pk=shift.pk).release(at=NOW, by=bo.user, note="I am ill.")
    assert shift.visit
    shift.visit.move(local(12, 9), at=NOW, by=None)
    order = Shift.objects.with_related().get(pk=shift.pk).in_turn(at=NOW)
    assert {candidate.member: candidate.against for candidate in order} == {ana.pk: "", bo.pk: ""}


def test_both_halves_are_written_down(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    swap = ask(shift, bo)
    agree(swap)
    assert [(one.verb, one.actor) for one in Event.objects.about(swap).order_by("pk")] == [
        ("ask", ana.user),
        ("carry_out", bo.user),
    ]
    assert [one.verb for one in Event.objects.about(shift).order_by("pk")][-2:] == ["lay_down", "take_over"]


def test_nobody_else_is_asked_while_a_shift_changes_hands(ana: Member, bo: Member, cara: Member) -> None:
    shift = of(ana, day=11)
    asked = shift.offers.count()
    agree(ask(shift, bo))
    sweep_offers()
    assert shift.offers.count() == asked


@pytest.mark.parametrize("goes", ["asker", "other"])
def test_what_was_swapped_goes_on_when_one_of_the_two_leaves(ana: Member, bo: Member, cara: Member, goes: str) -> None:
    """Each shift is of whoever has it by then: who left has none, who stays keeps theirs, and nothing swaps back."""
    shift, back = of(ana, day=11), of(bo, day=12)
    swap = ask(shift, bo, back)
    agree(swap)
    gone, stays = (ana, bo) if goes == "asker" else (bo, ana)
    gone.leave_coop(at=NOW, by=None)
    sweep_offers()
    (left, _now), (kept, who) = holders(back, shift) if gone == ana else holders(shift, back)
    assert (kept, who, left != "accepted") == ("accepted", stays, True)
    assert not Shift.objects.filter(member=gone, starts_at__gt=NOW).exists()
    with pytest.raises(WrongState):
        agree(swap)


def test_a_swap_that_was_asked_lapses_when_whoever_asked_left(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    swap = ask(shift, bo)
    ana.leave_coop(at=NOW, by=None)
    with pytest.raises(Refusal):
        agree(swap)
    sweep_offers()
    assert (Swap.objects.get(pk=swap.pk).state, Shift.objects.get(pk=shift.pk).member == ana) == ("lapsed", False)
