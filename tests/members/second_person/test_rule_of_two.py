"""A vote can switch off that a second person confirms; what is about somebody waits for one all the same."""

from typing import Any

import pytest
import time_machine

from coop.models import Amendment
from members.bodies.body_changes import BodyChange
from members.models import Body, Confirmation, Member
from members.policies import RULE_OF_TWO
from members.recovery.recoveries import KIND
from members.second_person.confirmable_acts import matters
from payouts.hand_entries.hand_entries import MATTER as HAND_ENTRY
from payouts.reconciliation.take_backs import KIND as TAKE_BACK
from tests import make
from tests.bookings.stage import NOW

pytestmark = pytest.mark.django_db
TOLD: dict[str, Any] = {
    "name_en": "Board",
    "name_es": "Consejo",
    "may_en": "It signs.",
    "may_es": "Firma.",
    "quorum": 2,
}


def test_what_is_about_nobody_holds_at_once_and_what_is_about_somebody_waits(
    sol: Member, tess: Member, ana: Member
) -> None:
    facts: dict[str, Any] = {"decision": "Meeting", "at": NOW, "by": sol.user}
    with time_machine.travel(NOW, tick=False):
        assert BodyChange.about_body(None, **facts, **TOLD).state == BodyChange.State.ASKED
        off = {"effective_on": make.FIRST_DAY, "enacted_at": NOW, "source": "a vote"}
        Amendment.objects.create(policy=RULE_OF_TWO.key, numerator=0, **off)
        made = BodyChange.about_body(None, **facts, **TOLD | {"name_en": "Safety"})
        assert (made.state, Body.objects.get()) == (BodyChange.State.DONE, made.body)
        seated = BodyChange.seat(made.body, ana, starts_on=NOW.date(), ends_on=None, **facts)
        assert seated.state == BodyChange.State.ASKED
    assert Confirmation.objects.waiting().count() == 2


def test_a_way_into_an_account_entries_by_hand_and_pay_taken_back_are_always_a_matter_of_two() -> None:
    always = {kind for kind, matter in matters.items() if matter.always_two}
    assert always == {KIND, HAND_ENTRY, TAKE_BACK}
