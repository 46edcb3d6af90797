"""Swapping a shift on a phone: choose a colleague, then what they give in return; they say yes or no."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import DoNotSend, Swap
from bookings.turns.personal_data import facts
from members.models import Member
from tests import make
from tests.bookings.clock import NOW
from tests.bookings.stage import said, signed_in, words
from tests.bookings.turns.test_swap import agree, ask, holders, of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_a_swap_is_asked_for_in_two_steps(ana: Member, bo: Member) -> None:
    shift, back, browser = of(ana, day=11), of(bo, day=12), signed_in(ana)
    page = f"/shifts/{shift.pk}/swap"
    assert f'<option value="{bo.pk}">Bo L.</option>' in words(browser.get(page))
    second = words(browser.get(page, {"other": bo.pk}))
    assert ("Thursday, March 12, 9:00 AM" in second, "You ask Bo L.</p>" in second) == (True, True)
    answer = browser.post(page, {"other": bo.pk, "back": back.pk})
    assert said(answer) == ["Bo L. is asked. The shift stays yours until they say yes."]
    swap = Swap.objects.get()
    assert (swap.shift, swap.back, swap.asker, swap.other) == (shift, back, ana, bo)


def test_nothing_in_return_is_the_first_choice(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    signed_in(ana).post(f"/shifts/{shift.pk}/swap", {"other": bo.pk, "back": ""})
    assert Swap.objects.get().back is None


def test_every_colleague_who_works_can_be_asked_whatever_stands_against_them(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    client = shift.home.client
    DoNotSend.place(client=client, member=bo, placer="client", reason="other", at=NOW, by=client.user)
    make.member("Cy Young", skills=["care"])
    away = make.member("Mia Stone")
    away.go_on_leave(at=NOW, by=None)
    page = words(signed_in(ana).get(f"/shifts/{shift.pk}/swap"))
    assert [name in page for name in ("Bo L.", "Cy Y.", "Mia S.", "Ana R.</option>")] == [True, True, False, False]


def test_on_leave_nobody_asks_is_asked_or_takes_over(ana: Member, bo: Member) -> None:
    """They work again when they are back; until then their own shift goes on to others."""
    mine, theirs = of(ana, day=11), of(bo, day=12)
    asked = ask(theirs, ana)
    ana.go_on_leave(at=NOW, by=None)
    asking, agreeing = signed_in(ana), signed_in(bo)
    answers = [
        asking.get(f"/shifts/{mine.pk}/swap").status_code,
        asking.post(f"/shifts/{mine.pk}/swap", {"other": bo.pk, "back": ""}).status_code,
        asking.post(f"/swaps/{asked.pk}/agreement").status_code,
    ]
    again = agreeing.post(f"/shifts/{theirs.pk}/swap", {"other": ana.pk, "back": ""})
    assert (answers, "other" in again.context["form"].errors) == ([403, 403, 403], True)
    assert holders(mine, theirs) == [("open", None), ("accepted", bo)]


@pytest.mark.parametrize("sent", [{}, {"other": "x"}, {"other": "0"}, {"other": "me"}, {"other": "bo", "back": "9999"}])
def test_bad_input_is_met_with_the_form(sent: dict[str, str], ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    known = {"me": ana.pk, "bo": bo.pk}
    typed = {key: known.get(value, value) for key, value in sent.items()}
    page = signed_in(ana).post(f"/shifts/{shift.pk}/swap", typed)
    assert (page.status_code, bool(page.context["form"].errors), Swap.objects.count()) == (200, True, 0)


def test_the_shift_of_somebody_else_cannot_be_asked_for_in_return(ana: Member, bo: Member, cara: Member) -> None:
    shift, others = of(ana, day=11), of(cara, day=12)
    page = signed_in(ana).post(f"/shifts/{shift.pk}/swap", {"other": bo.pk, "back": others.pk})
    assert (page.status_code, Swap.objects.count()) == (200, 0)


def test_a_question_stands_on_the_offers_page_of_both_and_in_the_badge_of_one(ana: Member, bo: Member) -> None:
    swap = ask(of(ana, day=11), bo, of(bo, day=12))
    hers, his = (words(signed_in(who).get("/offers")) for who in (ana, bo))
    assert ("You asked Bo L. to swap" in hers, f"/swaps/{swap.pk}/withdrawal" in hers) == (True, True)
    assert ("Ana R. asks you to swap" in his, f"/swaps/{swap.pk}/agreement" in his) == (True, True)
    assert [page.count('class="count"') for page in (hers, his)] == [0, 1]


def test_yes_swaps_and_the_turn_page_tells_the_office(ana: Member, bo: Member, sol: Member) -> None:
    shift, back = of(ana, day=11), of(bo, day=12)
    swap = ask(shift, bo, back)
    answer = signed_in(bo).post(f"/swaps/{swap.pk}/agreement")
    assert said(answer) == ["It is done. You find it under Today."]
    assert holders(shift, back) == [("accepted", bo), ("accepted", ana)]
    for one in (shift, back):
        page = words(signed_in(sol).get(f"/shifts/{one.pk}/turn"))
        assert "Swapped by Ana R. and Bo L., who both agreed." in page


def test_no_and_taking_the_question_back_say_so(ana: Member, bo: Member) -> None:
    first, second = ask(of(ana, day=11), bo), ask(of(ana, day=12), bo)
    told = said(signed_in(bo).post(f"/swaps/{first.pk}/decline"))
    told += said(signed_in(ana).post(f"/swaps/{second.pk}/withdrawal"))
    assert told == ["That is fine. We tell them that you cannot.", "You do not ask any more. The shift stays yours."]


def test_what_does_not_fit_gives_a_sentence(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11, hour=9)
    of(bo, day=11, hour=10)
    answer = signed_in(bo).post(
        f"/swaps/{ask(shift, bo).pk}/agreement", headers={"referer": "http://testserver/offers"}
    )
    assert answer["Location"] == "http://testserver/offers"
    assert said(answer) == ["This could not be swapped: it does not fit their day or what it asks for."]


@pytest.mark.parametrize(
    ("verb", "codes"), [("agreement", [403, 404]), ("decline", [403, 404]), ("withdrawal", [302, 404])]
)
def test_only_the_two_answer(verb: str, codes: list[int], ana: Member, bo: Member, sol: Member) -> None:
    swap = ask(of(ana, day=11), bo)
    assert [signed_in(who).post(f"/swaps/{swap.pk}/{verb}").status_code for who in (ana, sol)] == codes


def test_today_and_giving_back_lead_to_the_swap(ana: Member) -> None:
    shift = of(ana, day=10, hour=11)
    for page in ("/today", f"/shifts/{shift.pk}/release"):
        assert f'href="/shifts/{shift.pk}/swap"' in words(signed_in(ana).get(page))


def test_ten_questions_ask_the_database_no_more_than_one(ana: Member, bo: Member) -> None:
    browser = signed_in(bo)
    ask(of(ana, day=11), bo, of(bo, day=12))
    with CaptureQueriesContext(connection) as one:
        browser.get("/offers")
    for day in (16, 17, 18, 19):
        ask(of(ana, day=day), bo, of(bo, day=day, hour=14))
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/offers")
    assert (words(page).count('/agreement"'), len(many)) == (5, len(one))
    assert len(one) <= 25


def test_a_swap_of_the_same_two_can_be_asked_again(ana: Member, bo: Member) -> None:
    shift = of(ana, day=11)
    agree(ask(shift, bo))
    again = of(ana, day=12)
    ask(again, bo).decline(at=NOW, by=bo.user)
    agree(ask(again, bo))
    assert holders(shift, again) == [("accepted", bo), ("accepted", bo)]


def test_swaps_stand_in_the_data_of_both_and_of_nobody_else(ana: Member, bo: Member, cara: Member) -> None:
    swap = ask(of(ana, day=11), bo, of(bo, day=12))
    signed_in(bo).post(f"/swaps/{swap.pk}/agreement")
    told = [facts(one.user, NOW)["work"]["swaps"] for one in (ana, bo, cara)]
    assert swap.back
    assert (
        told[0]
        == told[1]
        == [
            {
                "from": "Ana R.",
                "to": "Bo L.",
                "shift": swap.shift.starts_at,
                "in return": swap.back.starts_at,
                "state": "agreed",
                "asked_at": NOW,
            }
        ]
    )
    assert told[2] == []
