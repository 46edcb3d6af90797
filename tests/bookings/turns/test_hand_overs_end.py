"""Days that somebody handed over go to others whatever breaks off, and are over once they are no member any more."""

from datetime import timedelta

import pytest
import time_machine

from bookings.models import Shift
from bookings.turns.day_handovers import HandOver
from bookings.turns.tasks import sweep_offers
from coop.errors import Refusal
from members.models import Member
from tests import make
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


class Killed(BaseException):
    """The process ends here."""


def test_what_was_handed_over_half_way_goes_on_and_what_they_were_given_since_stays(
    ana: Member, sol: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = (NOW + 2 * A_DAY).replace(minute=0)
    first, second, given = (make.accepted(starts_at=day.replace(hour=hour), at=NOW) for hour in (13, 16, 19))
    make.member("Bo Lindgren")
    whole = HandOver._hand_on

    def killed(self: HandOver, shift: Shift, **more: object) -> None:
        if shift.pk == second.pk:
            raise Killed
        whole(self, shift, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(HandOver, "_hand_on", killed)
    with pytest.raises(Killed):
        HandOver.begin(ana, day=day.date(), at=NOW, by=ana.user)
    monkeypatch.undo()
    Shift.objects.filter(pk=given.pk).update(assigned_at=NOW + timedelta(minutes=1))
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        sweep_offers()
    second.refresh_from_db()
    given.refresh_from_db()
    assert second.member_id != ana.pk or second.state != "accepted"
    assert (given.member_id, given.state) == (ana.pk, "accepted")
    assert list(HandOver.objects.get().shifts.order_by("starts_at")) == [first, second]
