"""A household's homes: addresses, getting-in notes, and homes that it has left."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from bookings.models import AccessView, Home, Visit
from members.models import Member, User
from tests import make
from tests.bookings import desk
from tests.browsers import Browser

pytestmark = pytest.mark.django_db

NOTE = "Code 4417#, the dog is friendly."


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(desk.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def theirs(lee: User) -> Browser:
    return desk.signed_in(lee)


@pytest.fixture
def lees(theirs: Browser, ana: Member) -> Visit:
    return desk.confirmed(theirs)


def test_the_note_is_shown_on_asking_and_each_time_is_written_down(theirs: Browser, lees: Visit, lee: User) -> None:
    home = lees.booking.home
    assert NOTE not in desk.text(theirs.get(reverse("homes")))
    assert NOTE not in desk.text(theirs.get(home.get_absolute_url()))
    assert NOTE in desk.text(theirs.post(reverse("show_note", args=[home.pk])))
    assert [(look.home, look.user, look.at, look.shift) for look in AccessView.objects.all()] == [
        (home, lee, desk.NOW, None)
    ]
    assert "Jordan L." in desk.text(theirs.get(home.get_absolute_url())).partition("Who opened the note")[2]


def test_a_note_is_changed_and_deleted(theirs: Browser, lees: Visit) -> None:
    address = reverse("change_note", args=[lees.booking.home_id])
    page = desk.text(theirs.post(address, {"access_note": "  Ring twice.  "}, follow=True))
    assert ("Your getting-in note is saved." in page, "Ring twice." in page) == (True, False)
    assert Home.objects.get().access_note.open() == "Ring twice."
    page = desk.text(theirs.post(address, {"access_note": ""}, follow=True))
    assert "Your getting-in note is deleted." in page
    assert Home.objects.get().access_note.open() == ""


def test_an_address_is_put_right(theirs: Browser, lees: Visit) -> None:
    home = lees.booking.home
    theirs.post(home.get_absolute_url(), {"street": "420 7th Ave", "apartment": ""})
    assert str(Home.objects.get()) == "420 7th Ave"
    assert "420 7th Ave" in desk.text(theirs.get(lees.get_absolute_url()))


def test_a_home_is_on_the_list_once(theirs: Browser, lees: Visit) -> None:
    theirs.post(reverse("add_home"), {"street": "1 Own Street", "apartment": "", "zip": "11215"})
    other = Home.objects.get(street="1 Own Street")
    page = desk.text(theirs.post(other.get_absolute_url(), {"street": "418 7th Ave", "apartment": "3"}))
    assert "You have this home on your list already." in page
    theirs.post(reverse("add_home"), {"street": "1 Own Street", "apartment": "", "zip": "11215"})
    assert Home.objects.count() == 2


def test_a_home_far_away_is_refused_with_our_areas(theirs: Browser, lees: Visit) -> None:
    page = desk.text(theirs.post(reverse("add_home"), {"street": "1 Far Street", "apartment": "", "zip": "99501"}))
    assert "We do not come there yet. Our areas: " in page
    assert not Home.objects.filter(street="1 Far Street").exists()


def test_somebody_new_adds_a_home_before_the_first_booking(dan: User) -> None:
    make.zip_code()
    theirs = desk.signed_in(dan)
    theirs.post(reverse("add_home"), {"street": "1 Own Street", "apartment": "", "zip": "11215"})
    assert "1 Own Street" in desk.text(theirs.get(reverse("homes")))


def test_a_home_with_something_booked_stays(theirs: Browser, lees: Visit) -> None:
    page = theirs.post(
        reverse("remove_home", args=[lees.booking.home_id]),
        headers={"referer": f"http://testserver{lees.booking.home.get_absolute_url()}"},
        follow=True,
    )
    assert "Something is booked there." in desk.text(page)
    assert "418 7th Ave" in desk.text(theirs.get(reverse("homes")))


def test_a_home_is_taken_off_with_its_note_and_comes_back_when_it_is_booked_again(
    theirs: Browser, lees: Visit, lee: User, monday_morning: time_machine.Traveller
) -> None:
    lees.booking.cancel(at=desk.NOW, by=lee)
    home = lees.booking.home
    page = desk.text(theirs.post(reverse("remove_home", args=[home.pk]), follow=True))
    assert "No homes yet" in page
    assert Home.objects.get().access_note.open() == ""
    assert theirs.get(home.get_absolute_url()).status_code == 404
    assert "418 7th Ave" in desk.text(theirs.get(lees.get_absolute_url()))
    again = desk.book(theirs, desk.THURSDAY_NINE + timedelta(days=1))
    assert again.home == home
    assert "418 7th Ave" in desk.text(theirs.get(reverse("homes")))


def test_a_copy_of_the_database_tells_no_changed_note(theirs: Browser, lees: Visit) -> None:
    theirs.post(reverse("change_note", args=[lees.booking.home_id]), {"access_note": "Under the blue pot"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bookings_home AS row WHERE row::text LIKE '%blue pot%'")
        assert cursor.fetchone() == (0,)


def test_nobody_elses_home_is_seen_or_changed(lees: Visit, dan: User, ana: Member, sol: Member) -> None:
    home = lees.booking.home
    for person in (dan, ana, sol):
        browser = desk.signed_in(person)
        assert browser.get(home.get_absolute_url()).status_code == 404
        for name in ("show_note", "change_note", "remove_home"):
            assert browser.post(reverse(name, args=[home.pk])).status_code == 404
    assert not AccessView.objects.exists()
