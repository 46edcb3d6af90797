"""State machines as verbs: a step happens whole or not at all, and is written down."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.dispatch import Signal
from django.template import Context, Template

from coop.errors import Refusal, WrongState
from coop.models import Event
from coop.states import transition
from members.models import Member, User
from tests import make

promoted = Signal()


class Trainee(Member):
    """A member with two more steps, to see what a step does when its own body or somebody above refuses."""

    class Meta:
        proxy = True
        app_label = "members"

    @transition(Member.State.CANDIDATE, to=Member.State.MEMBER, announce=promoted)
    def promote(self, *, at: datetime, by: User | None) -> None:
        self.joined_on = at.date()

    @transition(Member.State.CANDIDATE, to=Member.State.MEMBER)
    def falter(self, *, at: datetime, by: User | None) -> None:
        self.joined_on = at.date()
        raise Refusal("Not today.")


def trainee(member: Member) -> Trainee:
    return Trainee._base_manager.get(pk=member.pk)


def stored(member: Member) -> tuple[str, bool, int]:
    """The state, whether they have joined, and how many steps are on record."""
    row = Member.objects.get(pk=member.pk)
    events = Event.objects.filter(subject=member.pk, kind__startswith="members.")
    return row.state, row.joined_on is not None, events.count()


@pytest.mark.django_db
def test_a_step_changes_the_state_and_says_who_did_it(cara: Member, sol: Member) -> None:
    cara.admit(at=make.SPRING, by=sol.user, note="by vote")
    event = Event.objects.about(cara).get()
    assert (cara.state, event.verb, event.actor, event.at, event.before, event.after, event.note) == (
        "member",
        "admit",
        sol.user,
        make.SPRING,
        "candidate",
        "member",
        "by vote",
    )


@pytest.mark.django_db
def test_a_step_from_a_wrong_state_is_refused_in_a_sentence(ana: Member) -> None:
    before = stored(ana)
    with pytest.raises(WrongState) as refusal:
        ana.admit(at=make.SPRING, by=None)
    assert (str(refusal.value), stored(ana)) == (
        "That cannot be done any more: the member is now “member”.",
        before,
    )


@pytest.mark.django_db
def test_what_counts_is_the_row_and_not_what_was_read_before(cara: Member) -> None:
    stale = Member.objects.get(pk=cara.pk)
    cara.admit(at=make.SPRING, by=None)
    with pytest.raises(WrongState):
        stale.admit(at=make.SPRING, by=None)
    stale.go_on_leave(at=make.SPRING, by=None)
    assert stored(cara) == ("on_leave", True, 2)


@pytest.mark.django_db
def test_a_refusal_in_the_middle_leaves_no_trace(cara: Member) -> None:
    learner = trainee(cara)
    with pytest.raises(Refusal):
        learner.falter(at=make.SPRING, by=None)
    assert (learner.state, learner.joined_on, stored(cara)) == ("candidate", None, ("candidate", False, 0))


@pytest.mark.django_db
def test_a_room_above_can_stop_a_step_of_a_room_below(cara: Member) -> None:
    learner = trainee(cara)

    def refuse(**announcement: Any) -> None:
        raise Refusal("The books are closed.")

    promoted.connect(refuse)
    try:
        with pytest.raises(Refusal, match="The books are closed"):
            learner.promote(at=make.SPRING, by=None)
    finally:
        promoted.disconnect(refuse)
    assert (learner.state, stored(cara)) == ("candidate", ("candidate", False, 0))


@pytest.mark.django_db
def test_a_step_is_announced_with_who_and_when(cara: Member, sol: Member) -> None:
    heard: list[tuple[str, datetime, User]] = []

    def listen(subject: Trainee, at: datetime, by: User, **rest: Any) -> None:
        heard.append((subject.state, at, by))

    promoted.connect(listen)
    try:
        trainee(cara).promote(at=make.SPRING, by=sol.user)
    finally:
        promoted.disconnect(listen)
    assert heard == [("member", make.SPRING, sol.user)]


@pytest.mark.django_db
def test_a_page_that_is_looked_at_changes_nothing(cara: Member) -> None:
    shown = Template("{{ cara.admit }}{{ cara.leave_coop }}").render(Context({"cara": cara}))
    assert (shown, stored(cara)) == ("", ("candidate", False, 0))


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda events: events.update(note="x"), lambda events: events.delete()])
def test_what_happened_cannot_be_rewritten(cara: Member, change: Any) -> None:
    cara.admit(at=make.SPRING, by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Event.objects.about(cara))
    assert Event.objects.about(cara).get().note == ""


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_step_at_once_one_is_too_late() -> None:
    outcomes = []
    for _ in range(10):
        cara = make.member(candidate=True, hours=None)
        start = threading.Barrier(2)

        def admit(cara: Member = cara, start: threading.Barrier = start) -> None:
            mine = Member.objects.get(pk=cara.pk)
            start.wait()
            try:
                mine.admit(at=make.SPRING, by=None)
                outcomes.append("admitted")
            except WrongState:
                outcomes.append("too late")
            connections.close_all()

        threads = [threading.Thread(target=admit) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert stored(cara) == ("member", True, 1)
    assert sorted(outcomes) == ["admitted"] * 10 + ["too late"] * 10
