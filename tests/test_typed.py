"""One person has one address, whichever door they come through, and no door can be forgotten."""

import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from phonenumber_field.formfields import PhoneNumberField

import bookings
import governance
import members
import payouts
from bookings.models import AreaRequest, HouseholdMember, Quote
from coop.typed import fields
from governance.models import Proposal
from members.models import Member, Notice, User
from tests import make

pytestmark = pytest.mark.django_db

ROOMS = (members, bookings, payouts, governance)
ODD = [
    "Jordan-Lee@Example.org",
    "jordan-lee\u200b@example.org",
    "jordan-lee@example.org\u00ad",
    "\ufeffjordan-lee@example.org ",
    "ｊordan-lee@example.org",
]
LONG = "name@" + "ü" * 58 + ".example"


def fields_of(form: type[forms.BaseForm]) -> dict[str, forms.Field]:
    return vars(form)["base_fields"]


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Every form of every room, those of signing in among them."""
    for room in ROOMS:
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if "forms" in found.name:
                import_module(found.name)
    waiting: list[type[forms.BaseForm]] = [forms.Form]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.split(".")[0] in {room.__name__ for room in ROOMS}:
                yield one


def plain(field: forms.Field) -> bool:
    """Is this a field that takes letters which are cleaned nowhere?"""
    if isinstance(field, forms.EmailField):
        return not isinstance(field, fields.EmailField)
    if isinstance(field, PhoneNumberField):
        return not isinstance(field, fields.PhoneField)
    return type(field) is forms.CharField and type(field.widget) is forms.TextInput


SENT_BY_BROWSERS = {
    "AppForm.code",
    "SentCodeForm.code",
    "CodeOfKeyForm.code",
    "FinishForm.tapped",
    "EndpointForm.endpoint",
    "BrowserForm.endpoint",
    "BrowserForm.p256dh",
    "BrowserForm.auth",
    "ReportForm.kind",
    "ReportForm.barred",
}
"""What no person types."""


def test_every_line_that_people_type_is_cleaned_where_all_are() -> None:
    found = {
        f"{one.__name__}.{name}"
        for one in form_classes()
        for name, field in fields_of(one).items()
        if plain(field) and one.__module__.startswith(("members", "bookings", "payouts", "governance"))
    }
    signing_in = {"SignInForm.email", "JoinForm.email", "JoinForm.username"}
    codes = {"SignInCodeForm.code", "VerifyCodeForm.code"}
    assert found - signing_in - codes == SENT_BY_BROWSERS


def test_signing_in_and_joining_clean_an_address_like_every_other_door(client: Client) -> None:
    for name in ("account_login", "account_signup"):
        form = client.get(reverse(name)).context["form"]
        assert isinstance(form.fields["email"], fields.EmailField)


def test_every_stored_address_is_held_to_one_spelling() -> None:
    columns = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.EmailField)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype='c'"
        )
        checks = cursor.fetchall()
    held = {
        (table, column)
        for table, column in columns
        for of, says in checks
        if of == table and f"{column})::text ~" in says
    }
    assert held == columns != set()


@pytest.mark.parametrize(
    "email", ["Ana@example.org", "ana@bücher.example", "a\u200bna@example.org", "ana @example.org"]
)
def test_the_database_keeps_one_spelling(email: str, lee: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_user SET email = %s WHERE id = %s", [email, lee.pk])


@pytest.mark.parametrize("email", ODD, ids=ascii)
def test_however_it_is_typed_it_is_the_same_person(email: str, lee: User) -> None:
    people = User.objects.count()
    make.zip_code()
    met = User.objects.meet(email, "Somebody", language="en")
    call_command("appoint", email, "--name", "X", "--zip", "11215-1234")
    assert (met, Member.objects.get().user, User.objects.count()) == (lee, lee, people)


def test_an_address_that_no_mail_reaches_is_not_appointed() -> None:
    make.zip_code()
    with pytest.raises(CommandError):
        call_command("appoint", LONG, "--name", "X", "--zip", "11215")


@pytest.mark.parametrize("email", ODD, ids=ascii)
def test_however_it_is_typed_the_code_is_sent(email: str, lee: User, client: Client, mailoutbox: list[Any]) -> None:
    client.post(reverse("account_login"), {"email": email})
    assert [(one.to, "code" in one.body.lower()) for one in mailoutbox] == [([lee.email], True)]


def test_a_wish_for_an_area_is_one_wish(client: Client) -> None:
    for email in ODD:
        client.post(reverse("ask_for_area"), {"email": email, "zip": "94110-1234"})
    assert list(AreaRequest.objects.values_list("email", "zip")) == [("jordan-lee@example.org", "94110")]


def test_an_invitation_that_is_typed_oddly_goes_to_one_person(dan: User) -> None:
    household = make.client()
    for typed in ("dan-ortiz@example.org", "Dan-Ortiz\u200b@example.org"):
        HouseholdMember.invite(household, email=typed, at=make.SPRING, by=household.user)
    assert list(household.people.values_list("user", flat=True)) == [dan.pk]


def test_a_draft_keeps_one_spelling() -> None:
    field = Quote._meta.get_field("email")
    assert field.get_prep_value("Ana@BÜCHER.example") == "ana@xn--bcher-kva.example"


def test_addresses_that_become_one_stop_the_migration_and_are_named(lee: User, dan: User) -> None:
    spell = import_module("members.migrations.0011_one_spelling").spell
    with connection.cursor() as cursor, connection.schema_editor() as editor:
        cursor.execute("ALTER TABLE members_user DROP CONSTRAINT an_address_is_spelled_one_way")
        cursor.execute("UPDATE members_user SET email = %s WHERE id = %s", [f"{lee.email}\u200b", dan.pk])
        with pytest.raises(RuntimeError) as why:
            spell(apps, editor)
        assert all(re.search(rf"\b{person.pk}\b", str(why.value)) for person in (lee, dan))
        cursor.execute("UPDATE members_user SET email = %s WHERE id = %s", ["Dan@BÜCHER.example", dan.pk])
        spell(apps, editor)
    dan.refresh_from_db()
    assert dan.email == "dan@xn--bcher-kva.example"


def test_a_line_break_in_a_title_stops_no_mail(ana: Member, lee: User, mailoutbox: list[Any]) -> None:
    proposal = Proposal.propose(
        title="Pay\r\nBcc: all@example.org", text="Why.", changes={}, wanted_on=None, at=make.SPRING, by=ana.user
    )
    proposal.closes_at = make.SPRING + timedelta(days=5)
    Notice.post("told", to=lee, mail="vote_open", at=make.SPRING, about={"proposal": proposal})
    notice = Notice.objects.get()
    notice.send(at=make.SPRING + timedelta(days=1))
    assert (proposal.title, [one.to for one in mailoutbox]) == ("Pay Bcc: all@example.org", [[lee.email]])
    with pytest.raises(IntegrityError, match="a_subject_is_one_line"), transaction.atomic():
        Notice.objects.update(subject="Pay\rBcc: all@example.org")
