"""Statements as banks give them, read with care: CSV, OFX (also as QFX), CAMT.053. Of a file only its lines are kept.

Nothing in a file is trusted: XML that declares anything of its own (entities could grow without end) is refused.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.typed.folding import folded
from coop.typed.text import one_line
from payouts.reconciliation.bank.lines import MOST_REFERENCE, MOST_WORDS, Read

MOST_BYTES = 2_000_000
MOST_LINES = 20_000
DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y", "%Y%m%d")
COLUMNS: dict[str, tuple[str, ...]] = {
    "day": ("date", "posting date", "posted date", "transaction date", "fecha"),
    "amount": ("amount", "importe", "monto"),
    "came": ("credit", "deposit", "deposits", "credit amount", "abono"),
    "went": ("debit", "withdrawal", "withdrawals", "debit amount", "cargo"),
    "words": ("description", "memo", "name", "payee", "details", "descripcion", "concepto"),
    "reference": ("reference", "check number", "check or slip #", "check #", "transaction id", "referencia"),
}


def read(data: bytes) -> list[Read]:
    """The lines of a statement. Refused, with what is missing, where it is none that we know."""
    if len(data) > MOST_BYTES:
        raise Refusal(_("This file is too large. Take a shorter span of days."))
    text = _text(data)
    begin = text.lstrip()[:2000]
    if "<OFX" in begin.upper() or begin.upper().startswith("OFXHEADER"):
        found = list(_ofx(text))
    elif begin.startswith("<"):
        found = list(_camt(text))
    else:
        found = list(_csv(text))
    if len(found) > MOST_LINES:
        raise Refusal(_("This file is too large. Take a shorter span of days."))
    if not found:
        raise Refusal(_("There is no line with an amount in this file."))
    return [one for one in found if one.cents]


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Refusal(_("This file is no statement: bring it as CSV, OFX or CAMT.053."))


def _line(day: str, cents: int, words: str, reference: str) -> Read:
    return Read(_day(day), cents, one_line(words)[:MOST_WORDS], one_line(reference)[:MOST_REFERENCE])


def _day(typed: str) -> date:
    for way in DAYS:
        try:
            found = datetime.strptime(typed.strip(), way).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        if 2000 <= found.year <= 2100:
            return found
    raise Refusal(_("“%(typed)s” is no day that we can read.") % {"typed": typed[:20]})


AMOUNT = re.compile(
    r"(?P<before>[-+(]?)\s?\$?\s?(?P<after>[-(]?)(?P<number>"
    r"\d{1,3}(,\d{3})+(\.\d{0,2}0*)?|\d{1,3}(\.\d{3})+,\d{1,2}|\d{1,10}(\.\d{0,2}0*|,\d{1,2})?|\.\d{1,2}"
    r")\s?(?P<end>\)?)",
    re.ASCII,
)


def _cents(typed: str) -> int:
    """1,234.50, 1.234,50, $-20, (20.00), $(20.00): cents. What is in brackets is below zero."""
    found = AMOUNT.fullmatch(typed.strip().replace("−", "-"))
    signs = found["before"] + found["after"] if found else ""
    if not found or signs.count("(") != len(found["end"]) or signs.count("-") > 1:
        raise Refusal(_("“%(typed)s” is no amount that we can read.") % {"typed": typed[:20]})
    number = found["number"]
    comma = re.search(r",\d{1,2}$", number)
    cents = int(Decimal(number.replace(".", "").replace(",", ".") if comma else number.replace(",", "")) * 100)
    return -cents if set(signs) & {"-", "("} else cents


# CSV


def _csv(text: str) -> Iterator[Read]:
    sample = text[:4000]
    delimiter = max(",;\t", key=sample.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = _columns(rows)
        for row in rows:
            cells = {key: row[place].strip() for key, place in columns.items() if place < len(row)}
            if cells.get("day"):
                yield _line(cells["day"], _amount(cells), cells.get("words", ""), cells.get("reference", ""))
    except csv.Error:
        raise Refusal(_("This file is no statement: bring it as CSV, OFX or CAMT.053.")) from None


def _columns(rows: Iterator[list[str]]) -> dict[str, int]:
    """Which column is which, from the first of the first lines that names them."""
    for _number, row in zip(range(20), rows, strict=False):
        names = [folded(cell) for cell in row]
        known = ((key, folded(name)) for key, names_of_it in COLUMNS.items() for name in names_of_it[::-1])
        found = {key: names.index(name) for key, name in known if name in names}
        if "day" in found and ("amount" in found or {"came", "went"} <= found.keys()):
            return found
    wanted = _(
        "We do not know these columns. A file as CSV wants a first line with: Date, Amount (or Debit and Credit), "
        "Description, and if you like Reference."
    )
    raise Refusal(wanted)


def _amount(cells: dict[str, str]) -> int:
    if cells.get("amount"):
        return _cents(cells["amount"])
    came, went = (_cents(cells[key]) if cells.get(key) else 0 for key in ("came", "went"))
    return came - abs(went)


# OFX: as XML (2.x), or as tags that are not closed (1.x)


def _ofx(text: str) -> Iterator[Read]:
    for block in re.split(r"<STMTTRN>", text, flags=re.IGNORECASE)[1:]:
        body = re.split(r"</STMTTRN>|</BANKTRANLIST>", block, maxsplit=1, flags=re.IGNORECASE)[0]
        tags = {name.upper(): _plain(value) for name, value in re.findall(r"<([\w.]+)>([^<\r\n]*)", body)}
        if "DTPOSTED" not in tags or "TRNAMT" not in tags:
            raise Refusal(_("A movement in this file has no day or no amount."))
        words = " ".join(filter(None, (tags.get("NAME"), tags.get("MEMO"))))
        reference = tags.get("CHECKNUM") or tags.get("FITID") or ""
        yield _line(tags["DTPOSTED"][:8], _cents(tags["TRNAMT"]), words, reference)


def _plain(value: str) -> str:
    for name, letter in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        value = value.replace(name, letter)
    return value.strip()


# CAMT.053


def _camt(text: str) -> Iterator[Read]:
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise Refusal(_("This file declares things of its own, which we do not read. Bring it as CSV."))
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314  (no DOCTYPE gets here)
    except (ElementTree.ParseError, RecursionError, ValueError):
        raise Refusal(_("This file is no statement: bring it as CSV, OFX or CAMT.053.")) from None
    for entry in root.iterfind(".//{*}Ntry"):
        if entry.findtext("{*}Sts/{*}Cd", entry.findtext("{*}Sts", "BOOK")).strip() not in ("BOOK", ""):
            continue
        day = entry.findtext("{*}BookgDt/{*}Dt") or (entry.findtext("{*}BookgDt/{*}DtTm") or "")[:10]
        cents = _cents(entry.findtext("{*}Amt") or "")
        sign = -1 if entry.findtext("{*}CdtDbtInd") == "DBIT" else 1
        sign *= -1 if entry.findtext("{*}RvslInd") == "true" else 1
        words = entry.findtext(".//{*}RmtInf/{*}Ustrd") or entry.findtext("{*}AddtlNtryInf") or ""
        yield _line(day, sign * cents, words, entry.findtext("{*}AcctSvcrRef") or entry.findtext("{*}NtryRef") or "")
