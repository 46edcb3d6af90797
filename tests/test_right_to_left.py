"""What people wrote from the right turns nothing around it: on pages, in flash messages, in mails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.db import connection, models
from django.template.loader import render_to_string
from django.test import Client as Forger
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import Client, HouseholdMember
from coop.encrypted_fields import SealedTextField
from coop.typed.fields import WrittenLine, WrittenText
from coop.typed.text import FIRST_ISOLATE, POP_ISOLATE, from_right, isolate
from members.models import Notice
from tests import house, reader
from tests.house import NOBODY, House
from tests.proofs import rounds, some
from tests.test_matrix import address_of, by_person, declared

ROOMS = ("coop", "members", "bookings", "payouts", "governance")
OURS = {
    *("coop.event.kind", "coop.event.verb", "coop.event.before", "coop.event.after", "coop.amendment.policy"),
    *("coop.amendment.source", "coop.zipcode.code", "coop.zipcode.city", "coop.zipcode.county", "coop.zipcode.state"),
    *("coop.contactfacts.zone", "coop.finding.key", "coop.finding.code"),
    *("coop.zipcode.zone", "coop.heartbeat.sweep", "coop.heartbeat.trouble"),
    *("members.user.password", "members.confirmation.kind", "members.credential.kind", "members.credentialtype.code"),
    "members.paper.type",
    "payouts.lookout.key",
    *("members.agreement.code", "members.acceptance.language"),
    *("members.duty.code", "members.duty.paper_type"),
    *("members.notice.key", "members.notice.mail", "members.notice.subject", "members.notice.body"),
    *("members.notice.calendar", "members.notice.trouble", "members.notice.reference", "members.pushaddress.endpoint"),
    *("members.pushaddress.key", "members.pushaddress.auth", "members.reach.code"),
    *("bookings.kepttime.session", "bookings.kepttime.network"),
    *("bookings.arearequest.zip", "bookings.arearequest.language", "bookings.carerecord.service"),
    *("bookings.carerecord.start_place", "bookings.carerecord.end_place", "bookings.tap.refusal"),
    *("bookings.service.name_en", "bookings.service.name_es", "bookings.service.summary_en"),
    *("bookings.service.summary_es", "bookings.service.skill", "bookings.service.credential"),
    *(
        "members.skill.code",
        "members.setupkey.digest",
        "bookings.addon.code",
        "bookings.service.code",
        "bookings.addon.name_en",
        "bookings.addon.name_es",
    ),
    *("payouts.found.thing", "payouts.found.whom", "payouts.found.trouble"),
    *("payouts.charge.intent", "payouts.charge.trouble", "payouts.charge.page"),
    *("payouts.cardterms.text", "payouts.cardterms.language"),
    *("payouts.refund.refund", "payouts.refund.trouble", "payouts.payout.transfer", "payouts.payout.trouble"),
    *("payouts.card.customer", "payouts.card.method", "payouts.card.brand", "payouts.card.last4"),
    *("payouts.cardsession.checkout", "payouts.cardsession.setup", "payouts.account.code", "payouts.entry.key"),
    "payouts.handentry.receipt_type",
    *("payouts.cardremoval.customer", "payouts.cardremoval.trouble", "payouts.giftcard.code"),
    *("payouts.giftcard.checkout", "payouts.webhookevent.event", "payouts.webhookevent.type"),
    *("payouts.webhookevent.subject", "payouts.webhookevent.trouble", "payouts.payeeaccount.account"),
    *("payouts.movement.bt", "payouts.movement.type", "payouts.movement.category", "payouts.movement.source"),
    *("payouts.movement.about", "payouts.movement.reason", "payouts.bankline.print", "payouts.dispute.dispute"),
    *("payouts.dispute.payment", "payouts.dispute.reason", "payouts.takeback.reversal", "payouts.takeback.trouble"),
    *("bookings.leastwage.state", "bookings.leastwage.locality"),
    "governance.change.policy",
    "members.announcement.county",
}
"""Columns of text that nobody writes into: codes, keys, what others' machines said, our own words."""
ALONE = {"option", "textarea", "title", "script", "pre"}
"""Where no markup is, and where a text stands by itself."""


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:  # type: ignore[type-arg]
    """Every column of free text."""
    for model in (model for room in ROOMS for model in apps.get_app_config(room).get_models()):
        for field in model._meta.concrete_fields:
            plain = type(field) in (models.CharField, models.TextField, models.SlugField)
            if isinstance(field, WrittenLine | WrittenText) or (plain and not field.choices):
                yield model, field


def written() -> Iterator[tuple[type[models.Model], models.Field]]:  # type: ignore[type-arg]
    return ((model, field) for model, field in columns() if isinstance(field, WrittenLine | WrittenText))


