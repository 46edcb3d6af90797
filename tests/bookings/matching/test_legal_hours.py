"""Legal hours: whoever would work too long is warned, and asked only when nobody else is free."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.matching import rotation
from bookings.matching.legal_hours import Load
from bookings.matching.needs import Need, Slot, Wish
from bookings.models import Offer, Quote, Shift, Turn
from coop.models import Amendment
from members.models import Member
from tests import make
from tests.bookings.clock import NOW, local
from tests.bookings.stage import signed_in, words
from tests.bookings.turns.test_swap import ask, of
from tests.browsers import Browser
from tests.proofs import rounds

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GAP = timedelta(minutes=60)


def works(member: Member, starts_at: datetime, *, hours: float, quote: Quote | None = None) -> Shift:
    """Time of a member that is taken, and does not count in the turn."""
    ends_at = starts_at + hours * HOUR
    return Shift.objects.create(
        quote=quote or make.quote(at=NOW),
        member=member,
        state="held",
        zip=member.zip,
        starts_at=starts_at,
        ends_at=ends_at,
        span=(starts_at, ends_at),
        held_until=NOW + 90 * DAY,
    )


def wanted(starts_at: datetime, *, hours: float = 2) -> Need:
    """What a shift of some hours asks for."""
    wish = Wish(make.zip_code(), "cleaning", credential="", client=None)
    return Need(Slot(starts_at, minutes=round(hours * 60), crew=1, travel=0), wish)


def load(member: Member, starts_at: datetime, *, hours: float = 2) -> Load:
    (found,) = (
        each.load for each in rotation.in_turn(wanted(starts_at, hours=hours), at=NOW) if each.member == member.pk
    )
    assert found
    return found


def over(member: Member, starts_at: datetime, *, hours: float = 2) -> tuple[str, ...]:
    order = rotation.in_turn(wanted(starts_at, hours=hours), at=NOW)
    return next(each.over for each in order if each.member == member.pk)


def full_week(member: Member) -> None:
    """Five days of eight hours: forty in all."""
    for day in range(9, 14):
        works(member, local(day, 9), hours=8)


def asked(order: list[rotation.Candidate]) -> list[int]:
    return [each.member for each in order if not each.against]


def test_whoever_would_be_past_forty_hours_is_asked_only_when_nobody_else_is_free(ana, bo):
    full_week(ana)
    order = rotation.in_turn(wanted(local(14, 9)), at=NOW)
    assert [(each.member, each.over, each.load and each.load.week) for each in order] == [
        (bo.pk, (), 120),
        (ana.pk, ("week",), 2520),
    ]
    bo.take_leave(first=local(14, 9).date(), last=local(14, 9).date(), today=NOW.date())
    assert asked(rotation.in_turn(wanted(local(14, 9)), at=NOW)) == [ana.pk]


def test_forty_hours_are_not_past_forty_hours(ana):
    for day in range(9, 13):
        works(ana, local(day, 9), hours=8)
    found = [over(ana, local(13, 9), hours=hours) for hours in (8, 8.25)]
    assert found == [(), ("week",)]


def test_a_week_runs_from_monday_to_sunday_where_the_home_is(ana):
    full_week(ana)
    weeks = [load(ana, moment).week for moment in (local(8, 22), local(9, 0), local(15, 22), local(16, 0))]
    assert weeks == [120, 2520, 2520, 120]


def test_the_way_and_a_break_between_two_visits_of_a_day_are_work_up_to_an_hour(ana):
    works(ana, local(11, 9), hours=2)
    begins = {local(11, 11, 45): 2.25, local(11, 12): 2, local(11, 12, 15): 2}
    assert [load(ana, moment, hours=hours).day for moment, hours in begins.items()] == [300, 300, 240]


def test_a_shift_between_two_others_joins_them(ana):
    works(ana, local(11, 8), hours=2)
    works(ana, local(11, 13), hours=2)
    assert load(ana, local(11, 10, 30), hours=2) == Load(week=420, day=420, rest=None)


def test_past_ten_hours_a_day_is_too_long(ana):
    works(ana, local(11, 7), hours=8)
    assert [over(ana, local(11, 15, 30), hours=hours) for hours in (1.5, 1.75)] == [(), ("day",)]


@pytest.mark.parametrize(
    ("day", "begins", "ends"), [(10, 20, 23), (12, 5, 8)], ids=["to the evening before", "to the morning after"]
)
def test_less_than_ten_hours_of_rest_is_too_little(ana, day, begins, ends):
    works(ana, local(day, begins), hours=ends - begins)
    near, far = (local(11, 8), local(11, 9)) if day == 10 else (local(11, 18), local(11, 17))
    assert [over(ana, moment) for moment in (near, far)] == [("rest",), ()]


def test_work_that_does_not_take_place_does_not_count(ana):
    shift = make.accepted(starts_at=local(13, 9), at=NOW, quote=make.quote(at=NOW, service=make.service(minutes=240)))
    before = load(ana, local(14, 9)).week
    shift.cancel(at=NOW, by=None)
    assert (before, load(ana, local(14, 9)).week) == (360, 120)


def test_the_shift_itself_counts_once(ana):
    shift = make.accepted(starts_at=local(11, 9), at=NOW, quote=make.quote(at=NOW, service=make.service()))
    (candidate,) = rotation.in_turn(shift.need(), at=NOW)
    assert candidate.load == Load(week=120, day=120, rest=None)


def test_a_regular_who_would_be_past_legal_hours_goes_first_only_among_others_like_them(ana, bo):
    full_week(bo)
    order = rotation.in_turn(wanted(local(14, 9)), at=NOW, regular=bo.pk)
    assert [(each.member, each.regular) for each in order] == [(ana.pk, False), (bo.pk, False)]
    full_week(ana)
    order = rotation.in_turn(wanted(local(14, 9)), at=NOW, regular=bo.pk)
    assert [(each.member, each.regular) for each in order] == [(bo.pk, True), (ana.pk, False)]


def test_a_regular_person_is_asked_before_a_series_brings_them_past_legal_hours(ana):
    series = make.series(starts_at=local(11, 9), at=NOW)
    shift = Shift.objects.get(visit__booking__series=series, starts_at=local(18, 9))
    shift.release(at=NOW, by=ana.user)
    Offer.objects.filter(shift=shift).delete()
    Shift.objects.filter(pk=shift.pk).update(given_back_by=[])
    for day in range(16, 21):
        works(ana, local(day, 12), hours=8)
    offer = Shift.objects.with_related().get(pk=shift.pk).offer_next(at=NOW)
    assert offer
    assert (offer.member, offer.state, offer.turn.candidates[0]["over"]) == (ana, "made", ["week", "day"])
    assert ana.user.notices.filter(key=f"offer:{offer.pk}").exists()


def test_a_client_is_kept_the_time_of_somebody_within_legal_hours(ana, bo):
    full_week(ana)
    booking = make.booking(starts_at=local(14, 9), at=NOW, quote=make.quote(at=NOW, service=make.service()))
    kept = Shift.objects.get(quote=booking.quote)
    assert (kept.member, kept.state, booking.first_visit().shifts.count()) == (bo, "held", 0)


def test_the_members_may_change_the_hours_by_vote(ana):
    full_week(ana)
    Amendment.objects.create(
        policy="bookings.most_week_hours", numerator=42, effective_on=NOW.date(), enacted_at=NOW, source="test:1"
    )
    assert over(ana, local(14, 9)) == ()


def test_past_which_hours_somebody_would_be_is_written_down(ana):
    full_week(ana)
    (record,) = rotation.positions(rotation.in_turn(wanted(local(14, 9)), at=NOW))
    assert {name: record[name] for name in ("over", "week", "day", "rest")} == {
        "over": ["week"],
        "week": 2520,
        "day": 120,
        "rest": 960,
    }


def test_whoever_is_asked_is_warned_before_they_say_yes_in_their_language(ana):
    full_week(ana)
    offer = _offered(local(14, 9))
    with time_machine.travel(NOW, tick=False):
        page = words(signed_in(ana).get("/offers"))
        assert (
            "With this shift you would work 42 h that week. Past 40 h you are asked only when nobody else is free."
        ) in page
        ana.user.speak("es")
        page = words(signed_in(ana).get("/offers"))
        assert "Con este servicio trabajarías 42 h esa semana." in page
        offer.pass_on(at=NOW, by=ana.user)
        assert "Con este servicio trabajarías 42 h esa semana." in words(signed_in(ana).get("/offers"))


def test_whoever_answers_by_the_link_in_a_message_is_warned_as_well(ana):
    full_week(ana)
    offer = _offered(local(14, 9))
    with time_machine.travel(NOW, tick=False):
        page = words(Browser().get(reverse("answer_offer", args=[offer.answer_key])))
    assert "With this shift you would work 42 h that week." in page


def test_both_who_swap_read_what_it_does_to_their_hours_without_what_they_give(ana, bo):
    mine, theirs = of(ana, day=11), of(bo, day=14)
    for day in (9, 10, 12, 13):
        works(ana, local(day, 9), hours=9.25)
    with time_machine.travel(NOW, tick=False):
        chosen = words(signed_in(ana).get(f"/shifts/{mine.pk}/swap", {"other": bo.pk}))
        assert "would be past 40 h" not in chosen  # what she gives away is as long as what she gets
        ask(mine, bo, theirs)
        ask(mine, make.member("Cy Young"))
        assert "Long hours" not in words(signed_in(ana).get("/offers"))
        works(ana, local(13, 20), hours=0.5)
        assert "would be past 40 h" in words(signed_in(ana).get(f"/shifts/{mine.pk}/swap", {"other": bo.pk}))
        assert "With this shift you would work 40.25 h that week." in words(signed_in(ana).get("/offers"))
        works(bo, local(11, 12), hours=7.5)
        assert "With this shift you would work 10.5 h that day." in words(signed_in(bo).get("/offers"))


def test_a_move_asks_anew_whoever_it_would_bring_past_legal_hours(ana, bo):
    visit = of(ana, day=11).visit
    assert visit
    for day in (16, 17, 18, 19, 20):
        works(ana, local(day, 9), hours=8)
    visit.move(local(12, 9), at=NOW, by=None)
    assert (visit.shifts.get().state, visit.shifts.get().member) == ("accepted", ana)
    visit.move(local(21, 9), at=NOW, by=None)
    shift = visit.shifts.get()
    assert (shift.state, shift.member) == ("offered", bo)


def test_a_move_keeps_whoever_said_yes_to_those_hours(ana):
    full_week(ana)
    visit = of(ana, day=14).visit
    assert visit
    visit.move(local(14, 11), at=NOW, by=None)
    shift = visit.shifts.get()
    assert (shift.state, shift.member) == ("accepted", ana)


def test_who_has_little_work_reads_no_warning(ana):
    _offered(local(14, 9))
    with time_machine.travel(NOW, tick=False):
        assert "Long hours" not in words(signed_in(ana).get("/offers"))


def test_the_page_of_a_turn_says_who_would_have_been_past_legal_hours(ana, bo):
    full_week(ana)
    offer = _offered(local(14, 9))
    assert offer.member == bo
    with time_machine.travel(NOW, tick=False):
        page = words(signed_in(bo).get(f"/shifts/{offer.shift_id}/turn"))
    assert "<span>Ana R.<small>0 h of 72 h asked for; would be past 40 h that week</small></span>" in page


def test_why_somebody_could_not_come_says_nothing_of_their_hours(ana, bo, sol):
    full_week(ana)
    ana.take_leave(first=local(14, 9).date(), last=local(14, 9).date(), today=NOW.date())
    offer = _offered(local(14, 9))
    with time_machine.travel(NOW, tick=False):
        page = words(signed_in(sol).get(f"/shifts/{offer.shift_id}/turn"))
    assert "<span>Ana R.<small>could not come then</small></span>" in page


def test_records_from_before_legal_hours_can_be_read(ana, bo, sol):
    offer = _offered(local(14, 9))
    before = {"member": ana.pk, "received": 0, "wanted": 4320, "share": 0.0, "against": ""}
    Turn.objects.create(shift=offer.shift, decided_at=NOW - DAY, chosen=None, candidates=[before])
    with time_machine.travel(NOW, tick=False):
        page = words(signed_in(sol).get(f"/shifts/{offer.shift_id}/turn"))
    assert page.count('<ol class="turns">') == 2


def test_warnings_take_as_many_queries_for_many_shifts_as_for_one(ana):
    with time_machine.travel(NOW, tick=False):
        counts = []
        for day in (16, 18, 20):
            _offered(local(day, 9))
            browser = signed_in(ana)
            with CaptureQueriesContext(connection) as queries:
                browser.get("/offers")
            counts.append(len(queries))
    assert counts[1] == counts[2]


times = st.lists(st.tuples(st.integers(0, 5 * 96), st.integers(1, 24)), max_size=6)


@settings(max_examples=rounds(25, short=8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=times, this=st.tuples(st.integers(0, 5 * 96), st.integers(4, 16)))
def test_hours_are_counted_as_somebody_would_with_pencil_and_paper(ana, spans, this):
    quarter = timedelta(minutes=15)
    own = (local(9, 0) + this[0] * quarter, local(9, 0) + (this[0] + this[1]) * quarter)
    Shift.objects.all().delete()
    quote, kept = make.quote(at=NOW), [(own[0] - quarter, own[1] + quarter)]  # with the way there and back
    for first, length in spans:
        begins, ends = local(9, 0) + first * quarter, local(9, 0) + (first + length) * quarter
        if all(ends <= low or begins >= high for low, high in kept):
            kept.append((begins, ends))
            works(ana, begins, hours=length / 4, quote=quote)
    kept[0] = own
    ordered = sorted(kept)
    gaps = [later[0] - sooner[1] for sooner, later in pairwise(ordered)]
    work = [high - low for low, high in kept] + [gap for gap in gaps if gap <= GAP]
    assert load(ana, own[0], hours=this[1] / 4).week == sum(work, timedelta()) / timedelta(minutes=1)


def _offered(starts_at: datetime) -> Offer:
    made = make.confirmed(starts_at=starts_at, at=NOW, quote=make.quote(at=NOW, service=make.service()))
    return Offer.objects.waiting().get(shift__visit__booking=made)
