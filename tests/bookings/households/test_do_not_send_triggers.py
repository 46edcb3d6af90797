"""What the database itself forbids, tried with plain SQL past all of our code."""

from datetime import timedelta
from typing import Any, cast

import pytest
from django.db import DatabaseError, connection, transaction

from bookings.models import AccessView, Booking, DoNotSend, Offer, Shift
from coop.errors import Refusal
from members.models import Credential
from tests import make
from tests.bookings.clock import NINE, NOW, WEDNESDAY

pytestmark = pytest.mark.django_db


def forbidden(statement: str, *values: Any) -> str:
    """Try a statement that the database must refuse; which rule refused it."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    said = cast("Any", refused.value.__cause__).diag
    return said.constraint_name or said.message_primary.splitlines()[0]


@pytest.fixture
def shift(ana) -> Shift:
    """Ana's, on Wednesday at nine, for two hours; its service needs a credential."""
    make.credential(ana)
    service = make.service(minutes=120, credential="hha")
    return make.accepted(starts_at=NINE, at=NOW, quote=make.quote(at=NOW, service=service))


COPY = """
INSERT INTO bookings_shift (visit_id, quote_id, member_id, state, zip_id, starts_at, ends_at, given_back_by, span)
SELECT visit_id, quote_id, member_id, %s, zip_id, starts_at + %s, ends_at + %s, given_back_by,
       tstzrange(lower(span) + %s, upper(span) + %s)
FROM bookings_shift
"""


def copy(state: str, later: timedelta) -> tuple[Any, ...]:
    return COPY, state, later, later, later, later


@pytest.mark.parametrize("state", ["offered", "accepted", "started"])
def test_nobody_has_two_shifts_at_a_time(shift, state):
    assert forbidden(*copy(state, timedelta(minutes=134))) == "one_shift_at_a_time"


def test_the_next_shift_may_begin_after_the_least_way(shift):
    with connection.cursor() as cursor:
        statement, *values = copy("accepted", timedelta(minutes=135))
        cursor.execute(statement, values)
    assert Shift.objects.filter(member=shift.member, state="accepted").count() == 2


@pytest.mark.parametrize("state", ["offered", "accepted"])
def test_nobody_under_a_do_not_send_is_given_a_shift_there(shift, bo, state):
    make.credential(bo)
    DoNotSend.place(client=shift.home.client, member=bo, placer="client", reason="other", at=NOW, by=bo.user)
    rule = "nobody_is_sent_where_they_must_not_go"
    assert forbidden("UPDATE bookings_shift SET member_id = %s, state = %s", bo.pk, state) == rule
    insert = COPY.replace("member_id, %s", f"{bo.pk}, %s")
    day = timedelta(days=1)
    assert forbidden(insert, state, day, day, day, day) == rule


@pytest.mark.parametrize("lifted", ["NULL", "now()"])
def test_a_do_not_send_does_not_stand_while_a_shift_is_planned(shift, lifted):
    insert = f"""INSERT INTO bookings_donotsend (client_id, member_id, placer, reason, placed_at, lifted_at)
                 VALUES (%s, %s, 'client', 'other', %s, {lifted})"""
    values = (shift.home.client_id, shift.member_id, NOW)
    if lifted == "NULL":
        assert forbidden(insert, *values) == "a_do_not_send_frees_the_shifts_to_come"
    else:
        with connection.cursor() as cursor:
            cursor.execute(insert, values)
        assert forbidden("UPDATE bookings_donotsend SET lifted_at = NULL") == "a_do_not_send_frees_the_shifts_to_come"


def test_a_do_not_send_is_never_deleted_and_stands_once_a_side(ana):
    household = make.client()
    DoNotSend.place(client=household, member=ana, placer="client", reason="other", at=NOW, by=household.user)
    assert "Cannot delete" in forbidden("DELETE FROM bookings_donotsend")
    again = """INSERT INTO bookings_donotsend (client_id, member_id, placer, reason, placed_at)
               SELECT client_id, member_id, placer, reason, placed_at FROM bookings_donotsend"""
    assert forbidden(again) == "one_standing_do_not_send_a_side"


