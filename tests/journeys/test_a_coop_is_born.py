"""A co-op from nothing: an empty database, the address of setting up, and pages only.

Three people found it, set up their keys, say what they can do, and open. A stranger books, is visited and pays; the
worker is paid. An area comes and goes, a service comes and is booked, an office changes hands. A fourth person applies
and learns; one of the first three leaves, and the fourth takes her shift and becomes an owner. No step needs a shell.
"""

from __future__ import annotations

from tests.journeys.coming_and_going import (
    she_is_accepted_as_a_candidate,
    she_is_admitted_by_two,
    she_learns,
    somebody_applies,
    somebody_leaves,
    the_day_comes,
)
from tests.journeys.founding import (
    IVAN,
    LUZ,
    NORA,
    confirmed,
    member,
    on,
    the_first_person_opens_the_address,
    they_open,
    they_say_what_they_can_do_and_when,
    two_more_found_it_with_her,
)
from tests.journeys.test_the_first_hour import opening, payments, told
from tests.stack import Stack

PAT = "pat@example.org"


def test_a_coop_is_born(nothing_yet: Stack) -> None:
    stack = nothing_yet
    the_first_person_opens_the_address(stack)
    two_more_found_it_with_her(stack)
    they_say_what_they_can_do_and_when(stack)
    they_open(stack)
    a_stranger_books(stack)
    the_visit_takes_place_and_is_paid(stack)
    an_area_comes_and_goes(stack)
    a_service_comes(stack)
    it_is_booked(stack)
    an_office_changes_hands(stack)
    somebody_applies(stack)
    she_is_accepted_as_a_candidate(stack)
    she_learns(stack)
    somebody_leaves(stack)
    the_day_comes(stack)
    she_is_admitted_by_two(stack)


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
    luz_says_yes(stack, "May 8")


def luz_says_yes(stack: Stack, day: str) -> None:
    """Nobody else has said yet when they work."""
    stack.until(lambda: told(stack, LUZ, day), f"Luz is asked by mail for {day}")
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
    confirmed(stack, LUZ)
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


def an_area_comes_and_goes(stack: Stack) -> None:
    """After a look at what it touches; taken back by one press, and strangers there read that nobody comes."""
    nora, stranger = stack.person(NORA), stack.visitor()
    nora.visit("/office/areas/change")
    nora.send("Show what it touches", codes="11101", reason="Three people in Queens asked")
    nora.send("Come to these areas from that day on")
    nora.sees("What comes", "Three people in Queens asked")
    stranger.visit(f"{stack.site}/book")
    stranger.send("Choose a time", service="cleaning", zip="11101", bedrooms="1", bathrooms="1")
    stranger.sees("When should we come?")
    nora.send("Take it back")
    nora.sees("Taken back. We come where we came before.")
    stranger.visit("/book")
    stranger.send("Choose a time", service="cleaning", zip="11101", bedrooms="1", bathrooms="1")
    stranger.sees("We do not come to 11101 yet.")


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


def it_is_booked(stack: Stack) -> None:
    """By a client who signs in: their home and their card are known."""
    pat = stack.person(PAT)
    pat.visit("/book")
    pat.send("Choose a time", service="windows", zip="11215", bedrooms="2", bathrooms="1")
    pat.visit(f"{pat.address}?first=2026-05-30")
    pat.send("Keep this time", starts_at=opening(pat, "June 2", "9:00 AM"))
    pat.send("Look it over")
    pat.send("Save a card and book", agreed="on")
    pat.send("Use this card")
    pat.sees("You are booked.", "We come on Tuesday, June 2 at 9:00 AM.")
    luz_says_yes(stack, "June 2")


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
