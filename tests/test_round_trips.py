"""What a form shows, sent back untouched, changes nothing: in both languages, for whatever may be kept."""

from collections.abc import Callable, Iterator
from datetime import date, time
from fractions import Fraction
from math import ceil, floor
from typing import Any
from urllib.parse import urljoin

import phonenumbers
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Forger
from django.urls import reverse
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumber_field.phonenumber import PhoneNumber

from bookings.catalog.price_pages.price_forms import DollarField
from coop.policies import Policy, registry
from coop.typed import fields
from governance.proposals.forms import ValueField, read
from members.hours.forms import QuarterField
from members.models import Member
from tests import house, reader
from tests.house import House
from tests.proofs import rounds, some
from tests.test_matrix import address_of, by_person, declared

LANGUAGES = ("en", "es")
REGIONS = ["US", "MX", "CA", "DO", "GB", "DE", "IT", "AR", "CN"]
NUMBERS = [phonenumbers.example_number_for_type(region, kind) for region in REGIONS for kind in (0, 1)]


@pytest.fixture(autouse=True)
def the_language_of_whoever_looked_last_is_forgotten() -> Iterator[None]:
    yield
    translation.deactivate()


def comes_back(field: Callable[[], forms.Field], value: object) -> bool:
    """Does what a form shows for this value, sent as it stands, mean the same value?"""
    found = set()
    for language in LANGUAGES:
        with translation.override(language):
            asking = type("Asking", (forms.Form,), {"it": field()})
            shown = asking(initial={"it": value})["it"]
            written = shown.field.widget.format_value(shown.value())
            sent = asking({"it": written})
            found.add(sent.is_valid() and sent.cleaned_data["it"] == value)
    return found == {True}


@pytest.mark.parametrize("number", [one for one in NUMBERS if one], ids=str)
def test_a_phone_number_of_any_country_comes_back(number: phonenumbers.PhoneNumber) -> None:
    kept = PhoneNumber.from_string(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    assert comes_back(fields.PhoneField, kept)


@pytest.mark.parametrize("typed", ["+52 646 274 0142", "+526462740142", "(718) 555-0134", "718.555.0134"])
def test_a_number_means_what_was_typed(typed: str) -> None:
    number = fields.PhoneField().clean(typed)
    assert fields.PhoneField().clean(fields.say_phone(number)) == number
    assert str(number) == f"+{'' if typed.startswith('+') else '1'}{''.join(one for one in typed if one.isdigit())}"


@pytest.mark.parametrize("typed", ["718-555-0134 x5", "718-555-0134 ext. 22", "+17185550134;ext=7"])
def test_an_extension_is_never_dropped_in_silence(typed: str) -> None:
    with pytest.raises(ValidationError, match="extension"):
        fields.PhoneField().clean(typed)


@given(st.integers(0, 1000_00))
def test_money_comes_back(cents: int) -> None:
    assert comes_back(lambda: DollarField(most=1000), cents)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_day_comes_back(day: date) -> None:
    assert comes_back(fields.DayField, day)


@given(st.integers(0, 23), st.integers(0, 3))
def test_a_time_of_day_comes_back(hour: int, quarter: int) -> None:
    moment = time(hour, 15 * quarter)
    assert comes_back(fields.ClockField, moment)
    assert comes_back(lambda: QuarterField(widget=forms.TimeInput(format="%H:%M")), moment)


def rules() -> Iterator[Policy[Any]]:
    yield from registry.values()


@given(st.data())
def test_the_value_of_every_rule_comes_back(data: st.DataObject) -> None:
    policy = data.draw(st.sampled_from(list(registry.values())), label="policy")
    only_whole = policy.unit.read(Fraction(1, 2)) != Fraction(1, 2)
    parts = st.just(1) if only_whole else st.integers(1, 99) | st.sampled_from([10**4, 10**6])
    part = data.draw(parts.filter(lambda one: ceil(policy.least * one) <= floor(policy.most * one)), label="part")
    value = Fraction(data.draw(st.integers(ceil(policy.least * part), floor(policy.most * part))), part)
    policy.check(value)
    assert comes_back(lambda: ValueField(policy, now=Fraction(policy.default)), value)


@example("1/2048")
@given(st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,5}|/[1-9][0-9]{0,4})?", fullmatch=True))
def test_a_share_of_any_exactness_comes_back(written: str) -> None:
    policy = registry["bookings.worker_share"]
    assert comes_back(lambda: ValueField(policy, now=Fraction(policy.default)), read(policy, written))


def test_what_every_rule_is_now_comes_back() -> None:
    assert [
        policy.key
        for policy in rules()
        if not comes_back(lambda policy=policy: ValueField(policy, now=policy.default), Fraction(policy.default))  # type: ignore[misc]
    ] == []


ODD_PHONE = "+526462740142"
KEPT = {
    "me": ("ana", "members_member", "members_user"),
    "change_availability": ("ana", "members_availability", "members_member"),
    "revise_proposal": ("ana", "governance_proposal", "governance_change"),
}


