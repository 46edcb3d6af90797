"""A day that is full: who waits is asked in the order in which they came, one household at a time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from bookings.checkout.area_requests import AreaRequest
from bookings.checkout.tasks import sweep_holds, sweep_waitlist
from bookings.models import AddOn, Booking, DoorSign, Quote, Service, Shift, WaitlistEntry
from coop.errors import Refusal
from members.models import Leave, Member, Notice, User
from tests import make
from tests.bookings import desk
from tests.bookings.desk import NOW, THURSDAY_NINE
from tests.browsers import Browser

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 3, 12)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def away(ana: Member) -> Leave:
    """Ana, who is the only one, does not work on Thursday."""
    return Leave.objects.create(member=ana, starts_on=THURSDAY, ends_on=THURSDAY)


def wait(name: str, at: datetime = NOW) -> WaitlistEntry:
    draft = make.quote(at=at)
    return WaitlistEntry.join(draft, THURSDAY, name=name, email=f"{name.lower()}@example.org", at=at)


def states() -> list[tuple[str, str]]:
    return [(entry.user.name, entry.state) for entry in WaitlistEntry.objects.order_by("pk")]


def asked() -> list[str]:
    return [notice.user.name for notice in Notice.objects.filter(key__startswith="waitlist:").order_by("pk")]


def test_a_full_day_is_offered_to_wait_for_on_the_page(away: Leave) -> None:
    visitor = Browser()
    draft = desk.ask(visitor)
    page = reverse("choose_time", args=[draft.token])
    assert 'value="2026-03-12"' in desk.text(visitor.get(page))
    sent = {"wait-day": "2026-03-12", "wait-name": "Kim", "wait-email": "kim@example.org"}
    assert visitor.post(reverse("join_waitlist", args=[draft.token]), sent)["Location"] == page
    assert "You are on the list for Thursday, March 12." in desk.text(visitor.get(page))
    entry = WaitlistEntry.objects.get()
    assert (entry.day, entry.user.address, entry.state) == (THURSDAY, "kim@example.org", "waiting")
    visitor.post(reverse("leave_waitlist", args=[entry.token]))
    assert states() == [("Kim", "over")]


def test_a_mistake_keeps_what_was_typed(away: Leave) -> None:
    visitor = Browser()
    draft = desk.ask(visitor)
    sent = {"wait-day": "2026-03-12", "wait-name": "Kim Park", "wait-email": "kim at home"}
    page = desk.text(visitor.post(reverse("join_waitlist", args=[draft.token]), sent))
    assert "Kim Park" in page
    assert "kim at home" in page
    assert "This is not a whole e-mail address" in page
    assert states() == []


def test_a_day_with_times_is_not_waited_for(ana: Member) -> None:
    with pytest.raises(Refusal, match="There is a time free on that day now"):
        wait("Kim")


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 3, 1), date(2026, 9, 1), date.max])
def test_a_day_that_cannot_be_booked_is_not_waited_for(ana: Member, day: date) -> None:
    with pytest.raises(Refusal, match="That day cannot be booked"):
        WaitlistEntry.join(make.quote(at=NOW), day, name="Kim", email="kim@example.org", at=NOW)


def test_waiting_twice_is_waiting_once(away: Leave, lee: User) -> None:
    draft = make.quote(at=NOW)
    twice = [WaitlistEntry.join(draft, THURSDAY, name="Kim", email="kim@example.org", at=NOW) for _twice in range(2)]
    lees = [WaitlistEntry.join(make.quote(at=NOW), THURSDAY, name="", email="", at=NOW, by=lee) for _twice in range(2)]
    assert (twice[0], lees[0], WaitlistEntry.objects.count()) == (twice[1], lees[1], 2)


def test_nobody_is_asked_while_the_day_is_full(away: Leave) -> None:
    wait("Kim")
    sweep_waitlist()
    assert (states(), asked()) == ([("Kim", "waiting")], [])


def test_nobody_is_asked_or_told_while_the_door_is_closed(away: Leave, sol: Member) -> None:
    wait("Kim")
    make.zip_code("10001")
    AreaRequest.ask(email="lou@example.org", zip="10001", language="en", at=NOW)
    away.delete()
    DoorSign.hang(is_open=False, words_en="Full", words_es="Lleno", at=NOW, by=sol.user)
    sweep_waitlist()
    assert (asked(), mail.outbox) == ([], [])
    DoorSign.objects.create(is_open=True, hung_at=NOW, hung_by=sol.user)
    sweep_waitlist()
    assert (asked(), [one.to for one in mail.outbox]) == (["Kim"], [["lou@example.org"]])


@pytest.mark.parametrize("what", [Service, AddOn])
def test_nobody_is_asked_for_what_is_retired(away: Leave, sol: Member, what: type[Service | AddOn]) -> None:
    wait("Kim")
    draft = Quote.objects.get()
    draft.extras.create(addon=AddOn.objects.get(code="oven"))
    away.delete()
    one = what.objects.get(code="cleaning" if what is Service else "oven")
    one.retire(from_day=NOW.date(), at=NOW, by=sol.user)
    with pytest.raises(Refusal, match="We do not offer"):
        WaitlistEntry.join(draft, THURSDAY, name="Lou", email="lou@example.org", at=NOW)
    sweep_waitlist()
    assert asked() == []
    one.bring_back(at=NOW, by=sol.user)
    sweep_waitlist()
    assert asked() == ["Kim"]


def test_one_household_at_a_time_is_asked_in_the_order_in_which_they_came(
    away: Leave, monday_morning: time_machine.Traveller
) -> None:
    first, _second = wait("Kim"), wait("Lou")
    away.delete()
    sweep_waitlist()
    sweep_waitlist()
    assert (states(), asked()) == ([("Kim", "asked"), ("Lou", "waiting")], ["Kim"])
    assert Shift.objects.get(quote=first.quote).held_until == NOW + timedelta(minutes=30)
    monday_morning.shift(timedelta(minutes=30))
    sweep_holds()
    sweep_waitlist()
    assert (states(), asked()) == ([("Kim", "over"), ("Lou", "asked")], ["Kim", "Lou"])


def test_the_mail_leads_to_the_time_that_is_kept(away: Leave) -> None:
    entry = wait("Kim")
    away.delete()
    sweep_waitlist()
    notice = Notice.objects.get()
    draft = Quote.objects.get(pk=entry.quote_id)
    assert notice.subject == "A time opened: Thursday, March 12 at 8:00 AM"
    assert reverse("check_booking", args=[draft.token]) in notice.body
    assert draft.starts_at == THURSDAY_NINE - timedelta(hours=1)


def test_who_books_the_time_has_taken_it(away: Leave) -> None:
    entry = wait("Kim")
    away.delete()
    sweep_waitlist()
    visitor, draft = Browser(), Quote.objects.get(pk=entry.quote_id)
    desk.give(visitor, draft, email="kim@example.org")
    desk.agree(visitor, draft)
    assert Booking.objects.get().first_visit().starts_at == THURSDAY_NINE - timedelta(hours=1)
    sweep_waitlist()
    assert states() == [("Kim", "taken")]


def test_who_books_another_day_waits_no_longer(away: Leave) -> None:
    entry = wait("Kim")
    booked = make.booking(quote=entry.quote, starts_at=THURSDAY_NINE + timedelta(days=1), at=NOW)
    sweep_waitlist()
    assert (booked.state, states()) == ("requested", [("Kim", "over")])


def test_a_time_that_is_kept_already_is_not_taken_away(away: Leave) -> None:
    entry = wait("Kim")
    entry.quote.choose_time(THURSDAY_NINE + timedelta(days=1), at=NOW)
    away.delete()
    sweep_waitlist()
    assert states() == [("Kim", "waiting")]


def test_nobody_is_woken_at_night(away: Leave, monday_morning: time_machine.Traveller) -> None:
    wait("Kim")
    away.delete()
    monday_morning.move_to(NOW.replace(hour=20, minute=45), tick=False)
    sweep_waitlist()
    assert asked() == []
    monday_morning.move_to(NOW.replace(day=10, hour=7, minute=1), tick=False)
    sweep_waitlist()
    assert asked() == ["Kim"]


def test_when_the_day_is_here_the_wait_is_over(away: Leave, monday_morning: time_machine.Traveller) -> None:
    wait("Kim")
    monday_morning.move_to(NOW.replace(day=12), tick=False)
    sweep_waitlist()
    assert states() == [("Kim", "over")]


def test_a_wait_that_is_over_is_not_left_again(away: Leave) -> None:
    entry = wait("Kim")
    entry.leave(at=NOW, by=None)
    answer = Browser().post(reverse("leave_waitlist", args=[entry.token]))
    assert answer.status_code == 404
