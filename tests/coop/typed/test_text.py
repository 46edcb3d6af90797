"""What people type is kept in one spelling, and what cannot be kept is said."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from coop.typed.text import email_address, has_letter, one_line, street, without_invisible, zip_code

INVISIBLE = ["\u200b", "\u00ad", "\ufeff", "\u2060", "\u200e", "\u202e", "\u2066", "\u061c", "\u034f", "\u3164"]


def refused(clean: object, typed: str) -> bool:
    with pytest.raises(ValidationError) as why:
        clean(typed)  # type: ignore[operator]
    return all(why.value.messages)


@pytest.mark.parametrize("letter", INVISIBLE, ids=ascii)
@pytest.mark.parametrize("place", [0, 3, 8, 15])
def test_an_invisible_letter_makes_nobody_else(letter: str, place: int) -> None:
    address = "name@example.com"
    assert email_address(address[:place] + letter + address[place:]) == address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Name@Example.COM ", "name@example.com"),
        ("name@bücher.example", "name@xn--bcher-kva.example"),
        ("name@BÜCHER.example", "name@xn--bcher-kva.example"),
        ("name@xn--bcher-kva.example", "name@xn--bcher-kva.example"),
        ("name@bu\u0308cher.example", "name@xn--bcher-kva.example"),
        ("name@example。com", "name@example.com"),
        ("ｎａｍｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "name@example.com"),
        ("o'neil+home@example.com", "o'neil+home@example.com"),
    ],
)
def test_spellings_of_one_address_are_one(typed: str, kept: str) -> None:
    assert email_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "name@" + "ü" * 58 + ".example",
        "name@" + "ü." * 200 + "example",
        "josé@example.com",
        "n" * 65 + "@example.com",
        "name@" + ".".join(["a" * 60] * 5),
        "name@localhost",
        "name@[127.0.0.1]",
        "name@xn--a.example",
        "na me@example.com",
        '"na me"@example.com',
        "name@exam ple.com",
        "name@example.com\r\nBcc: all@example.com",
        "na\0me@example.com",
        "@example.com",
        "name",
        "name@@example.com",
        "name@-example.com",
        "\u200b",
    ],
    ids=ascii,
)
def test_what_no_mail_can_carry_is_said(typed: str) -> None:
    assert refused(email_address, typed)


@given(st.text(max_size=40), st.text(max_size=40))
def test_an_address_is_spelled_once_and_for_all(before: str, domain: str) -> None:
    try:
        kept = email_address(f"{before}@{domain}.example")
    except ValidationError:
        return
    assert (email_address(kept), kept.isascii(), kept.lower()) == (kept, True, kept)


@given(st.text(max_size=60))
def test_a_line_is_one_line_and_stays_it(typed: str) -> None:
    kept = one_line(typed)
    assert (one_line(kept), len(kept.splitlines()) <= 1, set(kept) & set("\u202e\u2066\u200b\0")) == (kept, True, set())


def test_a_name_keeps_what_its_script_needs() -> None:
    assert one_line("می\u200cخواهم  Ana\r\n\u202eReyes") == "می\u200cخواهم Ana Reyes"


@pytest.mark.parametrize(
    ("text", "seen"), [("李", True), ("علي", True), ("", False), ("\u3164", False), ("…", False), ("7", False)]
)
def test_a_letter_can_be_seen(text: str, seen: bool) -> None:
    assert has_letter(text) is seen


@pytest.mark.parametrize("typed", ["11215", " 11215 ", "11215-1234", "11215 1234", "112151234", "１１２１５"])
def test_five_digits_are_kept_of_a_zip_code(typed: str) -> None:
    assert zip_code(typed) == "11215"


@pytest.mark.parametrize("typed", ["1121", "112155", "abcde", "11215-", "١١٢١٥x", ""])
def test_what_is_no_zip_code_is_said(typed: str) -> None:
    assert refused(zip_code, typed)


@pytest.mark.parametrize("typed", ["123 5th Avenue", "One Hanson Place", "41-21 28th St, #3", "Calle 9 n.º 4", "12 李"])
def test_a_street_has_a_number_and_letters(typed: str) -> None:
    assert street(typed) == typed


@pytest.mark.parametrize(
    "typed", ["x", "123", "Main Street", "PO Box 12", "P.O. Box 12", "p o box 7", "Post Office Box 9", "Apartado 12"]
)
def test_nobody_can_come_to_a_box_or_a_letter(typed: str) -> None:
    assert refused(street, typed)


def test_letters_that_are_seen_stay() -> None:
    assert without_invisible("a\u200bb\u00adc") == "abc"