def rows(*tables: str) -> dict[str, list[Any]]:
    """All that stands in these tables, but for the numbers of rows that are written anew."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT (to_jsonb(t) - 'id')::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def send_untouched(home: House, who: str, page: str) -> int:
    """Every form of the page that shows something to change is sent as it lies there, by its own button."""
    browser = home.browser(who)
    tree = reader.read(browser.get(page).content.decode())
    for element in tree.every("form"):
        form = reader.Form(element, tree)
        if form.method == "post" and form.action in ("", page):
            return browser.post(page, _as_data(form.filled())).status_code
    raise AssertionError(f"{page} has no form")


def _as_data(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KEPT)
def test_a_page_sent_back_untouched_changes_nothing(name: str, language: str, home: House) -> None:
    who, *tables = KEPT[name]
    home.people[who].speak(language)
    Member.objects.filter(user=home.people["ana"]).update(phone=ODD_PHONE, minutes_wanted=1470)
    page = reverse(name, args=[home.talk.pk] if name == "revise_proposal" else [])
    before = rows(*tables)
    assert send_untouched(home, who, page) == 302
    assert rows(*tables) == before


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_home_sent_back_untouched_stays_as_it_is(language: str, home: House) -> None:
    home.people["lee"].speak(language)
    before = rows("bookings_home")
    assert send_untouched(home, "lee", reverse("change_home", args=[home.today.home.pk])) == 302
    assert rows("bookings_home") == before


LOG = {"coop_event", "django_session", "account_emailaddress", "account_emailconfirmation"}
"""Tables that say what was done, and not what is."""
PAGES = sorted({name for name, way in declared() if way == "get"})
BEGINS = {
    "bookable_hours": "hours from a day on are written beside those before them",
    "change_add_on": "it is retired from today on as it shows",
    "change_service": "it is retired from today on as it shows",
    "end_series": "it ends, as its one button says",
    "gift_cards": "a gift card is asked for",
    "give_contact": "another browser than the one in which the draft was typed says whose it is",
    "go_on_leave": "leave begins on the day that it shows",
    "hand_over": "they work again, as its button says",
    "hand_over_day": "a day is handed over, from today on as it shows",
    "plan_redo": "a time is kept, the first that it shows",
    "price_add_on": "a price from a day on is written beside those before it",
    "price_service": "a price from a day on is written beside those before it",
    "quote": "a new draft",
    "reach": "what holds for everybody who said nothing is theirs now, in the same words",
}
"""Pages with a form that begins something by being sent, and what: no change of what is kept."""


def everything() -> dict[str, str]:
    """What stands in every table, but for the numbers of rows that are written anew."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - LOG)
        kept = "(to_jsonb(t) - 'id')::text"
        each = f"SELECT '{{0}}', coalesce(md5(string_agg({kept}, '' ORDER BY {kept})), '') FROM {{0}} t"
        cursor.execute(" UNION ALL ".join(each.format(table) for table in tables))
        return dict(cursor.fetchall())


def asks(form: reader.Form) -> bool:
    """Is it sent, and does it show something that is kept in a field that people see?"""
    hidden = {"hidden", "submit", "file", "search"}
    seen = [one for one in form.controls if one.attrs.get("name") and one.attrs.get("type") not in hidden]
    return form.method == "post" and any(value for one in seen for value in reader.values_of(one))


def reader_of(name: str, home: House) -> str | None:
    """The first who sees the page and is somebody."""
    cell = declared()[name, "get"]
    words = by_person(cell, [*home.people]) if "method" not in cell else {}
    return next((who for who, word in words.items() if word == "ok"), None)


def changed_by(browser: Forger, page: str, form: reader.Form) -> set[str]:
    """The tables in which something is another after the form was sent as it lies there."""
    with house.undone():
        before = everything()
        told = [pair for pair in form.filled() if pair[0] != "csrfmiddlewaretoken"]
        browser.post(urljoin(page, form.action), _as_data(told))
        return {table for table, now in everything().items() if now != before[table]}


def look_around(language: str, home: House) -> Iterator[tuple[str, set[str]]]:
    """Every form of every page that asks for something, and the tables that sending it untouched changes."""
    for name in some(PAGES, of=3):
        if who := reader_of(name, home):
            home.people[who].speak(language)
            page, browser = address_of(name, home), home.browser(who)
            answer = browser.get(page)
            is_page = answer.headers["Content-Type"].startswith("text/html")
            tree = reader.read(answer.content.decode() if is_page else "")
            forms = [reader.Form(one, tree) for one in tree.every("form")]
            yield from ((name, changed_by(browser, page, form)) for form in forms if asks(form))


@pytest.mark.django_db
@pytest.mark.parametrize("language", some(LANGUAGES[::-1], of=2))
def test_no_form_of_any_page_changes_what_it_shows_when_it_is_sent_untouched(language: str, home: House) -> None:
    found = list(look_around(language, home))
    changed = {name: tables for name, tables in found if tables}
    assert {name: tables for name, tables in changed.items() if name not in BEGINS} == {}
    begins = BEGINS.keys() & set(some(PAGES, of=3))
    assert (begins - changed.keys(), len(found) >= rounds(24, short=8)) == (set(), True)
