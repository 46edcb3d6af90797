"""Care on record: six things, the original kept beside every edit, and a table to take along."""

import csv
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from bookings.care.records import Correction, month_of
from bookings.care.tasks import sweep_care
from bookings.models import CareRecord, Offer, Shift, Tap
from bookings.onsite.tap_rules import Place, Said
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, User
from tests import make
from tests.bookings import stage
from tests.bookings.stage import NOW, TODAY, signed_in, words
from tests.races import at_once

pytestmark = pytest.mark.django_db
HERE = "40.6681, -73.9806 (± 12 m)"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def aide(db: None) -> Member:
    """Ana, who may also give care."""
    ana = make.member("Ana Reyes", skills=["cleaning", "care"])
    make.credential(ana)
    return ana


def cared(clock, *, service: str = "aide", taps: bool = True) -> Shift:
    """Three hours of care, done by whoever's turn it was, and recorded."""
    made = stage.booking(starts_in=TODAY, service=service, at=NOW - timedelta(days=3))
    offer = Offer.objects.waiting().get(shift__visit__booking=made)
    offer.accept(at=NOW - timedelta(days=3), by=offer.member.user)
    shift = Shift.objects.with_related().get(pk=offer.shift_id)
    for kind, moment in (("start", shift.starts_at), ("finish", shift.ends_at)):
        clock.move_to(moment)
        if taps:
            said = Said(moment, moment, Place(40.6681, -73.9806, 12))
            Tap.deliver(uuid4(), shift=shift, kind=kind, said=said, at=moment, by=shift.member.user)
        else:
            Tap.here(shift, kind, at=moment, by=shift.member.user)
    sweep_care()
    assert not CareRecord.objects.exists()
    clock.shift(timedelta(minutes=5))
    sweep_care()
    return Shift.objects.with_related().get(pk=shift.pk)


def told(shift: Shift) -> CareRecord:
    return CareRecord.objects.latest_of_each().get(shift=shift)


def correction(record: CareRecord, **other: object) -> Correction:
    facts = {name: getattr(record, name) for name in ("recipient", "street", "starts_at", "ends_at")}
    return Correction(**{**facts, **other})


def test_care_that_was_given_is_on_record_with_six_things(aide: Member, clock) -> None:
    shift = cared(clock)
    record = CareRecord.objects.get()
    assert (record.service, record.recipient, record.worker) == (
        "Home aide",
        shift.home.client.user.name,
        "Ana Reyes",
    )
    assert (record.starts_at, record.ends_at, record.street) == (
        shift.starts_at,
        shift.ends_at,
        f"{shift.home}, 11215 Brooklyn",
    )
    assert (record.start_how, record.start_place, record.end_how, record.end_place) == ("phone", HERE, "phone", HERE)


def test_it_is_written_once_however_often_the_sweep_comes(aide: Member, clock) -> None:
    cared(clock)
    sweep_care()
    assert CareRecord.objects.count() == 1


def test_a_button_without_a_place_says_so(aide: Member, clock) -> None:
    cared(clock, taps=False)
    record = CareRecord.objects.get()
    assert (record.start_how, record.start_place, record.end_how, record.end_place) == ("tap", "", "tap", "")


def test_cleaning_is_nobodys_care(aide: Member, clock) -> None:
    cared(clock, service="cleaning")
    assert not CareRecord.objects.exists()


def test_an_edit_keeps_the_original_with_editor_and_reason(aide: Member, sol: Member, clock) -> None:
    record = told(cared(clock))
    later = record.starts_at + timedelta(minutes=10)
    record.edit(correction(record, starts_at=later), reason="Tapped in the car.", at=timezone.now(), by=sol.user)
    numbers = CareRecord.objects.order_by("number").values_list(
        "number", "starts_at", "start_how", "start_place", "end_how", "editor__name", "reason"
    )
    assert list(numbers) == [
        (1, record.starts_at, "phone", HERE, "phone", None, ""),
        (2, later, "hand", "", "phone", "Sol Vega", "Tapped in the car."),
    ]


def test_whoever_read_an_older_one_reads_again_before_editing(aide: Member, sol: Member, clock) -> None:
    record = told(cared(clock))
    record.edit(correction(record, recipient="Rosa"), reason="A name.", at=timezone.now(), by=sol.user)
    with pytest.raises(Refusal, match="edited this meanwhile"):
        record.edit(correction(record, recipient="Ben"), reason="A name.", at=timezone.now(), by=sol.user)


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_once_are_one_edit_and_a_sentence(aide: Member, sol: Member, clock) -> None:
    record, now = told(cared(clock)), timezone.now()

    def edit(name: str) -> CareRecord:
        row = CareRecord.objects.select_related("shift__zip").get(pk=record.pk)
        return row.edit(correction(row, recipient=name), reason="A name.", at=now, by=sol.user)

    results = at_once(*[lambda name=name: edit(name) for name in ("Rosa", "Ben", "Ida")])
    assert sorted(type(one).__name__ for one in results) == ["CareRecord", "Refusal", "Refusal"]


