"""Clients from a table: looked over whole, all or nothing, twice is once, and no address acts before it is proven."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.households.claims import Kept
from bookings.imports.clients import ClientTable, Imported, import_clients
from bookings.models import Client, Home
from bookings.visits.retention import abandoned_claims
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, Notice, User
from members.personal_data import erase
from tests import make
from tests.bookings.desk import NOW, signed_in, text
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db
HEADER = "name,e-mail,phone,language,street and number,apartment,ZIP code"
LEE = "Jordan Lee,jordan@new.example.org,718 555 0142,en,414 7th Avenue,3B,11215"
KIM = "Kim Park,,(718) 555-0143,español,9 Garfield Place,,11215"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def area(db: None) -> None:
    make.zip_code()


def table(*lines: str) -> str:
    return "\n".join((HEADER, *lines))


def many(count: int) -> list[str]:
    return [f"Person {n},p{n}@many.example.org,,,{n} Garfield Place,,11215" for n in range(count)]


def sent(office: Any, said: str | bytes, **more: str) -> str:
    data = said.encode() if isinstance(said, str) else said
    file = SimpleUploadedFile("clients.csv", data, content_type="text/csv")
    return text(office.post(reverse("import_clients"), {"file": file, **more}))


def brought(*lines: str, by: Member) -> Imported:
    return import_clients(table(*lines), at=NOW, by=by.user)


def test_a_file_is_looked_over_and_then_imported(sol: Member) -> None:
    office = signed_in(sol)
    page = sent(office, table(LEE, KIM))
    assert ("New clients: <b>2</b>" in page, Client.objects.exists()) == (True, False)
    answer = office.post(reverse("import_clients"), {"kept": table(LEE, KIM), "import": "1"})
    assert answer["Location"] == reverse("import_clients")
    lee, kim = Client.objects.order_by("pk")
    assert (lee.user.email, lee.user.claimed_email, str(lee.phone)) == ("", "jordan@new.example.org", "+17185550142")
    assert (kim.user.address, kim.user.language, str(kim.phone)) == ("", "es", "+17185550143")
    assert [(home.street, home.apartment, home.zip_id) for home in Home.objects.order_by("pk")] == [
        ("414 7th Avenue", "3B", "11215"),
        ("9 Garfield Place", "", "11215"),
    ]
    assert not Notice.objects.exists(), "nobody is written to"
    page = text(office.get(reverse("import_clients")))
    assert page.count("New clients 2, new homes 2, known already 0.") == 2, "told, and listed"
    assert "Sol V." in page
    assert [event.actor for event in Event.objects.about(lee)] == [sol.user]


def test_three_wrong_lines_of_a_thousand_are_named_and_nothing_is_imported(sol: Member) -> None:
    lines = many(1000)
    lines[15] = lines[15].replace("11215", "9021")
    lines[500] = lines[500].replace("@", "")
    lines[998] = lines[998].replace("998 Garfield Place", "PO Box 12")
    page = sent(signed_in(sol), table(*lines))
    assert page.count("<b>Line ") + page.count("<b >Line ") == 3
    for words in ("Line 17, ZIP code", "9021 is not a ZIP code", "Line 502, e-mail", "Line 1000, street and number"):
        assert words in page
    with pytest.raises(Refusal):
        brought(*lines[10:20], by=sol)
    assert not Client.objects.exists()


def test_many_lines_ask_the_database_as_often_as_few(sol: Member) -> None:
    brought(*many(5), by=sol)
    asked = []
    for count in (10, 300):
        with CaptureQueriesContext(connection) as queries:
            brought(*many(count), by=sol)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 20
    assert Client.objects.count() == 300


def test_the_same_file_again_adds_nothing_and_says_so(sol: Member) -> None:
    again = KIM.replace("Garfield Place", "garfield  place").replace("Kim Park", "KIM PARK")
    assert brought(LEE, KIM, LEE, by=sol) == Imported(2, 2, 1)
    events = Event.objects.count()
    assert brought(LEE, again, by=sol) == Imported(0, 0, 2)
    assert Event.objects.count() == events
    office = signed_in(sol)
    office.post(reverse("import_clients"), {"kept": table(LEE), "import": "1"})
    assert "Nothing was added" in text(office.get(reverse("import_clients")))


def test_several_homes_of_one_household_have_a_line_each(sol: Member) -> None:
    second = LEE.replace("414 7th Avenue", "1 Prospect Park West")
    assert brought(LEE, second, by=sol) == Imported(1, 2, 0)
    third = LEE.replace("414 7th Avenue", "2 Prospect Park West")
    assert brought(LEE, second, third, by=sol) == Imported(0, 1, 2)
    (client,) = Client.objects.all()
    assert client.homes.count() == 3


def test_a_home_that_was_taken_off_stays_off(sol: Member) -> None:
    brought(LEE, by=sol)
    Home.objects.get().remove(at=NOW)
    assert brought(LEE, by=sol) == Imported(0, 0, 1)
    assert Home.objects.get().removed_at == NOW


def test_one_address_with_two_names_is_a_mistake() -> None:
    (problem,) = ClientTable(table(LEE, LEE.replace("Jordan Lee", "Chris Doe"))).problems
    assert (problem.line, problem.column) == (3, "name")
    assert "Line 2 has this e-mail address" in problem.why


def test_an_address_that_is_known_joins_that_person(sol: Member, lee: User, ana: Member) -> None:
    household = Client.objects.create(user=lee, since=NOW, phone="+17185550000")
    lines = [LEE.replace("jordan@new.example.org", one.email) for one in (lee, ana.user)]
    assert brought(*lines, by=sol) == Imported(1, 2, 0)
    assert User.objects.count() == 3
    household.refresh_from_db()
    assert (household.homes.get().street, str(household.phone)) == ("414 7th Avenue", "+17185550000")
    assert Client.objects.of(ana.user).get().homes.count() == 1
    assert brought(*lines, by=sol) == Imported(0, 0, 2)


def test_whoever_is_known_by_phone_is_not_doubled_by_an_address(sol: Member) -> None:
    brought(KIM, by=sol)
    (problem,) = ClientTable(table(LEE, KIM.replace(",,", ",kim@example.org,", 1))).problems
    assert (problem.line, problem.column, "without an e-mail address" in problem.why) == (3, "e-mail", True)


def test_an_address_acts_for_no_household_before_it_is_proven(sol: Member) -> None:
    brought(LEE, by=sol)
    stranger = make.user("Somebody", email="jordan@new.example.org")
    imported = Client.objects.get()
    assert (imported.is_claimed, imported.includes(stranger)) == (True, False)
    theirs = signed_in(stranger)
    assert theirs.get(reverse("change_home", args=[imported.homes.get().pk])).status_code == 404
    page = text(theirs.get(reverse("claims")))
    assert ("414 7th Avenue" in page, "From the office’s list" in page) == (True, True)
    assert brought(LEE, by=sol) == Imported(0, 0, 1), "also while their answer is waited for"
    theirs.post(reverse("take_over_claim", args=[imported.pk]))
    imported.refresh_from_db()
    assert (imported.user, imported.includes(stranger)) == (stranger, True)
    assert brought(LEE, by=sol) == Imported(0, 0, 1)


def test_whoever_signs_in_with_the_address_finds_the_homes_and_removes_what_is_not_theirs(
    sol: Member, mailoutbox: list[EmailMessage]
) -> None:
    assert "finds the homes under Homes" in text(signed_in(sol).get(reverse("import_clients")))
    brought(LEE, by=sol)
    home, theirs = Home.objects.get(), Browser()
    theirs.post(reverse("account_login"), {"email": "jordan@new.example.org"})
    code = re.search(r"\d{4}-\d{4}", str(mailoutbox[-1].body))
    assert code
    theirs.post(reverse("account_confirm_login_code"), {"code": code[0]})
    assert home.street in text(theirs.get(reverse("homes")))
    theirs.post(reverse("remove_home", args=[home.pk]))
    assert home.street not in text(theirs.get(reverse("homes")))


def test_whoever_has_a_household_takes_the_imported_one_into_it(sol: Member) -> None:
    brought(LEE, by=sol)
    owner = make.client("Jordan Lee")
    User.objects.filter(pk=owner.user_id).update(email="jordan@new.example.org")
    owner.user.refresh_from_db()
    imported = Client.objects.exclude(pk=owner.pk).get()
    imported.take_over(owner, keep=Kept(), at=NOW, by=owner.user)
    assert owner.homes.get().street == "414 7th Avenue"
    assert brought(LEE, by=sol) == Imported(0, 0, 1)


def test_a_stranger_who_typed_the_address_is_told_nothing_of_it(sol: Member, ana: Member) -> None:
    booked = make.claimed(starts_at=NOW.replace(day=NOW.day + 3), at=NOW, email="jordan@new.example.org")
    assert brought(LEE, by=sol).clients == 1
    assert booked.client.homes.count() == 1


def test_a_household_that_was_brought_along_is_not_forgotten(sol: Member, clock: time_machine.Traveller) -> None:
    brought(LEE, by=sol)
    assert not abandoned_claims(NOW.replace(year=NOW.year + 1)).exists()


@pytest.mark.parametrize("line", [LEE, KIM])
def test_whoever_asked_to_be_forgotten_does_not_come_back_with_an_old_table(line: str, sol: Member) -> None:
    brought(line, by=sol)
    erase(Client.objects.get().user, at=NOW)
    said = ClientTable(table(line, "Ana Vega,ana@new.example.org,,,1 Hoyt Street,,11215"))
    assert [(one.line, one.typed) for one in said.problems] == [(2, line.partition(",")[0])]
    with pytest.raises(Refusal):
        brought(line, by=sol)
    name, email, phone = line.split(",")[:3]
    Client.by_phone(
        name=name, phone="+1" + re.sub("[^0-9]", "", phone), email=email, language="en", at=NOW, by=sol.user
    )
    assert ClientTable(table(line)).problems == []  # they came back themselves


def test_getting_in_notes_are_no_column(sol: Member) -> None:
    page = sent(signed_in(sol), HEADER + ",getting in\n" + LEE + ",Key under the mat")
    assert "There is no column “getting in”" in page
    assert "Key under the mat" not in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_table_to_fill_in_is_understood_as_it_is(sol: Member, language: str) -> None:
    sol.user.speak(language)
    office = signed_in(sol)
    empty = office.get(reverse("client_sheet")).content.decode()
    header = next(csv.reader(StringIO(empty.removeprefix("\ufeff"))))
    assert header[0] == {"en": "name", "es": "nombre"}[language]
    page = sent(office, empty + LEE)
    assert "<b>1</b>" in page
    assert ("Import clients" in page) == (language == "en")


def test_without_a_file_it_is_asked_for_and_not_before(sol: Member) -> None:
    office = signed_in(sol)
    assert "Please choose a file." not in text(office.get(reverse("import_clients")))
    assert "Please choose a file." in text(office.post(reverse("import_clients"), {}))
    assert "larger than half a megabyte" in sent(office, "x" * 500_001)


def test_only_the_coordinator_imports_clients(ana: Member) -> None:
    assert signed_in(ana).get(reverse("import_clients")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_at_once_bring_it_once() -> None:
    make.zip_code()
    sol = make.member("Sol Vega", roles=["coordinator"])
    told = at_once(lambda: brought(LEE, KIM, by=sol), lambda: brought(LEE, KIM, by=sol))
    assert sorted(one.clients for one in told) == [0, 2]
    assert Client.objects.count() == 2
