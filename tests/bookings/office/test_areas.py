"""Where the co-op works: areas come and go on a page, after a look at what that touches; what is agreed stays."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse

from bookings.checkout.tasks import sweep_waitlist
from bookings.models import AreaChange, AreaRequest, Booking, Visit, WaitlistEntry
from coop import postal_areas
from coop.errors import Refusal
from coop.models import Event, ZipCode
from members.me.forms import MemberForm
from members.models import Member
from tests import make
from tests.bookings import desk
from tests.bookings.desk import NOW, THURSDAY_NINE, signed_in, text
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db
LESS = {"what": "remove", "codes": "11215", "reason": "Nobody lives near."}
MORE = {"what": "add", "codes": "12540", "reason": "Bo moved there."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def send(by: Member, sent: dict[str, str]) -> Any:
    return signed_in(by).post(reverse("change_areas"), sent)


def send_seen(by: Member, sent: dict[str, str]) -> Any:
    """Look at what it touches, and press again."""
    return send(by, sent | {"seen": send(by, sent).context["seen"]})


def is_served(code: str) -> bool:
    return ZipCode.objects.served().filter(code=code).exists()


def test_a_county_and_a_pasted_list_come_after_a_look(sol: Member) -> None:
    AreaRequest.ask(email="far@example.org", zip="12601", language="en", at=NOW)
    sent = {"what": "add", "county": "dutchess, ny", "codes": "06811, 06810-1234\n11215", "reason": "More hands."}
    page = text(first := send(sol, sent))
    assert "1 person asked us to come there: we write to them" in page
    assert not is_served("12601")
    assert send(sol, sent | {"seen": first.context["seen"]})["Location"] == reverse("areas")
    assert all(map(is_served, ["12601", "06811", "06810", "11215"]))
    change = AreaChange.objects.get()
    assert ("11215" in change.added, change.reason, change.made_by) == (False, "More hands.", sol.user)
    assert [event.actor for event in Event.objects.about(change)] == [sol.user]
    assert "Dutchess County, NY" in text(signed_in(sol).get(reverse("areas")))


def test_each_row_that_is_no_zip_code_is_named_and_nothing_typed_is_lost(sol: Member) -> None:
    sent = MORE | {"codes": "12540 12x45\n99999;04x", "county": "Nowhere"}
    page = text(answer := send(sol, sent))
    assert answer.context["form"].errors["codes"] == [f"{row}: no such ZIP code" for row in ("12x45", "99999", "04x")]
    assert "We know no county “Nowhere”" in page
    assert "12540 12x45 99999;04x" in page
    assert 'value="Bo moved there."' in page


def test_what_lies_in_areas_that_go_is_counted_before(ana: Member, sol: Member) -> None:
    make.series(starts_at=THURSDAY_NINE, at=NOW)
    make.confirmed(starts_at=THURSDAY_NINE + timedelta(days=1), at=NOW)
    here = {"homes": 2, "members": 2, "series": 1, "visits": Visit.objects.coming(NOW).count(), "asked": 0}
    answer = send(sol, LESS)
    assert vars(answer.context["touched"]) == here
    assert "1 series goes on" in text(answer)
    assert is_served("11215")


def test_what_is_agreed_stays_and_only_new_bookings_are_refused(ana: Member, sol: Member) -> None:
    series = make.series(starts_at=THURSDAY_NINE, at=NOW)
    draft = desk.ask(browser := Browser())
    desk.choose(browser, draft, THURSDAY_NINE + timedelta(days=1))
    visits = list(Visit.objects.coming(NOW).values_list("pk", "state"))
    assert send_seen(sol, LESS).status_code == 302
    series.refresh_from_db()
    assert (series.state, list(Visit.objects.coming(NOW).values_list("pk", "state"))) == (series.State.RUNNING, visits)
    draft.refresh_from_db()
    with pytest.raises(Refusal, match="We do not come to 11215 any more"):
        Booking.request(draft, at=NOW, by=None)
    back = browser.get(reverse("give_contact", args=[draft.token]))["Location"]
    assert back == reverse("quote", query={"change": draft.token})
    assert "We do not come to 11215 yet" in text(browser.get(back))


def test_nothing_is_done_that_was_not_seen_as_it_is_now(sol: Member) -> None:
    seen = send(sol, MORE).context["seen"]
    AreaChange.make(add=["12540"], reason="Ana did.", at=NOW, by=sol.user)
    page = text(send(sol, MORE | {"seen": seen, "codes": "12540 12545"}))
    assert "This is not what you looked at before." in page
    assert not is_served("12545")


def test_a_change_is_taken_back_once_and_that_as_well(sol: Member) -> None:
    send_seen(sol, LESS)
    change = AreaChange.objects.get()
    for _time in range(2):
        assert signed_in(sol).post(reverse("take_back_areas", args=[change.pk])).status_code == 302
    assert (is_served("11215"), AreaChange.objects.count()) == (True, 2)
    assert "This was taken back." in text(signed_in(sol).get(reverse("areas")))
    change.taken_back.take_back(at=NOW, by=sol.user)
    assert not is_served("11215")


def test_whoever_asked_us_to_come_is_told_by_day_and_forgotten(sol: Member) -> None:
    AreaRequest.ask(email="far@example.org", zip="12540", language="es", at=NOW)
    AreaRequest.ask(email="farther@example.org", zip="12601", language="en", at=NOW)
    AreaChange.make(add=["12540"], reason="Bo moved there.", at=NOW, by=sol.user)
    with time_machine.travel(NOW.replace(hour=23), tick=False):
        sweep_waitlist()
    assert mail.outbox == []
    for _time in range(2):
        sweep_waitlist()
    (told,) = mail.outbox
    assert (told.to, told.subject) == (["far@example.org"], "Ya llegamos al 12540")
    assert f"{settings.BASE_URL}{reverse('quote')}?zip=12540" in told.body
    assert [one.zip for one in AreaRequest.objects.all()] == ["12601"]


def test_nobody_who_waits_is_asked_where_we_come_no_more(sol: Member) -> None:
    WaitlistEntry.join(make.quote(at=NOW), THURSDAY_NINE.date(), name="Jo", email="jo@example.org", at=NOW)
    assert WaitlistEntry.objects.in_line().exists()
    AreaChange.make(remove=["11215"], reason="Too far.", at=NOW, by=sol.user)
    assert not WaitlistEntry.objects.in_line().exists()


def test_a_member_keeps_an_area_of_theirs_where_we_come_no_more(sol: Member) -> None:
    AreaChange.make(remove=["11215", "11217"], reason="Too far.", at=NOW, by=sol.user)
    errors = [MemberForm({"areas": typed}, initial={"areas": "11215"}).errors for typed in ("11215", "11215 11217")]
    assert ["areas" in found for found in errors] == [False, True]


def test_the_last_area_does_not_go_and_what_is_so_already_is_said(sol: Member) -> None:
    everywhere = list(ZipCode.objects.served().values_list("code", flat=True))
    with pytest.raises(Refusal, match="close for bookings"):
        AreaChange.make(remove=everywhere, reason="Enough.", at=NOW, by=sol.user)
    with pytest.raises(Refusal, match="so already"):
        AreaChange.make(add=["11215"], reason="Again.", at=NOW, by=sol.user)
    assert "nothing would change" in text(send(sol, LESS | {"what": "add"}))


def test_a_change_stays_as_it_was_written(sol: Member) -> None:
    AreaChange.make(add=["12540"], reason="Bo moved there.", at=NOW, by=sol.user)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AreaChange.objects.update(reason="Another.")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_same_areas_at_once_one_changes_them(sol: Member, tess: Member) -> None:
    make.role(tess, "coordinator")

    def swap(by: Member) -> AreaChange:
        return AreaChange.make(add=["12540", "12545"], remove=["11215"], reason="Both.", at=NOW, by=by.user)

    told = at_once(lambda: swap(sol), lambda: swap(tess))
    assert sorted(type(one).__name__ for one in told) == ["AreaChange", "Refusal"]
    assert (is_served("12540"), is_served("11215"), AreaChange.objects.count()) == (True, False, 1)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Kings County, NY", [("NY", "Kings County")]),
        ("kings ny", [("NY", "Kings County")]),
        ("Kings", [("NY", "Kings County")]),
        ("Baltimore, MD", [("MD", "Baltimore County"), ("MD", "Baltimore city")]),
        ("Nowhere, NY", []),
    ],
)
def test_a_county_is_found_however_it_is_written(said: str, found: list[tuple[str, str]]) -> None:
    assert sorted(postal_areas.find_counties(said, near=["NY"])) == sorted(found)
