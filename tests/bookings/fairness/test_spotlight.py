"""Everybody's numbers: what counts as had and as asked for, who waits, and whom the numbers ask why."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings.fairness.flags import common_share, flags, is_outside, own, with_answers
from bookings.fairness.personal_data import facts, forget
from bookings.fairness.spotlight import Spotlight, SpotlightRow, WorkShare, spotlight
from bookings.models import Client, DoNotSend, FlagAnswer, Offer, SendAgain
from bookings.policies import OVERRIDE_COUNT, SPOTLIGHT_LOW
from coop.models import Amendment
from members.models import Member
from tests import make
from tests.bookings.balance import A_DAY, AT, FIVE_HOURS, asked_why, decide, five, work

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def seen(days: int = 28) -> Spotlight:
    return spotlight(days=days, at=AT)


def row(member: Member, days: int = 28) -> SpotlightRow:
    (found,) = [row for row in seen(days).rows if row.member == member]
    return found


def questions() -> list[str]:
    return [flag.text for flag in flags(seen(), on=TODAY)]


def vote(key: str, value: Fraction) -> None:
    Amendment.objects.create(
        policy=key,
        numerator=value.numerator,
        denominator=value.denominator,
        effective_on=date(2026, 3, 1),
        enacted_at=AT,
        source="governance.proposal:1",
    )


def test_what_somebody_had_stands_beside_what_they_asked_for(ana: Member) -> None:
    for days_ago in (1, 28, 29, 90):
        if days_ago < 60:
            work(days_ago=days_ago)
    part = row(ana).part
    assert (part.had, part.asked, part.share) == (2 * FIVE_HOURS, 4 * 1440, Fraction(600, 5760))
    assert row(ana, 90).part.had == 3 * FIVE_HOURS


def test_today_and_what_is_to_come_do_not_count_yet(ana: Member) -> None:
    work(days_ago=0)
    work(days_ago=-3)
    assert row(ana).part.had == 0


def test_work_that_was_lost_or_passed_does_not_count_as_had(ana: Member, bo: Member) -> None:
    lost = work(days_ago=3)
    lost.visit.call_off(at=lost.starts_at - A_DAY, by=ana.user, note="Water damage.")
    assert [one.part.had for one in seen().rows] == [0, 0]


def test_days_away_are_not_asked_for(ana: Member, bo: Member, cara: Member) -> None:
    ana.take_leave(first=date(2026, 4, 6), last=date(2026, 4, 19), today=date(2026, 4, 1))
    Member.objects.filter(pk=bo.pk).update(started_on=date(2026, 4, 28))
    bo.refresh_from_db()
    assert row(ana).part.asked == round(1440 * 15 / 7)
    assert (row(bo).part.asked, row(bo).part.counts) == (1440, False)
    assert (row(cara).part.asked, row(cara).part.counts) == (4 * 1440, True)


def test_time_on_leave_is_not_asked_for_and_asks_nothing(ana: Member, bo: Member) -> None:
    ana.go_on_leave(at=AT - 20 * A_DAY, by=None)
    bo.go_on_leave(at=AT - 21 * A_DAY, by=None)
    bo.come_back(at=AT - 7 * A_DAY, by=None)
    assert (row(ana).part.asked, row(ana).part.counts) == (round(1440 * 8 / 7), False)
    assert (row(bo).part.asked, row(bo).part.counts) == (2 * 1440, True)


def test_who_had_the_smallest_part_stands_first_and_who_asks_for_nothing_last(ana: Member) -> None:
    work(days_ago=3)
    nobody = make.member("Zoe None", minutes_wanted=0, hours=None)
    bo = make.member("Bo Lindgren")
    assert [one.member for one in seen().rows] == [bo, ana, nobody]
    assert not row(nobody).part.counts


def test_evenness_is_told_for_the_days_and_for_each_week(ana: Member) -> None:
    work(days_ago=20)
    assert seen().index == 1
    make.member("Bo Lindgren")
    found = seen()
    assert found.index == 0.5
    assert len(found.weeks) == 26
    assert [week.index for week in found.weeks[-4:]] == [None, 0.5, 0.5, 0.5]
    assert found.weeks[-1].last == date(2026, 5, 4)


def test_plum_work_pays_more_than_three_quarters_of_all_shifts(ana: Member) -> None:
    plain = make.service(minutes=120)
    fine = make.service(minutes=120)
    make.price(fine, cents_per_hour=6000)
    for days_ago in (2, 3, 4):
        work(plain, days_ago=days_ago)
    work(fine, days_ago=5)
    found = seen()
    assert found.plum_share == Fraction(1, 4)
    assert (row(ana).plum, row(ana).work) == (120, 480)


def test_where_all_work_pays_the_same_nobody_has_the_best(ana: Member) -> None:
    for days_ago in (2, 3, 4):
        work(make.service(minutes=120), days_ago=days_ago)
    assert (seen().plum_share, row(ana).plum_share) == (0, 0)


def test_whoever_is_offered_no_shift_waits(ana: Member) -> None:
    assert row(ana).wait == 28
    work(days_ago=10)
    assert row(ana).wait == 16
    ana.take_leave(first=date(2026, 4, 8), last=date(2026, 4, 17), today=date(2026, 4, 1))
    assert row(ana).wait == 11


def test_households_that_ask_for_somebody_count_once_and_taking_it_back_changes_nothing(ana: Member) -> None:
    lee, kim = make.client("Jordan Lee"), make.client("Kim Park")
    SendAgain.place(client=lee, member=ana, at=AT - 5 * A_DAY)
    SendAgain.withdraw(client=lee, member=ana, at=AT - 4 * A_DAY)
    SendAgain.place(client=lee, member=ana, at=AT - 3 * A_DAY)
    SendAgain.place(client=kim, member=ana, at=AT - 40 * A_DAY)
    assert (row(ana).requests, row(ana, 90).requests) == (1, 2)
    DoNotSend.place(client=lee, member=ana, placer="client", reason="conduct", at=AT, by=lee.user)
    assert (row(ana).requests, row(ana, 90).requests) == (1, 2)


def parts(now: float, before: float, *, counts: bool = True) -> tuple[WorkShare, WorkShare]:
    return WorkShare(round(100 * now), 100, counts), WorkShare(round(100 * before), 100, counts)


ALL, SCARCE = (Fraction(1), Fraction(1)), (Fraction(40, 100), Fraction(50, 100))
LOW, HIGH = Fraction(85, 100), Fraction(115, 100)


@pytest.mark.parametrize(
    ("now", "before", "common", "asks"),
    [
        (0.84, 0.84, ALL, True),
        (0.85, 0.84, ALL, False),
        (0.84, 1.00, ALL, False),
        (1.15, 1.16, ALL, False),
        (1.16, 1.16, ALL, True),
        (0.84, 1.16, ALL, False),
        (0.40, 0.50, SCARCE, False),
        (0.33, 0.42, SCARCE, True),
        (0.80, 0.80, SCARCE, True),
        (0.00, 0.00, (Fraction(0), Fraction(0)), False),
    ],
)
def test_the_limits_are_85_and_115_percent_of_what_all_had(
    now: float, before: float, common: tuple[Fraction, Fraction], asks: bool
) -> None:
    assert is_outside(parts(now, before), common, low=LOW, high=HIGH) == asks
    assert not is_outside(parts(now, before, counts=False), common, low=LOW, high=HIGH)


def test_the_common_share_is_never_more_than_all_that_was_asked_for() -> None:
    shares = [WorkShare(30, 100, True), WorkShare(50, 100, True), WorkShare(900, 100, False)]
    assert common_share(shares) == Fraction(2, 5)
    assert common_share([WorkShare(300, 100, True)]) == 1
    assert common_share([]) == 0


def test_who_had_another_part_than_all_twice_four_weeks_is_asked_why(ana: Member) -> None:
    for week in range(8):
        work(days_ago=2 + 7 * week)
    assert questions() == []
    make.member("Bo Lindgren", hours=None)
    assert questions() == [
        "Bo L. had 0% of the hours they asked for in the last 4 weeks, and 0% in the 4 weeks before; "
        "all together had 10% and 10%.",
        "Ana R. had 21% of the hours they asked for in the last 4 weeks, and 21% in the 4 weeks before; "
        "all together had 10% and 10%.",
    ]


def test_the_limits_are_rules_that_members_change(ana: Member) -> None:
    for week in range(8):
        work(days_ago=2 + 7 * week)
    make.member("Bo Lindgren", hours=None)
    vote(SPOTLIGHT_LOW.key, Fraction(0))
    assert [text[:5] for text in questions()] == ["Ana R"]


def test_turns_decided_for_one_person_again_and_again_are_a_question(sol: Member) -> None:
    office = five()
    eva = office[4]
    for _ in range(3):
        decide(sol, eva, *office)
    assert questions() == []
    decide(sol, eva, *office)
    assert questions() == [
        "Sol V. decided 4 of 4 turns for Eva H. in the last 90 days. "
        "By chance this would happen about once in 300 times."
    ]
    vote(OVERRIDE_COUNT.key, Fraction(5))
    assert questions() == []


def test_turns_decided_for_many_people_are_none(sol: Member) -> None:
    office = five()
    for receiver in office[1:]:
        decide(sol, receiver, *office)
    assert questions() == []
    assert [one.pair.given for one in seen().decided] == [1, 1, 1, 1]


def test_older_decisions_are_forgotten(sol: Member) -> None:
    office = five()
    for _ in range(4):
        decide(sol, office[4], *office, at=AT - 60 * A_DAY)
    assert (seen(28).decided, len(seen(90).decided)) == ([], 1)
    assert len(questions()) == 1
    with time_machine.travel(AT + 40 * A_DAY, tick=False):
        later = spotlight(days=90, at=AT + 40 * A_DAY)
        assert flags(later, on=TODAY) == []


def test_only_whoever_the_numbers_ask_can_answer(ana: Member) -> None:
    ana, bo = asked_why()
    asked = own("hours", member=ana, at=AT)
    assert asked is not None
    assert own("hours", member=bo, at=AT) is None
    assert own("overrides-1", member=ana, at=AT) is None


def test_a_new_answer_stands_first_and_the_old_one_stays(ana: Member) -> None:
    ana, _bo = asked_why()
    asked = own("hours", member=ana, at=AT)
    assert asked is not None
    asked.answer("I was ill.", at=AT - A_DAY)
    asked.answer("I was ill, and then I travelled.", at=AT)
    (one,) = with_answers(flags(seen(), on=TODAY), reader=ana)
    assert [answer.words for answer in one.answers] == ["I was ill, and then I travelled.", "I was ill."]
    assert one.mine


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE bookings_flaganswer SET words = 'I was lazy.'",
        "UPDATE bookings_flaganswer SET written_at = now(), words = ''",
        "DELETE FROM bookings_flaganswer",
    ],
)
def test_an_answer_is_never_rewritten(sql: str, ana: Member) -> None:
    FlagAnswer.write(ana, kind="hours", about=None, words="I was ill.", at=AT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    FlagAnswer.objects.update(words="")


def test_an_answer_is_taken_along_and_forgotten_with_whoever_wrote_it(ana: Member) -> None:
    FlagAnswer.write(ana, kind="hours", about=None, words="I was ill.", at=AT)
    told = facts(ana.user, AT)["work"]["answers to what the numbers asked"]
    assert told == [{"written_at": AT, "words": "I was ill."}]
    forget(ana.user, AT)
    assert FlagAnswer.objects.get().words == ""


def test_the_numbers_take_as_many_queries_for_few_as_for_many(ana: Member) -> None:
    with CaptureQueriesContext(connection) as few:
        spotlight(days=90, at=AT)
    for number in range(6):
        make.member()
        work(days_ago=2 + number)
    with CaptureQueriesContext(connection) as many:
        spotlight(days=90, at=AT)
    assert len(few) == len(many) <= 12


def test_nothing_tells_who_is_kept_away_from_a_home(ana: Member, bo: Member) -> None:
    """The same numbers, whether Ana is not sent to a household or merely had something else to do."""

    def told(household: Client, *, kept_away: bool) -> list[SpotlightRow]:
        sid = transaction.savepoint()
        if kept_away:
            DoNotSend.place(client=household, member=ana, placer="client", reason="other", at=AT, by=household.user)
        else:
            ana.take_leave(first=date(2026, 5, 12), last=date(2026, 5, 12), today=TODAY)
        booking = make.confirmed(starts_at=AT + 7 * A_DAY, at=AT, client=household)
        offer = Offer.objects.waiting().get(shift__visit__booking=booking)
        assert offer.member == bo
        decide(bo, bo, *[member for member in (ana, bo) if member == bo])
        found = seen()
        transaction.savepoint_rollback(sid)
        return [*found.rows, [(one.expected, one.rare) for one in found.decided]]  # type: ignore[list-item]

    lee = make.client("Jordan Lee")
    SendAgain.place(client=lee, member=ana, at=AT - A_DAY)
    assert told(lee, kept_away=True) == told(lee, kept_away=False)
