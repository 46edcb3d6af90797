"""What is offered for sale can be kept, and what can be kept is offered."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.matching import rotation, slots
from bookings.matching.errors import NobodyFree, TimeTaken
from bookings.matching.needs import Need, Slot, Wish
from bookings.models import DoNotSend, Quote
from coop.models import Amendment
from members.models import Availability, Leave, Member
from members.people.spans import Span, Weeks
from tests import make
from tests.bookings.clock import NEW_YORK, NINE, NOW, WEDNESDAY, local
from tests.proofs import rounds

pytestmark = pytest.mark.django_db
TEN_MINUTES = timedelta(minutes=10)
ZIPS = st.sampled_from(["11215", "10027", "11201"])


def openings(quote: Quote, *, first: date = WEDNESDAY, days: int = 1, at: datetime = NOW, **who) -> list[str]:
    """The times for sale as clocks in New York."""
    found = quote.openings(first=first, days=days, at=at, **who)
    return [f"{opening.astimezone(NEW_YORK):%d %H:%M}" for opening in found]


def two_hours(**wish) -> Quote:
    return make.quote(at=NOW, service=make.service(minutes=120), **wish)


days = st.sampled_from(
    [
        WEDNESDAY,
        date(2026, 11, 11),  # Veterans Day
        date(2026, 3, 8),  # clocks go forward
        date(2026, 11, 1),  # and back
    ]
)
spans = st.tuples(st.integers(0, 92), st.integers(1, 60)).map(lambda pair: (pair[0], min(sum(pair), 95)))
people = st.fixed_dictionaries(
    {
        "week": st.lists(st.tuples(st.sampled_from(Weeks.values), spans), max_size=4),
        "that_day": st.none() | st.lists(spans, max_size=2, unique_by=lambda pair: pair[0]),
        "off": st.booleans(),
        "holidays": st.booleans(),
        "areas": st.sampled_from([[], ["11"], ["100"], ["11215", "10027"]]),
    }
)


@settings(
    max_examples=rounds(40, short=6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(days, st.lists(people, min_size=1, max_size=3), st.lists(ZIPS, max_size=3), st.integers(1, 2), st.data())
def test_whatever_is_sold_can_be_kept_and_nothing_else(day, coop, visits, crew, data):
    at = datetime.combine(day - timedelta(days=3), time(15), UTC)
    with transaction.atomic():
        for who in coop:
            _join(who, day)
        service = make.service(minutes=120)
        for zip_code in visits:
            other = make.quote(at=at, service=service, zip=zip_code)
            if found := other.openings(first=day, days=1, at=at):
                other.choose_time(data.draw(st.sampled_from(found)), at=at)
        wish = make.quote(at=at, service=make.service(minutes=120 * crew, crew=crew), zip=data.draw(ZIPS))
        for_sale = wish.openings(first=day, days=1, at=at)
        assert for_sale == [moment for moment in half_hours(day) if moment in for_sale]
        tried = at_the_edges(day, for_sale) | data.draw(st.sets(st.sampled_from(half_hours(day)), max_size=12))
        assert {moment for moment in tried if _can_be_kept(wish, moment, at=at)} == tried & set(for_sale)
        if for_sale:
            wish.choose_time(data.draw(st.sampled_from(for_sale)), at=at)
            assert wish.openings(first=day, days=1, at=at) == for_sale  # one's own hold hides nothing
        transaction.set_rollback(True)


def _join(who, day: date) -> None:
    """A member with these hours on the weekday of that day, other hours on it, or days off around it."""
    member = make.member(hours=None)
    Member.objects.filter(pk=member.pk).update(areas=who["areas"], works_on_holidays=who["holidays"])
    for weeks, (low, high) in who["week"]:
        member.availability.create(weekday=day.weekday(), starts=_clock(low), ends=_clock(high), weeks=weeks)
    if who["that_day"] is not None:
        member.work_otherwise(day, [(_clock(low), _clock(high)) for low, high in who["that_day"]], today=day)
    if who["off"]:
        Leave.objects.create(member=member, starts_on=day - timedelta(days=4), ends_on=day + timedelta(days=4))


def _clock(quarters: int) -> time:
    return time(quarters // 4, quarters % 4 * 15)


def half_hours(day: date) -> list[datetime]:
    """Every full and half hour of a local day, 46, 48 or 50 of them."""
    midnight, next_one = (datetime.combine(day + timedelta(days=n), time(), NEW_YORK).astimezone(UTC) for n in (0, 1))
    return [midnight + timedelta(minutes=30) * n for n in range((next_one - midnight) // timedelta(minutes=30))]


def at_the_edges(day: date, for_sale: list[datetime]) -> set[datetime]:
    """The moments at which what is for sale begins and ends, and those just outside; the day's first and last."""
    moments = half_hours(day)
    edges = (pair for pair in pairwise(moments) if (pair[0] in for_sale) != (pair[1] in for_sale))
    return {moments[0], moments[-1]}.union(*edges)


