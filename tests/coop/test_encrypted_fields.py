"""Getting-in notes: nobody reads them in the database, and no copy opens elsewhere."""

import base64
import os
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from bookings.models import Client, Home
from coop.encrypted_fields import Sealed, Unreadable
from members.models import User
from tests import make

pytestmark = pytest.mark.django_db
NOTE = "Code 4417#, the dog is friendly."


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def home(user: User, *, note: str = NOTE, street: str = "418 7th Ave") -> Home:
    client, _ = Client.objects.get_or_create(user=user, defaults={"since": make.SPRING})
    return Home.objects.create(client=client, street=street, zip=make.zip_code(), access_note=note)


def column(row: Home) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_note FROM bookings_home WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def opened(row: Home) -> str:
    return str(Home.objects.get(pk=row.pk).access_note.open())


def test_the_database_holds_no_word_of_a_note(lee: User) -> None:
    row = home(lee)
    assert ("4417" in column(row), opened(row)) == (False, NOTE)


def test_a_note_does_not_slip_out_where_a_row_is_printed(lee: User) -> None:
    row = Home.objects.get(pk=home(lee).pk)
    assert (str(row.access_note), repr(row.access_note), bool(row.access_note)) == ("•••", "•••", True)


def test_no_note_is_no_secret(lee: User) -> None:
    row = Home.objects.get(pk=home(lee, note="").pk)
    assert (column(row), bool(row.access_note), row.access_note.open()) == ("", False, "")


def test_two_equal_notes_do_not_look_equal(lee: User) -> None:
    assert column(home(lee)) != column(home(lee, street="420 7th Ave"))


def test_a_copied_note_opens_at_no_other_home(lee: User) -> None:
    mine, other = home(lee), home(lee, street="420 7th Ave")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_home SET access_note = %s WHERE id = %s", [column(mine), other.pk])
    with pytest.raises(Unreadable):
        opened(other)


def test_a_changed_letter_opens_nothing(lee: User) -> None:
    row = home(lee)
    token = column(row)
    broken = token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_home SET access_note = %s WHERE id = %s", [broken, row.pk])
    with pytest.raises(Unreadable):
        opened(row)


def test_keys_change_without_losing_a_note(lee: User, settings: Any) -> None:
    row, new = home(lee), new_key()
    old_token = column(row)
    settings.SEALED_KEYS = [new, *settings.SEALED_KEYS]
    still = opened(row)
    call_command("reseal", stdout=StringIO())
    settings.SEALED_KEYS = [new]
    assert (still, opened(row), column(row).partition(":")[0] == old_token.partition(":")[0]) == (NOTE, NOTE, False)


def test_without_its_key_a_note_stays_closed(lee: User, settings: Any) -> None:
    row = home(lee)
    settings.SEALED_KEYS = [new_key()]
    with pytest.raises(Unreadable):
        opened(row)


def test_a_plain_text_never_reaches_the_column(lee: User) -> None:
    row = home(lee)
    with pytest.raises(TypeError):
        Home.objects.filter(pk=row.pk).update(access_note=NOTE)


def test_a_text_that_looks_sealed_is_sealed_like_any_other(lee: User) -> None:
    row = home(lee)
    second = home(lee, street="420 7th Ave", note=column(row))
    assert opened(second) == column(row)


def test_a_note_is_read_only_when_it_is_needed(lee: User) -> None:
    row = Home.objects.defer("access_note").get(pk=home(lee).pk)
    assert (isinstance(row.access_note, Sealed), row.access_note.open()) == (True, NOTE)
