"""An offer can be answered from a text message: with the secret address alone, and only by pressing a button."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Offer, Override, Shift
from bookings.turns.tasks import sweep_offers
from members.models import Member, Notice, Reach
from members.notices.notice_timing import Kind
from tests.bookings import stage
from tests.bookings.stage import NOW, words
from tests.browsers import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def page_of(offer: Offer) -> str:
    return reverse("answer_offer", args=[offer.answer_key])


def test_the_page_says_when_where_and_what_it_pays_and_not_at_whose_home(ana: Member) -> None:
    offer = stage.offered(zip="11201")
    answer = Browser().get(page_of(offer))
    page = words(answer)
    assert "Wednesday, March 11" in page
    assert "in 11201 Brooklyn" in page
    assert "It pays you $97.97 ($35.62 an hour)." in page
    home = offer.shift.home
    assert [word for word in (home.street, str(home.client), home.client.user.email, "Cleaning") if word in page] == []
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store, private", "same-origin")


def test_looking_at_the_page_changes_nothing(ana: Member) -> None:
    offer = stage.offered()
    for way in ("get", "head", "get"):
        getattr(Browser(), way)(f"{page_of(offer)}?answer=accept")
    assert Offer.objects.get(pk=offer.pk).state == "made"


@pytest.mark.parametrize(
    ("answer", "state", "said"), [("accept", "accepted", "It is yours"), ("pass", "passed", "fine")]
)
def test_one_press_answers_without_signing_in_and_only_once(ana: Member, answer: str, state: str, said: str) -> None:
    offer, browser = stage.offered(), Browser()
    assert browser.post(page_of(offer), {"answer": answer})["Location"] == page_of(offer)
    assert Offer.objects.get(pk=offer.pk).state == state
    assert said in words(browser.get(page_of(offer)))
    browser.post(page_of(offer), {"answer": "accept"})
    assert Offer.objects.get(pk=offer.pk).state == state
    assert browser.get("/today").status_code == 302


def test_a_word_that_is_no_answer_changes_nothing(ana: Member) -> None:
    offer = stage.offered()
    Browser().post(page_of(offer), {"answer": "perhaps"})
    assert Offer.objects.get(pk=offer.pk).state == "made"


def test_after_its_time_the_page_answers_nothing_and_shows_nothing(ana: Member, clock: Any) -> None:
    offer, browser = stage.offered(), Browser()
    clock.move_to(offer.answer_by + timedelta(seconds=1))
    page = words(browser.get(page_of(offer)))
    assert ("This offer is over" in page, "March 11" in page) == (True, False)
    browser.post(page_of(offer), {"answer": "accept"})
    assert Offer.objects.get(pk=offer.pk).state == "made"


@pytest.mark.parametrize("change", [lambda key: key[:-1] + "A" * (key[-1] != "A"), lambda key: key.partition("-")[0]])
def test_a_wrong_key_is_no_key(ana: Member, change: Any) -> None:
    offer = stage.offered()
    wrong = change(offer.answer_key) + "x"
    assert Browser().get(f"/o/{wrong}").status_code == 404
    assert Browser().get("/o/99999999999999999999-abcdefghijklmnop").status_code == 404
    assert Offer.objects.get(pk=offer.pk).answer_key == offer.answer_key


def test_whoever_was_locked_out_of_their_account_answers_no_offer(ana: Member) -> None:
    offer = stage.offered()
    ana.user.is_active = False
    ana.user.save()
    assert Browser().get(page_of(offer)).status_code == 404


def test_whoever_is_asked_out_of_turn_reads_by_whom_and_why(ana: Member, bo: Member, sol: Member) -> None:
    first = stage.offered()
    Override.give(first.shift, to=bo, reason="She knows the dog.", at=NOW, by=sol.user)
    page = words(Browser().get(page_of(Offer.objects.waiting().get())))
    assert "Sol V. asks you out of turn, because: “She knows the dog.”" in page
    assert "Your turn" not in page


def test_the_page_speaks_the_language_of_who_is_asked(ana: Member) -> None:
    ana.user.speak("es")
    assert "Te toca" in words(Browser().get(page_of(stage.offered())))


def test_only_the_text_of_an_offer_has_the_secret_address(ana: Member, settings: Any, tmp_path: Path) -> None:
    settings.SMS_URL = f"file://{tmp_path}"
    Reach.objects.create(user=ana.user, phone="+12125550142", confirmed_at=NOW, urgent_by=["mail", "sms"])
    assert Reach.of(ana.user).ways(Kind.URGENT) == ["mail", "sms"]
    offer = stage.offered()
    mail, text = Notice.objects.filter(user=ana.user).order_by("pk")
    assert text.body.endswith(f"/o/{offer.answer_key}")
    assert (offer.answer_key in mail.body, len(text.body) <= 160) == (False, True)


@pytest.mark.parametrize("goes", ["leave_coop", "go_on_leave"])
def test_whoever_left_or_rests_answers_no_offer_by_its_secret_address(ana: Member, bo: Member, goes: str) -> None:
    """Before the sweep takes it back, and after."""
    offer = stage.offered()
    assert Browser().get(page_of(offer)).status_code == 200
    getattr(offer.member, goes)(at=NOW, by=None)
    for _before_and_after in range(2):
        answers = [Browser().get(page_of(offer)), *(Browser().post(page_of(offer), {"answer": no}) for no in YES_OR_NO)]
        assert [one.status_code for one in answers] == [404, 404, 404]
        sweep_offers()
    offer.refresh_from_db()
    shift = Shift.objects.get(pk=offer.shift_id)
    assert (offer.state, shift.state, shift.member != offer.member) == ("withdrawn", "offered", True)


YES_OR_NO = ("accept", "pass")
