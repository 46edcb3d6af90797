"""Each cell of docs/standing.md, tried on the real thing: somebody of the house in each state."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pgtrigger
import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from bookings.fairness.tallies import Days, absences
from bookings.matching.rotation import in_turn
from bookings.models import Shift
from bookings.turns.tasks import sweep_offers
from coop.dev.management.commands.standing import page
from coop.errors import Refusal
from governance.models import Proposal
from members.credentials.expiry import warn_of_expiry
from members.models import Member, Notice, Role
from members.standing.meaning import COLUMNS, MEANING, Meaning, MemberState
from payouts.models import Refund
from tests import make
from tests.governance import votes
from tests.house import A_DAY, NOW, House, undone

pytestmark = pytest.mark.django_db
YESTERDAY = NOW.date() - A_DAY


def is_asked(home: House, ana: Member) -> bool:
    return ana.pk in {one.member for one in in_turn(home.board.need(), at=NOW)}


def keeps_shifts(home: House, ana: Member) -> bool:
    sweep_offers()
    return Shift.objects.filter(pk=home.today.pk, member=ana, state=Shift.State.ACCEPTED).exists()


def holds_offices(home: House, ana: Member) -> bool:
    return Member.objects.get(pk=ana.pk).user.roles == {"safety"}


def acts(home: House, ana: Member) -> bool:
    return ana.user in Role.objects.holders(NOW, "safety")


def on_the_roll(home: House, ana: Member) -> bool:
    proposal: Proposal = votes.live(home.people["ben"].membership)
    return proposal.roll.filter(member=ana).exists()


def hours_count(home: House, ana: Member) -> bool:
    away = absences([ana], Days(YESTERDAY, YESTERDAY))[ana.pk]
    return not any(first <= YESTERDAY <= last for first, last in away)


def bears(home: House, ana: Member) -> bool:
    tess = home.people["tess"]
    try:
        Refund.give(home.refund.charge, cents=1, responsible="worker", note="A vase.", at=NOW, by=tess)
    except Refusal:
        return False
    return True


def is_told(home: House, ana: Member) -> bool:
    warn_of_expiry(at=NOW)
    return Notice.objects.filter(user=ana.user, key__startswith="credential:").exists()


def reads(home: House, ana: Member) -> bool:
    return home.browser("ana").get(reverse("spotlight")).status_code == 200


REALLY: dict[str, Callable[[House, Member], bool]] = {
    "is_asked": is_asked,
    "keeps_shifts": keeps_shifts,
    "holds_offices": holds_offices,
    "acts": acts,
    "votes": on_the_roll,
    "hours_count": hours_count,
    "bears": bears,
    "is_told": is_told,
    "reads": reads,
}


@pytest.mark.parametrize("state", MEANING)
def test_each_cell_of_the_table_is_what_happens(home: House, state: MemberState) -> None:
    ana = home.people["ana"].membership
    make.role(ana, "safety")
    make.credential(ana, expires_on=NOW.date() + 5 * A_DAY)
    with pgtrigger.ignore("members.Standing:whoever_leaves_holds_no_office"):
        make.stand(state, ana, since=YESTERDAY)
    with time_machine.travel(NOW, tick=False):
        found = {}
        for column, really in REALLY.items():
            with undone():
                found[column] = really(home, Member.objects.get(pk=ana.pk))
    assert Meaning(**found) == MEANING[state]


def test_every_column_is_tried_and_told() -> None:
    names = [field.name for field in fields(Meaning)]
    assert (names, names) == (list(REALLY), list(COLUMNS))


def test_of_two_that_could_hold_the_last_row_wins() -> None:
    """The one sentence of the page: by the first day, then by which was decided last."""
    ana = make.member("Nia New")
    days = [date(2026, 5, 1), date(2026, 5, 3), date(2026, 5, 1)]
    for state, day in zip(["suspended", "on_leave", "leaving"], days, strict=True):
        make.stand(state, ana, since=day)
    assert [ana.state_on(date(2026, 5, number)) for number in (1, 2, 3, 4)] == [
        MemberState.LEAVING,
        MemberState.LEAVING,
        MemberState.ON_LEAVE,
        MemberState.ON_LEAVE,
    ]


def test_the_table_on_paper_is_the_one_in_the_code() -> None:
    assert (Path(settings.BASE_DIR) / "docs" / "standing.md").read_text() == page()
