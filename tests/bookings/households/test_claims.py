"""A typed address is not a person: what is booked with it touches nobody, asks nobody, and waits for their word."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.db.models import Value
from django.urls import reverse

from bookings.households.claims import HouseOf
from bookings.models import Booking, Client, DoNotSend, Home, Quote, Shift, WaitlistEntry
from bookings.turns.tasks import sweep_offers
from bookings.visits.tasks import sweep_notes
from coop.models import ZipCode
from members.models import Member, Notice, User
from members.personal_data import erase
from tests import make
from tests.bookings import desk
from tests.bookings.clock import NINE, NOW, local
from tests.bookings.test_cannot_be_inferred import Seen, kept_away, look, refusing
from tests.browsers import Browser
from tests.house import undone
from tests.members.signing_in.test_sign_in_pages import ask, code_in, enter, who
from tests.proofs import some

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUSE = "418 7th Ave"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lees(ana: Member) -> Client:
    """The Lees, whose home we know."""
    household = make.client("Jordan Lee")
    home = Home.at(household, street=HOUSE, apartment="3", zip=make.zip_code())
    home.keep_description(pets=["cat"], supplies="ours", spoken="")
    home.keep_note("Red door", at=NOW)
    household.call_at("+17185550000")
    return household


def facts(household: Client) -> tuple[object, ...]:
    """What is known of a household and its homes."""
    homes = Home.objects.filter(client=household).order_by("pk")
    known = [(home.street, home.apartment, home.pets, home.supplies, home.access_note.open()) for home in homes]
    return str(Client.objects.get(pk=household.pk).phone), known, Notice.objects.filter(user=household.user).count()


def claimed(**contact: Any) -> tuple[Browser, Booking]:
    """Booked with the Lees' address and at their home, in a browser in which nobody is signed in."""
    browser = Browser()
    return browser, desk.book(browser, **contact)


def link(booking: Booking) -> str:
    return reverse("answer_claim", args=[Client.objects.get(pk=booking.client.pk).claim_key])


# A stranger changes nothing


def test_whoever_types_a_households_address_changes_nothing_of_it(lees: Client) -> None:
    before = facts(lees)
    _browser, booking = claimed(pets="dog")
    booking.card_saved(at=NOW, by=None)
    assert facts(lees) == before
    assert (booking.client != lees, booking.client.user.email) == (True, "")
    assert booking.client.user.claimed_email == "jordan-lee@example.org"
    assert booking.home.access_note.open() == desk.CONTACT["access_note"]


def test_the_mail_of_the_booking_goes_to_the_typed_address_and_alone_carries_the_way_to_prove_it(lees: Client) -> None:
    browser, booking = claimed()
    booking.card_saved(at=NOW, by=None)
    notice = Notice.objects.get(key=f"booking_confirmed:booking:{booking.pk}")
    notice.send(at=NOW)
    assert (mail.outbox[-1].to, link(booking) in str(mail.outbox[-1].body)) == (["jordan-lee@example.org"], True)
    for page in (booking.get_absolute_url(), reverse("save_card", args=[booking.token])):
        assert booking.client.claim_key not in desk.text(browser.get(page))


def test_a_database_row_never_has_a_proven_and_a_claimed_address(lees: Client) -> None:
    with pytest.raises(IntegrityError, match="an_address_is_proven_or_claimed"), transaction.atomic():
        User.objects.filter(pk=lees.user.pk).update(claimed_email="other@example.org")


def test_whoever_signs_in_on_the_way_books_for_themselves_and_not_for_the_address_they_typed(
    lees: Client, dan: User
) -> None:
    browser = Browser()
    draft = desk.ask(browser)
    desk.choose(browser, draft)
    desk.give(browser, draft)
    browser.force_login(dan)
    assert desk.agree(browser, draft)["Location"] == reverse("give_contact", args=[draft.token])
    desk.give(browser, draft)
    desk.agree(browser, draft)
    assert (Booking.objects.get().client.user, Quote.objects.get().email) == (dan, dan.email)


def test_whoever_waits_for_a_day_with_a_typed_address_is_nobody_we_know(lees: Client) -> None:
    quote = make.quote(at=NOW)
    make.stand("on_leave", *Member.objects.all())
    entries = [
        WaitlistEntry.join(quote, NINE.date() + DAY, name="J", email="Jordan-Lee@example.org", at=NOW)
        for _twice in range(2)
    ]
    assert entries[0] == entries[1]
    assert (entries[0].user.email, entries[0].user.claimed_email) == ("", "jordan-lee@example.org")
    assert entries[0]._client() is None


