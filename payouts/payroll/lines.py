"""Why a member is paid what they are paid, line by line."""

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from payouts.ledger.ledger import Entry, Transfer

if TYPE_CHECKING:
    from payouts.ledger.ledger import TransferQuerySet

WITHOUT_TAX = """
IF EXISTS (
    SELECT FROM payouts_payout p, payouts_transfer t, payouts_worked_on(t.entry_id) AS worked_on
    WHERE p.id = NEW.payout_id AND NOT p.through_firm AND t.id = NEW.transfer_id AND 'wages' = COALESCE(
        (SELECT k.kind FROM payouts_paykind k WHERE k.member_id = p.member_id AND k.starts_on <= worked_on
         ORDER BY k.starts_on DESC, k.id DESC LIMIT 1),
        (SELECT min(k.kind) FROM payouts_paykind k WHERE k.member_id IS NULL HAVING bool_and(k.kind = 'wages')))
) THEN
  RAISE EXCEPTION 'wages_are_never_paid_without_tax' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
"""By the member's own way of the day of the work; without one, where newcomers were never paid in any other way."""

ADDS_UP = """
IF (SELECT COALESCE(SUM(l.cents), 0) FROM payouts_line l WHERE l.transfer_id = NEW.transfer_id)
   + NEW.cents + NEW.leaves <> (
     SELECT CASE WHEN a.member_id IS NULL THEN -t.cents ELSE t.cents END
     FROM payouts_transfer t JOIN payouts_account a ON a.id = t.payee_id WHERE t.id = NEW.transfer_id)
THEN
  RAISE EXCEPTION 'what_is_taken_and_what_waits_is_the_correction' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Line(models.Model):
    """One transfer of the books on a member's statement. What is earned is on one statement.

    `cents` is below zero for what was taken back; what of it is too much for this pay waits for the next statement
    (`leaves`, zero or below). `minutes` is working time: of the visit, or between visits.
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        TIP = "tip", _("tip")
        FEE = "fee", _("fee for a visit that was off")
        REFUND = "refund", _("given back to a client")
        BETWEEN = "between", _("time between visits")
        FULL_WEEK = "full_week", _("over a full week")
        LONG_DAY = "long_day", _("a long day")
        LEFT = "left", _("a visit that was broken off")
        CORRECTION = "correction", _("correction")

    payout = models.ForeignKey("payouts.Payout", on_delete=models.PROTECT, related_name="lines")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    cents = models.BigIntegerField()
    leaves = models.BigIntegerField(default=0)
    minutes = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("line of a statement")
        constraints = [
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(leaves=0), name="a_transfer_is_settled_on_one_statement"
            ),
            models.CheckConstraint(
                condition=Q(leaves=0) | Q(leaves__lt=0, cents__lte=0), name="only_what_is_taken_back_waits"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="what_is_taken_and_what_waits_is_the_correction",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__cents__lte=0),
                func=ADDS_UP,
            ),
            pgtrigger.Protect(name="lines_are_never_changed", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="lines_change_only_in_a_draft",
                operation=pgtrigger.Insert | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("line", "payouts_line")],
                func="""
                    line = COALESCE(NEW, OLD);
                    IF NOT EXISTS (
                        SELECT 1 FROM payouts_payout JOIN payouts_payrun ON payouts_payrun.id = payouts_payout.run_id
                        WHERE payouts_payout.id = line.payout_id AND payouts_payrun.state = 'draft'
                    ) THEN
                        RAISE EXCEPTION 'The lines of a pay run are frozen.';
                    END IF;
                    RETURN line;
                """,
            ),
            pgtrigger.Trigger(
                name="wages_are_never_paid_without_tax",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=WITHOUT_TAX,
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def waits(self) -> int:
        """Cents of a correction that were too much for this pay, above zero."""
        return -self.leaves


SIGNED = Case(When(payee__member__isnull=False, then=F("cents")), default=-F("cents"))
"""Cents as the member has them: above zero what they get."""


def not_settled() -> "TransferQuerySet":
    """What is owed to members, or by them, and is on no statement to its last cent; each with what is `left` of it."""
    lines = Line.objects.filter(transfer=OuterRef("pk"))
    left = Coalesce(Subquery(lines.order_by("-pk").values("leaves")[:1]), SIGNED)
    rows = Transfer.objects.of_members().filter(~Exists(lines.filter(leaves=0)))
    return rows.exclude(entry__kind=Entry.Kind.PAYOUT).annotate(left=left)  # type: ignore[no-redef]