@pytest.mark.parametrize(
    "change",
    ["UPDATE bookings_carerecord SET worker = 'x'", "DELETE FROM bookings_carerecord"],
)
def test_what_was_told_is_never_changed(change: str, aide: Member, clock) -> None:
    cared(clock)
    with pytest.raises(Exception, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_an_edit_without_a_reason_is_not_kept(aide: Member, sol: Member, clock) -> None:
    record = told(cared(clock))
    with pytest.raises(IntegrityError, match="an_edit_of_care_has_an_editor_and_a_reason"), transaction.atomic():
        record.edit(correction(record), reason="", at=timezone.now(), by=sol.user)


def sent(record: CareRecord, **other: str) -> dict[str, str]:
    start, end = (moment.astimezone(record.shift.zone) for moment in (record.starts_at, record.ends_at))
    facts = {"recipient": record.recipient, "street": record.street, "reason": "Tapped late."}
    return {**facts, "day": f"{start:%Y-%m-%d}", "starts": f"{start:%H:%M}", "ends": f"{end:%H:%M}", **other}


def test_the_office_puts_a_record_right_and_reads_what_was_before(aide: Member, sol: Member, clock) -> None:
    record, office = told(cared(clock)), signed_in(sol)
    assert office.post(record.get_absolute_url(), sent(record, ends="12:30"))["Location"] == record.get_absolute_url()
    page = words(office.get(record.get_absolute_url()))
    assert "12:30 PM" in page
    assert "Tapped late." in page
    assert "The original, written down by itself" in page


def test_an_end_after_midnight_is_of_the_next_day_and_one_to_come_is_refused(aide: Member, sol: Member, clock) -> None:
    record, office = told(cared(clock)), signed_in(sol)
    answer = office.post(record.get_absolute_url(), sent(record, starts="23:00", ends="01:00"))
    assert (answer.status_code, CareRecord.objects.count()) == (200, 1)
    assert "The end must come after the start, and not be still to come." in words(answer)
    clock.move_to(NOW + timedelta(days=2))
    office.post(record.get_absolute_url(), sent(record, starts="23:00", ends="01:00"))
    edited = told(record.shift)
    assert edited.ends_at - edited.starts_at == timedelta(hours=2)


def test_a_worker_reads_their_own_and_changes_nothing(aide: Member, sol: Member, bo: Member, lee: User, clock) -> None:
    record = told(cared(clock))
    page = record.get_absolute_url()
    looks = [signed_in(person).get(page).status_code for person in (aide, sol, bo, lee)]
    changes = [signed_in(person).post(page, sent(record)).status_code for person in (aide, bo, lee)]
    assert (looks, changes) == ([200, 200, 404, 404], [403, 404, 404])
    assert [record.recipient in words(signed_in(one).get("/care?month=2026-03")) for one in (aide, sol, bo)] == [
        True,
        True,
        False,
    ]


def test_a_month_is_taken_along_with_originals_and_edits_and_that_is_written_down(
    aide: Member, sol: Member, clock
) -> None:
    record = told(cared(clock))
    told_otherwise = correction(record, recipient="=HYPERLINK(1)")
    record.edit(told_otherwise, reason="A name.", at=timezone.now(), by=sol.user)
    answer = signed_in(sol).post(reverse("export_care"), {"month": "2026-03"})
    assert answer["Content-Disposition"] == 'attachment; filename="care-visits-2026-03.csv"'
    first, second = csv.DictReader(answer.content.decode("utf-8-sig").splitlines())
    assert (first["number"], first["current"], first["individual receiving"]) == ("1", "no", record.recipient)
    assert (second["number"], second["current"], second["individual receiving"]) == ("2", "yes", "'=HYPERLINK(1)")
    assert (second["edited by"], second["reason"]) == ("Sol Vega", "A name.")
    assert (first["date"], first["start"], first["end"]) == (
        "2026-03-10",
        "2026-03-10T10:00-04:00",
        "2026-03-10T13:00-04:00",
    )
    event = Event.objects.get(verb="export")
    assert (event.actor, event.note) == (sol.user, "2026-03-01 – 2026-03-31: 2")


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0001-01", "9999-12"])
def test_a_month_that_makes_no_sense_is_this_one(month: str, aide: Member, sol: Member, clock) -> None:
    record = told(cared(clock))
    assert record.recipient in words(signed_in(sol).get("/care", {"month": month}))


def test_a_month_has_its_own_last_day() -> None:
    days = [month_of(NOW.date().replace(month=month))[1].day for month in (1, 2, 4, 12)]
    assert days == [31, 28, 30, 31]