# The link of a draft


def test_the_link_of_a_draft_shows_what_and_price_and_no_home(lees: Client) -> None:
    browser, other = Browser(), Browser()
    draft = desk.ask(browser)
    desk.choose(browser, draft)
    desk.give(browser, draft)
    secrets = ("Jordan", "jordan-lee", "555-2368", HOUSE, "We have your note")
    mine = desk.text(browser.get(reverse("give_contact", args=[draft.token])))
    assert [word for word in secrets if word not in mine] == []
    assert other.get(reverse("check_booking", args=[draft.token]))["Location"] == reverse(
        "give_contact", args=[draft.token]
    )
    assert desk.agree(other, draft)["Location"] == reverse("give_contact", args=[draft.token])
    for name in ("choose_time", "give_contact"):
        page = desk.text(other.get(reverse(name, args=[draft.token])))
        assert ([word for word in secrets if word in page], "$131.25" in page) == ([], True)
    assert HOUSE not in desk.text(other.get(reverse("quote"), {"change": str(draft.token)}))


def test_another_browser_that_types_its_own_contact_does_not_get_the_note_of_the_first(lees: Client) -> None:
    browser, other = Browser(), Browser()
    draft = desk.ask(browser)
    desk.choose(browser, draft)
    desk.give(browser, draft)
    desk.give(other, draft, name="Kim Park", access_note="", street="1 Other Street")
    assert Quote.objects.get(pk=draft.pk).access_note.open() == ""
    assert "Kim" not in desk.text(browser.get(reverse("give_contact", args=[draft.token])))


def test_the_link_of_a_booked_draft_does_not_lead_a_stranger_to_the_booking(lees: Client, dan: User) -> None:
    browser, booking = claimed()
    assert booking.quote is not None
    for step in ("choose_time", "give_contact", "check_booking"):
        address = reverse(step, args=[booking.quote.token])
        assert browser.get(address)["Location"] == booking.get_absolute_url()
        assert Browser().get(address)["Location"] == reverse("quote")
        assert desk.signed_in(dan).get(address)["Location"] == reverse("quote")


DOORS = [
    ("get", "booking"),
    ("get", "booking_calendar"),
    ("post", "cancel_booking"),
    ("get", "save_card"),
    ("post", "save_card"),
]


def test_a_booking_belongs_to_its_browser_and_to_its_household(lees: Client, dan: User, sol: Member) -> None:
    _browser, booking = claimed()
    dans, sols, theirs = (desk.signed_in(person) for person in (dan, sol, lees.user))
    for way, name in [*DOORS, ("get", "card_saved")]:
        address = reverse(name, args=[booking.token])
        with undone():
            answer = getattr(Browser(), way)(address)
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login")), name
            assert [getattr(browser, way)(address).status_code for browser in (dans, sols)] == [404, 404], name
            answer = getattr(theirs, way)(address)
            if way == "get":  # they came by our mail, and are asked whether it was them
                assert (answer.status_code, answer["Location"]) == (302, reverse("claims")), name
            else:
                assert answer.status_code == 404, name
            assert Booking.objects.get().state == "requested", name


def by_link(booking: Booking, household: Client) -> None:
    """Nobody knew the address; whoever reads its mail says yes."""
    User.objects.filter(pk=household.user.pk).update(email="others@example.org")
    Browser().post(link(booking), {"yes": "yes"})


def by_taking_over(booking: Booking, household: Client) -> None:
    desk.signed_in(household.user).post(reverse("take_over_claim", args=[booking.client.pk]))


@pytest.mark.parametrize("proven", [by_link, by_taking_over])
def test_once_the_address_is_proven_the_browser_that_typed_it_has_nothing_of_the_booking(
    lees: Client, proven: Callable[[Booking, Client], None]
) -> None:
    browser, booking = claimed()
    booking.card_saved(at=NOW, by=None)
    proven(booking, lees)
    for way, name in DOORS:
        with undone():
            answer = getattr(browser, way)(reverse(name, args=[booking.token]))
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login")), name
            assert Booking.objects.get().state == "confirmed", name


