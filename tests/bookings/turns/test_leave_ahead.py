"""A leave from a day to a day, written down before: what follows is read off each day, and nothing has to be turned.

The leave of these tests ends with the night in which the clocks go back: the first of November has 25 hours.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from bookings.fairness.tallies import Days, absences
from bookings.matching.errors import TimeTaken
from bookings.models import Shift
from members.models import Member, Notice, Role, Standing, User
from tests import make
from tests.bookings.clock import local
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = local(20, 10, month=10)
FIRST, LAST = local(30, 8, month=10).date(), local(1, 8, month=11).date()
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
BEGINS, ENDS = local(30, 0, month=10), local(2, 0, month=11)


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def mia() -> Member:
    """She works from morning to late in the evening."""
    return make.member("Mia Late", hours=(8, 23))


@pytest.fixture
def mara() -> Member:
    return make.member("Mara Lund", hours=None, roles=["membership"])


def sent(by: Member, name: str, number: int, **said: str) -> str:
    browser = Browser()
    browser.force_login(User.objects.get(pk=by.user_id))
    answer = browser.post(reverse(name, args=[number]), said, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def written_down(by: Member, member: Member, *, until: bool = True) -> str:
    days = {"on": FIRST.isoformat(), "until": LAST.isoformat() if until else ""}
    return sent(by, "go_on_leave", member.pk, **days)


def taken_back(by: Member, member: Member) -> str:
    planned = Standing.objects.valid().get(member=member, state="on_leave")
    return sent(by, "take_back", planned.pk)


def who_has(shifts: list[Shift]) -> list[str]:
    found = Shift.objects.select_related("member__user").in_bulk([one.pk for one in shifts])
    return [found[one.pk].member.user.first_name if found[one.pk].member else found[one.pk].state for one in shifts]


def at_the_edges() -> list[datetime]:
    """The last evening before the leave, its first morning, its last evening, and the morning after it."""
    return [local(29, 20, month=10), local(30, 8, month=10), local(1, 20, month=11), local(2, 8, month=11)]


def told(member: Member) -> Notice:
    return Notice.objects.filter(user=member.user).latest("pk")


def test_shifts_of_the_first_day_to_the_last_go_on_and_come_back_with_it(mia: Member, mara: Member) -> None:
    shifts = [make.accepted(starts_at=starts, at=NOW) for starts in at_the_edges()]
    page = written_down(mara, mia)
    assert ("October 30: <b>on leave</b>" in page, "November 2: <b>member</b>" in page) == (True, True)
    assert who_has(shifts) == ["Mia", "open", "open", "Mia"]
    taken_back(mara, mia)
    assert who_has(shifts) == ["Mia"] * 4


def test_nobody_is_asked_for_a_day_of_a_leave_that_is_still_to_come(mia: Member, mara: Member) -> None:
    written_down(mara, mia)
    before, first, last, after = at_the_edges()
    for starts in (first, last):
        with pytest.raises(TimeTaken):
            make.confirmed(starts_at=starts, at=NOW)
    assert [make.accepted(starts_at=starts, at=NOW).member for starts in (before, after)] == [mia, mia]


def test_an_office_rests_from_midnight_to_midnight_though_no_job_ran(mia: Member, mara: Member, clock: Any) -> None:
    make.role(mia, "coordinator")
    written_down(mara, mia)
    acting = {}
    for moment in (BEGINS - A_SECOND, BEGINS, ENDS - A_SECOND, ENDS):
        clock.move_to(moment, tick=False)
        person = User.objects.get(pk=mia.user_id)
        acts, holds = bool(person.acting_roles), mia.user in Role.objects.holders(moment, "coordinator")
        acting[moment] = (acts, holds, bool(person.roles))
    assert list(acting.values()) == [(True,) * 3, (False, False, True), (False, False, True), (True,) * 3]


def test_the_vote_stays_and_days_away_neither_count_nor_stand_in(mia: Member, mara: Member) -> None:
    written_down(mara, mia)
    days = [FIRST - A_DAY, FIRST, LAST, LAST + A_DAY]
    assert [mia in Member.objects.owners(day) for day in days] == [True] * 4, "on the roll of every day"
    assert [mia in Member.objects.acting(day) for day in days] == [True, False, False, True], "to approve pay, say"
    assert absences([mia], Days(days[0], days[-1]))[mia.pk][-1] == (FIRST, LAST), "spare what is fair"


@pytest.mark.parametrize(
    ("until", "subject", "days"),
    [
        (True, "You are on leave from October 30, 2026 to November 1, 2026", "both days included"),
        (False, "You are on leave from October 30, 2026 on", "until you say that you are back"),
    ],
)
def test_the_member_is_told_at_once_with_the_days(
    mia: Member, mara: Member, clock: Any, until: bool, subject: str, days: str
) -> None:
    clock.move_to(at_night := local(21, 3, month=10), tick=False)
    written_down(mara, mia, until=until)
    mail = told(mia)
    assert (mail.subject, mail.due_at) == (subject, at_night)
    assert (days in mail.body, "you take it back here yourself before that day" in mail.body) == (True, True)
    taken_back(mara, mia)
    assert told(mia).subject == subject.replace("You are on", "Your") + " was taken back"


def test_what_one_says_oneself_is_told_with_its_last_day(mia: Member) -> None:
    written_down(mia, mia)
    assert "The last day of it is November 1, 2026." in told(mia).body
    taken_back(mia, mia)
    assert told(mia).subject.startswith("Your standing in the co-op")


def test_it_can_be_taken_back_until_its_first_midnight_and_not_after(mia: Member, mara: Member, clock: Any) -> None:
    written_down(mara, mia)
    clock.move_to(BEGINS, tick=False)
    assert "That day has come" in taken_back(mara, mia)
    assert Member.objects.get(pk=mia.pk).state == "on_leave"


def test_in_its_last_second_before_it_is_taken_back(mia: Member, mara: Member, clock: Any) -> None:
    written_down(mara, mia)
    clock.move_to(BEGINS - A_SECOND, tick=False)
    taken_back(mara, mia)
    assert [Member.objects.get(pk=mia.pk).state_on(day) for day in (FIRST, LAST)] == ["member"] * 2


def test_the_board_writes_it_down_too_and_other_offices_do_not(mia: Member, ana: Member, sol: Member) -> None:
    make.role(ana, "board")
    written_down(ana, mia)
    assert Standing.objects.get(member=mia, state="on_leave").by == ana.user
    browser = Browser()
    browser.force_login(sol.user)
    assert browser.post(reverse("go_on_leave", args=[ana.pk]), {"on": FIRST.isoformat()}).status_code == 403
