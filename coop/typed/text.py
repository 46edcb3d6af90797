"""What people type, as we keep it: one spelling for what looks the same, and a sentence for what cannot be kept."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

JOINERS = "\u200c\u200d"
"""Letters of Persian, Hindi and others are written with these; nobody sees them, and words need them."""
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Invisible letters that Unicode does not count among its signs of format."""
CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
EMAIL = r"^[!-?\[-~]+@[a-z0-9-]+(\.[a-z0-9-]+)+$"
"""How every stored address is spelled, for PostgreSQL: lower case, ASCII, no space, the domain as `xn--`."""
MOST_IN_EMAIL, MOST_BEFORE_AT = 254, 64

NOT_EMAIL = _("This is not a whole e-mail address. It looks like name@example.org.")
ONLY_ASCII = _("Before the @ there can only be letters from a to z, numbers and signs: our mail reaches no others.")
ZIP = re.compile(r"([0-9]{5})(?:[- ]?[0-9]{4})?")
NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
NUMBERED = re.compile(rf"[0-9]|\b(?:{NUMBER_WORDS})\b", re.IGNORECASE)
PO_BOX = re.compile(
    r"\b(?:p\W{0,2}\s?o\W{0,2}\s?box|post\s?office\s?box|apartado(?:\s+postal|\s+de\s+correos)?|casilla)\W*[0-9]",
    re.IGNORECASE,
)


def without_invisible(text: str) -> str:
    """The text without letters that nobody sees: zero-width ones, soft hyphens, marks of order and direction."""
    return "".join(one for one in text if unicodedata.category(one) != "Cf" and one not in FILLERS)


def one_line(text: str) -> str:
    """The text on one line: a break or control becomes a space, signs that turn the direction of writing go."""
    plain = (_plain(one) for one in unicodedata.normalize("NFC", text))
    return " ".join("".join(plain).split())


def _plain(letter: str) -> str:
    if letter in JOINERS:
        return letter
    kind = unicodedata.category(letter)
    return letter if kind not in CONTROLS else "" if kind == "Cf" else " "


def has_letter(text: str) -> bool:
    """Is there a letter, of whatever script, that can be seen?"""
    return any(unicodedata.category(one).startswith("L") and one not in FILLERS for one in text)


class Isolated(str):
    """What somebody wrote, in the middle of a page: where it is written from the right it turns nothing around it."""

    def __html__(self) -> SafeString:
        return format_html("<bdi>{}</bdi>" if from_right(self) else "{}", str(self))


FROM_RIGHT = ("R", "AL", "AN")
FIRST_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def from_right(text: str) -> bool:
    """Is anything in it written from the right?"""
    return any(unicodedata.bidirectional(one) in FROM_RIGHT for one in text)


def isolate(text: str) -> str:
    """A text of ours for where there is no markup, with each run of words from the right set apart: twice is once.

    Our own words are all written from the left, so such a run is what somebody wrote.
    """
    whole, run, after = "", "", ""
    for letter in text.replace(FIRST_ISOLATE, "").replace(POP_ISOLATE, "") if from_right(text) else "":
        kind = unicodedata.bidirectional(letter)
        if kind in FROM_RIGHT:
            run, after = run + after + letter, ""
        elif run and kind not in ("L", "B"):
            after += letter
        else:
            whole += _apart(run) + after + letter
            run, after = "", ""
    return whole + _apart(run) + after if from_right(text) else text


def _apart(run: str) -> str:
    return f"{FIRST_ISOLATE}{run}{POP_ISOLATE}" if run else ""


def email_address(typed: str) -> str:
    """The address as we keep it: no invisible letters, lower case, its domain in ASCII. Twice is once.

    ValidationError, with a sentence, for what no mail can carry.
    """
    seen = unicodedata.normalize("NFKC", without_invisible(typed)).strip().lower()
    before, _at, domain = seen.rpartition("@")
    if not before.isascii():
        raise ValidationError(ONLY_ASCII, code="invalid")
    address = f"{before}@{_ascii(domain)}"
    if len(address) > MOST_IN_EMAIL or len(before) > MOST_BEFORE_AT or not re.match(EMAIL, address):
        raise ValidationError(NOT_EMAIL, code="invalid")
    EmailValidator(message=NOT_EMAIL, allowlist=[])(address)
    return address


def _ascii(domain: str) -> str:
    """`bücher.example` is `xn--bcher-kva.example`."""
    if len(domain) > MOST_IN_EMAIL:
        raise ValidationError(NOT_EMAIL, code="invalid")
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError as wrong:
        raise ValidationError(NOT_EMAIL, code="invalid") from wrong


def spelled(address: str) -> str:
    """The same for looking somebody up: what no mail can carry is left as it is, and nobody has it."""
    try:
        return email_address(address)
    except ValidationError:
        return address


def zip_code(typed: str) -> str:
    """The five digits of a ZIP code, also where somebody wrote all nine; ValidationError if it is none."""
    found = ZIP.fullmatch(unicodedata.normalize("NFKC", one_line(typed)))
    if found is None:
        raise ValidationError(_("A ZIP code has five digits."), code="invalid")
    return found[1]


def street(typed: str) -> str:
    """A street with its number, on one line; ValidationError for a PO box and for what nobody could find."""
    line = one_line(typed)
    if PO_BOX.search(line):
        raise ValidationError(
            _("We come to the door, and a PO box has none. Please give the street and number."), code="invalid"
        )
    if not has_letter(line) or not NUMBERED.search(line):
        raise ValidationError(_("Please give the street with its number, for example 123 5th Avenue."), code="invalid")
    return line


def in_language(english: str, spanish: str) -> str:
    """Of words in both languages, those of the page."""
    return spanish if (get_language() or "en").startswith("es") else english


def new_code(name: str, taken: Container[str], *, most: int = 20) -> str:
    """A short code of a name, for addresses and columns, that is not `taken`."""
    stem = slugify(name)[: most - 4].strip("-") or "new"
    return stem if stem not in taken else next(code for n in count(2) if (code := f"{stem}-{n}") not in taken)
