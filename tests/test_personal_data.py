"""What the house knows about somebody: all of it to take along, nothing of others; and who is not forgotten yet."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import AccessView, Client, DoNotSend, Home, Quote
from bookings.visits.tasks import sweep_notes
from coop.models import Event
from members import personal_data
from members.models import Member, Notice, Reach, User
from members.my_data.export import packed
from members.personal_data import erasure_blockers, told
from payouts.models import Card
from tests import make
from tests.house import A_DAY, GETTING_IN, NOW, PHONE, STREET, House, undone

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
    assert [photo["visit"] for photo in household["photos"]] == [home.done.starts_at.isoformat().replace("+00:00", "Z")]
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


def test_series_and_days_handed_over_are_told(home: House) -> None:
    (series,) = taken(home, "kim")["home"]["household"]["series"]
    assert (series["every"], series["state"], series["regular person"]) == ("Every 2 weeks", "running", "Bo L.")
    (away,) = taken(home, "ana")["home"]["work"]["days handed over"]
    assert away["day"] == home.day_off.day.isoformat()


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


def test_a_number_that_was_given_to_reach_somebody_or_to_apply_is_in_the_file(home: House) -> None:
    dan = make.user("Dan Ortiz")
    Reach.objects.create(user=dan, phone=PHONE, confirmed_at=NOW)
    make.application(dan.email, at=NOW, by=dan)
    with zipfile.ZipFile(io.BytesIO(packed(told(dan, at=NOW), at=NOW))) as file:
        account = json.loads(file.read("my-data.json"))["account"]
    found = [row["phone"] for name in ("how we reach them", "applications") for row in account[name]]
    assert found == [PHONE, "+17185550123"]


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


NOT_TOLD = {
    "told as a part of what it belongs to": """bookings.Booking bookings.TapPlace members.Confirmation""",
    "a line of the books, told as charges, receipts, pay and what is owed": """payouts.CardSession payouts.Entry
        payouts.Movement payouts.PayRun payouts.Supplement payouts.TakeBack payouts.WorkWeek""",
    "it names another household": "payouts.Referral",
    "kept at Stripe, which shows it to them": "payouts.PayeeAccount",
    "the co-op's own work: what the office set, looked at or decided": """bookings.ServicePrice bookings.AddOnPrice
        bookings.AreaChange bookings.BookableHours bookings.ClosedDay bookings.DoorSign bookings.LeastWage
        bookings.TapLook bookings.Turn
        bookings.ContactAttempt coop.Event members.SetupKey members.AgreementVersion members.Paper
        payouts.Recovery payouts.Found payouts.BankLine payouts.BankMatch payouts.Dispute payouts.Explanation""",
    "said in confidence": "bookings.Talk members.ApplicationNote",
    "helps to remember, and says nothing about anybody": "bookings.TaskDone bookings.KeptTime",
    "a vote is told without its ballot; the rest is everybody's": """governance.Ballot governance.Change
        governance.Count governance.Revision governance.Rule""",
    "what came of it is told visit by visit": "bookings.Rhythm bookings.SeriesDay",
    "anybody may type any address into a draft; it is whose who has its link": """bookings.Quote
        bookings.QuoteExtra""",
}
"""Why a person does not find it in their file by itself."""

KEPT = {
    "what happened stays, with a number in place of the person": """bookings.Booking bookings.BookingExtra
        bookings.QuoteExtra bookings.Visit bookings.Shift
        bookings.Series bookings.Rhythm bookings.SeriesDay bookings.Offer bookings.Turn bookings.Override bookings.Swap
        bookings.HandOver bookings.Delay bookings.Tap bookings.TapLook bookings.TaskDone bookings.ContactAttempt
        bookings.AccessView bookings.DoorSign members.Mentoring members.OfficeChange members.SetupKey
        members.Announcement members.BodyChange members.BodyTerm""",
    "the record of care stands as it was written": "bookings.CareRecord",
    "it protects whoever stays": "bookings.DoNotSend bookings.SendAgain bookings.Talk",
    "gone after an hour by itself": "bookings.KeptTime",
    "the books stay as they are": """payouts.Account payouts.CardSession payouts.CardTerms payouts.Charge
        payouts.Entry payouts.HandEntry payouts.Line payouts.PayKind payouts.PayRun
        payouts.BankLine payouts.BankMatch payouts.Dispute payouts.Explanation payouts.Movement payouts.TakeBack
        payouts.PayeeAccount
        payouts.Payout payouts.Recovery payouts.Found payouts.Referral payouts.Refund payouts.Supplement
        payouts.Transfer payouts.WorkWeek
        bookings.ServicePrice bookings.AddOnPrice bookings.AreaChange
        bookings.BookableHours bookings.ClosedDay bookings.LeastWage""",
    "what was decided stays as it was said": """governance.Ballot governance.Change governance.Comment governance.Count
        governance.Elector governance.Proposal governance.Revision governance.Rule
        members.Acceptance members.AgreementVersion members.Paper members.Role members.Stretch""",
}
"""Why it stays when a person is forgotten."""


def named(reasons: dict[str, str]) -> set[str]:
    return {label for labels in reasons.values() for label in labels.split()}


def about_people() -> dict[str, type[Model]]:
    """Every table of ours that hangs on a person, by itself or by what it hangs on."""
    ours = [model for model in apps.get_models() if not model.__module__.startswith(("django", "allauth", "tests"))]
    found: set[type[Model]] = {User, Member, Client}
    while more := {model for model in ours if model not in found and found & hangs_on(model)}:
        found |= more
    return {model._meta.db_table: model for model in found}


def hangs_on(model: type[Model]) -> set[Any]:
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return {field.related_model for field in fields if field.related_model}


def labels(tables: set[str]) -> set[str]:
    people = about_people()
    return {people[table]._meta.label for table in tables if table in people}


def test_every_table_about_people_is_told(home: House) -> None:
    """To those whom it is about; what is not stands here with the reason."""
    with undone(), CaptureQueriesContext(connection) as asked:
        for user in User.objects.order_by("pk"):
            told(user, at=NOW)
    read = {found[1] for one in asked if (found := re.match(r'SELECT .*? FROM "(\w+)"', one["sql"], re.DOTALL))}
    assert labels(set(about_people()) - read) == named(NOT_TOLD)


def test_every_table_about_people_is_forgotten(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stays as it is when a person is forgotten stands here with the reason."""
    monkeypatch.setattr(Card, "why_kept", lambda _client: "")  # as if nothing were open any more
    Card.objects.update_or_create(client=home.today.home.client, defaults={"customer": "cus_of_lee"})
    with undone(), CaptureQueriesContext(connection) as asked:
        for user in User.objects.order_by("pk"):
            for part in reversed(personal_data._parts):
                part.forget(user, NOW)
    written = {found[1] for one in asked if (found := re.match(r'(?:UPDATE|DELETE FROM) "(\w+)"', one["sql"]))}
    assert labels(set(about_people()) - written) == named(KEPT)
