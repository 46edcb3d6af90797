"""A statement of the bank: read as banks write them, matched by cents and day, the rest by hand, nothing twice."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from coop.errors import Refusal
from members.models import Member
from payouts.models import Account, BankLine, BankMatch, Entry, Move
from payouts.reconciliation.bank import files
from payouts.reconciliation.bank.lines import Read
from payouts.reconciliation.differences import differences
from tests.browsers import Browser

AT = datetime(2026, 3, 20, 15, tzinfo=UTC)
WANTED = [
    Read(date(2026, 3, 12), 13564, "STRIPE TRANSFER", "77"),
    Read(date(2026, 3, 13), -2050, "MONTHLY FEE & MORE", ""),
]
CSV = """Account,123456
Posting Date,Description,Amount,Check Number
03/12/2026,STRIPE  TRANSFER,135.64,77
03/13/2026,MONTHLY FEE & MORE,-20.50,
"""
TWO_COLUMNS = """Fecha;Concepto;Abono;Cargo;Referencia
12.03.2026;STRIPE TRANSFER;135,64;;77
13.03.2026;MONTHLY FEE & MORE;;20,50;
"""
OFX = """OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><BANKACCTFROM><ACCTID>123456</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260312120000[-5:EST]<TRNAMT>135.64<FITID>77<NAME>STRIPE TRANSFER</STMTTRN>
<STMTTRN><TRNTYPE>FEE<DTPOSTED>20260313<TRNAMT>-20.50<NAME>MONTHLY FEE &amp; MORE
</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Ntry><NtryRef>77</NtryRef><Amt Ccy="USD">135.64</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-12</Dt></BookgDt>
<NtryDtls><TxDtls><RmtInf><Ustrd>STRIPE TRANSFER</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="USD">20.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><DtTm>2026-03-13T08:00:00</DtTm></BookgDt>
<AddtlNtryInf>MONTHLY FEE &amp; MORE</AddtlNtryInf></Ntry>
<Ntry><Amt Ccy="USD">9.99</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
<BookgDt><Dt>2026-03-14</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""


@pytest.mark.parametrize("text", [CSV, TWO_COLUMNS, OFX, CAMT], ids=["csv", "csv of two columns", "ofx", "camt"])
def test_the_same_lines_are_read_however_a_bank_writes_them(text: str) -> None:
    assert files.read(text.encode()) == WANTED


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Document><Ntry><Amt>&b;</Amt></Ntry></Document>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"Name,Phone\nAna,555\n", "wants a first line with: Date, Amount"),
        (b"Date,Amount\nyesterday,5.00\n", "no day that we can read"),
        (b"Date,Amount\n2026-03-12,five\n", "no amount that we can read"),
        (b"Date,Amount\n2026-03-12,1e9\n", "no amount that we can read"),
        (b"Date,Amount\n2026-03-12,0.001\n", "no amount that we can read"),
        (b"Date,Amount\n", "no line with an amount"),
        (b"", "wants a first line"),
        (b"%PDF-1.7\0\xff", "no statement"),
        (BOMB.encode(), "declares things of its own"),
        (b"<Document><Ntry>", "no statement"),
        (b"<OFX><STMTTRN><NAME>x</STMTTRN></OFX>", "no day or no amount"),
        (b"Date,Amount\n" + b"2026-03-12,1.00\n" * 200_000, "too large"),
    ],
    ids=range(12),
)
def test_what_is_no_statement_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        files.read(data)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_brought_is_read_or_refused(data: bytes) -> None:
    for begin in (b"", b"Date,Amount\n", b"<OFX><STMTTRN>", b"<Document><Ntry><Amt>"):
        with suppress(Refusal):
            files.read(begin + data)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("(20.00)", -2000), ("$(20.00)", -2000), ("$ (1,234.56)", -123456), ("(-5.00)", -500), ("1.234,50", 123450)],
)
def test_what_is_in_brackets_is_below_zero(typed: str, cents: int) -> None:
    assert files._cents(typed) == cents


