"""Why a member is paid what they are paid, line by line."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from payouts.ledger.ledger import Transfer

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


class Line(models.Model):
    """One transfer of the books on a member's statement. A transfer is on one statement at most.

    `cents` is below zero for what was taken back; `minutes` is working time: of the visit, or between visits.
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
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="line")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    cents = models.BigIntegerField()
    minutes = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("line of a statement")
        triggers = [
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