def _can_be_kept(quote: Quote, moment: datetime, *, at: datetime) -> bool:
    """Ask the turn itself, without looking at what is for sale."""
    quote.starts_at = moment
    try:
        with transaction.atomic():
            quote.hold(at=at, until=at + TEN_MINUTES, client=None)
            transaction.set_rollback(True)
    except NobodyFree:
        return False
    return True


def for_sale_and_in_turn(member: Member, *, day: int, month: int = 3, at: datetime = NOW, **wish) -> tuple[bool, str]:
    """Is two hours at nine on that day for sale, and what says the turn against this member?"""
    quote, nine = two_hours(), local(day, 9, month=month)
    found = openings_of(quote, first=nine.date(), at=at, **wish)
    need = Need(Slot(nine, minutes=120, crew=1, travel=15), _wish(quote, **wish))
    (against,) = (each.against for each in rotation.in_turn(need, at=at) if each.member == member.pk)
    return nine in found, against


def openings_of(quote: Quote, *, first: date, at: datetime, **wish) -> list[datetime]:
    """The times for sale on one day, whatever the notice and the horizon."""
    soonest = Slot(at, quote.minutes, crew=1, travel=15)
    latest = at + timedelta(days=365)
    return slots.openings(_wish(quote, **wish), soonest, latest=latest, first=first, days=1, at=at)


def _wish(quote: Quote, *, language: str = "", pets: tuple[str, ...] = ()) -> Wish:
    service = quote.service
    return Wish(quote.zip, service.skill, service.credential, client=None, language=language, pets=pets)


def test_weeks_that_alternate_are_sold_in_turn(ana):
    ana.open_week([Span(2, time(8), time(12), Weeks.A), Span(2, time(13), time(18), Weeks.B)], holidays=False)
    found = [for_sale_and_in_turn(ana, day=day) for day in (11, 18, 25)]
    assert sorted(set(found)) == [(False, "away"), (True, "")]
    assert found[0] == found[2] != found[1]


def test_a_single_day_differs_from_the_week(ana, bo):
    Availability.objects.filter(member=bo).delete()
    ana.work_otherwise(WEDNESDAY, [], today=WEDNESDAY)
    bo.work_otherwise(WEDNESDAY, [(time(9), time(11))], today=WEDNESDAY)
    assert [for_sale_and_in_turn(ana, day=day)[1] for day in (11, 12)] == ["away", ""]
    assert [for_sale_and_in_turn(bo, day=day) for day in (11, 12)] == [(True, ""), (True, "away")]
    assert openings(two_hours()) == ["11 09:00"]


def test_on_a_holiday_works_who_said_so_and_whoever_chose_that_day(ana):
    Member.objects.update(works_on_holidays=False)
    veterans_day: dict[str, Any] = {"day": 11, "month": 11}
    before = for_sale_and_in_turn(ana, **veterans_day)
    ana.work_otherwise(date(2026, 11, 11), [(time(8), time(12))], today=WEDNESDAY)
    chosen = for_sale_and_in_turn(ana, **veterans_day)
    ana.other_hours.all().delete()
    Member.objects.update(works_on_holidays=True)
    assert [before, chosen, for_sale_and_in_turn(ana, **veterans_day)] == [(False, "away"), (True, ""), (True, "")]


def test_who_takes_work_only_near_home_is_not_sent_far(ana):
    found = []
    for areas in (["112"], ["11215"], ["11211", "100"], []):
        Member.objects.update(areas=areas)
        found.append(for_sale_and_in_turn(ana, day=11))
    assert found == [(True, ""), (True, ""), (False, "not_matched"), (True, "")]


def test_who_asks_for_a_language_is_sent_somebody_who_speaks_it(ana):
    found = [for_sale_and_in_turn(ana, day=11, language=language) for language in ("es", "fr", "")]
    assert found == [(True, ""), (False, "not_matched"), (True, "")]


def test_a_day_from_eight_to_six_sells_two_hours_from_eight_to_four(ana):
    assert openings(two_hours())[:2] + openings(two_hours())[-1:] == ["11 08:00", "11 08:30", "11 16:00"]


def test_two_spans_that_touch_are_one(ana):
    Availability.objects.all().delete()
    make.available(ana, weekday=2, starts=9, ends=11)
    make.available(ana, weekday=2, starts=11, ends=13)
    wish = two_hours()
    assert openings(wish) == ["11 09:00", "11 09:30", "11 10:00", "11 10:30", "11 11:00"]
    wish.choose_time(local(11, 10), at=NOW)
    assert wish.shifts.get().member == ana


def test_nothing_is_sold_less_than_a_day_or_more_than_sixty_days_ahead(ana):
    wish = two_hours()
    found = wish.openings(first=date(2026, 3, 9), days=70, at=NOW)
    assert (found[0], found[-1]) == (NOW + timedelta(hours=24), NOW + timedelta(days=60))


def test_the_members_may_change_the_notice_by_vote(ana):
    Amendment.objects.create(
        policy="bookings.lead_hours", numerator=47, effective_on=NOW.date(), enacted_at=NOW, source="test:1"
    )
    assert openings(two_hours())[0] == "11 09:00"


