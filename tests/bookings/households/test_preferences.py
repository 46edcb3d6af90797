"""What a household says about its home: pets, supplies, and the language of who comes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import AddOn, Home, Offer, Quote, Shift, Turn
from bookings.turns.open_board import against
from bookings.visits.worker_schedule import days_of
from members.models import Member, User
from tests import make
from tests.bookings import desk
from tests.browsers import Browser
from tests.reader import Form, read

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WISH = {"pets": ["dog", "cat"], "supplies": "products", "spoken": "es"}
ALREADY = {("pets", "dog"), ("pets", "cat"), ("supplies", "products"), ("spoken", "es")}


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


def said(home: Home | Quote) -> dict[str, object]:
    return {"pets": home.pets, "supplies": home.supplies, "spoken": home.spoken}


def book(browser: Browser, **wish: object) -> Home:
    draft = desk.ask(browser, **wish)
    desk.choose(browser, draft)
    desk.give(browser, draft)
    desk.agree(browser, draft)
    return Home.objects.get()


def asked_by(browser: Browser, address: str) -> set[tuple[str, str]]:
    """What the first form about a home at this address is filled in with, of the three questions."""
    page = read(browser.get(address).content.decode())
    form = next(Form(one, page) for one in page.every("form") if one.attrs.get("action") == reverse("quote"))
    return {(name, value) for name, value in form.filled() if name in WISH}


def test_what_was_said_goes_from_the_quote_to_the_home_and_is_asked_again_as_it_was(ana: Member) -> None:
    browser = Browser()
    home = book(browser, **WISH)
    expected = {"pets": ["cat", "dog"], "supplies": "products", "spoken": "es"}
    assert (said(Quote.objects.get()), said(home)) == (expected, expected)
    assert asked_by(browser, home.bookings.get().first_visit().again) == ALREADY


@pytest.mark.parametrize(
    ("supplies", "cents", "extras"),
    [("ours", 13125, []), ("products", 14225, ["products"]), ("all", 15825, ["products", "vacuum"])],
)
def test_what_we_bring_is_in_the_price(ana: Member, supplies: str, cents: int, extras: list[str]) -> None:
    draft = desk.ask(Browser(), supplies=supplies)
    assert (draft.cents, [extra.code for extra in draft.add_ons.order_by("position")]) == (cents, extras)


def test_changing_a_draft_begins_with_what_it_says(ana: Member) -> None:
    browser = Browser()
    draft = desk.ask(browser, **WISH)
    assert asked_by(browser, reverse("quote", query={"change": draft.token})) == ALREADY
    desk.ask(browser, change=str(draft.token), supplies="ours")
    draft.refresh_from_db()
    assert (said(draft), draft.add_ons.count()) == ({"pets": [], "supplies": "ours", "spoken": ""}, 0)


def test_without_an_answer_nothing_is_wanted(ana: Member) -> None:
    assert said(desk.ask(Browser())) == {"pets": [], "supplies": "ours", "spoken": ""}
    assert Browser().post(reverse("quote"), desk.WISH | {"pets": ["tiger"]}).status_code == 200


def test_a_stranger_changes_no_pets_and_only_who_is_signed_in_takes_them_away(ana: Member, lee: User) -> None:
    theirs = desk.signed_in(lee)
    home, stranger = book(theirs, pets=["dog"]), Browser()
    draft = desk.ask(stranger, pets=["cat"])
    desk.choose(stranger, draft, desk.THURSDAY_NINE + DAY)
    desk.give(stranger, draft)
    desk.agree(stranger, draft)
    home.refresh_from_db()
    assert (home.pets, Home.objects.exclude(pk=home.pk).get().pets) == (["dog"], ["cat"])
    draft = desk.ask(theirs)
    desk.choose(theirs, draft, desk.THURSDAY_NINE + 2 * DAY)
    desk.give(theirs, draft)
    desk.agree(theirs, draft)
    home.refresh_from_db()
    assert home.pets == []


def test_whoever_comes_reads_what_to_bring_and_to_know(ana: Member) -> None:
    draft = make.quote(at=desk.NOW)
    draft.describe(pets=["dog"], supplies="products", spoken="es")
    draft.save()
    draft.add_ons.set(AddOn.objects.filter(code__in=["products", "oven"]))
    shift = make.accepted(starts_at=desk.THURSDAY_NINE, at=desk.NOW, quote=draft)
    assert shift.member == ana
    stop = days_of(ana, at=desk.NOW).later[0]
    assert stop.work[2:] == [
        "Inside the oven",
        "Please bring products. A vacuum is there",
        "Pets: dog",
        "Wanted: somebody who speaks Español",
    ]


@pytest.mark.parametrize("mark", [{"avoids": ["dog"]}, {"languages": ["en"]}])
def test_whoever_avoids_dogs_or_speaks_no_spanish_is_not_asked_and_not_sold(
    ana: Member, bo: Member, mark: dict[str, list[str]]
) -> None:
    Member.objects.filter(pk=ana.pk).update(**mark)
    Member.objects.filter(pk=bo.pk).update(languages=["es"])
    wish = make.quote(at=desk.NOW)
    wish.describe(pets=["dog"], supplies="ours", spoken="es")
    wish.save()
    booking = make.confirmed(starts_at=desk.THURSDAY_NINE, at=desk.NOW, quote=wish)
    turn = Turn.objects.get()
    assert [(row["member"], row["against"]) for row in turn.candidates] == [(bo.pk, ""), (ana.pk, "not_matched")]
    shift = booking.first_visit().shifts.get()
    Offer.objects.waiting().get().pass_on(at=desk.NOW, by=bo.user)
    assert against(ana, [Shift.objects.with_related().get(pk=shift.pk)], at=desk.NOW) == {shift.pk: "not_matched"}
    Member.objects.filter(pk=bo.pk).update(**mark)
    other = make.quote(at=desk.NOW)
    other.describe(pets=["dog"], supplies="ours", spoken="es")
    assert other.openings(first=desk.THURSDAY_NINE.date(), days=2, at=desk.NOW) == []
    other.describe(pets=["cat"], supplies="ours", spoken="")
    assert desk.THURSDAY_NINE + DAY in other.openings(first=desk.THURSDAY_NINE.date(), days=2, at=desk.NOW)


def test_a_household_says_it_once_for_a_home_and_the_next_booking_begins_with_it(ana: Member, lee: User) -> None:
    theirs = desk.signed_in(lee)
    home = book(theirs)
    describe = reverse("describe_home", args=[home.pk])
    assert "Saved." in desk.text(theirs.post(describe, WISH, follow=True))
    home.refresh_from_db()
    assert said(home) == {"pets": ["cat", "dog"], "supplies": "products", "spoken": "es"}
    assert asked_by(theirs, reverse("quote")) == ALREADY
    assert theirs.post(describe, {"spoken": "klingon"}).status_code == 200
    assert desk.signed_in(ana).post(describe, {}).status_code == 404
    home.refresh_from_db()
    assert home.spoken == "es"


def test_a_member_says_which_animals_to_avoid_and_which_languages_they_speak(ana: Member) -> None:
    Member.objects.filter(pk=ana.pk).update(languages=["en", "pt"])
    hers = desk.signed_in(ana)
    sent = {
        "name": "Ana Reyes",
        "language": "en",
        "zip": "11215",
        "hours": "24",
        "avoids": ["dog"],
        "languages": ["es"],
    }
    hers.post(reverse("me"), sent)
    ana.refresh_from_db()
    assert (ana.avoids, ana.languages) == (["dog"], ["es", "pt"])
    assert 'value="dog"' in desk.text(hers.get(reverse("me")))