def test_a_home_that_was_taken_off_the_list_is_back_when_what_is_booked_there_is_taken_over(lees: Client) -> None:
    _browser, booking = claimed()
    home = Home.objects.get(client=lees)
    home.remove(at=NOW)
    by_taking_over(booking, lees)
    assert list(Home.objects.of(lees.user)) == [home]


def test_the_browser_that_booked_cancels_for_nothing(lees: Client) -> None:
    browser, booking = claimed()
    browser.post(reverse("cancel_booking", args=[booking.token]))
    assert Booking.objects.get().state == "cancelled"


def test_who_waits_is_shown_to_the_browser_that_asked_alone(lees: Client) -> None:
    make.stand("on_leave", *Member.objects.all())
    browser, other = Browser(), Browser()
    draft = desk.ask(browser)
    sent = {"wait-day": str(NINE.date() + DAY), "wait-name": "Jordan Lee", "wait-email": "jordan-lee@example.org"}
    browser.post(reverse("join_waitlist", args=[draft.token]), sent)
    times, entry = reverse("choose_time", args=[draft.token]), WaitlistEntry.objects.get()
    assert "You are on the list" in desk.text(browser.get(times))
    page = desk.text(other.get(times))
    assert [word for word in ("You are on the list", "Jordan", "jordan-lee") if word in page] == []
    assert other.post(reverse("leave_waitlist", args=[entry.token])).status_code == 404
    assert browser.post(reverse("leave_waitlist", args=[entry.token])).status_code == 302


# However a street is written, it is the same house


SAME = [
    ["12 W 72nd St", "12 West 72nd Street", "12 w. 72 st, Apt 4", "Apt 4, 12 West 72nd St.", "12 W 72nd St #4"],
    ["418 7th Ave", "418 Seventh Avenue", "418 7th Av", "418 7 AVENUE, Apt 3R", "418  7th-Ave"],
    ["41-25 Kissena Blvd", "4125 Kissena Boulevard"],
    ["9 St. Mark’s Place", "9 Saint Marks Pl", "9 St Mark's Pl"],
    ["One Hunter’s Lane", "1 Hunters Ln"],
    ["12 NE 5th Rd", "12 Northeast Fifth Road"],
    ["77 Peñón Street", "77 PENON ST"],
    ["12 Avenue A", "12 Ave A"],
]
APART = ["12 W 72nd St", "12 E 72nd St", "12 W 73rd St", "12 72nd St", "14 W 72nd St", "12 Water St", "41 Kissena Blvd"]


def house_of(street: str) -> str:
    return str(ZipCode.objects.annotate(house=HouseOf(Value(street))).values_list("house", flat=True)[0])


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_a_house_is_known_however_its_street_is_written(spellings: list[str]) -> None:
    make.zip_code()
    assert len({house_of(street) for street in spellings}) == 1, {one: house_of(one) for one in spellings}


def test_other_houses_are_others() -> None:
    make.zip_code()
    assert len({house_of(street) for street in APART}) == len(APART)


@pytest.mark.parametrize("spellings", some(SAME, of=4), ids=lambda spellings: spellings[0])
def test_what_a_household_asked_counts_in_its_house_however_a_stranger_writes_the_street(
    ana: Member, spellings: list[str]
) -> None:
    """The turn, the openings and the trigger, one after another."""
    kept, *others = spellings
    household = make.client("Kim Park")
    Home.at(household, street=kept, apartment="", zip=make.zip_code())
    DoNotSend.place(client=household, member=ana, placer="client", reason="other", at=NOW, by=household.user)
    booking = make.claimed(starts_at=NINE, at=NOW, street=others[0])
    booking.card_saved(at=NOW, by=None)
    shift = booking.first_visit().shifts.get()
    assert not shift.suits(ana, at=NOW)
    with pytest.raises(IntegrityError, match="nobody_is_sent_where_they_must_not_go"), transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(member=ana, state="offered")


# Do-not-send does not answer strangers


IDENTITIES: dict[str, dict[str, Any]] = {
    "newcomer": {"email": "somebody-newer@example.org", "street": "12 Newcomers Road"},
    "another household": {"email": "kim-park-there@example.org", "street": "34 Parks Crescent"},
    "the household": {"email": "jordan-lee@example.org", "street": HOUSE},
    "a neighbour's name": {"email": "somebody-else@example.org", "street": f"{HOUSE.upper()} Apt 3"},
}