def test_a_kept_time_is_taken_from_others_and_never_from_oneself(ana):
    mine, other = two_hours(), two_hours()
    before = openings(mine)
    mine.choose_time(NINE, at=NOW)
    assert openings(mine) == before
    assert openings(other)[0] == "11 11:30"


def test_changing_ones_time_gives_the_first_one_back(ana):
    mine, other = two_hours(), two_hours()
    mine.choose_time(NINE, at=NOW)
    mine.choose_time(local(11, 14), at=NOW)
    assert openings(other)[0] == "11 08:00"
    assert mine.shifts.get().starts_at == local(11, 14)


def test_a_time_that_was_kept_too_long_is_free_again(ana):
    mine, other = two_hours(), two_hours()
    mine.choose_time(NINE, at=NOW)
    other.choose_time(NINE, at=NOW + TEN_MINUTES)
    assert (mine.shifts.exists(), other.shifts.get().member) == (False, ana)


def test_who_loses_a_time_is_shown_the_three_nearest_and_keeps_the_old_one(ana):
    first, second = two_hours(), two_hours()
    second.choose_time(local(12, 9), at=NOW)
    first.choose_time(local(11, 12), at=NOW)
    with pytest.raises(TimeTaken) as taken:
        second.choose_time(local(11, 12), at=NOW)
    assert taken.value.nearest == [local(11, 9), local(11, 9, 30), local(11, 14, 30)]
    assert (second.starts_at, second.shifts.get().starts_at) == (local(12, 9), local(12, 9))


def test_the_way_between_two_homes_is_kept_free(ana):
    two_hours(zip="11215").choose_time(local(11, 12), at=NOW)
    near = [opening for opening in openings(two_hours(zip="11215")) if "09:00" < opening[3:] < "15:00"]
    far = [opening for opening in openings(two_hours(zip="10027")) if "09:00" < opening[3:] < "16:00"]
    assert (near, far) == (["11 09:30", "11 14:30"], ["11 15:30"])


def test_a_visit_just_after_midnight_keeps_the_way_to_it_free(ana):
    Availability.objects.all().update(starts=time(0), ends=time(23, 45))
    two_hours().choose_time(local(12, 0), at=NOW)
    wish = two_hours(zip="10027")
    assert openings(wish)[-1] == "11 20:30"


def test_a_crew_of_two_needs_two_who_are_free(ana, bo):
    crew = make.service(minutes=240, crew=2)
    two_hours().choose_time(NINE, at=NOW)
    wish = make.quote(at=NOW, service=crew)
    assert openings(wish)[0] == "11 11:30"
    wish.choose_time(local(11, 12), at=NOW)
    assert {shift.member for shift in wish.shifts.all()} == {ana, bo}


def test_from_the_day_a_credential_ends_nothing_is_sold_that_needs_it(ana):
    make.credential(ana, expires_on=date(2026, 3, 13))
    wish = make.quote(at=NOW, service=make.service(minutes=120, credential="hha"))
    days = {opening[:2] for opening in openings(wish, days=14)}
    assert days == {"11", "12"}


def test_a_renewed_credential_sells_on_without_a_gap(ana):
    make.credential(ana, expires_on=date(2026, 3, 13))
    make.credential(ana, issued_on=date(2026, 3, 13))
    wish = make.quote(at=NOW, service=make.service(minutes=120, credential="hha"))
    assert {opening[:2] for opening in openings(wish, days=4)} == {"11", "12", "13", "14"}


def test_somebody_without_the_skill_or_on_leave_sells_nothing(ana, bo):
    Member.objects.filter(pk=ana.pk).update(skills=["care"])
    Leave.objects.create(member=bo, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    assert {opening[:2] for opening in openings(two_hours(), days=2)} == {"12"}


def test_whom_a_client_does_not_want_sells_them_nothing(ana, lee):
    household = make.client()
    DoNotSend.place(client=household, member=ana, placer="client", reason="other", at=NOW, by=household.user)
    wish = two_hours(client=household)
    assert (openings(wish, client=household), openings(wish)[:1]) == ([], ["11 08:00"])


def test_times_are_those_of_the_homes_clock_over_the_spring_night(ana):
    at = datetime(2026, 3, 6, 15, tzinfo=UTC)
    wish = two_hours()
    found = wish.openings(first=date(2026, 3, 7), days=3, at=at)
    nines = [moment for moment in found if moment.astimezone(NEW_YORK).time() == time(9)]
    assert [moment.hour for moment in nines if moment.day > 7] == [13, 13]


@pytest.mark.parametrize("members", [1, 12])
def test_three_queries_find_the_openings_whatever_the_number_of_members(members, django_assert_num_queries):
    for _number in range(members):
        make.member()
    wish = make.quote(at=NOW, service=make.service(minutes=120))
    wish.choose_time(NINE, at=NOW)
    wish = Quote.objects.select_related("service", "zip").get(pk=wish.pk)
    with django_assert_num_queries(3):
        wish.openings(first=WEDNESDAY, days=14, at=NOW)