@pytest.mark.parametrize("typed", ["5+5", "1 2.00", "1,23,4.5", "(5.00", "5.00)", "--5", "12,3456"])
def test_a_sum_that_can_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="no amount"):
        files._cents(typed)


@given(st.integers(-(10**9), 10**9))
def test_cents_are_exact(cents: int) -> None:
    written = f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02}"
    assert files._cents(written) == cents


def banked(key: str, cents: int, day: int) -> Entry:
    """Money came to our account, or went from it, by the books."""
    moves = [Move(Account.fund("bank"), Account.fund("operations"), cents)]
    if cents < 0:
        moves = [Move(Account.fund("operations"), Account.fund("bank"), -cents)]
    return Entry.post(key=key, kind=Entry.Kind.OUTSIDE, at=AT, effective_on=date(2026, 3, day), moves=moves)


def matched() -> dict[str, int]:
    return {match.entry.key: match.line.day.day for match in BankMatch.objects.select_related("line", "entry")}


@pytest.mark.django_db
def test_lines_are_matched_by_cents_and_day_each_thing_once(tess: Member) -> None:
    banked("near", 500, 10), banked("nearer", 500, 12), banked("far", 700, 5), banked("out", -300, 11)
    lines = [Read(date(2026, 3, 12), 500), Read(date(2026, 3, 12), 500), Read(date(2026, 3, 12), 500)]
    read = [*lines, Read(date(2026, 3, 9), 700), Read(date(2026, 3, 11), -300)]
    assert BankLine.take_in(read, at=AT, by=tess.user) == 5
    assert matched() == {"near": 12, "nearer": 12, "out": 11}
    assert BankLine.take_in(read, at=AT, by=tess.user) == 0
    assert BankLine.objects.open().count() == 2


@pytest.mark.django_db
def test_the_rest_is_matched_by_hand_only_where_the_sums_are_the_same(tess: Member) -> None:
    """Two checks that were paid in at once."""
    checks = [banked("one", 500, 1), banked("two", 700, 2)]
    BankLine.take_in([Read(date(2026, 3, 12), 1200)], at=AT, by=tess.user)
    line = BankLine.objects.get()
    with pytest.raises(Refusal, match=r"\$12.00, .* \$5.00"):
        line.match(checks[:1], at=AT, by=tess.user)
    line.match(checks, at=AT, by=tess.user)
    assert matched() == {"one": 12, "two": 12}
    with pytest.raises(Refusal, match="said already"):
        line.match(checks, at=AT, by=tess.user)
    line.let_go(at=AT, by=tess.user)
    assert matched() == {}


@pytest.mark.django_db
def test_what_does_not_fit_has_its_kind_and_age(tess: Member) -> None:
    banked("lost", 500, 1), banked("on its way", 700, 19)
    BankLine.take_in([Read(date(2026, 3, 20), 900, "WHO KNOWS")], at=AT, by=tess.user)
    found = [(one.kind, one.cents, one.days(AT)) for one in differences(at=AT)]
    assert found == [("bank_line", 900, 0), ("bank_entry", 500, 19)]


@pytest.mark.django_db
def test_a_file_is_brought_on_the_page_and_a_foreign_one_is_told_what_is_wanted(tess: Member) -> None:
    banked("fee", -2050, 13)
    browser = Browser()
    browser.force_login(tess.user)
    assert "wants a first line with: Date, Amount" in brought(browser, b"Name,Phone\nAna,555\n", status=422)
    brought(browser, CSV.encode(), status=302)
    page = browser.get(reverse("reconciliation")).content.decode()
    assert ("STRIPE TRANSFER" in page, "123456" in page, matched()) == (True, False, {"fee": 13})
    line = BankLine.objects.open().get()
    entry = banked("by hand", 13564, 1)
    browser.post(reverse("match_line", args=[line.pk]), {"entries": [entry.pk]})
    assert "A difference would stand here" in browser.get(reverse("reconciliation")).content.decode()


def brought(browser: Browser, data: bytes, *, status: int) -> str:
    file: Any = SimpleUploadedFile("statement.csv", data)
    answer = browser.post(reverse("read_bank_file"), {"file": file})
    assert answer.status_code == status
    return str(answer.content.decode())
