"""How a co-op comes to be, page by page: its founders, what is missing and how it is mended, and the door."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from urllib.parse import urlsplit

from django.core.management import call_command

from members.models import Member
from tests.journeys.conftest import NEW_YORK
from tests.stack import Stack
from tests.visitor import Visitor

NORA, IVAN, LUZ = (f"{name}@example.org" for name in ("nora", "ivan", "luz"))
WEEK = {f"from_{day}_0": "08:00" for day in range(7)} | {f"to_{day}_0": "18:00" for day in range(7)}


def on(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def member(email: str) -> int:
    """The number under which the register keeps somebody."""
    found: int = Member.objects.get(user__email=email).pk
    return found


def address_of_setting_up() -> str:
    """What `manage.py setup` prints, without the name of the machine."""
    said = StringIO()
    call_command("setup", stdout=said)
    return urlsplit(next(word for word in said.getvalue().split() if "/setup/" in word)).path


def the_first_person_opens_the_address(stack: Stack) -> None:
    """It opens once; a second one who has it reads that it is done."""
    path = address_of_setting_up()
    nora = stack.people[NORA] = stack.visitor()
    nora.visit(stack.site + path)
    nora.send("Begin", name="Nora Diaz", email="nora@", zip="11215")
    assert "nora@" in nora.source
    offices = ["coordinator", "treasurer", "board"]
    nora.send("Begin", name="Nora Diaz", email=NORA, called="Carroll Street Co-op", zip="11215", offices=offices)
    nora.sees("You are the first member.", "There are fewer than three members.")
    late = stack.visitor()
    late.visit(stack.site + path)
    assert late.status == 410


def two_more_found_it_with_her(stack: Stack) -> None:
    """Each says yes with their own code; the offices are shared out among them."""
    nora = stack.person(NORA)
    they_set_up_a_key(stack, NORA)
    nora.visit("/setup/founders")
    nora.send("Invite", email=IVAN, name="Ivan Petrov", offices=["membership", "mentor"])
    confirmed(stack, NORA)
    nora.send("Invite", email=LUZ, name="Luz Romero", offices=["treasurer", "safety"])
    confirmed(stack, NORA)
    for email in (IVAN, LUZ):
        stack.until(lambda email=email: bool(stack.mails.to(email)), f"{email} is invited by mail")
        link = next(link for mail in stack.mails.to(email) for link in mail.links if "/setup/founders/" in link)
        invited = stack.person(email)
        invited.visit(link)
        invited.send("Yes, I am in", zip="11215")
        invited.sees("You are a member.")
    for email in (IVAN, LUZ):
        they_set_up_a_key(stack, email)


def they_set_up_a_key(stack: Stack, email: str) -> None:
    """Whoever holds an office acts with a key: here an app that makes codes."""
    person = stack.person(email)
    person.visit("/me/signing-in/app")
    stack.keys[email] = person.page.every("code")[0].text.strip()
    person.send("Go on", code=stack.code_of(email))
    assert person.address.endswith("/recovery")


def confirmed(stack: Stack, email: str) -> Visitor:
    """Once more, where the page asks who it is."""
    person = stack.people[email]
    if "Please show that it is you" in person.text:
        person.send("Go on", step_up_code=stack.code_of(email))
    return person


def they_say_what_they_can_do_and_when(stack: Stack) -> None:
    """Skills are given by the membership office, never to oneself; hours each says under Me."""
    ivan, luz = stack.person(IVAN), stack.person(LUZ)
    for email in (NORA, LUZ):
        ivan.visit(f"/members/{member(email)}/skills")
        ivan.send("Save", skills=["cleaning"], note="We worked together for years")
    ivan.visit(f"/members/{member(IVAN)}/skills")
    assert ivan.status == 403
    luz.visit("/me/availability")
    luz.send("Save my week", **WEEK)
    luz.sees("Your week is saved.")


def they_open(stack: Stack) -> None:
    """What is missing leads to where it is mended; nobody can book before they say that they are open."""
    nora = stack.person(NORA)
    nora.visit("/setup")
    nora.sees("Nobody can reach the co-op.", "The co-op is not open for bookings.")
    nora.sees_no("No mail goes out", "Nobody can come to a client.", "Nobody can approve what is paid.")
    nora.send("Try it: Mail")
    nora.sees("took a message for you")
    nora.visit("/office/contact")
    nora.send("Save", phone="718 555 0100", email="hello@example.org")
    they_choose_their_rules(nora, on=stack.now.date())
    stranger = stack.visitor()
    stranger.visit(f"{stack.site}/book")
    stranger.sees("We are getting ready, and do not take bookings yet.")
    nora.visit("/setup")
    nora.sees_no("Nobody can reach the co-op.", "Nobody has said how members are paid.", "what an hour pays at least")
    nora.follow("The co-op is not open for bookings.")
    nora.send("Open for bookings")
    nora.sees("Open. Clients can book.")


def they_choose_their_rules(nora: Visitor, *, on: date) -> None:
    """A ready-made set of rules, how members are paid, and what an hour pays at least by law."""
    nora.visit("/rules/to-begin-with/three")
    nora.sees("After two passes all three were asked.")
    nora.send("Begin with these rules")
    nora.sees("Chosen. These rules hold from today on.")
    nora.visit("/ways-of-paying/newcomers")
    nora.send("Save", kind="draw", starts_on=on.isoformat())
    nora.visit("/least-wages/new?known=--all-2009-07-24")
    nora.send("Write it down")
