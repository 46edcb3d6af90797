"""A co-op from nothing: an empty database, the address of setting up, and pages only.

Three people found it, set up their keys and say what they can do; a stranger books, is visited and pays; the worker is
paid; a service comes and an office changes hands. No step needs a shell.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from members.models import Member, SetupKey
from tests.journeys.conftest import NEW_YORK
from tests.journeys.test_the_first_hour import opening, payments, told
from tests.stack import Stack
from tests.visitor import Visitor

NORA, IVAN, LUZ, PAT = (f"{name}@example.org" for name in ("nora", "ivan", "luz", "pat"))
WEEK = {f"from_{day}_0": "08:00" for day in range(7)} | {f"to_{day}_0": "18:00" for day in range(7)}


def test_a_coop_is_born(stack: Stack) -> None:
    the_first_person_opens_the_address(stack)
    two_more_found_it_with_her(stack)
    they_say_what_they_can_do_and_when(stack)
    what_is_missing_is_mended(stack)
    a_stranger_books(stack)
    the_visit_takes_place_and_is_paid(stack)
    a_service_comes(stack)
    an_office_changes_hands(stack)


def on(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def member(email: str) -> int:
    """The number under which the register keeps somebody."""
    found: int = Member.objects.get(user__email=email).pk
    return found


def the_first_person_opens_the_address(stack: Stack) -> None:
    """It opens once; a second one who has it reads that it is done."""
    path = urlsplit(SetupKey.make(at=stack.now)).path
    nora = stack.people[NORA] = stack.visitor()
    nora.visit(stack.site + path)
    nora.send("Begin", name="Nora Diaz", email="nora@", zip="11215")
    assert "nora@" in nora.source
    nora.send("Begin", name="Nora Diaz", email=NORA, zip="11215", offices=["coordinator", "treasurer", "board"])
    nora.sees("You are the first member.", "There are fewer than three members.")
    nora.visit("/rules/to-begin-with/three")
    nora.sees("After two passes all three were asked.")
    nora.send("Begin with these rules")
    nora.sees("Chosen. These rules hold from today on.")
    late = stack.visitor()
    late.visit(stack.site + path)
    assert late.status == 410


def two_more_found_it_with_her(stack: Stack) -> None:
    """Each says yes with their own code; the offices are shared out among them."""
    nora = stack.person(NORA)
    nora.visit("/setup/founders")
    nora.send("Invite", email=IVAN, name="Ivan Petrov", offices=["membership", "mentor"])
    nora.send("Invite", email=LUZ, name="Luz Romero", offices=["treasurer", "safety"])
    for email in (IVAN, LUZ):
        stack.until(lambda email=email: bool(stack.mails.to(email)), f"{email} is invited by mail")
        link = next(link for mail in stack.mails.to(email) for link in mail.links if "/setup/founders/" in link)
        invited = stack.person(email)
        invited.visit(link)
        invited.send("Yes, I am in", zip="11215")
        invited.sees("You are a member.")
    nora.visit("/offices")
    nora.sees("Ivan P.", "Luz R.")
    for email in (NORA, IVAN, LUZ):
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


def what_is_missing_is_mended(stack: Stack) -> None:
    """What is missing leads to the page where it is mended, until nothing is."""
    nora = stack.person(NORA)
    nora.visit("/setup")
    nora.sees("Nobody can reach the co-op.")
    nora.visit("/office/contact")
    nora.send("Save", phone="718 555 0100", email="hello@example.org")
    nora.visit("/setup")
    nora.sees_no("Nobody can reach the co-op.")
    nora.visit("/ways-of-paying/newcomers")
    nora.send("Save", kind="draw", starts_on=stack.now.date().isoformat())
    nora.visit("/least-wages/new?known=--all-2009-07-24")
    nora.send("Write it down")
    nora.visit("/setup")
    nora.sees_no("Nobody has said how members are paid.", "what an hour pays at least by law")


def a_stranger_books(stack: Stack) -> None:
    """Four steps, and whoever's turn it is says yes."""
    pat = stack.people[PAT] = stack.visitor()
    pat.visit(f"{stack.site}/book")
    pat.send("Choose a time", service="cleaning", zip="11215", bedrooms="2", bathrooms="1")
    pat.send("Keep this time", starts_at=opening(pat, "May 8", "9:00 AM"))
    pat.send("Look it over", name="Pat Kim", email=PAT, phone="718 555 0142", street="414 7th Avenue")
    pat.send("Save a card and book", agreed="on")
    pat.send("Save card", card="visa")
    pat.sees("You are booked.")
    stack.until(lambda: told(stack, LUZ, "May 8"), "Luz is asked by mail")
    luz = stack.person(LUZ)
    luz.visit("/offers")
    luz.send("Accept")
    luz.sees("It is yours.")


def the_visit_takes_place_and_is_paid(stack: Stack) -> None:
    """Started, finished, charged; drafted by one and approved by another, and paid once."""
    stack.go_to(on(5, 8, 6, 30))
    stack.go_to(on(5, 8, 9, 1))
    luz = stack.person(LUZ)
    luz.visit("/today")
    luz.send("I'm here")
    stack.go_to(on(5, 8, 12, 25))
    luz.visit("/today")
    luz.send("Finished")
    luz.sees("Thank you, Luz.")
    stack.wait(minutes=6)
    stack.until(lambda: [taken for _, _, taken in payments(stack)] != [0], "the card is charged")
    luz.visit("/earnings")
    luz.send("Add your bank details")
    luz.send("Complete")
    luz.sees("Your bank account is ready.")
    stack.go_to(on(5, 16, 9))
    luz, nora = stack.person(LUZ), stack.person(NORA)
    luz.visit("/pay-runs")
    luz.send("Make the draft", ends_on="2026-05-15")
    run = luz.address
    nora.visit(run)
    nora.send("Approve and pay")
    confirmed(stack, NORA)
    stack.until(lambda: told(stack, LUZ, "$"), "Luz is paid")


def a_service_comes(stack: Stack) -> None:
    """Named in both languages, priced, and there for whoever books."""
    nora = stack.person(NORA)
    nora.visit("/prices/new-service")
    nora.send(
        "Go on to the price",
        name_en="Windows",
        name_es="Ventanas",
        summary_en="All windows, inside",
        summary_es="Todas las ventanas, por dentro",
        skill="cleaning",
    )
    nora.send("Set this price")
    stranger = stack.visitor()
    stranger.visit(f"{stack.site}/book")
    stranger.sees("Windows")


def an_office_changes_hands(stack: Stack) -> None:
    """Asked for by one, confirmed by another, read by all."""
    nora, ivan, luz = (stack.person(email) for email in (NORA, IVAN, LUZ))
    ivan.visit("/offices/new")
    ivan.send("Ask for it", office="coordinator", member=str(member(LUZ)), decision="Meeting of May 16")
    confirmed(stack, IVAN)
    ivan.sees("It holds once a second person confirms it.")
    nora.visit("/confirmations")
    nora.follow("becomes coordinator")
    nora.send("Confirm")
    confirmed(stack, NORA)
    luz.visit("/offices")
    luz.sees("Meeting of May 16")
