"""What a treasurer and the offices must learn once: each thing happens to somebody in the last weeks of the demo.

A lesson is tried each evening until there is somebody to whom it can happen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from bookings.models import ContactAttempt, Shift, Visit
from coop.dev.demo.days import Town
from coop.dev.demo.founding import Household
from coop.dev.demo.money import Purse
from members.models import Member, Role, User
from payouts.models import Charge, Refund

A_DAY = timedelta(days=1)
REFUND_CENTS = 3000
WHY = "The oven was left as it was; we said sorry and gave a part back."
ON_LEAVE = "A new child at home: back in three months."
LEFT = "Moves to family in Ohio."


@dataclass
class Lessons:
    """Things that go otherwise than planned."""

    town: Town
    purse: Purse
    membership: User
    households: list[Household]
    _left: list[Callable[[], bool]] = field(init=False)

    def __post_init__(self) -> None:
        people = [self.leave, self.go_on_leave, self.invite]
        self._left = [*people, self.cancel_late, self.lock_out, self.refund, self.decline]

    def plan(self) -> None:
        """Begin to try, on the first evening of the town."""
        self.town.days.plan(self.town.opens.replace(hour=19), self._try)

    def _try(self) -> None:
        self._left = [lesson for lesson in self._left if not lesson()]
        if self._left:
            self.town.days.plan(self._now + A_DAY, self._try)

    @property
    def _now(self) -> datetime:
        return self.town.days.now

    def go_on_leave(self) -> bool:
        """A member without an office or work ahead takes no turns for a while."""
        if member := self._free_member():
            member.go_on_leave(at=self._now, by=self.membership, note=ON_LEAVE)
        return bool(member)

    def leave(self) -> bool:
        """A member without an office or work ahead leaves the co-op."""
        if member := self._free_member():
            member.leave_coop(at=self._now, by=self.membership, note=LEFT)
        return bool(member)

    def invite(self) -> bool:
        """Whoever is with us often invites the next newcomer; both have credit then, and their next visits use it."""
        often = sorted(
            (one for one in self.households if one.visits and one.every_days), key=lambda one: one.every_days
        )
        if often:
            self.town.inviter = often[0].client
        return bool(often)

    def lock_out(self) -> bool:
        """Tomorrow nobody opens: who came knocks, calls, writes, waits, and goes home with the fee."""
        shift = self._ahead().first()
        if shift is None or shift.visit is None or shift.member is None:
            return False
        visit, worker = shift.visit, shift.member.user
        tries = zip((5, 12, 20), ContactAttempt.How, strict=True)
        for minutes, how in tries:
            self.town.days.plan(
                visit.starts_at + timedelta(minutes=minutes),
                partial(self._try_contact, visit, how, worker),
            )
        self.town.days.plan(visit.starts_at + timedelta(minutes=30), partial(self._go_home, visit, worker))
        return True

    def _try_contact(self, visit: Visit, how: str, worker: User) -> None:
        visit.try_contact(how, note="", at=self._now, by=worker)

    def _go_home(self, visit: Visit, worker: User) -> None:
        visit.lock_out(at=self._now, by=worker)
        self.purse.move_all(visit)

    def cancel_late(self) -> bool:
        """A client calls off what is tomorrow, for the fee that the page shows."""
        shift = self._ahead().first()
        if shift is None or shift.visit is None:
            return False
        fee = shift.visit.cancellation(self._now)
        if not fee.cents:
            return False
        shift.visit.cancel_for_client(expected_cents=fee.cents, at=self._now, by=shift.home.client.user)
        self.purse.move_all(shift.visit)
        return True

    def refund(self) -> bool:
        """The treasurer gives a part back, for what the co-op did not do well."""
        lately = Charge.objects.filter(kind=Charge.Kind.PRICE, state=Charge.State.SETTLED, cents__gt=REFUND_CENTS)
        for charge in lately.filter(visit__completed_at__gt=self._now - 3 * A_DAY).order_by("pk"):
            if not charge.is_about(self.purse.treasurer):
                given = Refund.give(
                    charge,
                    cents=REFUND_CENTS,
                    responsible=Refund.Responsible.COOP,
                    note=WHY,
                    at=self._now,
                    by=self.purse.treasurer,
                )
                given.send(at=self._now)
                return True
        return False

    def decline(self) -> bool:
        """Near the end somebody's card is good to be saved, and not to be charged; the mail asks for another."""
        if self.town.days.until - self._now > 6 * A_DAY:
            return False
        due = Charge.objects.filter(state=Charge.State.DUE, wanted=Charge.Wanted.HOLD, due_at__gt=self._now)
        charge = due.filter(due_at__lt=self.town.days.until).order_by("due_at").first()
        if charge:
            self.purse.replace_card(charge.client, "chargeCustomerFail", at=self._now)
        return bool(charge)

    def _ahead(self) -> "QuerySet[Shift]":
        """What somebody said yes to, alone, for the day that comes."""
        soon = Shift.objects.with_related().filter(state=Shift.State.ACCEPTED, visit__booking__series=None)
        soon = soon.filter(starts_at__gt=self._now + timedelta(hours=8), starts_at__lt=self._now + A_DAY)
        return soon.filter(visit__charges__state=Charge.State.HELD).order_by("starts_at", "pk")

    def _free_member(self) -> Member | None:
        """The newest owner without an office or work ahead."""
        busy = Shift.objects.filter(starts_at__gt=self._now, member__isnull=False).values("member")
        owners = Member.objects.in_state(Member.State.MEMBER, on=timezone.localdate(self._now))
        free = owners.exclude(pk__in=busy).exclude(pk__in=Role.objects.values("member"))
        return free.order_by("-pk").first()
