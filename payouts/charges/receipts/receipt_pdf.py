"""A receipt on paper: one page as a PDF, in the reader's language."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.translation import gettext as _

from coop.contact import ContactFacts, coop_name
from coop.money import dollars
from coop.papers import paper
from payouts.charges.receipts.receipts import Receipt

PAGE = Path(__file__).parent / "receipt.typ"
COLOURS = {"worker": "#2e6b4f", "operations": "#d69e2e", "reserve": "#6b8ab8", "upkeep": "#969696"}


def print_receipt(receipt: Receipt) -> bytes:
    """The receipt as a PDF. Says who paid what for which visit and where it went; never how to get in."""
    parts = [(_part(name), dollars(cents)) for name, cents in receipt.parts]
    shares = [{"colour": COLOURS[name], "cents": cents} for name, cents in receipt.parts]
    paid = [(words, dollars(cents)) for words, cents in receipt.lines]
    facts = {
        "title": _("Receipt %(number)s") % {"number": receipt.visit.pk},
        "about": _about(receipt),
        "paid_title": _("What you paid"),
        "paid": [*paid, (_("Total"), dollars(receipt.total))],
        "total": _("Total"),
        "card": _card(receipt),
        "parts_title": _("Where the fee went") if receipt.visit.fee_cents else _("Where the price went"),
        "bar": shares or [{"colour": "#ffffff", "cents": 1}],
        "parts": parts,
        "reach": ContactFacts.known().lines(),
        "owned": _("%(coop_name)s is owned by the people who do the work.") % {"coop_name": coop_name()},
    }
    return paper(PAGE, facts)


def _about(receipt: Receipt) -> list[str]:
    """Of what the receipt is, when, whose, and who came (by first name)."""
    visit, home = receipt.visit, receipt.visit.booking.home
    day = formats.date_format(receipt.begins, "DATE_FORMAT")
    place = f"{home.zip.city}, {home.zip.state} {home.zip_id}"
    people = ", ".join(member.user.first_name for member in visit.people())
    came = [_("Who came: %(names)s") % {"names": people}] if people else []
    extras = [str(extra) for extra in visit.booking.extras.all()]
    return [f"{visit.booking.service}, {day}", *extras, str(home.client.user), str(home), place, *came]


def _part(name: str) -> str:
    return render_to_string("components/part_name.html", {"name": name}).strip()


def _card(receipt: Receipt) -> str:
    if receipt.outside:
        return _("By check or in cash")
    if not (receipt.card and receipt.card.last4):
        return ""
    card = {"brand": receipt.card.brand.title(), "last4": receipt.card.last4}
    return _("Card: %(brand)s, ends in %(last4)s") % card
