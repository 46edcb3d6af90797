"""The duties that most co-ops have: taxes, insurance, licences, meetings. A co-op chooses among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Usual:
    """A duty that comes each year on `month` and `day`, where the books close with the calendar year."""

    code: str
    title: Promise
    month: int
    day: int
    about: Promise | str = ""

    def next(self, today: date) -> date:
        """The first of its days that lies in the future."""
        this_year = date(today.year, self.month, self.day)
        return this_year if this_year > today else this_year + relativedelta(years=1)

    def titles(self) -> dict[str, str]:
        """What it is called in both languages."""
        return {f"title_{code}": self._said(self.title, code) for code in ("en", "es")}

    def abouts(self) -> dict[str, str]:
        """What there is to know about it, in both languages."""
        return {f"about_{code}": self._said(self.about, code) for code in ("en", "es")}

    def _said(self, words: Promise | str, language: str) -> str:
        with translation.override(language):
            return str(words)


PAYROLL = _("Form 941. Ask your accountant whether your co-op files each quarter or once a year.")
SALES = _("Where your services are taxed. Your state tells you how often you file.")
ESTIMATED = _("Estimated income tax of the co-op.")
USUAL = (
    Usual(
        "w2-1099",
        _("Send W-2 and 1099 forms to everybody who was paid"),
        1,
        31,
        _("Everybody who was paid in the past year has theirs by 31 January, and so do the tax offices."),
    ),
    Usual("payroll-q4", _("Payroll tax return, October to December"), 1, 31, PAYROLL),
    Usual("payroll-q1", _("Payroll tax return, January to March"), 4, 30, PAYROLL),
    Usual("payroll-q2", _("Payroll tax return, April to June"), 7, 31, PAYROLL),
    Usual("payroll-q3", _("Payroll tax return, July to September"), 10, 31, PAYROLL),
    Usual("sales-q4", _("Sales tax return, fourth quarter"), 3, 20, SALES),
    Usual("sales-q1", _("Sales tax return, first quarter"), 6, 20, SALES),
    Usual("sales-q2", _("Sales tax return, second quarter"), 9, 20, SALES),
    Usual("sales-q3", _("Sales tax return, third quarter"), 12, 20, SALES),
    Usual("estimated-1", _("Estimated tax, first payment"), 4, 15, ESTIMATED),
    Usual("estimated-2", _("Estimated tax, second payment"), 6, 15, ESTIMATED),
    Usual("estimated-3", _("Estimated tax, third payment"), 9, 15, ESTIMATED),
    Usual("estimated-4", _("Estimated tax, fourth payment"), 12, 15, ESTIMATED),
    Usual(
        "income-tax",
        _("Income tax return of the co-op"),
        9,
        15,
        _("Form 1120-C of a co-op that pays patronage. Others file by 15 April: set the day that holds for you."),
    ),
    Usual(
        "patronage",
        _("Pay the part of patronage that is due in cash"),
        9,
        15,
        _("Within eight and a half months after the year ends, or it counts as the co-op's income (IRC § 1382(d))."),
    ),
    Usual("liability", _("Renew the liability insurance"), 12, 1, _("Set the day on which your policy ends.")),
    Usual(
        "workers-comp",
        _("Renew the workers' compensation insurance"),
        12,
        1,
        _("Set the day on which your policy ends. The insurer looks at the payroll of the year."),
    ),
    Usual("licences", _("Renew licences and permits"), 11, 1, _("Set the day on which yours end.")),
    Usual(
        "state",
        _("Annual statement to the state"),
        3,
        1,
        _("It keeps the co-op in good standing. Your state says the day, and whether it is each year."),
    ),
    Usual("board", _("Terms on the board end: hold elections"), 5, 1, _("Your bylaws say when.")),
    Usual("meeting", _("Annual meeting of members"), 6, 1, _("Your bylaws say when, and how early members are told.")),
    Usual("books", _("Show all members how the year was"), 4, 1, _("What came in, what went out, what is kept.")),
)
"""The duties to choose from, in the order in which the page shows them."""


def not_yet(codes: set[str]) -> Iterator[Usual]:
    """Those that are not on a co-op's list."""
    return (one for one in USUAL if one.code not in codes)
