"""What the house knows about somebody: all of it to take along, nothing of others; and who is not forgotten yet."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from bookings.models import AccessView, DoNotSend, Home, Quote
from bookings.tasks import sweep_notes
from coop.models import Event
from members.data_registry import erasure_blockers
from members.models import Notice, User
from tests.house import A_DAY, GETTING_IN, NOW, PHONE, STREET, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def taken(home: House, who: str) -> dict[str, Any]:
    """What somebody finds in the file that they download."""
    answer = home.browser(who).post(reverse("export_data"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Cache-Control"] == "no-store, private"
    file = zipfile.ZipFile(io.BytesIO(answer.content))
    assert file.namelist() == ["my-data.json", "my-data.html"]
    found: dict[str, Any] = json.loads(file.read("my-data.json"))
    assert "<script" not in file.read("my-data.html").decode()
    return found


def test_a_client_takes_everything_along_with_the_getting_in_note(home: House) -> None:
    facts = taken(home, "lee")
    assert list(facts) == ["account", "home", "money", "votes"]
    household = facts["home"]["household"]
    assert [place["getting in"] for place in household["homes"] if place["street"] == STREET] == [GETTING_IN]
    assert household["phone"] == PHONE
    assert household["people"] == ["Jo Jordan", "Kim Park"]
    assert {visit["state"] for visit in household["visits"]} == {"scheduled", "completed"}
    assert [wish["person"] for wish in household["not to be sent"]] == ["Mia A."]
    assert len(facts["money"]["as a client"]["charges"]) >= 3
    assert [view.user.name for view in AccessView.objects.select_related("user")] == ["Lee Jordan"]
    assert [event.actor.name for event in Event.objects.filter(verb="export")] == ["Lee Jordan"]
    assert Notice.objects.filter(subject="Your data were downloaded").count() == 1


def test_a_worker_takes_shifts_pay_and_offers_along_and_no_home_of_others(home: House) -> None:
    facts = taken(home, "ana")
    work = facts["home"]["work"]
    assert {shift["state"] for shift in work["shifts"]} == {"accepted", "done"}
    assert facts["account"]["work"]["hours"] != []
    assert facts["money"]["as somebody who works here"]["payouts"] != []
    assert facts["votes"]["proposals"] != []
    words = json.dumps(facts)
    assert [word for word in (STREET, PHONE, "kiwi", "Jordan") if word in words] == []


def test_whom_somebody_does_not_want_is_in_nobody_elses_file(home: House) -> None:
    lee = home.today.home.client
    DoNotSend.place(
        client=lee, member=home.people["bo"].membership, placer="member", reason="other", at=NOW, by=home.people["bo"]
    )
    assert "Bo L." not in json.dumps(taken(home, "lee")["home"])
    assert taken(home, "mia")["home"]["work"]["homes that you do not go to"] == []
    assert [one["client"] for one in taken(home, "bo")["home"]["work"]["homes that you do not go to"]] == ["Lee J."]


def test_a_person_of_the_household_takes_their_own_along_and_not_the_households(home: House) -> None:
    facts = taken(home, "jo")
    assert facts["home"]["household"] is None
    assert [one["of"] for one in facts["home"]["households of others"]] == ["Lee J."]
    words = json.dumps(facts)
    assert [word for word in (STREET, PHONE, "kiwi") if word in words] == []


def test_how_somebody_voted_is_not_in_the_file(home: House) -> None:
    home.browser("ana").post(reverse("cast_ballot", args=[home.vote.pk]), {"choice": "no"})
    assert taken(home, "ana")["votes"]["votes"] == [{"proposal": home.vote.title, "voted": True}]


def test_a_file_is_made_by_a_post_alone(home: House) -> None:
    assert home.browser("lee").get(reverse("export_data")).status_code == 405


def test_who_still_has_something_open_is_told_what(home: House) -> None:
    assert erasure_blockers(home.people["lee"], at=NOW) == [
        "A visit is still planned. Cancel it first, or wait until it is over.",
        "A payment is still on its way, or was declined.",
    ]
    assert erasure_blockers(home.people["ana"], at=NOW)[0].startswith("You work here.")
    assert erasure_blockers(home.people["finn"], at=NOW)[0].startswith("We still owe you $")
    assert erasure_blockers(home.people["jo"], at=NOW) == []
    answer = home.browser("lee").post(reverse("erase_me"), {"email": home.people["lee"].email})
    assert answer.status_code == 422
    assert User.objects.get(pk=home.people["lee"].pk).name == "Lee Jordan"


def test_nobody_is_forgotten_by_mistake(home: House) -> None:
    answer = home.browser("jo").post(reverse("erase_me"), {"email": "lee-jordan@example.org"})
    assert "That is not the address of this account." in answer.content.decode()
    assert User.objects.get(pk=home.people["jo"].pk).erased_at is None


def test_a_person_of_a_household_is_forgotten_and_the_household_stays(home: House) -> None:
    jo = home.people["jo"]
    answer = home.browser("jo").post(reverse("erase_me"), {"email": " JO-Jordan@example.org "})
    assert answer.status_code == 302
    assert home.browser("jo").get(reverse("me")).status_code == 302
    forgotten = User.objects.get(pk=jo.pk)
    assert (forgotten.name, forgotten.email, forgotten.is_active) == ("", f"{jo.pk}@erased.invalid", False)
    home.jo.refresh_from_db()
    assert home.jo.state == "left"
    assert STREET in home.browser("lee").get(reverse("homes")).content.decode()


def test_a_note_is_deleted_a_day_after_the_last_visit(home: House, clock: time_machine.Traveller) -> None:
    place, visit = home.today.home, home.today.visit
    home.asked.cancel(at=NOW, by=None)
    home.today.start(at=visit.starts_at, by=home.people["ana"])
    home.today.complete(at=visit.ends_at, by=home.people["ana"])
    clock.move_to(visit.ends_at + A_DAY - timedelta(minutes=1))
    sweep_notes()
    assert Home.objects.get(pk=place.pk).access_note.open() == GETTING_IN
    clock.move_to(visit.ends_at + A_DAY + timedelta(minutes=1))
    sweep_notes()
    assert Home.objects.get(pk=place.pk).access_note.open() == ""


def test_a_note_stays_while_something_is_booked_and_when_it_was_told_for_the_next_time(
    home: House, clock: time_machine.Traveller
) -> None:
    place, visit = home.today.home, home.today.visit
    home.today.start(at=visit.starts_at, by=home.people["ana"])
    home.today.complete(at=visit.ends_at, by=home.people["ana"])
    clock.move_to(visit.ends_at + 2 * A_DAY)
    sweep_notes()
    assert Home.objects.get(pk=place.pk).access_note.open() == GETTING_IN
    home.asked.cancel(at=NOW, by=None)
    place.keep_note("For next time", at=NOW + 5 * A_DAY)
    clock.move_to(NOW + 9 * A_DAY)
    sweep_notes()
    assert Home.objects.get(pk=place.pk).access_note.open() == "For next time"


def test_a_drafts_note_goes_when_its_price_is_no_longer_good(home: House, clock: time_machine.Traveller) -> None:
    clock.move_to(NOW + 13 * A_DAY)
    sweep_notes()
    assert bool(Quote.objects.get(pk=home.draft.pk).access_note)
    clock.move_to(NOW + 15 * A_DAY)
    sweep_notes()
    assert not Quote.objects.get(pk=home.draft.pk).access_note
