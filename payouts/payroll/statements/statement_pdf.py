"""A statement on paper: what a notice of pay says in New York, as far as the books know it today.

Employer, person, period, hours, rates, gross, deductions and tips (New York Labor Law 195.3). Tax is not known here:
for wages the payroll firm's own notice says it.
"""

from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coop.contact import ContactFacts, coop_name
from coop.money import dollars
from coop.papers import paper
from coop.templatetags.coop import hours
from payouts.pay_kinds.pay_kinds import Kinds, PayKind
from payouts.payroll.lines import Line
from payouts.payroll.payouts import Payout
from payouts.payroll.presenters import pay_parts, statement_lines

PAGE = Path(__file__).parent / "statement.typ"
Rows = list[tuple[str, str]]


def print_statement(payout: Payout) -> bytes:
    """The statement as a PDF. Says what one member was paid, for which hours; no home and no client."""
    together = _("Paid out") if payout.state == Payout.State.SENT else _("To be paid")
    facts = {
        "title": _("Statement of pay"),
        "employer": _employer(),
        "about": _about(payout),
        "pay_title": _("What it is made of"),
        "pay": [*_pay(payout), (together, dollars(payout.cents))],
        "together": together,
        "deductions": _deductions(payout),
        "lines_title": _("Line by line"),
        "columns": [_("Day"), _("What for"), _("Time"), _("Pay")],
        "lines": [_line(line) for line in statement_lines(payout)],
    }
    return paper(PAGE, facts)


def _employer() -> list[str]:
    known = ContactFacts.known()
    return [coop_name(), *(line for line in (str(known.address), known.phone_words) if line)]


def _about(payout: Payout) -> Rows:
    run = payout.run
    days = {"first": date_format(run.starts_on), "last": date_format(run.ends_on)}
    found = [(_("Name"), payout.member.user.name), (_("Period"), _("%(first)s to %(last)s") % days)]
    if payout.sent_at:
        found.append((_("Paid on"), date_format(payout.sent_at)))
    if kind := Kinds([payout.member_id]).on(payout.member_id, run.ends_on):
        found.append((_("How you are paid"), str(PayKind.Kind(kind).label)))
    found.append((_("Hours"), hours(payout.minutes)))
    if payout.per_hour is not None:
        found.append((_("An hour, without tips"), dollars(payout.per_hour)))
    return found


def _pay(payout: Payout) -> Rows:
    parts = [(name[:1].upper() + name[1:], dollars(cents)) for name, cents in pay_parts(payout)]
    gross = (_("Pay before tips and deductions"), dollars(payout.visit_cents))
    return [*parts, gross, (_("Tips, all yours"), dollars(payout.tip_cents))]


def _deductions(payout: Payout) -> str:
    if payout.through_firm:
        return _("The payroll firm takes off tax and pays this; its own notice says what was taken off.")
    return _("Deductions: none. No tax was taken off; you pay it yourself.")


def _line(line: Line) -> list[str]:
    entry = line.transfer.entry
    supplement = getattr(entry, "supplement", None)
    said = str(supplement.said if supplement else line.get_kind_display())
    worked = hours(line.minutes) if line.minutes else ""
    return [date_format(entry.effective_on, "SHORT_DATE_FORMAT"), said, worked, dollars(line.cents)]
