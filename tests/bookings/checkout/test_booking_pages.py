"""Booking in four steps, as a client's browser sees it, without JavaScript."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.checkout import kept_times
from bookings.models import AreaRequest, Booking, Home, KeptTime, Quote, Shift
from coop.models import Amendment
from members.models import Member, Notice, User
from tests import make
from tests.bookings import desk
from tests.browsers import Browser
from tests.proofs import some

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor() -> Browser:
    return Browser()


def test_the_first_page_shows_a_price_and_where_each_dollar_goes_before_anything_is_asked(visitor: Browser) -> None:
    page = desk.text(visitor.get(reverse("quote")))
    assert "$131.25" in page
    assert "3.5 hours" in page
    assert "$124.69" in page


def test_the_front_page_may_ask_for_a_price_by_its_address(visitor: Browser) -> None:
    page = desk.text(
        visitor.get(reverse("quote"), {"service": "deep", "zip": "11215", "bedrooms": "3", "bathrooms": "2"})
    )
    assert 'value="deep"' in page
    assert "$285.13" in page
    assert 'value="11215"' in page


def test_the_price_follows_each_choice(visitor: Browser) -> None:
    page = desk.text(visitor.get(reverse("quote_price"), desk.WISH | {"add_ons": ["oven", "fridge"]}))
    assert "$163.25" in page
    assert "4.5 hours" in page


def test_extras_that_do_not_belong_to_a_service_cost_nothing(visitor: Browser) -> None:
    page = desk.text(visitor.get(reverse("quote_price"), {"service": "aide", "hours": "180", "add_ons": ["oven"]}))
    assert "$102.00" in page


def test_without_javascript_a_button_shows_the_price_and_makes_nothing(visitor: Browser) -> None:
    page = desk.text(visitor.post(reverse("quote"), desk.WISH | {"zip": "", "show_price": "1", "bedrooms": "4"}))
    assert "$187.50" in page
    assert Quote.objects.count() == 0


def test_a_client_books_in_four_steps_without_an_account(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor, add_ons=["oven"])
    assert "9:00" in desk.text(visitor.get(reverse("choose_time", args=[draft.token])))
    assert desk.choose(visitor, draft)["Location"] == reverse("give_contact", args=[draft.token])
    assert "418" not in desk.text(visitor.get(reverse("give_contact", args=[draft.token])))
    assert desk.give(visitor, draft)["Location"] == reverse("check_booking", args=[draft.token])
    last_look = desk.text(visitor.get(reverse("check_booking", args=[draft.token])))
    for word in (
        "Cleaning",
        "Thursday, March 12",
        "9:00 AM",
        "418 7th Ave, 3",
        "Jordan Lee",
        "$147.25",
        "Inside the oven",
    ):
        assert word in last_look
    assert "4417#" not in last_look
    answer = desk.agree(visitor, draft)
    booking = Booking.objects.get()
    assert (answer.status_code, answer["Location"]) == (307, reverse("save_card", args=[booking.token]))
    assert (booking.state, booking.client.user.address, booking.first_visit().cents) == (
        "requested",
        "jordan-lee@example.org",
        14725,
    )
    assert Home.objects.get().access_note.open() == desk.CONTACT["access_note"]


def test_a_saved_card_confirms_the_booking_by_page_mail_and_calendar(visitor: Browser, ana: Member) -> None:
    booking = desk.book(visitor)
    booking.card_saved(at=desk.NOW, by=None)
    page = desk.text(visitor.get(booking.get_absolute_url()))
    for words in (
        "You are booked.",
        "Thursday, March 12",
        "$131.25",
        "You see who comes once you have confirmed your e-mail address",
        "418 7th Ave, 3",
    ):
        assert words in page
    assert ("4417#" in page, "Their name stands here" in page) == (False, False)
    notice = Notice.objects.get(user=booking.client.user)
    assert notice.subject == "Your visit on Thursday, March 12 at 9:00 AM is booked"
    assert booking.get_absolute_url() in notice.body
    assert "418 7th Ave" not in notice.body
    answer = visitor.get(reverse("booking_calendar", args=[booking.token]))
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20260312T130000Z" in answer.content.decode()


def test_whoever_accepts_is_named_by_first_name_and_initial(visitor: Browser, ana: Member) -> None:
    visit = desk.confirmed(visitor)
    theirs = desk.signed_in(visit.booking.client.user)
    page = desk.text(theirs.get(visit.booking.get_absolute_url()))
    assert "Ana R." in page
    assert "Reyes" not in page


def test_a_mistake_in_the_contact_keeps_everything_else_that_was_typed(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    page = desk.text(desk.give(visitor, draft, email="no address"))
    for typed in ("Jordan Lee", "no address", "418 7th Ave", "the dog is friendly", "(718) 555-2368"):
        assert typed in page
    assert "This is not a whole e-mail address" in page


def test_a_step_cannot_be_skipped(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor)
    times = reverse("choose_time", args=[draft.token])
    assert visitor.get(reverse("give_contact", args=[draft.token]))["Location"] == times
    assert visitor.get(reverse("check_booking", args=[draft.token]))["Location"] == times
    assert desk.agree(visitor, draft)["Location"] == times
    desk.choose(visitor, draft)
    contact = reverse("give_contact", args=[draft.token])
    assert visitor.get(reverse("check_booking", args=[draft.token]))["Location"] == contact


def test_changing_what_is_wanted_keeps_the_time_and_the_contact(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    page = desk.text(visitor.get(reverse("quote"), {"change": str(draft.token)}))
    assert f'value="{draft.token}"' in page
    assert desk.ask(visitor, bedrooms="3", change=draft.token) == draft
    assert "checked" in desk.text(visitor.get(reverse("choose_time", args=[draft.token])))
    assert desk.choose(visitor, draft)["Location"] == reverse("check_booking", args=[draft.token])
    draft.refresh_from_db()
    assert (draft.cents, draft.street, Quote.objects.count()) == (15938, "418 7th Ave", 1)


def test_a_changed_wish_lets_go_of_the_kept_time(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.ask(visitor, bedrooms="3", change=draft.token)
    assert not Shift.objects.exists()


def test_one_must_agree_before_booking(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    page = desk.text(visitor.post(reverse("check_booking", args=[draft.token])))
    assert "Please say that you agree before you book." in page
    assert not Booking.objects.exists()


def test_booking_twice_is_booking_once(visitor: Browser, ana: Member) -> None:
    booking = desk.book(visitor)
    answer = desk.agree(visitor, booking.quote)
    assert answer["Location"] == booking.get_absolute_url()
    for step in ("choose_time", "give_contact", "check_booking"):
        assert visitor.get(reverse(step, args=[booking.quote.token]))["Location"] == booking.get_absolute_url()
    assert Booking.objects.count() == 1


def test_a_time_just_taken_offers_the_three_nearest_as_buttons(visitor: Browser, ana: Member) -> None:
    mine, other = desk.ask(visitor), desk.ask(Browser())
    desk.choose(Browser(), other)
    answer = desk.choose(visitor, mine)
    page = desk.text(answer)
    assert "That time was just taken." in page
    assert page.count('<button class="button quiet" name="starts_at"') == 3
    assert mine.shifts.count() == 0


def test_a_time_lost_after_the_hold_lapsed_is_told_at_the_end_and_nothing_typed_is_lost(
    visitor: Browser, ana: Member, monday_morning: time_machine.Traveller
) -> None:
    mine = desk.ask(visitor)
    desk.choose(visitor, mine)
    desk.give(visitor, mine)
    monday_morning.shift(timedelta(minutes=11))
    desk.book(Browser(), email="other@example.org")
    page = desk.text(desk.agree(visitor, mine))
    assert "We kept this time for you as long as we could" in page
    assert "That time was just taken." not in page
    assert page.count('<button class="button quiet" name="starts_at"') == 3
    assert "418 7th Ave, 3" in page
    assert "With your getting-in note" in page
    assert Booking.objects.count() == 1
    nearest = mine.nearest(desk.THURSDAY_NINE, at=desk.NOW + timedelta(minutes=11))[0]
    assert desk.choose(visitor, mine, nearest)["Location"] == reverse("check_booking", args=[mine.token])
    desk.agree(visitor, mine)
    assert mine.booking.first_visit().starts_at == nearest


def test_a_lapsed_hold_is_taken_again_without_a_word(
    visitor: Browser, ana: Member, monday_morning: time_machine.Traveller
) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    monday_morning.shift(timedelta(hours=1))
    desk.agree(visitor, draft)
    assert Booking.objects.get().state == "requested"


def test_a_time_that_has_come_too_near_is_not_sold_any_more(
    visitor: Browser, ana: Member, monday_morning: time_machine.Traveller
) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    monday_morning.shift(timedelta(days=4))
    assert "We kept this time for you as long as we could" in desk.text(desk.agree(visitor, draft))
    assert not Booking.objects.exists()


def test_an_old_price_is_asked_for_anew_with_everything_kept(
    visitor: Browser, ana: Member, monday_morning: time_machine.Traveller
) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    monday_morning.shift(timedelta(days=15))
    answer = visitor.get(reverse("check_booking", args=[draft.token]))
    assert answer["Location"] == reverse("quote", query={"change": draft.token})
    assert "A price is good for 14 days." in desk.text(visitor.get(answer["Location"]))
    desk.ask(visitor, change=draft.token)
    draft.refresh_from_db()
    assert draft.street == "418 7th Ave"


def test_an_area_that_is_not_served_is_told_which_are(visitor: Browser) -> None:
    page = desk.text(visitor.post(reverse("quote"), desk.WISH | {"zip": "90210"}))
    assert "We do not come to 90210 yet." in page
    for borough in ("the Bronx", "Brooklyn", "Manhattan", "Queens", "Staten Island"):
        assert borough in page
    assert Quote.objects.count() == 0
    assert "Tell me" in desk.text(visitor.get(reverse("quote"), {"zip": "90210"}))
    assert "Tell me" in desk.text(visitor.get(reverse("quote_price"), desk.WISH | {"zip": "90210"}))


def test_somebody_may_ask_to_be_told_when_we_come_to_their_area(visitor: Browser) -> None:
    wish = {"email": "Far@example.org", "zip": "90210"}
    for _twice in range(2):
        page = desk.text(visitor.post(reverse("ask_for_area"), wish, follow=True))
        assert "We will write to you as soon as we come to your area." in page
    assert list(AreaRequest.objects.values_list("email", "zip")) == [("far@example.org", "90210")]
    page = desk.text(visitor.post(reverse("ask_for_area"), {"email": "no address", "zip": "9"}))
    assert "A ZIP code has five digits." in page


def test_days_without_anybody_free_are_not_shown(visitor: Browser) -> None:
    member = make.member("Eva Two", hours=None)
    make.available(member, weekday=2, starts=9, ends=13)
    draft = desk.ask(visitor)
    page = desk.text(visitor.get(reverse("choose_time", args=[draft.token])))
    shown = [piece.partition("</b>")[0] for piece in page.split('<details class="day"')[1:]]
    assert [one.partition("<b>")[2] for one in shown] == ["Wednesday, March 11", "Wednesday, March 18"]


def test_when_nobody_is_free_the_next_fortnight_is_offered(visitor: Browser) -> None:
    draft = desk.ask(visitor)
    page = desk.text(visitor.get(reverse("choose_time", args=[draft.token])))
    assert "Nobody is free on these days." in page
    assert "?first=2026-03-23" in page
    last = desk.text(visitor.get(reverse("choose_time", args=[draft.token]), {"first": "2026-05-07"}))
    assert "Change what you need" in last
    assert "Later" not in last


def test_a_day_under_new_rules_shows_and_costs_its_own_price(visitor: Browser, ana: Member) -> None:
    Amendment.objects.create(
        policy="bookings.pay_floor", numerator=4000, effective_on="2026-03-15", enacted_at=desk.NOW, source="test:1"
    )
    draft = desk.ask(visitor)
    page = desk.text(visitor.get(reverse("choose_time", args=[draft.token])))
    assert page.count("$147.37") == 8
    assert draft.cents == 13125
    desk.choose(visitor, draft, desk.THURSDAY_NINE + timedelta(days=4))
    draft.refresh_from_db()
    assert draft.cents == 14737


def test_a_signed_in_client_types_nothing_twice(visitor: Browser, ana: Member) -> None:
    user = desk.prove(desk.book(visitor))
    assert user.email == "jordan-lee@example.org"
    mine = desk.signed_in(user)
    assert 'value="11215"' in desk.text(mine.get(reverse("quote")))
    draft = desk.ask(mine)
    desk.choose(mine, draft, desk.THURSDAY_NINE + timedelta(days=1))
    page = desk.text(mine.get(reverse("give_contact", args=[draft.token])))
    for known in ("Jordan Lee", "jordan-lee@example.org", "(718) 555-2368", "418 7th Ave, 3", "Another address"):
        assert known in page
    contact = {"name": "Jordan Lee", "phone": "(718) 555-2369", "home": str(Home.objects.get().pk), "email": "x@y.org"}
    mine.post(reverse("give_contact", args=[draft.token]), contact)
    answer = desk.agree(mine, draft)
    booking = Booking.objects.latest("pk")
    assert answer.status_code == 302
    assert (booking.home, booking.client.user, Home.objects.count()) == (Home.objects.get(), user, 1)
    assert str(booking.client.phone) == "+17185552369"
    assert booking.home.access_note.open() == desk.CONTACT["access_note"]


def test_nobody_chooses_somebody_elses_home(visitor: Browser, ana: Member, dan: User) -> None:
    desk.book(visitor)
    other = desk.signed_in(dan)
    draft = desk.ask(other)
    desk.choose(other, draft, desk.THURSDAY_NINE + timedelta(days=1))
    page = desk.text(other.get(reverse("give_contact", args=[draft.token])))
    assert "418 7th Ave" not in page
    contact = desk.CONTACT | {"home": str(Home.objects.get().pk), "street": ""}
    assert "This is still missing." in desk.text(other.post(reverse("give_contact", args=[draft.token]), contact))


def test_who_knows_an_address_by_heart_does_not_change_that_persons_phone(visitor: Browser, ana: Member) -> None:
    mine = desk.book(visitor)
    desk.prove(mine)
    desk.book(Browser(), desk.THURSDAY_NINE + timedelta(days=1), phone="(212) 555-0100")
    mine.client.refresh_from_db()
    assert str(mine.client.phone) == "+17185552368"


def test_the_token_is_the_only_key_and_cannot_be_guessed(visitor: Browser, ana: Member) -> None:
    booking = desk.book(visitor)
    assert booking.token.version == 4
    assert booking.quote.token != booking.token
    for name in ("choose_time", "give_contact", "check_booking", "booking", "booking_calendar"):
        assert visitor.get(reverse(name, args=[uuid4()])).status_code == 404
    assert visitor.get("/bookings/1").status_code == 404
    assert "no-store" in visitor.get(booking.get_absolute_url())["Cache-Control"]


GARBAGE = [
    "",
    "0",
    "-1",
    "99999999999999999999",
    "abc",
    "' OR 1=1 --",
    "<script>",
    "\x00",
    "é" * 300,
    "٣",
    "2026-02-30",
]


@pytest.mark.parametrize("value", some(GARBAGE, of=3))
def test_garbage_in_any_parameter_is_answered_by_a_page(visitor: Browser, ana: Member, value: str) -> None:
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    times, contact, check = (
        reverse(step, args=[draft.token]) for step in ("choose_time", "give_contact", "check_booking")
    )
    for name in (*desk.WISH, "add_ons", "change", "nonsense"):
        for answer in (
            visitor.get(reverse("quote"), desk.WISH | {name: value}),
            visitor.get(reverse("quote_price"), desk.WISH | {name: value}),
            visitor.post(reverse("quote"), desk.WISH | {name: value}),
        ):
            assert answer.status_code in (200, 302)
    assert visitor.get(times, {"first": value}).status_code == 200
    assert visitor.post(times, {"starts_at": value}).status_code == 200
    for name in (*desk.CONTACT, "home"):
        assert visitor.post(contact, desk.CONTACT | {name: value}).status_code in (200, 302)
    assert visitor.post(check, {"agreed": value}).status_code in (200, 302, 307)
    assert visitor.post(reverse("ask_for_area"), {"email": value, "zip": value}).status_code in (200, 302)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-12T09:07:00-04:00", "0001-01-01"]
)
def test_a_time_that_was_never_for_sale_is_not_sold(visitor: Browser, ana: Member, moment: str) -> None:
    draft = desk.ask(visitor)
    answer = visitor.post(reverse("choose_time", args=[draft.token]), {"starts_at": moment})
    assert answer.status_code == 200
    assert not Shift.objects.exists()
    assert visitor.get(reverse("choose_time", args=[draft.token]), {"first": moment[:10]}).status_code == 200


def test_the_pages_ask_the_database_as_often_for_many_members_as_for_few(visitor: Browser, ana: Member) -> None:
    draft = desk.ask(visitor)
    few = _queries(visitor, draft)
    for _ in range(12):
        make.member()
    assert _queries(visitor, draft) == few
    assert max(few) <= 14


def _queries(visitor: Browser, draft: Quote) -> list[int]:
    counts = []
    for url in (reverse("quote"), reverse("quote_price"), reverse("choose_time", args=[draft.token])):
        with CaptureQueriesContext(connection) as queries:
            visitor.get(url)
        counts.append(len(queries))
    return counts


def test_one_visitor_keeps_at_most_three_times_at_once(visitor: Browser) -> None:
    for _number in range(5):
        make.member()
    drafts = [desk.ask(visitor) for _number in range(4)]
    kept = [desk.choose(visitor, draft).status_code for draft in drafts]
    page = desk.choose(visitor, drafts[3])
    assert kept == [302, 302, 302, 200]
    assert "We keep other times for you already." in desk.text(page)
    assert desk.choose(visitor, drafts[0]).status_code == 302  # one's own may still be changed
    neighbor = Browser()  # behind the same address
    assert desk.choose(neighbor, drafts[3]).status_code == 302


def test_whoever_forgets_each_cookie_is_stopped_by_a_wide_ceiling_for_their_address(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_times, "CEILING", 1)
    for _number in range(5):
        make.member()
    drafts = [desk.ask(visitor) for _number in range(4)]
    assert [desk.choose(Browser(), draft).status_code for draft in drafts] == [302, 302, 302, 200]
    next_door = Browser(REMOTE_ADDR="203.0.113.9")
    assert desk.choose(next_door, drafts[3]).status_code == 302


def test_one_line_of_ipv6_is_one_address_however_many_it_uses(visitor: Browser) -> None:
    line = [Browser(REMOTE_ADDR=f"2001:db8:0:1::{number}") for number in (1, 2)]
    other = Browser(REMOTE_ADDR="2001:db8:0:2::1")
    for browser in (*line, other):
        make.member()
        desk.choose(browser, desk.ask(browser))
    networks = list(KeptTime.objects.order_by("pk").values_list("network", flat=True))
    assert (networks[0] == networks[1], networks[0] == networks[2]) == (True, False)


def test_times_that_lapsed_make_room_for_others(monday_morning: time_machine.Traveller) -> None:
    for _number in range(5):
        make.member()
    visitor = Browser()
    drafts = [desk.ask(visitor) for _number in range(4)]
    assert [desk.choose(visitor, draft).status_code for draft in drafts] == [302, 302, 302, 200]
    monday_morning.shift(timedelta(minutes=11))
    assert desk.choose(visitor, drafts[3]).status_code == 302


def test_who_is_signed_in_keeps_as_many_times_as_they_need(lee: User) -> None:
    for _number in range(5):
        make.member()
    visitor = Browser()
    visitor.force_login(lee)
    assert [desk.choose(visitor, desk.ask(Browser())).status_code for _number in range(4)] == [302] * 4
