"""A slip of the finger: an answer can be taken back for a moment, as long as nobody else has heard of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings.models import DoNotSend, Offer, Series, Shift
from bookings.turns.tasks import sweep_offers
from coop.errors import Refusal, WrongState
from members.models import Member
from tests import make
from tests.bookings import stage
from tests.bookings.stage import LATER, NOW, TOMORROW, said, signed_in, words

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TOO_LATE = "That cannot be undone any more."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def anew(offer: Offer) -> Offer:
    return Offer.objects.select_related("shift", "member__user").get(pk=offer.pk)


def stands(offer: Offer) -> tuple[str, str, int | None]:
    offer = anew(offer)
    return offer.state, offer.shift.state, offer.shift.member_id


def say_no(offer: Offer, *, at: datetime = NOW, why: str = "time") -> Offer:
    offer.say_no(at=at, by=offer.member.user, why=why)
    return offer


def say_yes(offer: Offer, *, at: datetime = NOW) -> Offer:
    offer.accept(at=at, by=offer.member.user)
    return offer


def undo(offer: Offer, *, at: datetime) -> None:
    anew(offer).undo(at=at, by=offer.member.user)


def test_a_pass_that_is_undone_is_the_offer_that_it_was(ana: Member, bo: Member) -> None:
    offer = stage.offered()
    before = Offer.objects.filter(pk=offer.pk).values().get()
    undo(say_no(offer, why="safety"), at=NOW + 29 * SECOND)
    assert Offer.objects.filter(pk=offer.pk).values().get() == before
    assert stands(offer) == ("made", "offered", offer.member_id)
    anew(offer).accept(at=NOW + MINUTE, by=offer.member.user)


def test_nobody_else_is_asked_before_a_pass_is_final(ana: Member, bo: Member, clock) -> None:
    offer = say_no(stage.offered())
    clock.move_to(NOW + 29 * SECOND)
    sweep_offers()
    assert stands(offer) == ("passed", "open", None)
    clock.move_to(NOW + 30 * SECOND)
    sweep_offers()
    sweep_offers()
    following = Offer.objects.waiting().get()
    assert {offer.member, following.member} == {ana, bo}
    with pytest.raises(Refusal, match=TOO_LATE):
        undo(offer, at=timezone.now())


def test_a_pass_in_a_new_series_goes_on_as_well(ana: Member, bo: Member, clock) -> None:
    series = make.series(starts_at=NOW + LATER, at=NOW, take=False)
    offer = say_no(Offer.objects.waiting().get(shift__visit__booking=series.booking))
    clock.move_to(NOW + MINUTE)
    sweep_offers()
    assert Offer.objects.waiting().get().member != offer.member


def test_what_nobody_was_asked_for_yet_is_not_on_the_open_board(ana: Member) -> None:
    say_no(stage.offered())
    assert list(Shift.objects.on_board(NOW)) == []
    assert list(Shift.objects.to_ask(NOW + MINUTE)) == []


def test_a_pass_shortly_before_the_visit_goes_on_at_once(ana: Member, bo: Member) -> None:
    offer = stage.booking(starts_in=TOMORROW).first_visit().shifts.get().offers.get()
    soon = offer.starts_at - timedelta(hours=5, minutes=59)
    Offer.objects.filter(pk=offer.pk).update(answer_by=offer.starts_at)
    say_no(anew(offer), at=soon)
    assert Offer.objects.waiting().get().member != offer.member
    with pytest.raises(Refusal):
        undo(offer, at=soon + SECOND)


def test_a_yes_is_undone_for_five_minutes(ana: Member) -> None:
    offer = say_yes(stage.offered())
    undo(offer, at=NOW + 5 * MINUTE - SECOND)
    assert stands(offer) == ("made", "offered", ana.pk)
    anew(offer).accept(at=NOW + 6 * MINUTE, by=ana.user)
    with pytest.raises(Refusal, match=TOO_LATE):
        undo(offer, at=NOW + 11 * MINUTE)


@pytest.mark.parametrize("answer", [say_no, say_yes])
def test_no_answer_is_undone_past_the_deadline(answer, ana: Member) -> None:
    offer = stage.offered()
    answer(anew(offer), at=offer.answer_by - 10 * SECOND)
    with pytest.raises(Refusal, match=TOO_LATE):
        undo(offer, at=offer.answer_by)
    undo(offer, at=offer.answer_by - SECOND)


def test_undoing_twice_is_refused(ana: Member) -> None:
    offer = say_yes(stage.offered())
    undo(offer, at=NOW)
    with pytest.raises(WrongState):
        undo(offer, at=NOW)
    assert stands(offer) == ("made", "offered", ana.pk)


def test_a_yes_to_what_has_begun_stays(ana: Member) -> None:
    offer = stage.offered()
    Offer.objects.filter(pk=offer.pk).update(answer_by=offer.starts_at)
    start = offer.shift.start_from
    say_yes(anew(offer), at=start - MINUTE)
    anew(offer).shift.start(at=start, by=ana.user)
    with pytest.raises(Refusal, match=TOO_LATE):
        undo(offer, at=start + SECOND)


def test_a_yes_to_what_went_on_or_is_at_another_time_stays(ana: Member) -> None:
    given = say_yes(stage.offered(starts_in=TOMORROW))
    anew(given).shift.release(at=NOW, by=ana.user)
    moved = say_yes(stage.offered(starts_in=LATER))
    later = replace(moved.shift.slot, start=moved.starts_at + MINUTE)
    anew(moved).shift.put_at(later, at=NOW, by=None)
    for offer in (given, moved):
        with pytest.raises(Refusal, match=TOO_LATE):
            undo(offer, at=NOW + SECOND)


def test_a_private_reason_against_undoing_reads_like_other_work(ana: Member) -> None:
    household, other = say_no(stage.offered()), say_no(stage.offered(starts_in=LATER))
    client = household.shift.home.client
    DoNotSend.place(client=client, member=ana, placer="client", reason="other", at=NOW, by=client.user)
    say_yes(stage.offered(starts_in=LATER))
    for offer in (household, other):
        with pytest.raises(Refusal, match=TOO_LATE):
            undo(offer, at=NOW + SECOND)


def new_series() -> tuple[Series, Offer]:
    series = make.series(starts_at=NOW + LATER, at=NOW)
    return series, series.booking.first_visit().shifts.get().offers.get()


def test_undoing_the_yes_that_made_somebody_the_regular_undoes_the_series_too(ana: Member, bo: Member) -> None:
    series, offer = new_series()
    assert Shift.objects.filter(state="accepted", visit__booking=series.booking).count() == 8
    undo(offer, at=NOW + MINUTE)
    series.refresh_from_db()
    coming = Shift.objects.filter(visit__booking=series.booking)
    assert (series.regular, stands(offer)) == (None, ("made", "offered", offer.member_id))
    assert (coming.filter(state="open").count(), coming.to_ask(NOW + MINUTE).count()) == (7, 0)


def test_whoever_says_yes_after_all_has_the_whole_series_again(ana: Member) -> None:
    series, offer = new_series()
    undo(offer, at=NOW + MINUTE)
    anew(offer).accept(at=NOW + 2 * MINUTE, by=ana.user)
    for shift in Shift.objects.to_ask(NOW + 2 * MINUTE).with_related().order_by("starts_at"):
        shift.offer_next(at=NOW + 2 * MINUTE)
    assert Shift.objects.filter(visit__booking=series.booking, state="accepted", member=ana).count() == 8


def test_a_yes_of_which_the_client_has_heard_stays(ana: Member, bo: Member) -> None:
    series = make.series(starts_at=NOW + TOMORROW, at=NOW)
    shift = series.booking.first_visit().shifts.get()
    shift.release(at=NOW, by=shift.member.user)
    Shift.objects.with_related().get(pk=shift.pk).offer_next(at=NOW)
    offer = say_yes(Offer.objects.waiting().get(shift=shift))
    series.days.get(visit=shift.visit).tell_substitute(at=NOW)
    with pytest.raises(Refusal, match=TOO_LATE):
        undo(offer, at=NOW + SECOND)


def test_the_page_offers_the_way_back_and_takes_it(ana: Member) -> None:
    offer, browser = stage.offered(), signed_in(ana)
    for answer, told in (("acceptance", "You accepted"), ("pass", "You passed")):
        browser.post(f"/offers/{offer.pk}/{answer}")
        page = words(browser.get("/offers"))
        assert (told in page, f'action="/offers/{offer.pk}/undoing"' in page) == (True, True)
        answer = browser.post(f"/offers/{offer.pk}/undoing")
        assert said(answer)[-1] == "Undone. The offer waits for your answer again."
        assert stands(offer) == ("made", "offered", ana.pk)


def test_the_page_says_that_there_is_no_way_back_shortly_before(ana: Member, clock) -> None:
    offer, browser = stage.offered(starts_in=TOMORROW), signed_in(ana)
    Offer.objects.filter(pk=offer.pk).update(answer_by=offer.starts_at)
    clock.move_to(offer.starts_at - timedelta(hours=5))
    told = said(browser.post(f"/offers/{offer.pk}/pass"))
    assert told == ["Passed, and that is fine. The visit is near, so the next person is asked at once."]
    assert "undoing" not in words(browser.get("/offers"))


def test_the_way_back_is_gone_from_the_page_in_time(ana: Member, clock) -> None:
    offer, browser = stage.offered(), signed_in(ana)
    browser.post(f"/offers/{offer.pk}/pass")
    clock.move_to(NOW + 30 * SECOND)
    assert "undoing" not in words(browser.get("/offers"))
    assert said(browser.post(f"/offers/{offer.pk}/undoing"))[-1] == TOO_LATE


def test_only_whoever_answered_undoes_it(ana: Member, bo: Member, sol: Member) -> None:
    offer = say_yes(stage.offered())
    other = bo if offer.member == ana else ana
    answers = [signed_in(who).post(f"/offers/{offer.pk}/undoing").status_code for who in (other, sol)]
    assert (answers, stands(offer)) == ([404, 403], ("accepted", "accepted", offer.member_id))