def walk(identity: str) -> tuple[dict[str, Seen], Booking]:
    """Every step of a booking, with what the browser sees after the card and after the turn."""
    browser, contact = Browser(), desk.CONTACT | IDENTITIES[identity]
    seen = {"ask": look(browser, "post", reverse("quote"), **desk.WISH)}
    draft = Quote.objects.latest("pk")
    steps = {name: reverse(name, args=[draft.token]) for name in ("choose_time", "give_contact", "check_booking")}
    seen["times"] = look(browser, "get", steps["choose_time"])
    seen["choose"] = look(browser, "post", steps["choose_time"], starts_at=desk.THURSDAY_NINE.isoformat())
    seen["give"] = look(browser, "post", steps["give_contact"], **contact)
    seen["book"] = look(Browser(), "get", steps["check_booking"])
    answer = desk.agree(browser, draft)
    assert answer.status_code == 307, desk.text(answer)
    booking = Booking.objects.latest("pk")
    page = booking.get_absolute_url()
    seen["card"] = look(browser, "get", reverse("save_card", args=[booking.token]))
    seen["booking"] = look(browser, "get", page)
    booking.card_saved(at=NOW, by=None)
    seen["booked"] = look(browser, "get", page)
    sweep_offers()
    seen["asked"] = look(browser, "get", page)
    for offer in booking.first_visit().shifts.get().offers.filter(state="made"):
        offer.accept(at=NOW, by=offer.member.user)
    seen["accepted"] = look(browser, "get", page)
    seen["calendar"] = look(browser, "get", reverse("booking_calendar", args=[booking.token]))
    return {name: masked(one, IDENTITIES[identity]) for name, one in seen.items()}, booking


def masked(seen: Seen, typed: dict[str, str]) -> Seen:
    for number, word in enumerate(typed.values()):
        seen.body = seen.body.replace(word, f"typed-{number}")
    return seen


@pytest.mark.parametrize("why", [kept_away, refusing])
def test_a_stranger_learns_nothing_of_a_do_not_send_by_booking(
    lees: Client, ana: Member, why: Callable[[Client, Member], None]
) -> None:
    kim = make.client("Kim Park")
    User.objects.filter(pk=kim.user.pk).update(email="kim-park-there@example.org")
    why(lees, ana)
    found = {}
    for identity in IDENTITIES:
        with undone():
            found[identity], booking = walk(identity)
            shift = booking.first_visit().shifts.get()
            comes = shift.member if shift.state == "accepted" else None
            assert comes == (ana if identity in ("newcomer", "another household") else None)
    for identity, seen in found.items():
        for step, expected in found["newcomer"].items():
            assert (identity, step, seen[step].status, seen[step].body) == (
                identity,
                step,
                expected.status,
                expected.body,
            )
            assert (identity, step, seen[step].asked) == (identity, step, expected.asked)


def test_confirming_costs_the_same_questions_whether_somebody_may_come_or_not(lees: Client, ana: Member) -> None:
    kept_away(lees, ana)
    counts = set()
    for contact in IDENTITIES.values():
        with undone():
            booking = desk.book(Browser(), **contact)
            with connection.execute_wrapper(counter := Counter()):
                Booking.objects.get(pk=booking.pk).card_saved(at=NOW, by=None)
            counts.add(counter.number)
    assert len(counts) == 1


class Counter:
    number = 0

    def __call__(self, execute: Callable[..., object], *rest: object) -> object:
        self.number += 1
        return execute(*rest)


@pytest.mark.parametrize("why", [kept_away, refusing])
def test_the_database_keeps_whoever_must_not_go_from_a_claimed_home(
    lees: Client, ana: Member, why: Callable[[Client, Member], None]
) -> None:
    why(lees, ana)
    _browser, booking = claimed()
    booking.card_saved(at=NOW, by=None)
    shift = booking.first_visit().shifts.get()
    broken = pytest.raises(IntegrityError, match="nobody_is_sent_where_they_must_not_go")
    with broken, transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(member=ana, state="accepted")


def test_a_do_not_send_frees_what_was_booked_with_the_address_of_the_household(lees: Client, ana: Member) -> None:
    booking = make.claimed(starts_at=local(12, 9), at=NOW, email=lees.user.email)
    booking.card_saved(at=NOW, by=None)
    shift = booking.first_visit().shifts.get()
    offer = shift.offer_next(at=NOW)
    assert offer is not None
    kept_away(lees, ana)
    shift.refresh_from_db()
    assert (shift.state, shift.member) == ("open", None)


