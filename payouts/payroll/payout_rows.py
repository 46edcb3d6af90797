"""Many payouts: their states, and how they are found, frozen and withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coop.jobs import enqueue
from members.models import Member
from payouts.ledger.ledger import Entry
from payouts.payroll.lines import Line
from payouts.payroll.owed import Owed
from payouts.payroll.payruns import PayRun
from payouts.stripe import names
from payouts.stripe.answers import Made
from payouts.stripe.attempts import AttemptQuerySet

if TYPE_CHECKING:
    from payouts.payroll.payouts import Payout as Payout


class PayoutState(models.TextChoices):
    """How far a payout is."""

    DRAFTED = "drafted", _("drafted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    PENDING = "pending", _("to be sent")
    SENDING = "sending", _("on its way")
    SENT = "sent", _("paid")
    WAITING = "waiting", _("waiting")
    FAILED = "failed", _("failed")
    REVIEW = "review", _("to be looked at")
    HANDED_OVER = "handed_over", _("paid through the payroll firm")


SETTLED = (PayoutState.SENT, PayoutState.HANDED_OVER)
"""Nothing of it is owed any more."""


class PayoutQuerySet(AttemptQuerySet["Payout"]):
    def unfinished(self) -> "PayoutQuerySet":
        """Those that still have to be sent; who waits for a bank account of their own is not among them."""
        return self.exclude(state__in=SETTLED).exclude(state=PayoutState.WAITING, due_at__isnull=True)

    def in_trouble(self) -> "PayoutQuerySet":
        """Those that a person should look at."""
        bad = [PayoutState.FAILED, PayoutState.REVIEW]
        return self.filter(Q(state__in=bad) | Q(state=PayoutState.WAITING, due_at__isnull=False))

    def of(self, member: Member) -> "PayoutQuerySet":
        return self.filter(member=member)

    def approved(self) -> "PayoutQuerySet":
        """Those that a second person said yes to."""
        return self.exclude(state__in=[PayoutState.DRAFTED, PayoutState.WITHDRAWN])

    def by_us(self) -> "PayoutQuerySet":
        """What the co-op itself pays, without tax taken off."""
        return self.filter(through_firm=False)

    def for_the_firm(self) -> "PayoutQuerySet":
        """Wages that the payroll firm pays."""
        return self.filter(through_firm=True)

    def without_account(self) -> "PayoutQuerySet":
        """Pay that waits for its member's bank account."""
        return self.filter(state=PayoutState.WAITING, due_at__isnull=True)

    def freeze(self, run: PayRun, owed: Iterable[Owed]) -> None:
        """Write down what a draft pays each member, line by line."""
        owed = list(owed)
        made = self.bulk_create(
            self.model(
                run=run,
                member_id=one.member,
                cents=one.cents,
                visit_cents=one.visit_cents,
                tip_cents=one.tip_cents,
                minutes=one.minutes,
                through_firm=one.through_firm,
                least_per_hour=one.least_per_hour,
            )
            for one in owed
        )
        lines = zip(made, owed, strict=True)
        Line.objects.bulk_create(Line(payout=payout, **line) for payout, one in lines for line in one.lines)

    def withdraw(self) -> None:
        """The draft is sent back: what they would have paid goes into the next one."""
        Line.objects.filter(payout__in=self).delete()
        self.update(state=PayoutState.WITHDRAWN)

    def unknown(self, made: list[Made]) -> list[Made]:
        """Of these transfers those that no row has or asks for, and that were not written back after a restore."""
        rows = list(self.filter(Q(params__isnull=False) | Q(transfer__isnull=False)).values_list("transfer", "params"))
        known, asked = {transfer for transfer, _params in rows}, [names.name_in(params) for _transfer, params in rows]
        keys = {f"recovered:{one.id}": one.id for one in made}
        known |= {keys[key] for key in Entry.objects.filter(key__in=keys).values_list("key", flat=True)}
        return [one for one in made if one.id not in known and one.name not in asked]

    def wake(self, *, at: datetime) -> None:
        """These can be sent now."""
        woken = list(self.values_list("pk", flat=True))
        self.update(due_at=at)
        for pk in woken:
            enqueue("payouts.send_payout", pk)
