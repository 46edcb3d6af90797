"""Where the co-op works: areas come and go on a page, after a look at what that touches; what is agreed stays."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
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
from tests.bookings.desk import NEW_YORK, NOW, THURSDAY_NINE, signed_in, text
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
TODAY = NOW.date()
TOMORROW = TODAY + A_DAY
THURSDAY = THURSDAY_NINE.date()
TO_TOMORROW = {"from_day": TOMORROW.isoformat()}
LESS = {"what": "remove", "codes": "11215", "reason": "Nobody lives near."} | TO_TOMORROW
MORE = {"what": "add", "codes": "12540", "reason": "Bo moved there."} | TO_TOMORROW


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def send(by: Member, sent: dict[str, str]) -> Any:
    return signed_in(by).post(reverse("change_areas"), sent)


def send_seen(by: Member, sent: dict[str, str]) -> Any:
    """Look at what it touches, and press again."""
    return send(by, sent | {"seen": send(by, sent).context["seen"]})


def is_served(code: str, day: date = TOMORROW) -> bool:
    """By the area itself and by the question to the database, which agree."""
    area, asked = ZipCode.objects.filter(pk=code).first(), ZipCode.objects.served(day).filter(code=code).exists()
    assert asked == bool(area and area.is_served(day))
    return asked


def make_change(by: Member, *, add: Any = (), remove: Any = (), day: date = TOMORROW, at: datetime = NOW) -> AreaChange:
    return AreaChange.make(add=add, remove=remove, reason="As we said.", from_day=day, at=at, by=by.user)


def test_a_county_and_a_pasted_list_come_after_a_look(sol: Member) -> None:
    AreaRequest.ask(email="far@example.org", zip="12601", language="en", at=NOW)
    sent = {
        "what": "add",
        "county": "dutchess, ny",
        "codes": "06811, 06810-1234\n11215",
        "reason": "More hands.",
    } | TO_TOMORROW
    page = text(first := send(sol, sent))
    assert "1 person asked us to come there: we write to them on that day" in page
    assert not is_served("12601")
    assert send(sol, sent | {"seen": first.context["seen"]})["Location"] == reverse("areas")
    assert all(map(is_served, ["12601", "06811", "06810", "11215"]))
    assert not is_served("12601", TODAY)
    change = AreaChange.objects.get()
    assert ("11215" in change.added, change.reason, change.set_by) == (False, "More hands.", sol.user)
    assert [event.actor for event in Event.objects.about(change)] == [sol.user]
    page = text(signed_in(sol).get(reverse("areas")))
    assert ("Dutchess County, NY" in page, ">From March 10, 2026 on</b>" in page) == (False, True)
    with time_machine.travel(NOW + A_DAY, tick=False):
        assert "Dutchess County, NY" in text(signed_in(sol).get(reverse("areas")))


def test_each_row_that_is_no_zip_code_is_named_and_nothing_typed_is_lost(sol: Member) -> None:
    sent = MORE | {"codes": "12540 12x45\n99999;04x", "county": "Nowhere"}
    page = text(answer := send(sol, sent))
    assert answer.context["form"].errors["codes"] == [f"{row}: no such ZIP code" for row in ("12x45", "99999", "04x")]
    assert "We know no county “Nowhere”" in page
    assert "12540 12x45 99999;04x" in page
    assert 'value="Bo moved there."' in page


def test_what_lies_in_areas_that_go_is_shown_before(ana: Member, sol: Member) -> None:
    series = make.series(starts_at=THURSDAY_NINE, at=NOW)
    nobody_can = make.quote(at=NOW, service=make.service(skill="windows"))
    late = make.confirmed(starts_at=THURSDAY_NINE + A_DAY, at=NOW).first_visit()
    WaitlistEntry.join(nobody_can, THURSDAY + 3 * A_DAY, name="Jo", email="jo@example.org", at=NOW)
    answer = send(sol, LESS | {"from_day": (THURSDAY + A_DAY).isoformat()})
    touched = answer.context["touched"]
    assert (touched.homes, touched.clients, touched.members, touched.waiting, touched.asked) == (2, 2, 2, 1, 0)
    assert (touched.series, touched.first_series, touched.visits) == (1, [series], len(touched.first_visits))
    assert min(visit.day for visit in touched.first_visits) == THURSDAY + A_DAY
    page = text(answer)
    assert ("1 series goes on" in page, f"Visit {late.pk}" in page) == (True, True)
    assert is_served("11215", THURSDAY + A_DAY)


def test_the_look_asks_as_much_for_one_home_as_for_three(ana: Member, sol: Member) -> None:
    def asked(hours: int) -> int:
        make.series(starts_at=THURSDAY_NINE + timedelta(hours=hours), at=NOW)
        with CaptureQueriesContext(connection) as queries:
            page = text(send(sol, LESS))
        assert page.count("/office/clients/") >= 1
        return len(queries)

    asked(0)
    assert asked(3) == asked(6)


def test_each_question_asks_about_the_day_of_the_visit(ana: Member, sol: Member) -> None:
    draft = desk.ask(browser := Browser())
    make_change(sol, remove=["11215"], day=THURSDAY + A_DAY)
    days = {one.astimezone(NEW_YORK).date() for one in draft.openings(first=TOMORROW, days=7, at=NOW)}
    assert (THURSDAY in days, max(days)) == (True, THURSDAY)
    said = "We come to 11215 until March 12, 2026, and not after that."
    times = reverse("choose_time", args=[draft.token])
    assert said in text(browser.get(times))
    assert said in text(browser.post(times, {"starts_at": (THURSDAY_NINE + A_DAY).isoformat()}))
    with pytest.raises(Refusal, match="until March 12"):
        WaitlistEntry.join(draft, THURSDAY + A_DAY, name="Jo", email="jo@example.org", at=NOW)
    visit = make.confirmed(starts_at=THURSDAY_NINE, at=NOW).first_visit()
    with pytest.raises(Refusal, match="until March 12"):
        visit.move_for_client(THURSDAY_NINE + A_DAY, expected_cents=visit.cents, at=NOW, by=visit.booking.client.user)


def test_what_comes_can_be_booked_for_its_days(ana: Member, sol: Member) -> None:
    make_change(sol, add=["12540"], day=THURSDAY)
    draft = desk.ask(browser := Browser(), zip="12540")
    assert "We come to 12540 from March 12, 2026 on." in text(browser.get(reverse("choose_time", args=[draft.token])))
    days = {one.astimezone(NEW_YORK).date() for one in draft.openings(first=TODAY, days=7, at=NOW)}
    assert min(days) == THURSDAY
    make_change(sol, add=["12545"], day=TODAY + 300 * A_DAY)
    page = text(browser.get(reverse("quote"), {"zip": "12545"}))
    assert "We come to 12545 from January 3, 2027 on." in page


def test_what_is_agreed_stays_and_only_new_bookings_are_refused(ana: Member, sol: Member) -> None:
    series = make.series(starts_at=THURSDAY_NINE, at=NOW)
    draft = desk.ask(browser := Browser())
    desk.choose(browser, draft, THURSDAY_NINE + A_DAY)
    visits = list(Visit.objects.coming(NOW).values_list("pk", "state"))
    assert send_seen(sol, LESS).status_code == 302
    series.refresh_from_db()
    assert (series.state, list(Visit.objects.coming(NOW).values_list("pk", "state"))) == (series.State.RUNNING, visits)
    assert series.occasions(THURSDAY, THURSDAY + 21 * A_DAY)
    draft.refresh_from_db()
    with pytest.raises(Refusal, match="We come to 11215 until March 9, 2026, and not after that"):
        Booking.request(draft, at=NOW, by=None)
    with time_machine.travel(NOW + A_DAY, tick=False):
        back = browser.get(reverse("give_contact", args=[draft.token]))["Location"]
        assert back == reverse("quote", query={"change": draft.token})
        assert "We come to 11215 until March 9, 2026, and not after that." in text(browser.get(back))


def test_a_series_that_was_agreed_after_we_said_that_we_leave_ends_with_its_area(ana: Member, sol: Member) -> None:
    make_change(sol, remove=["11215"], day=THURSDAY + 10 * A_DAY)
    later = NOW + A_DAY
    series = make.series(starts_at=THURSDAY_NINE, at=later)
    series.extend(at=later)
    assert list(series.days.values_list("day", flat=True).order_by("day")) == [THURSDAY, THURSDAY + 7 * A_DAY]
    assert series.booking.quote.first_times()[-1][0] == THURSDAY_NINE + 7 * A_DAY
    series.extend(at=NOW + 20 * A_DAY)
    series.refresh_from_db()
    assert series.state == series.State.ENDED


def test_nothing_is_done_that_was_not_seen_as_it_is_now(sol: Member) -> None:
    seen = send(sol, MORE).context["seen"]
    make_change(sol, add=["12540"])
    page = text(send(sol, MORE | {"seen": seen, "codes": "12540 12545"}))
    assert "This is not what you looked at before." in page
    assert not is_served("12545")


def test_a_change_is_taken_back_before_its_day(sol: Member) -> None:
    send_seen(sol, LESS)
    change = AreaChange.objects.get()
    for _time in range(2):
        assert signed_in(sol).post(reverse("take_back_areas", args=[change.pk])).status_code == 302
    assert (is_served("11215"), AreaChange.objects.count()) == (True, 2)
    assert "Taken back on March 9, 2026 by Sol" in text(signed_in(sol).get(reverse("areas")))
    assert [event.verb for event in Event.objects.about(change)] == ["make", "take_back"]
    kept = make_change(sol, remove=["11215"])
    with pytest.raises(Refusal, match="Its day has begun already"):
        kept.take_back(at=NOW + A_DAY, by=sol.user)
    assert ZipCode.objects.get(pk="11215").served_days == [DateRange(None, TOMORROW)]


def test_several_changes_of_one_area_hold_one_after_the_other(sol: Member) -> None:
    goes = make_change(sol, remove=["11215"], day=TODAY + 10 * A_DAY)
    make_change(sol, add=["11215"], day=TODAY + 20 * A_DAY)
    make_change(sol, remove=["11215"], day=TODAY + 30 * A_DAY)
    served = [number for number in range(0, 35, 5) if is_served("11215", TODAY + number * A_DAY)]
    assert served == [0, 5, 20, 25]
    goes.take_back(at=NOW, by=sol.user)
    assert ZipCode.objects.get(pk="11215").served_days == [DateRange(None, TODAY + 30 * A_DAY)]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"from_day": TODAY.isoformat()}, "We can stop from tomorrow on"),
        ({"from_day": "2026-03-01", "what": "add", "codes": "12540"}, "That day is over."),
        ({"from_day": "9999-12-31"}, "This day lies too far away."),
        ({"from_day": "soon"}, "errorlist"),
    ],
)
def test_a_day_that_cannot_be_is_said_in_a_sentence(sol: Member, sent: dict[str, str], said: str) -> None:
    answer = send(sol, LESS | sent)
    if "seen" in answer.context and answer.context["touched"]:
        answer = send(sol, LESS | sent | {"seen": answer.context["seen"]})
    assert (answer.status_code, said in text(answer), AreaChange.objects.count()) == (200, True, 0)


def test_the_first_area_may_come_at_once(sol: Member) -> None:
    make_change(sol, add=["12540"], day=TODAY)
    assert is_served("12540", TODAY)


def test_whoever_asked_us_to_come_is_told_by_day_and_forgotten(sol: Member) -> None:
    AreaRequest.ask(email="far@example.org", zip="12540", language="es", at=NOW)
    AreaRequest.ask(email="farther@example.org", zip="12601", language="en", at=NOW)
    make_change(sol, add=["12540"])
    for early in (NOW, (NOW + A_DAY).replace(hour=6)):
        with time_machine.travel(early, tick=False):
            sweep_waitlist()
    assert mail.outbox == []
    for _time in range(2):
        with time_machine.travel(NOW + A_DAY, tick=False):
            sweep_waitlist()
    (told,) = mail.outbox
    assert (told.to, told.subject) == (["far@example.org"], "Ya llegamos al 12540")
    assert f"{settings.BASE_URL}{reverse('quote')}?zip=12540" in told.body
    assert [one.zip for one in AreaRequest.objects.all()] == ["12601"]


def test_nobody_who_waits_is_asked_where_we_come_no_more(sol: Member) -> None:
    WaitlistEntry.join(make.quote(at=NOW), THURSDAY_NINE.date(), name="Jo", email="jo@example.org", at=NOW)
    assert WaitlistEntry.objects.in_line(TODAY).exists()
    make_change(sol, remove=["11215"], day=THURSDAY + A_DAY)
    assert WaitlistEntry.objects.in_line(TODAY).exists()
    make_change(sol, remove=["11215"], day=THURSDAY)
    assert not WaitlistEntry.objects.in_line(TODAY).exists()


def test_a_member_keeps_an_area_of_theirs_where_we_come_no_more(sol: Member) -> None:
    make_change(sol, remove=["11215", "11217"])
    with time_machine.travel(NOW + A_DAY, tick=False):
        errors = [MemberForm({"areas": typed}, initial={"areas": "11215"}).errors for typed in ("11215", "11215 11217")]
    assert ["areas" in found for found in errors] == [False, True]


def test_the_last_area_does_not_go_and_what_is_so_already_is_said(sol: Member) -> None:
    everywhere = list(ZipCode.objects.served(TODAY).values_list("code", flat=True))
    with pytest.raises(Refusal, match="close for bookings"):
        make_change(sol, remove=everywhere)
    comes = make_change(sol, add=["12540"])
    make_change(sol, remove=everywhere)
    with pytest.raises(Refusal, match="close for bookings"):
        comes.take_back(at=NOW, by=sol.user)
    with pytest.raises(Refusal, match="so already"):
        make_change(sol, add=["12540"], day=TOMORROW + A_DAY)
    assert "nothing would change" in text(send(sol, MORE))


def test_a_change_stays_as_it_was_written_and_nothing_goes_at_once(sol: Member) -> None:
    change = make_change(sol, add=["12540"])
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AreaChange.objects.update(reason="Another.")
    row = {"added": [], "removed": ["11215"], "reason": "x", "set_on": TODAY, "set_by": sol.user}
    with pytest.raises(DatabaseError, match="an_area_goes_on_a_later_day"), transaction.atomic():
        AreaChange.objects.create(effective_on=TODAY, **row)
    assert change.effective_on == TOMORROW


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_same_areas_at_once_one_changes_them(sol: Member, tess: Member) -> None:
    make.role(tess, "coordinator")
    told = at_once(
        lambda: make_change(sol, add=["12540", "12545"], remove=["11215"]),
        lambda: make_change(tess, add=["12540", "12545"], remove=["11215"]),
    )
    assert sorted(type(one).__name__ for one in told) == ["AreaChange", "Refusal"]
    assert (is_served("12540"), is_served("11215"), AreaChange.objects.count()) == (True, False, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_let_the_last_areas_go_at_once_one_stays(sol: Member, tess: Member) -> None:
    make.role(tess, "coordinator")
    ZipCode.objects.exclude(pk__in=["11215", "11217"]).update(served_days=[])
    told = at_once(
        lambda: make_change(sol, remove=["11215"]),
        lambda: make_change(tess, remove=["11217"], day=TOMORROW + A_DAY),
    )
    assert sorted(type(one).__name__ for one in told) == ["AreaChange", "Refusal"]


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
