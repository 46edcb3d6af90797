"""Offers: whose turn it is and why, yes or no without penalty, and the open board."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.matching.rotation import in_turn, positions
from bookings.models import DoNotSend, Offer, Shift, Turn
from bookings.turns.open_board import against
from bookings.turns.tasks import sweep_offers
from coop.models import Event
from members.models import Leave, Member, User
from tests import make
from tests.bookings import stage
from tests.bookings.stage import LATER, NOW, TOMORROW, said, signed_in, words
from tests.reader import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_an_offer_says_when_what_where_how_far_and_what_one_earns(ana: Member) -> None:
    offer = stage.offered(zip="11201")
    page = words(signed_in(ana).get("/offers"))
    assert "Wednesday, March 11" in page
    assert "10:00 AM – 12:45 PM" in page
    assert "Cleaning · 11201 Brooklyn" in page
    assert "minutes from home" in page
    assert "<b>$97.97</b> <small>$35.62 an hour</small>" in page
    assert "answer by 9:30 AM" in page
    assert offer.shift.home.street not in page
    assert "212" not in page


def test_the_badge_counts_what_waits_for_an_answer(ana: Member, bo: Member) -> None:
    offer = stage.offered()
    other = bo if offer.member == ana else ana
    pages = [words(signed_in(person).get("/today")) for person in (offer.member, other)]
    assert [page.count('class="count"') for page in pages] == [1, 0]


def test_whoever_accepts_has_the_shift(ana: Member) -> None:
    offer, browser = stage.offered(), signed_in(ana)
    assert browser.post(f"/offers/{offer.pk}/acceptance")["Location"] == "/offers"
    shift = Shift.objects.get(pk=offer.shift_id)
    assert (shift.state, shift.member) == ("accepted", ana)


def test_whoever_passes_makes_room_for_the_next_within_a_minute(ana: Member, bo: Member, clock) -> None:
    offer = stage.offered()
    signed_in(offer.member).post(f"/offers/{offer.pk}/pass")
    clock.shift(timedelta(minutes=1))
    sweep_offers()
    offer = Offer.objects.get(pk=offer.pk)
    following = Offer.objects.waiting().get()
    assert (offer.state, offer.why, offer.counts) == ("passed", "time", True)
    assert {offer.member, following.member} == {ana, bo}


def test_passing_because_one_does_not_feel_safe_costs_no_turn(ana: Member) -> None:
    offer = stage.offered()
    signed_in(ana).post(f"/offers/{offer.pk}/pass", {"why": "safety"})
    offer = Offer.objects.get(pk=offer.pk)
    assert (offer.why, offer.counts) == ("safety", False)


def test_a_made_up_reason_counts_as_time(ana: Member) -> None:
    offer = stage.offered()
    signed_in(ana).post(f"/offers/{offer.pk}/pass", {"why": "<script>"})
    assert Offer.objects.get(pk=offer.pk).why == "time"


@pytest.mark.parametrize("verb", ["acceptance", "pass"])
def test_an_offer_is_answered_by_whom_it_was_made_to(verb: str, ana: Member, sol: Member, lee: Member) -> None:
    offer = stage.offered()
    answers = [signed_in(person).post(f"/offers/{offer.pk}/{verb}").status_code for person in (sol, lee)]
    answers.append(signed_in(make.member("Mia Stone", hours=None)).post(f"/offers/{offer.pk}/{verb}").status_code)
    assert answers == [403, 404, 404]
    assert Offer.objects.get(pk=offer.pk).state == "made"


def test_accepting_when_the_time_is_over_gives_a_sentence(ana: Member, clock) -> None:
    offer, browser = stage.offered(), signed_in(ana)
    clock.move_to(offer.answer_by + timedelta(seconds=1))
    answer = browser.post(f"/offers/{offer.pk}/acceptance", headers={"referer": "http://testserver/offers"})
    assert answer["Location"] == "http://testserver/offers"
    assert said(answer) == ["The time to answer this offer is over. It went on to the next person."]
    assert "No offer waits for you." in words(browser.get("/offers"))


def test_in_its_last_second_an_offer_can_be_accepted(ana: Member, clock) -> None:
    offer, browser = stage.offered(), signed_in(ana)
    clock.move_to(offer.answer_by)
    browser.post(f"/offers/{offer.pk}/acceptance")
    assert Offer.objects.get(pk=offer.pk).state == "accepted"


def test_accepting_twice_gives_a_sentence(ana: Member) -> None:
    offer, browser = stage.offered(), signed_in(ana)
    browser.post(f"/offers/{offer.pk}/acceptance")
    again = browser.post(f"/offers/{offer.pk}/acceptance")
    assert said(again)[-1] == "That cannot be done any more: the offer is now “accepted”."


def test_an_offer_says_why_it_came_to_you_and_who_is_next(ana: Member, bo: Member) -> None:
    make.member("Eve Stone", hours=None)
    offer = stage.offered()
    page = words(signed_in(offer.member).get("/offers"))
    following = "Bo L." if offer.member == ana else "Ana R."
    assert '<li class="offered you"> <span>You<small>0 h of the 75 h you asked for</small></span>' in page
    assert f'<li class="next"> <span>{following}<small>0 h of 75 h asked for</small></span>' in page


def test_an_offer_to_the_regular_person_says_so(ana: Member, bo: Member) -> None:
    shift = stage.offered().shift
    shift.free(at=NOW)
    shift.refresh_from_db()
    order = in_turn(shift.need(), at=NOW, regular=bo.pk)
    turn = Turn.objects.create(shift=shift, decided_at=NOW, chosen=bo, candidates=positions(order))
    shift.offer(turn, at=NOW, by=None)
    page = words(signed_in(bo).get("/offers"))
    assert "You can do it and are the regular person here" in page
    assert "<span>You<small>the regular person here; 0 h of 75 h asked for</small></span>" in page
    page = words(signed_in(bo).get(f"/shifts/{shift.pk}/turn"))
    assert "while their share is at most 15% above the smallest" in page
    assert "<span>You<small>the regular person here; 0 h of 75 h asked for</small></span>" in page


def turn_pages(offer: Offer, *readers: Member | User) -> list[str]:
    """What each of these reads about whose turn it was; empty where there is nothing to read for them."""
    answers = [signed_in(reader).get(f"/shifts/{offer.shift_id}/turn") for reader in readers]
    assert {answer.status_code for answer in answers} <= {200, 404}
    return [words(answer) if answer.status_code == 200 else "" for answer in answers]


def test_whoever_was_asked_reads_their_own_turn_and_the_office_reads_all(ana, bo, cara, sol, lee) -> None:
    make.role(make.member("Ben Board", hours=None), "board")
    offer = stage.offered()
    Offer.objects.get(pk=offer.pk).pass_on(at=NOW, by=offer.member.user, why="time")
    second = Offer.objects.waiting().get()
    others = {ana, bo, cara} - {offer.member, second.member}
    ben = User.objects.get(name="Ben Board")
    *members, other, client = turn_pages(offer, offer.member, second.member, *others, lee)
    assert (other, client) == ("", "")
    office = turn_pages(offer, sol, ben)
    assert [page.count('<ol class="turns">') for page in (*members, *office)] == [1, 1, 2, 2]
    assert all("counted over the last 28 days and the next 14" in page for page in members)
    assert [page.count('class="passed you"') for page in members] == [1, 0]
    assert [page.count('class="offered you"') for page in members] == [0, 1]


def test_nobody_in_the_office_reads_a_line_about_themselves_where_others_were_asked(ana, bo, sol) -> None:
    make.role(bo, "coordinator")
    offer = stage.offered()
    if offer.member == bo:
        offer.pass_on(at=NOW, by=bo.user)
        offer = Offer.objects.waiting().get()
    (page,) = turn_pages(offer, bo)
    latest = page[: page.rindex('<ol class="turns">')] if page.count('<ol class="turns">') > 1 else page
    assert "Sol V.<small>could not come then" in page
    assert ("Ana R." in latest, "Bo L." in page) == (True, False)


def test_who_could_not_come_is_read_in_the_office_only(ana: Member, bo: Member, sol: Member) -> None:
    made = stage.booking(starts_in=LATER)
    DoNotSend.place(client=made.client, member=bo, placer="client", reason="conduct", at=NOW, by=made.client.user)
    shift = Shift.objects.get(visit__booking=made)
    shift.free(at=NOW)
    Shift.objects.get(pk=shift.pk).offer_next(at=NOW)
    hers, office = turn_pages(Offer.objects.waiting().get(shift=shift), ana, sol)
    assert "<span>Bo L.<small>could not come then</small></span>" in office
    assert ["could not come" in hers, "conduct" in f"{hers}{office}".lower()] == [False, False]


def test_the_open_board_offers_what_one_can_take(ana: Member, bo: Member) -> None:
    shift, browser = stage.on_board(), signed_in(ana)
    assert f'action="/shifts/{shift.pk}/taking"' in words(browser.get("/offers"))
    browser.post(f"/shifts/{shift.pk}/taking")
    shift = Shift.objects.get(pk=shift.pk)
    assert (shift.state, shift.member) == ("accepted", ana)


def test_what_one_cannot_take_leaves_no_trace_on_the_board(ana: Member, bo: Member) -> None:
    """Not even a number: when it falls tells somebody who is free all week the hour of a home closed to them."""
    Leave.objects.create(member=ana, starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=3))
    before = read(words(signed_in(ana).get("/offers"))).text
    stage.on_board()
    assert "Nothing here that you could take just now." in before
    assert read(words(signed_in(ana).get("/offers"))).text == before


def test_every_shift_that_one_cannot_take_is_refused_in_the_same_words(ana: Member, bo: Member) -> None:
    """Whoever tries one number after the other does not learn which shifts are open, and not for them."""
    shift, browser = stage.on_board(), signed_in(ana)
    busy = stage.on_board(zip="11201")
    browser.post(f"/shifts/{shift.pk}/taking")
    no = "You cannot take this shift: it is not open any more, or it does not fit your day."
    for other in (busy, shift):
        assert said(browser.post(f"/shifts/{other.pk}/taking"))[-1] == no


def test_a_shift_is_taken_once(ana: Member, bo: Member) -> None:
    shift = stage.on_board()
    signed_in(ana).post(f"/shifts/{shift.pk}/taking")
    assert said(signed_in(bo).post(f"/shifts/{shift.pk}/taking")) == [
        "You cannot take this shift: it is not open any more, or it does not fit your day."
    ]


def test_who_is_on_leave_or_a_client_takes_nothing(ana: Member, lee: Member) -> None:
    shift, bea = stage.on_board(), make.member("Bea Ortiz")
    bea.go_on_leave(at=NOW, by=None)
    assert [signed_in(who).post(f"/shifts/{shift.pk}/taking").status_code for who in (bea, lee)] == [403, 404]
    assert "You are on leave" in words(signed_in(bea).get("/offers"))


def test_the_board_and_the_turn_give_the_same_reasons(ana: Member, bo: Member, sol: Member) -> None:
    evening = make.member("Eve Stone", hours=(16, 20))
    carer = make.member("Cy Young", skills=["care"])
    away = make.member("Al Green")
    Leave.objects.create(member=away, starts_on=NOW.date(), ends_on=NOW.date() + timedelta(days=30))
    near, far = stage.on_board(), stage.on_board(starts_in=TOMORROW + timedelta(hours=3), zip="10463")
    kept_away = stage.on_board(starts_in=LATER)
    client = kept_away.home.client
    DoNotSend.place(client=client, member=bo, placer="client", reason="other", at=NOW, by=client.user)
    near.take(ana, at=NOW, by=ana.user)
    board = [Shift.objects.with_related().get(pk=shift.pk) for shift in (far, kept_away)]
    told = {
        shift.pk: {candidate.member: candidate.against for candidate in in_turn(shift.need(), at=NOW)}
        for shift in board
    }
    for member in (ana, bo, sol, evening, carer, away):
        assert against(member, board, at=NOW) == {shift.pk: told[shift.pk][member.pk] for shift in board}
    assert {reason for reasons in told.values() for reason in reasons.values()} == {
        *("busy", "away", "passed", "not_matched")
    }


def test_seven_offers_and_seven_open_shifts_ask_no_more_than_one_of_each(ana: Member, clock) -> None:
    make.member("Zed Long", hours=None)
    browser = signed_in(ana)
    stage.on_board()
    stage.offered(starts_in=TOMORROW + timedelta(days=1))
    with CaptureQueriesContext(connection) as one:
        short = browser.get("/offers")
    for day in range(2, 8):
        stage.on_board(starts_in=TOMORROW + timedelta(days=day, hours=3.5))
        stage.offered(starts_in=TOMORROW + timedelta(days=day, hours=-1))
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/offers")
    assert words(page).count("/acceptance") == 7
    assert len(many) == len(one)
    a_row = (len(page.content) - len(short.content)) / 12
    assert len(short.content) + 20 * a_row <= 60_000, "with ten more of each"


def test_giving_back_is_written_down_with_its_reason(ana: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    signed_in(ana).post(f"/shifts/{shift.pk}/release", {"why": "cannot", "words": "a fever"})
    assert list(Event.objects.about(shift).filter(verb="release").values_list("actor", "note")) == [
        (ana.user.pk, "cannot")
    ]