def test_a_series_with_a_typed_address_shows_no_clash_where_somebody_must_not_go(lees: Client, ana: Member) -> None:
    kept_away(lees, ana)
    browser = Browser()
    draft = desk.ask(browser, every="1")
    desk.choose(browser, draft)
    desk.give(browser, draft)
    desk.agree(browser, draft)
    booking = Booking.objects.get()
    booking.card_saved(at=NOW, by=None)
    booking.series.extend(at=NOW)
    assert set(booking.series.days.values_list("became", flat=True)) == {"visit"}
    assert "Ana" not in desk.text(browser.get(reverse("series", args=[booking.token])))


# Proving it


def test_a_newcomer_proves_the_address_by_the_link_of_the_mail_and_then_sees_who_comes(ana: Member) -> None:
    _browser, booking = claimed()
    booking.card_saved(at=NOW, by=None)
    shift = booking.first_visit().shifts.get()
    shift.offer_next(at=NOW).accept(at=NOW, by=ana.user)
    phone, address = Browser(), link(booking)
    assert "Was it you?" in desk.text(phone.get(address))
    assert Client.objects.get().is_claimed
    answer = phone.post(address, {"yes": "yes"}, follow=True)
    assert "Ana R." in desk.text(answer)
    user = User.objects.get(email="jordan-lee@example.org")
    assert (user.claimed_email, booking.client.user) == ("", user)
    assert "answered already" in desk.text(desk.signed_in(user).get(address, follow=True))


def test_a_newcomer_signs_in_with_the_typed_address_and_the_booking_is_theirs(client: Browser, ana: Member) -> None:
    _browser, booking = claimed()
    ask(client, "jordan-lee@example.org")
    assert Client.objects.get().is_claimed
    enter(client, code_in(mail.outbox[-1]))
    assert who(client) == "jordan-lee@example.org"
    assert client.get(booking.get_absolute_url()).status_code == 200
    assert "Thursday, March 12" in desk.text(client.get(reverse("my_bookings")))


def test_somebody_known_signs_in_before_the_link_of_the_mail_does_anything(lees: Client) -> None:
    _browser, booking = claimed()
    answer = Browser().post(link(booking), {"yes": "yes"})
    assert answer["Location"] == reverse("account_login", query={"next": reverse("claims")})
    assert booking.client.user.claimed_email == "jordan-lee@example.org"


def test_a_wrong_key_proves_nothing(lees: Client) -> None:
    _browser, booking = claimed()
    key = booking.client.claim_key
    for wrong in (f"{key[:-1]}x", f"{lees.pk}-{key.partition('-')[2]}", "0-", "9" * 30, "x"):
        assert Browser().post(reverse("answer_claim", args=[wrong]), {"yes": "yes"})["Location"] == reverse(
            "my_bookings"
        )
    assert Client.objects.get(pk=booking.client.pk).is_claimed


def test_a_household_takes_over_what_was_booked_with_its_address_and_keeps_what_it_wants(lees: Client) -> None:
    mine = desk.signed_in(lees.user)
    _browser, booking = claimed()
    assert "Was it you?" in desk.text(mine.get(reverse("my_bookings")))
    assert HOUSE in desk.text(mine.get(reverse("claims")))
    mine.post(reverse("take_over_claim", args=[booking.client.pk]), {"phone": "on"})
    booking = Booking.objects.get()
    assert booking.home == Home.objects.get(client=lees)
    assert facts(lees)[0] == "+17185552368"
    assert booking.home.access_note.open() == "Red door"
    assert "Thursday, March 12" in desk.text(mine.get(reverse("my_bookings")))
    assert not Client.objects.claiming(lees.user).exists()


def test_what_was_told_with_it_is_kept_where_the_household_wants_so(lees: Client) -> None:
    _browser, booking = claimed()
    desk.signed_in(lees.user).post(reverse("take_over_claim", args=[booking.client.pk]), {"details": "on"})
    home = Home.objects.get(client=lees)
    assert (home.access_note.open(), home.pets) == (desk.CONTACT["access_note"], [])
    assert facts(lees)[0] == "+17185550000"


