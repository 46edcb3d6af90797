"""A receipt on paper: one page as a PDF, in the reader's language, with letters for every Latin script."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TextMode, XPos, YPos

from coop.money import dollars
from payouts.receipts import Receipt

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
MARGIN, WIDTH, LINE = 22, 171.9, 7
"""Millimetres of a US letter: the margin, what is left between both, and the height of a line."""
COLOURS = {
    "worker": (46, 107, 79),
    "operations": (214, 158, 46),
    "reserve": (107, 138, 184),
    "upkeep": (150, 150, 150),
}


def print_receipt(receipt: Receipt) -> bytes:
    """The receipt as a PDF. Says who paid what for which visit and where it went; never how to get in."""
    page = _Page()
    page.heading(receipt)
    page.section(_("What you paid"))
    for words, cents in receipt.lines:
        page.pair(words, cents)
    page.pair(_("Total"), receipt.total, strong=True)
    if receipt.card and receipt.card.last4:
        card = {"brand": receipt.card.brand.title(), "last4": receipt.card.last4}
        page.say(_("Card: %(brand)s, ends in %(last4)s") % card, size=9)
    page.section(_("Where the fee went") if receipt.visit.fee_cents else _("Where the price went"))
    page.bar(receipt)
    for name, cents in receipt.parts:
        page.pair(render_to_string("components/part_name.html", {"name": name}).strip(), cents)
    page.ln(LINE)
    page.say(_("%(coop_name)s is owned by the people who do the work.") % {"coop_name": settings.COOP_NAME}, size=9)
    return bytes(page.output())


class _Page(FPDF):
    """One sheet, written from the top."""

    def __init__(self) -> None:
        super().__init__(format="letter")
        self.set_margin(MARGIN)
        self.add_font("text", fname=FONT)
        self.set_lang(get_language() or "en")
        self.set_title(_("Receipt"))
        self.add_page()

    def heading(self, receipt: Receipt) -> None:
        """Whose receipt it is, of what, when, and who came (by first name)."""
        visit, home = receipt.visit, receipt.visit.booking.home
        self.say(settings.COOP_NAME, size=10)
        self.say(_("Receipt %(number)s") % {"number": visit.pk}, size=22, strong=True)
        day = formats.date_format(receipt.begins, "DATE_FORMAT")
        self.say(f"{visit.booking.service}, {day}")
        self.say(f"{home.client.user}\n{home}\n{home.zip.city}, {home.zip.state} {home.zip_id}")
        if people := ", ".join(member.user.first_name for member in visit.people()):
            self.say(_("Who came: %(names)s") % {"names": people})

    def say(self, words: str, *, size: int = 11, strong: bool = False) -> None:
        """A line or more, from the left."""
        self.set_font("text", size=size)
        with self.local_context(text_mode=_weight(strong), line_width=0.25):
            self.multi_cell(0, size * 0.55, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def section(self, words: str) -> None:
        self.ln(LINE)
        self.say(words, size=14, strong=True)
        self.ln(1)

    def pair(self, words: str, cents: int, *, strong: bool = False) -> None:
        """What it is, and its dollars at the right, over a thin line."""
        self.set_font("text", size=11)
        with self.local_context(text_mode=_weight(strong), line_width=0.25):
            self.cell(WIDTH - 35, LINE, words)
            self.cell(35, LINE, dollars(cents), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_draw_color(220)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())

    def bar(self, receipt: Receipt) -> None:
        """The price as a bar, each part as wide as its cents."""
        left, whole = float(MARGIN), sum(cents for _name, cents in receipt.parts) or 1
        for name, cents in receipt.parts:
            self.set_fill_color(*COLOURS[name])
            self.rect(left, self.get_y(), WIDTH * cents / whole, 4, style="F")
            left += WIDTH * cents / whole
        self.ln(6)


def _weight(strong: bool) -> TextMode:
    return TextMode.FILL_STROKE if strong else TextMode.FILL
