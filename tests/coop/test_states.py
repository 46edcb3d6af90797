"""State machines as verbs: a step happens whole or not at all, and is written down."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.dispatch import Signal
from django.template import Context, Template

from bookings.models import HouseholdMember
from coop.errors import Refusal, WrongState
from coop.models import Event
from coop.states import transition
from members.models import Member, User
from tests import make

promoted = Signal()


class Guest(HouseholdMember):
    """Somebody invited with two more steps, to see what a step does when its own body or somebody above refuses."""

    class Meta:
        proxy = True
        app_label = "bookings"

    @transition(HouseholdMember.State.INVITED, to=HouseholdMember.State.JOINED, announce=promoted)
    def promote(self, *, at: datetime, by: User | None, note: str = "") -> None:
        self.joined_at = at

    @transition(HouseholdMember.State.INVITED, to=HouseholdMember.State.JOINED)
    def falter(self, *, at: datetime, by: User | None) -> None:
        self.joined_at = at
        raise Refusal("Not today.")


def invited() -> Guest:
    return Guest.objects.create(client=make.client(), user=make.user(), invited_at=make.SPRING)


def stored(guest: Guest) -> tuple[str, bool, int]:
    """The state, whether they have joined, and how many steps are on record."""
    row = Guest._base_manager.get(pk=guest.pk)
    events = Event.objects.filter(subject=guest.pk, kind__startswith="bookings.")
    return row.state, row.joined_at is not None, events.count()


@pytest.fixture
def guest() -> Guest:
    return invited()


@pytest.mark.django_db
def test_a_step_changes_the_state_and_says_who_did_it(guest: Guest, sol: Member) -> None:
    guest.promote(at=make.SPRING, by=sol.user, note="by vote")
    event = Event.objects.about(guest).get()
    assert (guest.state, event.verb, event.actor, event.at, event.before, event.after, event.note) == (
        "joined",
        "promote",
        sol.user,
        make.SPRING,
        "invited",
        "joined",
        "by vote",
    )


@pytest.mark.django_db
def test_a_step_from_a_wrong_state_is_refused_in_a_sentence(guest: Guest) -> None:
    guest.leave(at=make.SPRING, by=guest.user)
    before = stored(guest)
    with pytest.raises(WrongState) as refusal:
        guest.promote(at=make.SPRING, by=None)
    assert (str(refusal.value), stored(guest)) == (
        "That cannot be done any more: the guest is now “not in the household any more”.",
        before,
    )


@pytest.mark.django_db
def test_what_counts_is_the_row_and_not_what_was_read_before(guest: Guest) -> None:
    stale = Guest._base_manager.get(pk=guest.pk)
    guest.promote(at=make.SPRING, by=None)
    with pytest.raises(WrongState):
        stale.promote(at=make.SPRING, by=None)
    stale.leave(at=make.SPRING, by=stale.user)
    assert stored(guest) == ("left", True, 2)


@pytest.mark.django_db
def test_a_refusal_in_the_middle_leaves_no_trace(guest: Guest) -> None:
    learner = guest
    with pytest.raises(Refusal):
        learner.falter(at=make.SPRING, by=None)
    assert (learner.state, learner.joined_at, stored(guest)) == ("invited", None, ("invited", False, 0))


@pytest.mark.django_db
def test_a_room_above_can_stop_a_step_of_a_room_below(guest: Guest) -> None:
    learner = guest

    def refuse(**announcement: Any) -> None:
        raise Refusal("The books are closed.")

    promoted.connect(refuse)
    try:
        with pytest.raises(Refusal, match="The books are closed"):
            learner.promote(at=make.SPRING, by=None)
    finally:
        promoted.disconnect(refuse)
    assert (learner.state, stored(guest)) == ("invited", ("invited", False, 0))


@pytest.mark.django_db
def test_a_step_is_announced_with_who_and_when(guest: Guest, sol: Member) -> None:
    heard: list[tuple[str, datetime, User]] = []

    def listen(subject: Guest, at: datetime, by: User, **rest: Any) -> None:
        heard.append((subject.state, at, by))

    promoted.connect(listen)
    try:
        guest.promote(at=make.SPRING, by=sol.user)
    finally:
        promoted.disconnect(listen)
    assert heard == [("joined", make.SPRING, sol.user)]


@pytest.mark.django_db
def test_a_page_that_is_looked_at_changes_nothing(guest: Guest) -> None:
    shown = Template("{{ guest.promote }}{{ guest.leave }}").render(Context({"guest": guest}))
    assert (shown, stored(guest)) == ("", ("invited", False, 0))


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda events: events.update(note="x"), lambda events: events.delete()])
def test_what_happened_cannot_be_rewritten(guest: Guest, change: Any) -> None:
    guest.promote(at=make.SPRING, by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Event.objects.about(guest))
    assert Event.objects.about(guest).get().note == ""


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_step_at_once_one_is_too_late() -> None:
    outcomes = []
    for _ in range(10):
        guest = invited()
        start = threading.Barrier(2)

        def promote(guest: Guest = guest, start: threading.Barrier = start) -> None:
            mine = Guest._base_manager.get(pk=guest.pk)
            start.wait()
            try:
                mine.promote(at=make.SPRING, by=None)
                outcomes.append("promoted")
            except WrongState:
                outcomes.append("too late")
            connections.close_all()

        threads = [threading.Thread(target=promote) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert stored(guest) == ("joined", True, 1)
    assert sorted(outcomes) == ["promoted"] * 10 + ["too late"] * 10