def test_whatever_people_write_is_set_apart_where_it_is_shown() -> None:
    told = {f"{model._meta.label_lower}.{field.name}" for model, field in columns()}
    kept_apart = {f"{model._meta.label_lower}.{field.name}" for model, field in written()}
    assert (told - kept_apart, SealedTextField not in (WrittenText, WrittenLine)) == (OURS, True)


def write_from_the_right() -> None:
    """All that people wrote is Arabic now, each text its own; what guards the rows looks away meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, field in written():
            table, column = model._meta.db_table, field.column
            text = f"'شارع ' || {model._meta.pk.column} || ' النور'"
            cursor.execute(f"UPDATE {table} SET {column} = {text} WHERE {column} <> ''")
        cursor.execute("SET LOCAL session_replication_role = origin")


def bare(element: reader.Element, *, apart: bool = False) -> Iterator[str]:
    """Every text from the right that stands among ours without being set apart."""
    apart = apart or element.tag in ALONE or element.tag == "bdi" or element.attrs.get("dir") == "auto"
    for piece in element.inside:
        if isinstance(piece, reader.Element):
            yield from bare(piece, apart=apart)
        elif not apart and from_right(piece) and isolate(piece) != piece:
            yield f"<{element.tag}> {piece.strip()}"


def wrong_with(answer: Any) -> Iterator[str]:
    html = answer.content.decode()
    tree = reader.read(html)
    yield from bare(tree)
    yield from (f"{name}={value}" for one in tree.every() for name, value in one.attrs.items() if "<bdi" in value)
    yield from ["&lt;bdi"] if "&lt;bdi" in html else []
    yield from ["title"] if "<bdi" in html.partition("<title>")[2].partition("</title>")[0] else []


def readers(name: str, standing: House) -> list[str]:
    """Who sees the page, the first three; outside a whole proof the first."""
    cell = declared()[name, "get"]
    everybody = by_person(cell, [NOBODY, *standing.people]) if "method" not in cell else {}
    return [who for who, word in everybody.items() if word == "ok"][: rounds(3, short=1)]


PAGES = sorted({name for name, way in declared() if way == "get"})


@pytest.mark.django_db
def test_on_no_page_does_a_text_from_the_right_turn_what_stands_around_it(home: House) -> None:
    write_from_the_right()
    wrong, seen = [], 0
    for name in some(PAGES, of=5):
        for who in readers(name, home):
            browser: Forger = home.browser(who)
            with house.undone():
                answer = browser.get(address_of(name, home))
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                seen += "<bdi" in answer.content.decode()
                wrong += [f"{name} ({who}): {what}" for what in wrong_with(answer)]
    assert "\n".join(sorted(set(wrong))) == ""
    assert seen > rounds(60, short=8)


@pytest.mark.django_db
def test_in_mails_and_flash_messages_it_is_set_apart_by_signs(home: House) -> None:
    lee = home.people["lee"]
    lee.introduce(name="علي حسن", language="en")
    client = Client.objects.get(user=lee)
    invited = HouseholdMember.invite(client, email="sam@example.org", at=house.NOW, by=lee)
    told = Notice.objects.get(user=invited.user)
    assert told.subject.startswith(f"{FIRST_ISOLATE}علي ح{POP_ISOLATE}. invites you into their household")
    flash = [Message(messages.SUCCESS, "علي (5) is asked now.")]
    said = render_to_string("components/messages.html", {"messages": flash})
    assert f"{FIRST_ISOLATE}علي{POP_ISOLATE} (5) is asked now." in said


@given(st.text(alphabet="ab 5.(،ع ل\n\u2068\u2069"))
def test_setting_apart_changes_no_letter_and_twice_is_once(text: str) -> None:
    bare_text = text.replace(FIRST_ISOLATE, "").replace(POP_ISOLATE, "")
    once = isolate(text)
    assert isolate(once) == once
    if from_right(text):
        assert once.replace(FIRST_ISOLATE, "").replace(POP_ISOLATE, "") == bare_text
        assert once.count(FIRST_ISOLATE) == once.count(POP_ISOLATE)
    else:
        assert once == text


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Call Ana at 5", "Call Ana at 5"),
        ("علي حسن, 5 pm", "⁨علي حسن⁩, 5 pm"),
        ("To 12 شارع النور, 11215", "To 12 ⁨شارع النور⁩, 11215"),
        ("علي\nand דוד.", "⁨علي⁩\nand ⁨דוד⁩."),
    ],
)
def test_only_what_is_from_the_right_is_set_apart(text: str, apart: str) -> None:
    assert isolate(text) == apart
