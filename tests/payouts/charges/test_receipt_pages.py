"""Receipts: a list by year, and each one on paper."""

import unicodedata
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader
from typst import Fonts

from bookings.models import Visit
from coop import papers
from members.models import Member, Standing, User
from payouts.models import Charge
from payouts.sandbox import Sandbox
from tests import make
from tests.browsers import Browser
from tests.paper import text_of
from tests.payouts.stage import NOW, done_visit, paid_visit

pytestmark = pytest.mark.django_db


def as_(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def named(visit: Visit, name: str) -> User:
    """The client of a visit, under another name."""
    user = visit.booking.client.user
    user.introduce(name=name, language=user.language)
    return user


def on_paper(visit: Visit, user: User) -> str:
    answer = as_(user).get(reverse("receipt_pdf", args=[visit.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer.content.startswith(b"%PDF-")
    return text_of(answer.content)


def test_a_receipt_on_paper_says_what_the_page_says(sandbox: Sandbox, ana: Member) -> None:
    visit = paid_visit()
    user = named(visit, "Jordan Lee")
    Charge.tip(visit, cents=1000, at=NOW + timedelta(days=3), by=user)
    paper = on_paper(visit, user)
    assert paper == (
        f"Sunrise Home Co-op Receipt {visit.pk} Cleaning, March 12, 2026 Jordan Lee {visit.booking.home} "
        "Brooklyn, NY 11215 Who came: Ana What you paid Price (paid) $140.00 Tip (due) $10.00 Total $150.00 "
        "Card: Visa, ends in 0077 Where the price went The person who does the work $133.00 Running the co-op $5.60 "
        "Shared reserve $0.70 The people who build this site $0.70 "
        "Sunrise Home Co-op is owned by the people who do the work."
    )


def test_a_tip_that_the_card_declined_is_in_no_sum_and_nobody_is_thanked_for_it(sandbox: Sandbox, ana: Member) -> None:
    visit = paid_visit()
    user = named(visit, "Jordan Lee")
    tip = Charge.tip(visit, cents=1000, at=NOW + timedelta(days=3), by=user)
    Charge.objects.filter(pk=tip.pk).update(state=Charge.State.FAILED)
    page = words(as_(user).get(reverse("receipt", args=[visit.pk])))
    assert ("Your tip was not paid" in page, "Thank you for the tip" in page) == (True, False)
    assert ('Total</b></dt> <dd class="num"><b>$140.00' in page, "$150.00" in page) == (True, False)
    assert "$150.00" not in words(as_(user).get(reverse("receipts")))
    assert "Tip" not in on_paper(visit, user)


@pytest.mark.parametrize("name", ["Zoë Nguyễn-Škvorecký", "Łukasz Ğündoğdu Øst", "Þóra Ħal Ǆudžić", "José Ñañez"])
def test_a_name_in_any_latin_script_is_printed(name: str, ana: Member) -> None:
    visit = done_visit()
    assert name in on_paper(visit, named(visit, name))


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("王小明", "WangXiaoMing"),
        ("สมชาย ใจดี", "smchay aichdi"),
        ("प्रिया शर्मा", "priya srma"),
        ("Zoë 👩", "Zoë :woman:"),
    ],
)
def test_a_name_without_a_font_is_printed_in_latin_letters(
    name: str, latin: str, ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_ours = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(papers.FONTS)])
    monkeypatch.setattr(papers, "_fonts", lambda: only_ours)
    visit = done_visit()
    paper = on_paper(visit, named(visit, name))
    assert (latin in paper, "Cleaning, March 12, 2026" in paper) == (True, True)


@pytest.mark.parametrize("name", ["דוד כהן", "محمد علي"])
def test_a_name_that_runs_from_right_to_left_is_printed_with_all_its_letters(name: str, ana: Member) -> None:
    visit = done_visit()
    paper = on_paper(visit, named(visit, name))
    letters = set(unicodedata.normalize("NFKC", paper))
    assert set(name) <= letters


def test_a_receipt_is_tagged_for_those_who_listen_to_it(ana: Member) -> None:
    visit = done_visit()
    answer = as_(visit.booking.client.user).get(reverse("receipt_pdf", args=[visit.pk]))
    root: Any = PdfReader(BytesIO(answer.content)).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)


def test_a_receipt_is_in_the_readers_language(ana: Member) -> None:
    visit = done_visit()
    user = visit.booking.client.user
    user.speak("es")
    paper = on_paper(visit, user)
    assert "12 de marzo de 2026" in paper
    assert "Where the price went" not in paper


def test_no_surname_of_who_came_and_no_getting_in_note_is_printed(ana: Member) -> None:
    visit = done_visit()
    visit.booking.home.keep_note("The key is kiwi-4711")
    paper = on_paper(visit, visit.booking.client.user)
    assert ("Ana" in paper, "Reyes" in paper, "kiwi" in paper) == (True, False, False)


def test_a_receipt_is_printed_for_the_household_and_the_treasurer(
    ana: Member, bo: Member, tess: Member, sol: Member, dan: User
) -> None:
    visit = done_visit()
    jo = make.at_home("Jo Lee", visit.booking.client, at=NOW).user
    address = reverse("receipt_pdf", args=[visit.pk])
    everybody = [visit.booking.client.user, jo, tess.user, ana.user, bo.user, sol.user, dan]
    assert [as_(user).get(address).status_code for user in everybody] == [200, 200, 200, 404, 404, 404, 404]


def test_receipts_are_listed_by_year_with_what_each_came_to(ana: Member) -> None:
    begun = datetime(2025, 11, 3, tzinfo=UTC)
    Standing.objects.create(member=ana, state=Member.State.MEMBER, starts_on=begun.date(), decided_at=begun)
    last_year = done_visit(at=datetime(2025, 12, 8, 15, tzinfo=UTC))
    user = last_year.booking.client.user
    make.client("Kim Park")
    other = done_visit()
    make.at_home("", other.booking.client, person=user, at=NOW)
    page = words(as_(user).get(reverse("receipts")))
    assert ("Thursday, March 12" in page, "Wednesday, December 10" in page) == (True, False)
    page = words(as_(user).get(reverse("receipts"), {"year": "2025"}))
    assert ("Thursday, March 12" in page, "Wednesday, December 10" in page, "$140.00" in page) == (False, True, True)
    assert "No receipts in this year." in words(as_(user).get(reverse("receipts"), {"year": "2024"}))
    for odd in ("x", "-1", "99999999999999", "\0"):
        assert as_(user).get(reverse("receipts"), {"year": odd}).status_code == 200
    assert "No receipts yet" in words(as_(ana.user).get(reverse("receipts")))