@pytest.mark.parametrize("days", [0, -1])
def test_nobody_is_given_a_shift_without_a_credential_valid_on_its_day(shift, bo, days):
    make.credential(bo, expires_on=WEDNESDAY + timedelta(days=days))
    rule = "a_shift_needs_a_valid_credential"
    assert forbidden("UPDATE bookings_shift SET member_id = %s", bo.pk) == rule
    Credential.objects.filter(member=bo).update(expires_on=WEDNESDAY + timedelta(days=1))
    assert Shift.objects.filter(pk=shift.pk).update(member=bo) == 1


def test_a_credential_that_ended_meanwhile_is_a_sentence_and_no_error(ana):
    make.credential(ana)
    service = make.service(minutes=120, credential="hha")
    make.confirmed(starts_at=NINE, at=NOW, quote=make.quote(at=NOW, service=service))
    Credential.objects.update(expires_on=WEDNESDAY)
    offer = Offer.objects.get()
    with pytest.raises(Refusal, match="needs a credential that is valid on its day"):
        offer.accept(at=NOW, by=ana.user)
    assert (Offer.objects.get().state, Shift.objects.get().state) == ("made", "offered")


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE bookings_shift SET state = 'open'", "an_open_shift_has_nobody"),
        ("UPDATE bookings_shift SET member_id = NULL", "only_open_shifts_have_nobody"),
        ("UPDATE bookings_shift SET visit_id = NULL", "a_shift_belongs_to_a_visit_or_is_held"),
        (
            "UPDATE bookings_shift SET visit_id = NULL, quote_id = NULL, state = 'held'",
            "a_shift_belongs_to_a_visit_or_is_held",
        ),
        ("UPDATE bookings_visit SET state = 'completed'", "a_visit_is_completed_at_a_time"),
        ("UPDATE bookings_visit SET completed_at = now()", "a_visit_is_completed_at_a_time"),
        ("UPDATE bookings_visit SET ends_at = starts_at", "a_visit_ends_after_it_starts"),
        ("UPDATE bookings_booking SET confirmed_at = NULL", "a_booking_counts_once_confirmed"),
        ("UPDATE bookings_offer SET answered_at = NULL", "an_offer_is_answered_once"),
        ("UPDATE bookings_offer SET state = 'made'", "an_offer_is_answered_once"),
    ],
)
def test_the_database_keeps_what_the_code_promises(shift, statement, rule):
    assert forbidden(statement) == rule


def test_a_shift_is_offered_to_one_at_a_time(ana, bo):
    make.confirmed(starts_at=NINE, at=NOW)
    turn = """INSERT INTO bookings_turn (shift_id, decided_at, candidates)
              SELECT shift_id, now(), '[]' FROM bookings_turn RETURNING id"""
    with connection.cursor() as cursor:
        cursor.execute(turn)
        (second,) = cursor.fetchone()
    again = """INSERT INTO bookings_offer
               (shift_id, member_id, turn_id, state, starts_at, made_at, answer_by, why, counts)
               SELECT shift_id, %s, %s, 'made', starts_at, made_at, answer_by, '', true FROM bookings_offer"""
    assert forbidden(again, bo.pk, second) == "a_shift_is_offered_to_one_at_a_time"


def test_a_home_stands_once_and_so_does_the_booking_of_a_quote(shift):
    home = """INSERT INTO bookings_home
              (seal, client_id, street, apartment, zip_id, access_note, pets, supplies, spoken)
              SELECT gen_random_uuid(), client_id, street, apartment, zip_id, '', pets, supplies, spoken
              FROM bookings_home"""
    assert forbidden(home) == "a_client_has_a_home_once"
    booking = """INSERT INTO bookings_booking
                 (token, state, pays, home_id, service_id, quote_id, requested_at, card_due_at)
                 SELECT gen_random_uuid(), 'requested', pays, home_id, service_id, quote_id, now(), now()
                 FROM bookings_booking"""
    assert "quote_id" in forbidden(booking)


@pytest.mark.parametrize("table", ["bookings_turn", "bookings_accessview", "coop_event"])
def test_what_was_written_down_is_never_changed_or_deleted(shift, table):
    shift.show_access_note(at=NINE, by=shift.member.user)
    column = "decided_at" if table == "bookings_turn" else "at"
    unchanged = "events_are_never_changed" if table == "coop_event" else "Cannot update or delete"
    assert unchanged in forbidden(f"UPDATE {table} SET {column} = now()")
    assert "delete rows" in forbidden(f"DELETE FROM {table}")
    assert AccessView.objects.get().home == Booking.objects.get().home
