"""The office's week, moving a visit, handing a day over, and finding things."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import HandOver, Shift, Visit
from coop.errors import Refusal
from coop.models import Event
from members.models import Leave, Member, Notice, User
from tests import make
from tests.bookings import stage
from tests.bookings.stage import LATER, NOW, TODAY, TOMORROW, said, signed_in, words

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 3, 11)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_the_week_shows_every_shift_with_unfilled_ones_first(ana: Member, sol: Member) -> None:
    stage.accepted(starts_in=TODAY)
    stage.offered(starts_in=TOMORROW)
    page = words(signed_in(sol).get("/office/week"))
    table = page[page.index("<table") : page.index("</table>")]
    assert table.index("Nobody yet") < table.index("Ana R. is asked") < table.index('<th scope="row">Ana Reyes')
    assert table.count('class="slot accepted"') == 1


def test_the_week_by_area_names_who_comes(ana: Member, sol: Member) -> None:
    stage.accepted(starts_in=TODAY)
    page = words(signed_in(sol).get("/office/week", {"by": "areas"}))
    table = page[page.index("<table") : page.index("</table>")]
    assert ('<th scope="row">11215 Brooklyn' in table, "· Ana R." in table) == (True, True)


def test_somebody_who_takes_the_day_off_is_shown_so(ana: Member, sol: Member) -> None:
    Leave.objects.create(member=ana, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    page = words(signed_in(sol).get("/office/week"))
    assert page.count("<small>off</small>") == 1


@pytest.mark.parametrize("first", ["2026-03-16", "2026-03-22"])
def test_weeks_are_paged_and_begin_on_a_monday(first: str, ana: Member, sol: Member) -> None:
    stage.offered(starts_in=LATER)
    page = words(signed_in(sol).get("/office/week", {"first": first}))
    assert ("March 16 to March 22, 2026" in page, page.count("slot offered")) == (True, 2)


@pytest.mark.parametrize("first", ["0001-01-01", "9999-12-31", "x", ""])
def test_a_week_that_is_none_is_this_one(first: str, sol: Member) -> None:
    assert "March 9 to March 15, 2026" in words(signed_in(sol).get("/office/week", {"first": first}))


def test_a_full_week_asks_no_more_than_an_empty_one(ana: Member, bo: Member, sol: Member) -> None:
    browser = signed_in(sol)
    stage.offered(starts_in=TODAY + timedelta(days=2))
    counts = []
    for days in (0, 3, 4, 5):
        if days:
            stage.offered(starts_in=timedelta(days=days, hours=1))
            stage.offered(starts_in=timedelta(days=days, hours=5))
        for by in ("people", "areas"):
            with CaptureQueriesContext(connection) as queries:
                browser.get("/office/week", {"by": by, "first": "2026-03-09"})
            counts.append((by, len(queries)))
    assert len(set(counts)) == 2


def test_the_office_moves_a_visit_and_everybody_is_told(ana: Member, sol: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    wish = {"day": "2026-03-17", "time": "10:00", "note": "The plumber comes on Monday"}
    page = words(signed_in(sol).get(f"/visits/{shift.visit_id}/time", {"first": "2026-03-17"}))
    assert 'value="2026-03-17"' in page
    assert said(signed_in(sol).post(f"/visits/{shift.visit_id}/time", wish)) == [
        "The visit is moved. The client and whoever comes are told."
    ]
    visit = Visit.objects.get(pk=shift.visit_id)
    assert (visit.starts_at.isoformat(), Shift.objects.get(pk=shift.pk).state) == (
        "2026-03-17T14:00:00+00:00",
        "accepted",
    )
    assert Event.objects.about(visit).get(verb="reschedule").note == "The plumber comes on Monday"


def test_a_time_at_which_nobody_can_come_shows_the_nearest_and_keeps_what_was_typed(ana: Member, sol: Member) -> None:
    shift = stage.accepted(starts_in=LATER)
    wish = {"day": "2026-03-17", "time": "21:00", "note": "The plumber comes on Monday"}
    page = words(signed_in(sol).post(f"/visits/{shift.visit_id}/time", wish))
    assert "These times are the nearest that work." in page
    assert 'value="The plumber comes on Monday"' in page
    assert page.count('name="other"') == 3
    signed_in(sol).post(f"/visits/{shift.visit_id}/time", wish | {"other": "2026-03-17T15:00:00+00:00"})
    assert Visit.objects.get(pk=shift.visit_id).starts_at.isoformat() == "2026-03-17T15:00:00+00:00"


def test_handing_a_day_over_puts_each_shift_to_the_next_at_once(ana: Member, sol: Member) -> None:
    morning, evening = stage.accepted(starts_in=TOMORROW), stage.offered(starts_in=TOMORROW + timedelta(hours=5))
    bo = make.member("Bo Lindgren")
    answer = signed_in(sol).post("/hand-overs", {"member": ana.pk, "day": "2026-03-11"})
    found = HandOver.objects.get()
    assert answer["Location"] == f"/hand-overs/{found.pk}"
    assert {(shift.pk, shift.state, shift.member) for shift in found.shifts.all()} == {
        (morning.pk, "offered", bo),
        (evening.shift_id, "offered", bo),
    }
    assert Leave.objects.filter(member=ana, starts_on=WEDNESDAY, ends_on=WEDNESDAY).exists()
    assert words(signed_in(sol).get(answer["Location"])).count("Bo L. is asked until") == 2


def test_the_client_of_an_accepted_visit_is_told_once_that_somebody_else_comes(ana: Member, sol: Member) -> None:
    shift = stage.accepted(starts_in=TOMORROW)
    stage.offered(starts_in=TOMORROW + timedelta(hours=5))
    for _again in range(2):
        signed_in(sol).post("/hand-overs", {"member": ana.pk, "day": "2026-03-11"})
    told = Notice.objects.filter(key__startswith="person_changes")
    assert [notice.user for notice in told] == [shift.home.client.user]
    assert "Ana R. cannot come on Wednesday, March 11" in told[0].body


def test_handing_over_twice_is_handing_over_once(ana: Member, bo: Member, sol: Member) -> None:
    stage.accepted(starts_in=TOMORROW)
    for _again in range(3):
        HandOver.begin(ana, day=WEDNESDAY, at=NOW, by=sol.user)
    assert (HandOver.objects.count(), ana.leaves.count(), Event.objects.filter(verb="begin").count()) == (1, 1, 1)


def test_what_is_under_way_stays_and_is_named(ana: Member, bo: Member, sol: Member, clock) -> None:
    begun = stage.accepted(starts_in=TODAY)
    clock.move_to(begun.starts_at)
    begun.start(at=begun.starts_at, by=begun.member.user)
    found = HandOver.begin(begun.member, day=date(2026, 3, 10), at=begun.starts_at, by=sol.user)
    assert ([shift.pk for shift in found.still_theirs()], found.shifts.count()) == ([begun.pk], 0)
    assert "What is under way is for a phone call." in words(signed_in(sol).get(found.get_absolute_url()))


def test_one_shift_in_trouble_keeps_none_of_the_others(
    ana: Member, sol: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second = stage.accepted(starts_in=TOMORROW), stage.accepted(starts_in=TOMORROW + timedelta(hours=5))
    ask = Shift.offer_next

    def refuses_the_first(shift: Shift, **facts):
        if shift.pk == first.pk:
            raise Refusal("Many people are booking that day at this moment.")
        return ask(shift, **facts)

    monkeypatch.setattr(Shift, "offer_next", refuses_the_first)
    found = HandOver.begin(first.member, day=WEDNESDAY, at=NOW, by=sol.user)
    monkeypatch.undo()
    assert [shift.pk for shift in found.still_theirs()] == [first.pk]
    found.hand_on(at=NOW, by=sol.user)
    assert found.still_theirs() == []


def test_a_member_hands_over_their_own_day_and_no_other(ana: Member, bo: Member) -> None:
    stage.accepted(starts_in=TOMORROW)
    signed_in(ana).post("/hand-overs", {"member": bo.pk, "day": "2026-03-11"})
    assert [found.member for found in HandOver.objects.all()] == [ana]
    assert signed_in(bo).get(HandOver.objects.get().get_absolute_url()).status_code == 404


def test_a_day_that_is_over_is_not_handed_over(ana: Member, sol: Member) -> None:
    page = words(signed_in(sol).post("/hand-overs", {"member": ana.pk, "day": "2026-03-09"}))
    assert ("Those days are over." in page, HandOver.objects.count()) == (True, 0)


@pytest.mark.parametrize(
    ("wanted", "finds"),
    [
        ("Robin Client", ["clients"]),
        ("5550123", ["clients"]),
        ("(212) 555-0123", ["clients"]),
        ("@example.org", ["clients", "members"]),
        ("7th Ave", ["homes", "visits"]),
        ("11215", ["homes"]),
        ("Reyes", ["members"]),
        ("reyes, Aná", ["members"]),
        ("nobody at all", []),
        ("", []),
    ],
)
def test_the_office_finds_what_is_said_on_the_phone(wanted: str, finds: list[str], ana: Member, sol: Member) -> None:
    stage.accepted(note="The key is under the frog.")
    page = words(signed_in(sol).get("/office/search", {"q": wanted}))
    names = {"clients": "<h2>Clients", "homes": "<h2>Homes", "visits": "<h2>Visits", "members": "<h2>Members</h2>"}
    assert [name for name, heading in names.items() if heading in page] == finds


def test_a_visit_is_found_by_its_number(ana: Member, sol: Member) -> None:
    visit = stage.accepted().visit
    for wanted in (visit.pk, f"#{visit.pk}"):
        assert f"/visits/{visit.pk}" in words(signed_in(sol).get("/office/search", {"q": wanted}))


def test_what_is_in_a_getting_in_note_finds_nothing(ana: Member, sol: Member) -> None:
    stage.accepted(note="The key is under the frog.")
    assert "Nothing fits." in words(signed_in(sol).get("/office/search", {"q": "frog"}))


def test_only_whoever_coordinates_searches_and_sees_the_week(ana: Member, tess: Member, lee: User) -> None:
    pages = ["/office/search", "/office/week"]
    assert {signed_in(who).get(page).status_code for page in pages for who in (ana, tess, lee)} == {403}


def test_a_search_asks_as_often_for_many_as_for_one(ana: Member, sol: Member) -> None:
    counts, browser = [], signed_in(sol)
    for days in range(1, 5):
        stage.booking(starts_in=timedelta(days=days, hours=2))
        with CaptureQueriesContext(connection) as queries:
            browser.get("/office/search", {"q": "7th"})
        counts.append(len(queries))
    assert len(set(counts)) == 1
