"""Standing is dated: what was said for which day, by whom; what holds is read off the rows of the day."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coop.errors import Refusal, WrongState
from coop.models import Event
from members.models import Member, Role, Standing
from tests import make

pytestmark = pytest.mark.django_db
State = Member.State
NOW = make.SPRING + timedelta(days=30)
"""The first of April, in the morning."""
TODAY = NOW.date()
A_DAY = timedelta(days=1)


def days(member: Member, *numbers: int) -> list[str]:
    """The states of a member so many days from today, read anew."""
    found = Member.objects.get(pk=member.pk)
    return [found.state_on(TODAY + number * A_DAY).value for number in numbers]


def rows(member: Member) -> list[tuple[str, date, bool]]:
    found = member.standings.order_by("pk")
    return [(one.state, one.starts_on, one.takes_back_id is not None) for one in found]


def test_before_anything_is_decided_nobody_is_anything(ana: Member) -> None:
    assert ana.state_on(make.FIRST_DAY - A_DAY) == State.APPLICANT
    assert not Member.objects.here(make.FIRST_DAY - A_DAY).exists()


def test_who_was_an_owner_on_a_day_is_one_query(ana: Member, bo: Member, cara: Member) -> None:
    bo.leave_coop(at=NOW, by=None)
    cara.admit(at=NOW + 2 * A_DAY, by=None)
    with CaptureQueriesContext(connection) as asked:
        found = [set(Member.objects.owners(TODAY + number * A_DAY)) for number in (-1, 0, 2)]
    assert (found, len(asked)) == ([{ana, bo}, {ana}, {ana, cara}], 3)


def test_of_one_day_the_last_that_was_decided_holds(ana: Member) -> None:
    ana.go_on_leave(at=NOW, by=None)
    ana.come_back(at=NOW, by=None)
    assert days(ana, -1, 0, 1) == ["member", "member", "member"]


def test_a_later_day_wins_however_early_it_was_decided(ana: Member) -> None:
    ana.go_on_leave(on=TODAY + 10 * A_DAY, until=TODAY + 12 * A_DAY, at=NOW, by=ana.user)
    assert days(ana, 0, 9, 10, 12, 13) == ["member", "member", "on_leave", "on_leave", "member"]


def test_who_decided_what_by_which_words_is_kept(cara: Member, sol: Member) -> None:
    cara.admit(at=NOW, by=sol.user, note="Proposal 3")
    found = cara.standings.get(state=State.MEMBER)
    assert (found.by, found.decision, found.decided_at, found.starts_on) == (sol.user, "Proposal 3", NOW, TODAY)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "former"},
        {"starts_on": date(2020, 1, 1)},
        {"decision": "Otherwise."},
        {"decided_at": make.SPRING - A_DAY},
    ],
)
def test_what_was_decided_is_never_changed(ana: Member, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="a_standing_is_never_changed"), transaction.atomic():
        ana.standings.update(**change)


def test_what_was_decided_is_never_deleted(ana: Member) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        ana.standings.all().delete()


def test_nobody_leaves_twice(ana: Member) -> None:
    ana.give_notice(gone_on=TODAY + 14 * A_DAY, at=NOW, by=ana.user)
    with pytest.raises(Refusal, match="They leave already, on April 15, 2026"):
        ana.give_notice(gone_on=TODAY + 20 * A_DAY, at=NOW, by=ana.user)
    with pytest.raises(IntegrityError, match="nobody_leaves_twice"), transaction.atomic():
        Standing.objects.create(member=ana, state=State.FORMER, starts_on=TODAY + 3 * A_DAY, decided_at=NOW)
    ana.leave_coop(at=NOW + A_DAY, by=ana.user)
    with pytest.raises(WrongState):
        ana.leave_coop(at=NOW + A_DAY, by=ana.user)
    assert days(ana, 0, 1, 30) == ["leaving", "former", "former"]


def test_notice_holds_rights_until_its_day_and_is_taken_back_until_then(ana: Member, sol: Member) -> None:
    term = make.role(ana, "treasurer")
    ana.give_notice(gone_on=TODAY + 14 * A_DAY, at=NOW, by=ana.user)
    after = NOW + 14 * A_DAY
    assert days(ana, 0, 13, 14) == ["leaving", "leaving", "former"]
    assert [Role.objects.held(at).filter(pk=term.pk).exists() for at in (NOW, after - A_DAY, after)] == [
        True,
        True,
        False,
    ]
    leaving = ana.standings.get(state=State.FORMER)
    with pytest.raises(Refusal, match="That day has come"):
        leaving.take_back(at=after, by=ana.user)
    leaving.take_back(at=after - A_DAY, by=ana.user)
    assert days(ana, 0, 12, 13, 14, 30) == ["leaving", "leaving", "member", "member", "member"]
    assert Role.objects.held(after).filter(pk=term.pk).exists(), "the office goes on"


def test_the_database_takes_nothing_back_that_has_begun(ana: Member) -> None:
    ana.go_on_leave(at=NOW, by=None)
    begun = ana.standings.get(state=State.ON_LEAVE)
    facts = {"member": ana, "state": begun.state, "starts_on": begun.starts_on}
    with pytest.raises(IntegrityError, match="only_what_has_not_begun_is_taken_back"), transaction.atomic():
        Standing.objects.create(**facts, decided_at=NOW + 2 * A_DAY, takes_back=begun)


def test_a_leave_that_is_planned_is_taken_back_with_the_day_of_its_end(ana: Member) -> None:
    ana.go_on_leave(on=TODAY + 10 * A_DAY, until=TODAY + 12 * A_DAY, at=NOW, by=ana.user)
    with pytest.raises(Refusal, match="Something is planned already: on leave from April 11, 2026"):
        ana.go_on_leave(on=TODAY + 20 * A_DAY, at=NOW, by=ana.user)
    ana.standings.get(state=State.ON_LEAVE).take_back(at=NOW, by=ana.user)
    assert days(ana, 0, 10, 12, 13) == ["member"] * 4
    assert [takes_back for _state, _day, takes_back in rows(ana)][-2:] == [True, True]


def test_whoever_comes_back_early_is_back(ana: Member) -> None:
    ana.go_on_leave(until=TODAY + 12 * A_DAY, at=NOW, by=ana.user)
    ana.come_back(at=NOW + 3 * A_DAY, by=ana.user)
    assert days(ana, 0, 2, 3, 12, 13) == ["on_leave", "on_leave", "member", "member", "member"]


def test_a_suspension_lets_plans_fall_but_for_the_day_of_leaving(ana: Member, bo: Member, sol: Member) -> None:
    ana.go_on_leave(on=TODAY + 10 * A_DAY, until=TODAY + 12 * A_DAY, at=NOW, by=ana.user)
    ana.suspend(at=NOW, by=sol.user, note="A report is looked into.")
    bo.give_notice(gone_on=TODAY + 14 * A_DAY, at=NOW, by=bo.user)
    bo.suspend(at=NOW, by=sol.user, note="A report is looked into.")
    assert (days(ana, 0, 10, 13), days(bo, 0, 13, 14)) == (["suspended"] * 3, ["suspended", "suspended", "former"])
    bo.reinstate(at=NOW + A_DAY, by=sol.user)
    assert days(bo, 1, 13, 14) == ["leaving", "leaving", "former"]


@pytest.mark.parametrize(
    ("until", "after"),
    [(30, ["on_leave", "on_leave", "member"]), (None, ["on_leave"] * 3), (4, ["member"] * 3)],
    ids=["to a day", "open", "over meanwhile"],
)
def test_whoever_was_on_leave_is_so_again_after_a_suspension(
    ana: Member, sol: Member, until: int | None, after: list[str]
) -> None:
    ana.go_on_leave(at=NOW, by=ana.user, until=TODAY + until * A_DAY if until else None)
    ana.suspend(at=NOW + A_DAY, by=sol.user, note="A report is looked into.")
    ana.reinstate(at=NOW + 9 * A_DAY, by=sol.user)
    assert days(ana, 9, 30, 31) == after


def test_a_leave_that_began_on_the_day_of_the_suspension_goes_on_to_its_day(ana: Member, sol: Member) -> None:
    ana.go_on_leave(at=NOW, by=ana.user, until=TODAY + 30 * A_DAY)
    ana.suspend(at=NOW + timedelta(hours=1), by=sol.user, note="A report is looked into.")
    ana.reinstate(at=NOW + 9 * A_DAY, by=sol.user)
    assert days(ana, 9, 30, 31) == ["on_leave", "on_leave", "member"]


def test_who_gave_notice_before_a_leave_is_leaving_after_it(ana: Member, sol: Member) -> None:
    ana.give_notice(gone_on=TODAY + 60 * A_DAY, at=NOW, by=ana.user)
    ana.go_on_leave(at=NOW + A_DAY, by=ana.user, until=TODAY + 30 * A_DAY)
    ana.suspend(at=NOW + 2 * A_DAY, by=sol.user, note="A report is looked into.")
    ana.reinstate(at=NOW + 9 * A_DAY, by=sol.user)
    assert days(ana, 9, 30, 31, 59, 60) == ["on_leave", "on_leave", "leaving", "leaving", "former"]


def test_whoever_is_suspended_keeps_the_vote_and_acts_for_no_office(sol: Member) -> None:
    sol.suspend(at=NOW, by=None, note="A report is looked into.")
    found = Member.objects.get(pk=sol.pk)
    assert (found.is_owner, found.takes_turns, found.user.roles, found.user.acting_roles) == (
        True,
        False,
        frozenset({"coordinator"}),
        frozenset(),
    )
    assert Role.objects.holders(NOW, "coordinator") == []


def test_a_candidate_who_gives_notice_gets_no_vote_by_it(cara: Member) -> None:
    cara.give_notice(gone_on=TODAY + 14 * A_DAY, at=NOW, by=cara.user)
    assert days(cara, 0, 14) == ["candidate", "former"]


def test_whoever_left_returns_with_the_same_account(ana: Member, sol: Member) -> None:
    ana.leave_coop(at=NOW, by=ana.user)
    ana.return_as_candidate(at=NOW + 60 * A_DAY, by=sol.user, note="Proposal 9")
    found = Member.objects.get(pk=ana.pk)
    assert (found.user_id, found.started_on, days(ana, 59, 60)) == (
        ana.user_id,
        TODAY + 60 * A_DAY,
        ["former", "candidate"],
    )


def test_offices_of_long_ago_do_not_come_back_with_whoever_returns(ana: Member, sol: Member) -> None:
    make.role(ana, "treasurer")
    ana.give_notice(gone_on=TODAY + A_DAY, at=NOW, by=ana.user)
    ana.return_as_member(at=NOW + 60 * A_DAY, by=sol.user)
    assert Member.objects.get(pk=ana.pk).user.roles == frozenset()


def test_a_day_that_is_over_is_refused(ana: Member) -> None:
    with pytest.raises(Refusal, match="That day is over"):
        ana.go_on_leave(on=TODAY - A_DAY, at=NOW, by=ana.user)


def test_a_step_from_a_wrong_state_is_refused_in_a_sentence(ana: Member) -> None:
    with pytest.raises(WrongState, match="the member is now “member”"):
        ana.come_back(at=NOW, by=None)
    ana.go_on_leave(on=TODAY + 5 * A_DAY, at=NOW, by=None)
    with pytest.raises(WrongState, match="on April 8, 2026 the member is “on leave”"):
        ana.go_on_leave(on=TODAY + 7 * A_DAY, at=NOW, by=None)


def test_a_list_of_members_asks_once_for_all_their_standings() -> None:
    for _ in range(4):
        make.member(hours=None)
    with CaptureQueriesContext(connection) as asked:
        found = [one.state for one in Member.objects.prefetch_related("stretches")]
    assert (found, len(asked)) == ([State.MEMBER] * 4, 2)


def test_each_step_is_written_down_with_what_was_before(ana: Member) -> None:
    ana.go_on_leave(at=NOW, by=ana.user, note="A course")
    steps = Event.objects.about(ana).values_list("verb", "before", "after", "note", "at")
    assert list(steps)[-1] == ("go_on_leave", "member", "on_leave", "A course", NOW)


def test_today_is_the_day_of_the_clock(ana: Member) -> None:
    ana.go_on_leave(on=timezone.localdate(), at=datetime.now(tz=timezone.get_default_timezone()), by=None)
    assert ana.state == State.ON_LEAVE
