"""What a client sees before they change a visit, and what the click does."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Shift, Visit
from coop.models import Amendment
from members.models import Member, Notice, User
from tests import make
from tests.bookings import desk
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY_TEN = desk.THURSDAY_NINE + DAY + HOUR


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def theirs(lee: User, clock: object) -> Browser:
    make.zip_code("11215")
    return desk.signed_in(lee)


def times(visit: Visit) -> str:
    return reverse("move_own_visit", args=[visit.pk])


def cancelling(visit: Visit) -> str:
    return reverse("cancel_own_visit", args=[visit.pk])


def words(response: Any) -> str:
    return unescape(desk.text(response))


def test_the_visit_says_how_it_can_be_changed(theirs: Browser, ana: Member) -> None:
    visit = desk.confirmed(theirs)
    page = words(theirs.get(visit.get_absolute_url()))
    assert "Cancelling is free until Wednesday, March 11, 9:00 AM. A visit can be moved 2 times." in page
    assert (times(visit) in page, cancelling(visit) in page) == (True, True)


def test_moving_shows_times_then_what_it_means_and_then_moves(theirs: Browser, ana: Member) -> None:
    visit = desk.confirmed(theirs)
    grid = words(theirs.get(times(visit)))
    assert f'value="{FRIDAY_TEN.astimezone(visit.zone).isoformat()}"' in grid or "10:00 AM" in grid
    asked = words(theirs.get(times(visit), {"starts_at": FRIDAY_TEN.isoformat()}))
    assert "Friday, March 13 10:00 AM" in asked.replace("<br>", " ")
    assert "The price stays as it is." in asked
    assert "You can move this visit 1 more time." in asked
    assert Visit.objects.get().starts_at == desk.THURSDAY_NINE
    answer = theirs.post(times(visit), {"starts_at": FRIDAY_TEN.isoformat(), "cents": visit.cents}, follow=True)
    assert "Your visit is moved." in words(answer)
    assert (Visit.objects.get().starts_at, Shift.objects.get().starts_at) == (FRIDAY_TEN, FRIDAY_TEN)


def test_another_price_is_said_before_the_click(theirs: Browser, ana: Member) -> None:
    visit = desk.confirmed(theirs)
    Amendment.objects.create(
        policy="bookings.pay_floor", numerator=6000, effective_on=FRIDAY_TEN.date(), enacted_at=desk.NOW, source="vote"
    )
    new = visit.price_on(FRIDAY_TEN.date()).cents
    asked = words(theirs.get(times(visit), {"starts_at": FRIDAY_TEN.isoformat()}))
    assert "until now it was $" in asked
    assert f'name="cents" value="{new}"' in asked
    answer = theirs.post(times(visit), {"starts_at": FRIDAY_TEN.isoformat(), "cents": visit.cents})
    assert "The price of that day has changed in the meantime." in words(answer)
    assert Visit.objects.get().starts_at == desk.THURSDAY_NINE


def test_a_time_that_was_taken_meanwhile_leads_to_the_nearest(theirs: Browser, ana: Member) -> None:
    visit = desk.confirmed(theirs)
    make.booking(starts_at=FRIDAY_TEN, at=desk.NOW)
    answer = theirs.post(times(visit), {"starts_at": FRIDAY_TEN.isoformat(), "cents": visit.cents})
    page = words(answer)
    assert "That time was just taken." in page
    assert page.count('class="button quiet" name="starts_at"') == 3
    again = words(theirs.get(times(visit), {"starts_at": FRIDAY_TEN.isoformat()}))
    assert "That time was just taken." in again


@pytest.mark.parametrize("asked", ["", "yesterday", "2026-02-30T10:00", "0001-01-01T00:00:00+14:00", "\0"])
def test_a_time_that_makes_no_sense_shows_the_times(theirs: Browser, ana: Member, asked: str) -> None:
    visit = desk.confirmed(theirs)
    assert theirs.get(times(visit), {"starts_at": asked}).status_code == 200
    assert theirs.post(times(visit), {"starts_at": asked, "cents": asked}).status_code == 200


def test_what_cannot_be_moved_any_more_says_so(theirs: Browser, ana: Member, clock: time_machine.Traveller) -> None:
    visit = desk.confirmed(theirs)
    clock.move_to(desk.THURSDAY_NINE - HOUR)
    page = words(theirs.get(visit.get_absolute_url()))
    assert "It is too close to the visit to move it." in page
    assert times(visit) not in page
    assert "It is too close to the visit to move it." in words(theirs.get(times(visit), follow=True))


def test_the_fee_and_who_gets_it_are_said_before_the_click(
    theirs: Browser, ana: Member, clock: time_machine.Traveller
) -> None:
    visit = desk.confirmed(theirs)
    clock.move_to(desk.THURSDAY_NINE - 5 * HOUR)
    page = words(theirs.get(cancelling(visit)))
    assert "It was free until Wednesday, March 11, 9:00 AM." in page
    for part in ("$25.00", "$23.75", "$1.00", "$0.13", "Yes, cancel for $25.00"):
        assert part in page
    answer = words(theirs.post(cancelling(visit), {"cents": "2500"}, follow=True))
    assert "Your visit is cancelled. $25.00 is charged to your card." in answer
    assert "For a visit that did not take place." in answer
    receipt = words(theirs.get(reverse("receipt", args=[visit.pk])))
    assert [words in receipt for words in ("Where the fee went", "$23.75", "give a tip")] == [True, True, False]


def test_a_fee_that_rose_while_somebody_thought_is_said_and_not_taken(
    theirs: Browser, ana: Member, clock: time_machine.Traveller
) -> None:
    visit = desk.confirmed(theirs)
    clock.move_to(desk.THURSDAY_NINE - DAY + HOUR)
    page = words(theirs.post(cancelling(visit), {"cents": "0"}))
    assert "Cancelling costs $25.00 by now. Nothing is cancelled yet" in page
    assert 'name="cents" value="2500"' in page
    assert Visit.objects.get().state == "scheduled"


def test_a_free_cancellation_says_nothing_is_owed(theirs: Browser, ana: Member) -> None:
    visit = desk.confirmed(theirs)
    assert "nothing" in words(theirs.get(cancelling(visit)))
    answer = words(theirs.post(cancelling(visit), {"cents": "0"}, follow=True))
    assert "Your visit is cancelled. You owe nothing for it." in answer
    assert theirs.post(cancelling(visit), {"cents": "0"})["Location"] == visit.get_absolute_url()


def test_the_browser_that_booked_cancels_while_it_is_free_and_signs_in_for_a_fee(
    theirs: Browser, ana: Member, clock: time_machine.Traveller
) -> None:
    browser = Browser()
    booking = desk.book(browser, name="Kim Park", email="kim@example.org")
    booking.card_saved(at=desk.NOW, by=None)
    clock.move_to(desk.THURSDAY_NINE - 5 * HOUR)
    address, cancel = booking.get_absolute_url(), reverse("cancel_booking", args=[booking.token])
    page = words(browser.get(address))
    assert "Cancelling costs $25.00 by now. Please sign in to cancel" in page
    answer = browser.post(cancel, follow=True, headers={"referer": f"http://testserver{address}"})
    assert "Cancelling costs $25.00 by now. Please sign in to cancel" in words(answer)
    others = [Browser().post(cancel), theirs.post(cancel)]
    assert [(one.status_code, one.headers.get("Location")) for one in others] == [
        (302, f"{reverse('account_login')}?next={address}"),
        (404, None),
    ]
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_the_terms_say_what_cancelling_late_costs_before_anybody_agrees(theirs: Browser, ana: Member) -> None:
    draft = desk.ask(theirs)
    desk.choose(theirs, draft)
    desk.give(theirs, draft)
    page = words(theirs.get(reverse("check_booking", args=[draft.token])))
    assert "Later it costs $25.00, and from 2 hours before the whole price" in page


def test_no_mail_about_a_change_says_where_the_home_is(theirs: Browser, ana: Member, sol: Member) -> None:
    visit = desk.confirmed(theirs)
    visit.move(FRIDAY_TEN, at=desk.NOW, by=sol.user)
    visit.cancel_for_client(expected_cents=0, at=desk.NOW, by=visit.booking.client.user)
    told = list(Notice.objects.all())
    said = "\n".join(f"{notice.subject} {notice.body}" for notice in told)
    assert [words in said for words in ("moved", "418 7th", "4417")] == [True, False, False]
    with_place = {notice.user for notice in told if "418 7th" in notice.calendar}
    assert (with_place, any("4417" in notice.calendar for notice in told)) == ({visit.booking.client.user}, False)
