"""Calendars that programs read by a secret address: what they say, to whom, and how that ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

import pgtrigger
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from bookings.models import DoNotSend, Service, Shift, Visit
from members.models import CalendarAddress, Member, User
from tests import make
from tests.bookings import desk
from tests.browsers import Browser

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lees(lee: User, ana: Member) -> Visit:
    """A visit that the Lees have booked; Ana comes."""
    return desk.confirmed(desk.signed_in(lee))


def feed(user: User, kind: str = "client") -> Any:
    """What a calendar program gets by the address that stands, or a new one."""
    found = CalendarAddress.objects.standing().filter(user=user, kind=kind).first()
    found = found or CalendarAddress.make(user, kind, at=desk.NOW)
    return Browser().get(reverse("calendar_feed", args=[found.token]))


def entries(response: HttpResponse) -> list[dict[str, str]]:
    """The events of a calendar, as far as they tell something."""
    read = Calendar.from_ical(response.content)
    names = ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "URL", "DESCRIPTION", "STATUS")
    return [{name: str(event[name]) for name in names if name in event} for event in read.walk("VEVENT")]


def test_a_client_reads_the_visits_at_their_homes(lees: Visit, lee: User) -> None:
    answer = feed(lee)
    assert entries(answer) == [
        {
            "UID": str(uuid5(lees.booking.token, f"visit-{lees.pk}")),
            "SEQUENCE": "0",
            "SUMMARY": "Cleaning · Sunrise Home Co-op",
            "LOCATION": f"{lees.booking.home}, Brooklyn, NY 11215",
            "URL": f"{settings.BASE_URL}/visits/{lees.pk}",
            "DESCRIPTION": f"{settings.BASE_URL}/visits/{lees.pk}",
            "STATUS": "CONFIRMED",
        }
    ]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert str(lees.booking.token) not in answer.content.decode()


def test_a_cancelled_visit_is_marked_so_and_counts_as_newer(lees: Visit, lee: User) -> None:
    before = entries(feed(lee))[0]
    lees.booking.cancel(at=desk.NOW, by=lee)
    after = entries(feed(lee))[0]
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_an_entry_says_when_it_was_last_changed(
    lees: Visit, lee: User, ana: Member, monday_morning: time_machine.Traveller
) -> None:
    def last() -> list[datetime]:
        calendars = [
            Calendar.from_ical(feed(user, kind).content) for user, kind in ((lee, "client"), (ana.user, "member"))
        ]
        return [vars(event["LAST-MODIFIED"])["dt"] for calendar in calendars for event in calendar.walk("VEVENT")]

    assert last() == [desk.NOW, desk.NOW]
    monday_morning.shift(timedelta(hours=2))
    lees.move(desk.THURSDAY_NINE + DAY, at=desk.NOW + timedelta(hours=2), by=lee)
    assert last() == [desk.NOW + timedelta(hours=2)] * 2


def test_the_calendar_of_a_household_says_nothing_of_care(lees: Visit, lee: User) -> None:
    with pgtrigger.ignore():  # what was booked keeps what it asks for
        Service.objects.filter(pk=lees.booking.service_id).update(credential="hha")
    assert entries(feed(lee))[0]["SUMMARY"] == "Visit · Sunrise Home Co-op"


def test_a_moved_visit_keeps_its_identity(lees: Visit, lee: User) -> None:
    before = entries(feed(lee))[0]
    lees.move(desk.THURSDAY_NINE + DAY, at=desk.NOW, by=lee)
    after = entries(feed(lee))[0]
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_a_worker_reads_when_and_in_which_zip_code_and_no_more(lees: Visit, ana: Member) -> None:
    answer = feed(ana.user, "member")
    shift = Shift.objects.get(visit=lees)
    assert entries(answer) == [
        {
            "UID": str(uuid5(lees.booking.token, f"shift-{shift.pk}")),
            "SEQUENCE": "0",
            "SUMMARY": "Visit",
            "LOCATION": "11215",
            "STATUS": "CONFIRMED",
        }
    ]
    words = answer.content.decode()
    assert [word for word in ("Jordan", "Lee", "Cleaning", "7th Ave", "555", "4417", "dog") if word in words] == []


def test_a_worker_cannot_tell_a_cancelled_visit_from_a_wish_not_to_be_sent(lees: Visit, lee: User, ana: Member) -> None:
    make.member("Bo Lindgren")
    cancelled = desk.confirmed(desk.signed_in(lee), desk.THURSDAY_NINE + DAY)
    mine = Shift.objects.filter(visit__in=[lees, cancelled], member=ana).count()
    assert len(entries(feed(ana.user, "member"))) == mine
    cancelled.booking.cancel(at=desk.NOW, by=lee)
    DoNotSend.place(client=lees.booking.client, member=ana, placer="client", reason="other", at=desk.NOW, by=lee)
    assert entries(feed(ana.user, "member")) == []


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(lees: Visit, lee: User) -> None:
    theirs = desk.signed_in(lee)
    addresses = []
    for _time in range(2):
        theirs.post(reverse("make_calendar", args=["client"]))
        token = CalendarAddress.objects.standing().get(user=lee).token
        addresses.append(reverse("calendar_feed", args=[token]))
        assert addresses[-1] in desk.text(theirs.get(reverse("my_calendar")))
    assert [Browser().get(address).status_code for address in addresses] == [404, 200]
    theirs.post(reverse("revoke_calendar", args=["client"]))
    assert [Browser().get(address).status_code for address in addresses] == [404, 404]
    assert "Make the address" in desk.text(theirs.get(reverse("my_calendar")))


def test_an_address_ends_with_the_work_and_with_the_account(lees: Visit, ana: Member, lee: User) -> None:
    shifts, visits = (feed(user, kind) for user, kind in ((ana.user, "member"), (lee, "client")))
    assert (shifts.status_code, visits.status_code) == (200, 200)
    ana.leave_coop(at=desk.NOW, by=None)
    User.objects.filter(pk=lee.pk).update(is_active=False)
    for kind in ("member", "client"):
        token = CalendarAddress.objects.get(kind=kind).token
        assert Browser().get(reverse("calendar_feed", args=[token])).status_code == 404


def test_only_who_works_here_has_a_calendar_of_shifts(dan: User, ana: Member) -> None:
    assert desk.signed_in(dan).post(reverse("make_calendar", args=["member"])).status_code == 404
    assert desk.signed_in(ana).post(reverse("make_calendar", args=["boss"])).status_code == 404
    assert desk.signed_in(ana).post(reverse("make_calendar", args=["client"])).status_code == 302


def test_a_calendar_that_has_not_changed_is_not_sent_again(
    lees: Visit, lee: User, monday_morning: time_machine.Traveller
) -> None:
    first = feed(lee)
    monday_morning.shift(timedelta(hours=2))
    again = Browser().get(first.wsgi_request.path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    lees.booking.cancel(at=desk.NOW, by=lee)
    assert Browser().get(first.wsgi_request.path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_somebody_removed_from_a_household_reads_its_visits_no_more(lees: Visit, lee: User) -> None:
    jo = make.at_home("Jo Lee", lees.booking.client, at=desk.NOW)
    assert len(entries(feed(jo.user))) == 1
    jo.leave(at=desk.NOW, by=lee)
    assert entries(feed(jo.user)) == []


def test_a_long_calendar_asks_the_database_as_often_as_a_short_one(lees: Visit, lee: User, ana: Member) -> None:
    def asked() -> list[int]:
        counts = []
        for user, kind in ((lee, "client"), (ana.user, "member")):
            feed(user, kind)
            with CaptureQueriesContext(connection) as queries:
                feed(user, kind)
            counts.append(len(queries))
        return counts

    few = asked()
    for day in range(1, 5):
        desk.confirmed(desk.signed_in(lee), desk.THURSDAY_NINE + day * DAY)
    assert asked() == few
