"""Days on which the co-op is closed and the hours of a week: what can be booked, and what happens to what was."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from bookings.catalog.bookable_hours import ALWAYS, BookableHours
from bookings.catalog.closed_days import ClosedDay
from bookings.models import SeriesDay, Visit
from coop.errors import Refusal
from coop.models import Event
from members.models import Member, Notice
from tests import make
from tests.bookings import desk
from tests.bookings.desk import NOW, THURSDAY_NINE, signed_in, text
from tests.browsers import Browser

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
THURSDAY = THURSDAY_NINE.date()
TODAY, A_DAY = NOW.date(), timedelta(days=1)
WORDS = {"words_en": "Our yearly meeting", "words_es": "Nuestra reunión anual"}
NINE_TO_ONE = ((540, 780),) * 5 + ((0, 0),) * 2


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def close(by: Member, first: date = THURSDAY, last: date | None = None) -> None:
    ClosedDay.close(first=first, last=last or first, **WORDS, at=NOW, by=by.user)


def hours_sent(week: tuple[tuple[int, int], ...], **more: str) -> dict[str, str]:
    """The form with these hours, as a browser sends it."""
    told = {}
    for number, (low, high) in enumerate(week):
        for name, minutes in (("opens", low), ("closes", high)):
            told[f"{name}_{number}"] = f"{minutes // 60 % 24:02}:{minutes % 60:02}" if low < high else ""
    return {**told, "from_day": "2026-03-10", **more}


def test_nobody_can_book_a_day_on_which_we_are_closed(ana: Member, sol: Member) -> None:
    draft = desk.ask(Browser())
    assert THURSDAY_NINE in draft.openings(first=THURSDAY, days=1, at=NOW)
    close(sol)
    assert draft.openings(first=THURSDAY, days=1, at=NOW) == []
    assert draft.openings(first=THURSDAY + A_DAY, days=1, at=NOW) != []
    page = text(Browser().get(reverse("choose_time", args=[draft.token])))
    assert "We are closed on Thursday, March 12: Our yearly meeting." in page
    assert "is taken by now" in text(desk.choose(Browser(), draft)) or draft.starts_at is None


def test_a_time_kept_for_a_day_that_is_closed_meanwhile_is_not_booked(ana: Member, sol: Member) -> None:
    visitor = Browser()
    draft = desk.ask(visitor)
    desk.choose(visitor, draft)
    desk.give(visitor, draft)
    close(sol)
    said = "We are closed on Thursday, March 12: Our yearly meeting. Please choose another day."
    assert said in text(desk.agree(visitor, draft))
    assert not Visit.objects.exists()


def test_what_was_booked_waits_on_a_list_of_the_office_until_it_is_moved(ana: Member, sol: Member) -> None:
    visit = make.confirmed(starts_at=THURSDAY_NINE, at=NOW).first_visit()
    make.confirmed(starts_at=THURSDAY_NINE + A_DAY, at=NOW)
    sent = {"first": "2026-03-12", "last": "2026-03-12", **WORDS}
    page = text(signed_in(sol).post(reverse("close_days"), sent | {"preview": "1"}))
    assert ("1 visit is booked." in page, f"Visit {visit.pk}" in page, ClosedDay.objects.count()) == (True, True, 0)
    assert signed_in(sol).post(reverse("close_days"), sent)["Location"] == reverse("closed_days")
    assert f"Visit {visit.pk}" in text(signed_in(sol).get(reverse("closed_days")))
    assert "Visits on days when we are closed" in text(signed_in(sol).get(reverse("home")))
    assert Visit.objects.get(pk=visit.pk).state == Visit.State.SCHEDULED
    visit.refresh_from_db()
    visit.move(THURSDAY_NINE + 4 * A_DAY, at=NOW, by=sol.user)
    assert list(Visit.objects.on_closed_days(NOW)) == []
    assert "Visits on days when we are closed" not in text(signed_in(sol).get(reverse("home")))


def test_members_read_when_we_are_closed_and_not_who_booked(ana: Member, sol: Member) -> None:
    visit = make.confirmed(starts_at=THURSDAY_NINE, at=NOW).first_visit()
    close(sol)
    page = text(signed_in(ana).get(reverse("closed_days")))
    assert ("Our yearly meeting" in page, f"Visit {visit.pk}" in page) == (True, False)
    assert signed_in(ana).get(reverse("close_days")).status_code == 403


def test_a_day_of_the_home_counts_and_not_of_utc(ana: Member, sol: Member) -> None:
    make.available(ana, weekday=2, starts=18, ends=22)
    late = datetime(2026, 3, 11, 20, tzinfo=NEW_YORK)
    booked = make.confirmed(starts_at=late, at=NOW, quote=make.quote(at=NOW, service=make.service(minutes=120)))
    close(sol)
    assert list(Visit.objects.on_closed_days(NOW)) == []
    close(sol, first=late.date())
    assert list(Visit.objects.on_closed_days(NOW)) == [booked.first_visit()]


def test_a_series_lists_a_closed_day_as_one_on_which_nobody_comes(ana: Member, sol: Member) -> None:
    close(sol, first=THURSDAY + 7 * A_DAY)
    series = make.series(starts_at=THURSDAY_NINE, at=NOW)
    series.extend(at=NOW)
    became = {row.day: row.became for row in series.days.order_by("day")[:3]}
    assert became == {
        THURSDAY: SeriesDay.Became.VISIT,
        THURSDAY + 7 * A_DAY: SeriesDay.Became.CLASH,
        THURSDAY + 14 * A_DAY: SeriesDay.Became.VISIT,
    }


def test_whoever_was_told_that_nobody_comes_hears_that_the_day_is_open_after_all(ana: Member, sol: Member) -> None:
    day = THURSDAY + 7 * A_DAY
    close(sol, first=day)
    series = make.series(starts_at=THURSDAY_NINE, at=NOW)
    series.extend(at=NOW)
    signed_in(sol).post(reverse("reopen_day", args=[ClosedDay.objects.get().pk]))
    told = Notice.objects.get(key__startswith="series_reopened")
    assert (told.user, told.subject) == (series.booking.client.user, "On Thursday, March 19 we are open after all")
    row = series.days.get(day=day)
    assert row.became == SeriesDay.Became.CLASH
    signed_in(told.user).post(reverse("take_back_visit", args=[series.booking.token, row.pk]))
    row.refresh_from_db()
    assert row.became == SeriesDay.Became.VISIT


def test_a_closed_day_is_open_again_before_it_begins_and_says_who_did_it(
    ana: Member, sol: Member, clock: time_machine.Traveller
) -> None:
    close(sol, last=THURSDAY + A_DAY)
    first, second = ClosedDay.objects.between(TODAY, date.max)
    for _twice in range(2):
        signed_in(sol).post(reverse("reopen_day", args=[first.pk]))
    assert [row.effective_on for row in ClosedDay.objects.between(TODAY, date.max)] == [second.effective_on]
    assert [event.verb for event in Event.objects.about(first)] == ["close", "take_back"]
    clock.move_to(THURSDAY_NINE + A_DAY)
    with pytest.raises(Refusal, match="begun already"):
        second.take_back(at=THURSDAY_NINE + A_DAY, by=sol.user)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClosedDay.objects.update(words_en="Nothing")


def test_a_public_holiday_is_closed_with_its_name_in_both_languages(ana: Member, sol: Member) -> None:
    assert "Memorial Day" in text(signed_in(sol).get(reverse("closed_days")))
    page = text(signed_in(sol).get(reverse("close_days") + "?day=2026-05-25"))
    assert ('value="Memorial Day"' in page, 'value="2026-05-25"' in page) == (True, True)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first": "2026-03-01", "last": "2026-03-12"}, "That day is over."),
        ({"first": "2026-03-12", "last": "2026-03-11"}, "The last day is before the first one."),
        ({"first": "2026-03-12", "last": "2026-06-12"}, "Close at most 31 days at once."),
        ({"first": "2029-12-31", "last": "2029-12-31"}, "Choose a day within the next two years."),
        ({"first": "", "last": "nonsense"}, "errorlist"),
        ({"first": "2026-03-12", "last": "2026-03-12", "words_es": ""}, "errorlist"),
    ],
)
def test_what_cannot_be_closed_is_said_in_a_sentence(sol: Member, sent: dict[str, str], said: str) -> None:
    answer = signed_in(sol).post(reverse("close_days"), WORDS | sent)
    assert (answer.status_code, said in text(answer), ClosedDay.objects.count()) == (200, True, 0)
    assert signed_in(sol).get(reverse("close_days") + "?day=2026-99-99").status_code == 200


def test_closing_a_closed_day_again_is_said(sol: Member) -> None:
    close(sol)
    sent = {"first": "2026-03-12", "last": "2026-03-12", **WORDS}
    assert "We are closed then already." in text(signed_in(sol).post(reverse("close_days"), sent))


def test_visits_are_booked_within_the_hours_of_their_day(ana: Member, sol: Member) -> None:
    draft = make.quote(at=NOW, service=make.service(minutes=120))
    BookableHours.say(NINE_TO_ONE, from_day=THURSDAY, at=NOW, by=sol.user)
    found = draft.openings(first=TODAY + 2 * A_DAY, days=5, at=NOW)
    clocks = {
        day: sorted({one.astimezone(NEW_YORK).time() for one in found if one.date() == day})
        for day in (THURSDAY - A_DAY, THURSDAY, THURSDAY + 2 * A_DAY)
    }
    assert clocks[THURSDAY] == [time(9), time(9, 30), time(10), time(10, 30), time(11)]
    assert (clocks[THURSDAY - A_DAY][-1], clocks[THURSDAY + 2 * A_DAY]) == (time(16), [])


def test_hours_are_set_after_a_look_at_what_lies_outside_and_taken_back_before_their_day(
    ana: Member, sol: Member
) -> None:
    visit = make.confirmed(
        starts_at=THURSDAY_NINE + timedelta(hours=5),
        at=NOW,
        quote=make.quote(at=NOW, service=make.service(minutes=120)),
    ).first_visit()
    office, sent = signed_in(sol), hours_sent(NINE_TO_ONE)
    page = text(office.post(reverse("bookable_hours"), sent | {"preview": "1"}))
    assert ("1 visit. It stays" in page, f"Visit {visit.pk}" in page, BookableHours.objects.count()) == (True, True, 0)
    office.post(reverse("bookable_hours"), sent)
    assert BookableHours.objects.week(THURSDAY) == NINE_TO_ONE
    assert "9:00 AM – 1:00 PM" in text(office.get(reverse("bookable_hours")))
    row = BookableHours.objects.get()
    office.post(reverse("take_back_hours", args=[row.pk]))
    assert BookableHours.objects.week(THURSDAY) == ALWAYS
    assert [event.verb for event in Event.objects.about(row)] == ["say", "take_back"]


def test_the_form_of_the_hours_sent_back_says_the_same(sol: Member) -> None:
    signed_in(sol).post(reverse("bookable_hours"), hours_sent(ALWAYS))
    assert BookableHours.objects.week(THURSDAY) == ALWAYS


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"opens_0": ""}, "Say both times, or neither"),
        ({"opens_0": "14:00"}, "It ends before it begins."),
        ({"opens_0": "25:99"}, "errorlist"),
        ({"from_day": "2026-03-09"}, "New hours begin tomorrow at the earliest."),
        ({f"{name}_{number}": "" for name in ("opens", "closes") for number in range(7)}, "nobody could book"),
    ],
)
def test_hours_that_cannot_be_are_said_in_a_sentence(sol: Member, sent: dict[str, str], said: str) -> None:
    answer = signed_in(sol).post(reverse("bookable_hours"), hours_sent(NINE_TO_ONE) | sent)
    assert (answer.status_code, said in text(answer), BookableHours.objects.count()) == (200, True, 0)
