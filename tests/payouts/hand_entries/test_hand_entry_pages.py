"""The pages of entries by hand: who writes, who confirms, and what members read of them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.models import Member
from payouts.models import HandEntry
from tests import make, paper
from tests.browsers import Browser
from tests.payouts.bookkeeping.test_way_down import read
from tests.payouts.hand_entries.test_hand_entries import asked, confirm, draft

pytestmark = pytest.mark.django_db
SENT: dict[str, Any] = {
    "kind": "expense",
    "amount": "125.00",
    "day": "2026-04-09",
    "fund": "upkeep",
    "what": "software",
    "note": "=Two days on the site",
}


@pytest.fixture
def bea(db: None) -> Member:
    return make.member("Bea Board", hours=None, roles=["board"])


def signed_in(one: Member) -> Browser:
    browser = Browser()
    browser.force_login(one.user)
    return browser


def test_all_of_it_by_the_pages(tess: Member, bea: Member, ana: Member, time_machine: Any) -> None:
    time_machine.move_to("2026-04-10 15:00:00+00:00", tick=False)
    sent = SENT | {"receipt": SimpleUploadedFile("r.exe", paper.blank())}
    answer = signed_in(tess).post(reverse("draft_hand_entry"), sent, follow=True)
    assert "waits for a second person" in answer.content.decode()
    one = HandEntry.objects.get()
    receipt = reverse("open_hand_entry", args=[one.pk])
    assert reverse("confirmation", args=[asked(one).pk]) in read(bea.user, "hand_entry", one.pk)
    shown = signed_in(bea).get(receipt)
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert signed_in(ana).get(receipt).status_code == 403
    signed_in(bea).post(reverse("confirm_confirmation", args=[asked(one).pk]))
    page = read(ana.user, "hand_entries")
    assert ("$125.00" in page, "=Two days on the site" in page, "in the books" in page) == (True, True, True)
    entry = HandEntry.objects.get().entry
    assert f"Written by {tess}" in read(tess.user, "entry", entry.pk)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"day": "2027-01-01"}, "That day has not come yet."),
        ({"day": "2024-12-31"}, "The books of 2024 are closed."),
        ({"fund": "holidays"}, "Please choose one of the answers"),
        ({"amount": "0"}, "At least 0.01, please."),
        ({"kind": "deposit"}, "Please add the bank&#x27;s receipt."),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_lost(
    tess: Member, time_machine: Any, wish: dict[str, str], said: str
) -> None:
    time_machine.move_to("2026-04-10 15:00:00+00:00", tick=False)
    page = signed_in(tess).post(reverse("draft_hand_entry"), SENT | wish).content.decode()
    assert (said in page, "=Two days on the site" in page, HandEntry.objects.count()) == (True, True, 0)


def test_whom_it_pays_is_for_the_money_offices_alone(tess: Member, bea: Member, ana: Member, bo: Member) -> None:
    one = confirm(draft(tess, to_member=ana), bea)
    told = [str(ana) in read(who.user, "hand_entry", one.pk) for who in (tess, bea, bo)]
    assert told == [True, True, False]