def test_whom_a_household_does_not_want_does_not_come_by_a_booking_that_it_takes_over(
    lees: Client, ana: Member, bo: Member
) -> None:
    booking = make.claimed(starts_at=local(12, 9), at=NOW, email=lees.user.email)
    booking.card_saved(at=NOW, by=None)
    stranger = booking.client
    DoNotSend.place(client=stranger, member=bo, placer="member", reason="other", at=NOW, by=bo.user)
    desk.signed_in(lees.user).post(reverse("take_over_claim", args=[stranger.pk]))
    assert DoNotSend.objects.standing().filter(client=lees, member=bo, placer="member").exists()


def test_somebody_known_without_a_household_begins_one_with_it(dan: User, ana: Member) -> None:
    _browser, booking = claimed(email=dan.email)
    desk.signed_in(dan).post(reverse("take_over_claim", args=[booking.client.pk]))
    assert Booking.objects.get().client.user == dan
    assert User.objects.get(pk=booking.client.user.pk).is_active is False


def test_nobody_takes_over_what_claims_the_address_of_somebody_else(lees: Client, dan: User) -> None:
    _browser, booking = claimed()
    for name in ("take_over_claim", "disown_claim"):
        assert desk.signed_in(dan).post(reverse(name, args=[booking.client.pk])).status_code == 404
    assert HOUSE not in desk.text(desk.signed_in(dan).get(reverse("claims")))


def test_it_was_not_us_cancels_what_costs_nothing_and_no_mail_goes_there_any_more(lees: Client) -> None:
    _browser, booking = claimed()
    booking.card_saved(at=NOW, by=None)
    page = desk.text(Browser().post(link(booking), {"no": "no"}, follow=True))
    assert "It is cancelled" in page
    assert Booking.objects.get().state == "cancelled"
    assert Client.objects.get(pk=booking.client.pk).user.address == ""
    assert Notice.objects.to_call(NOW + DAY).filter(key__startswith="booking_cancelled").exists()


def test_what_is_too_near_to_be_cancelled_for_nothing_waits_for_a_call(
    lees: Client, clock: time_machine.Traveller
) -> None:
    _browser, booking = claimed()
    booking.card_saved(at=NOW, by=None)
    clock.move_to(desk.THURSDAY_NINE - timedelta(hours=3))
    desk.signed_in(lees.user).post(reverse("disown_claim", args=[booking.client.pk]))
    assert Booking.objects.get().state == "confirmed"
    assert Notice.objects.to_call(desk.THURSDAY_NINE).filter(key=f"booking_disowned:{booking.pk}").exists()


# What is kept, and how long


def test_what_came_of_nothing_is_forgotten_after_two_weeks(lees: Client, clock: time_machine.Traveller) -> None:
    _browser, booking = claimed()
    booking.lapse(at=booking.card_due_at, by=None)
    clock.move_to(NOW + 13 * DAY)
    sweep_notes()
    assert Client.objects.get(pk=booking.client.pk).is_claimed
    clock.move_to(NOW + 15 * DAY)
    sweep_notes()
    forgotten = Client.objects.get(pk=booking.client.pk)
    quote = Quote.objects.get()
    assert (forgotten.user.name, forgotten.user.claimed_email, str(forgotten.phone)) == ("", "", "")
    assert (quote.email, quote.street, booking.home.access_note.open()) == ("", "", desk.CONTACT["access_note"])
    assert Home.objects.get(pk=booking.home.pk).access_note.open() == ""


def test_what_takes_place_is_not_forgotten(lees: Client, clock: time_machine.Traveller) -> None:
    booking = make.claimed(starts_at=local(30, 9), at=NOW, email=lees.user.email)
    booking.card_saved(at=NOW, by=None)
    clock.move_to(NOW + 15 * DAY)
    sweep_notes()
    assert Client.objects.get(pk=booking.client.pk).is_claimed


def test_nobody_is_written_to_at_the_address_of_somebody_who_was_forgotten(dan: User, ana: Member) -> None:
    _browser, booking = claimed(email=dan.email)
    erase(dan, at=NOW)
    assert Client.objects.get(pk=booking.client.pk).user.address == ""


def test_the_office_sees_that_nobody_of_the_household_has_confirmed_it(lees: Client, sol: Member) -> None:
    _browser, booking = claimed()
    office = desk.signed_in(sol)
    page = desk.text(office.get(reverse("client", args=[booking.client.pk])))
    assert ("Not confirmed by the household yet" in page, "jordan-lee@example.org" in page) == (True, True)
    assert "Not confirmed" not in desk.text(office.get(reverse("client", args=[lees.pk])))
