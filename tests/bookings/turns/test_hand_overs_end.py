"""Days that somebody handed over are over once they are no member any more, and as before if that is taken back."""

from datetime import timedelta

import pytest
import time_machine

from bookings.turns.day_handovers import HandOver
from coop.errors import Refusal
from members.models import Member
from tests.bookings.stage import NOW

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@time_machine.travel(NOW, tick=False)
def test_a_hand_over_ends_with_the_membership(ana: Member, sol: Member) -> None:
    day = NOW.date() + 10 * A_DAY
    made = HandOver.begin(ana, day=day, last=day + 9 * A_DAY, at=NOW, by=sol.user)
    later = HandOver.begin(ana, day=day + 20 * A_DAY, at=NOW, by=sol.user)

    def ends() -> list[object]:
        rows = HandOver.objects.filter(pk__in=[made.pk, later.pk]).order_by("day")
        return [(one.until, one.is_over) for one in rows]

    before = ends()
    ana.give_notice(gone_on=day + 5 * A_DAY, at=NOW, by=ana.user)
    assert ends() == [(day + 4 * A_DAY, False), (day + 4 * A_DAY, True)]
    with pytest.raises(Refusal, match="days that are off"):
        HandOver.objects.get(pk=later.pk).come_back(later.day, at=NOW, by=sol.user)
    ana.standings.filter(state="former").get().take_back(at=NOW, by=ana.user)
    assert ends() == before
