"""The main job, end to end, on real parts: web, worker, database, broker, Stripe's stand-in, mails.

Everything is done by people at the site; time passes by the story's clock.
"""

from __future__ import annotations

from datetime import datetime

import stripe
from django.conf import settings

from bookings.models import AccessView
from tests import make
from tests.journeys.conftest import NEW_YORK
from tests.proofs import proof
from tests.stack import Stack
from tests.visitor import Visitor

ANA, BO, CARA, SOL, TESS, LEE = (
    f"{name}@example.org" for name in ("ana-reyes", "bo-lindgren", "cara-okafor", "sol-vega", "tess-marin", "lee")
)
NOTE = "The key is with Mr. Abreu on the first floor."


@proof
def test_the_first_hour(stack: Stack) -> None:
    five_people_found_a_coop()
    proposal = a_member_proposes_another_split(stack)
    booking = somebody_books_without_an_account(stack)
    the_turn_goes_round(stack)
    the_next_visit_goes_to_the_smallest_share(stack)
    the_visit_takes_place(stack)
    visit = the_price_is_split(stack, booking)
    the_members_are_paid(stack)
    somebody_is_not_sent_again(stack, visit)
    the_members_vote(stack, proposal)
    the_vote_takes_effect(stack, proposal, visit)


def on(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def told(stack: Stack, email: str, subject: str) -> bool:
    """Whether somebody was told of something by mail."""
    return any(subject in mail.subject for mail in stack.mails.to(email))


def five_people_found_a_coop() -> None:
    """Two who clean, one on the way to being an owner, a coordinator who is on the board, a treasurer."""
    make.member("Ana Reyes", languages=["es", "en"], language="es")
    make.member("Bo Lindgren")
    make.member("Cara Okafor", candidate=True)
    make.member("Sol Vega", hours=None, roles=["coordinator", "board"])
    make.member("Tess Marin", hours=None, roles=["treasurer"])


def a_member_proposes_another_split(stack: Stack) -> str:
    """Bo writes, the others talk, notice goes out to all owners; the address of the proposal."""
    bo, sol = stack.person(BO), stack.person(SOL)
    bo.follow("Votes")
    bo.follow("Propose a change")
    bo.follow("How each dollar of a price is shared")
    bo.send(
        "Save the draft",
        **{"bookings.worker_share": "94", "bookings.reserve_share": "7"},
        title="Put one percent more aside",
        text="The washing machine will not last.",
    )
    bo.sees("The parts of a price must add up to exactly 100%.")
    bo.send("Save the draft", **{"bookings.reserve_share": "1.5"})
    bo.sees("now 95% then 94%", "now 0.5% then 1.5%", "Only you see it.")
    bo.send("Open the discussion")
    proposal = bo.address
    sol.visit(proposal)
    sol.send("Say it", body="It broke on me twice.")
    bo.visit(proposal)
    bo.sees("It broke on me twice.")
    bo.send("Send notice of the vote")
    bo.sees("From Thursday, May 21, 8:00 AM, until Thursday, May 28, 8:00 PM.")
    stack.until(lambda: all(told(stack, one, "Put one percent more aside") for one in (ANA, BO, SOL, TESS)), "notice")
    assert not told(stack, CARA, "Put one percent more aside")
    return proposal


def somebody_books_without_an_account(stack: Stack) -> str:
    """Four steps, a declined card, a good one; confirmed on the page, by mail and in the calendar."""
    lee = stack.people[LEE] = stack.visitor()
    lee.visit(stack.site)
    lee.follow("Book a visit")
    lee.send("Choose a time", service="cleaning", zip="99501")
    lee.sees("We do not come to 99501 yet.")
    lee.send("Choose a time", zip="11215", bedrooms="2", bathrooms="1")
    lee.sees("Your price$131.25", "The person who does the work $124.69", "Running the co-op $5.25")
    lee.sees("Shared reserve $0.66", "The people who build this site $0.65")
    lee.send("Keep this time", starts_at=opening(lee, "May 8", "9:00 AM"))
    answers = {
        "name": "Jordan Lee",
        "email": LEE,
        "phone": "718 555 0142",
        "street": "414 7th Avenue",
        "apartment": "3R",
    }
    lee.send("Look it over", **answers, access_note=NOTE)
    lee.sees("Friday, May 8, 9:00 AM", "414 7th Avenue, 3R", "With your getting-in note, encrypted")
    lee.sees_no(NOTE)
    lee.send("Save a card and book", agreed="on")
    assert lee.address.startswith(stack.stripe.url)
    lee.send("Save card", card="visa_chargeDeclined")
    lee.sees("Your card was declined.")
    lee.send("Save card", card="visa")
    lee.sees("You are booked.", "We come on Friday, May 8 at 9:00 AM.")
    booking = lee.address
    stack.until(lambda: told(stack, LEE, "booked"), "the booking is confirmed by mail")
    mail = next(mail for mail in stack.mails.to(LEE) if "booked" in mail.subject)
    assert (booking in mail.links, "DTSTART" in mail.calendar) == (True, True)
    calendar = lee.session.get(f"{booking}.ics")
    assert (calendar.headers["Content-Type"], "DTSTART" in calendar.text) == ("text/calendar; charset=utf-8", True)
    return booking


def opening(person: Visitor, day: str, clock: str) -> str:
    """The value of a start time on the page of openings."""
    days = [one for one in person.page.every("details") if day in one.every("summary")[0].text]
    times = [one for one in days[0].every("label") if one.text == clock]
    return times[0].every("input")[0].attrs["value"]


def the_turn_goes_round(stack: Stack) -> None:
    """Nobody has had hours yet, so the first to join is asked; she passes, and after a moment the next accepts."""
    stack.until(lambda: told(stack, ANA, "May 8") or told(stack, ANA, "8 de mayo"), "Ana is asked by mail")
    ana = stack.person(ANA)
    ana.visit("/offers")
    ana.send("/pass", why="time")
    stack.wait(seconds=31)
    bo = stack.person(BO)
    bo.visit("/offers")
    bo.sees("You earn$124.69", "Why you?", "You0 h of the 144 h you asked for", "Cara O.0 h of 144 h asked for")
    bo.sees_no("414 7th Avenue")
    bo.send("Accept")
    bo.sees("It is yours. You find it under Today.")


def the_next_visit_goes_to_the_smallest_share(stack: Stack) -> None:
    """Bo has hours now and Ana's pass counts half, so Cara is asked first, and reads why."""
    lee = stack.person(LEE)
    lee.visit("/book")
    lee.send("Choose a time", service="cleaning", bedrooms="2", bathrooms="1")
    lee.visit(f"{lee.address}?first=2026-06-08")
    lee.send("Keep this time", starts_at=opening(lee, "June 9", "9:00 AM"))
    lee.sees("414 7th Avenue, 3R")
    lee.send("Look it over")
    lee.send("Save a card and book", agreed="on")
    lee.send("Use this card")
    lee.sees("You are booked.", "We come on Tuesday, June 9 at 9:00 AM.")
    stack.until(lambda: told(stack, CARA, "June 9"), "Cara is asked by mail")
    cara = stack.person(CARA)
    cara.visit("/offers")
    cara.sees("You0 h of the 144 h you asked for", "Ana R.2 h of 144 h asked for", "Bo L.3.5 h of 144 h asked for")
    cara.follow("/turn")
    cara.sees("You0 h of the 144 h you asked for")
    cara.sees_no("Sol V.", "Tess M.", "could not come")
    for email in (CARA, ANA):
        one = stack.person(email)
        one.visit("/offers")
        one.send("/pass", why="far")
        stack.wait(seconds=31)
    bo = stack.person(BO)
    bo.visit("/offers")
    bo.send("Accept")


def the_visit_takes_place(stack: Stack) -> None:
    """The getting-in note is shown in its time only, and its viewing is written down; start; done."""
    bo = stack.person(BO)
    bo.visit("/today")
    bo.sees_no("414 7th Avenue")
    stack.go_to(on(5, 8, 6, 30))
    assert payments(stack) == [("requires_capture", 13125, 0)]
    bo.visit("/today")
    bo.sees("414 7th Avenue, 3R", "Shown to you from 7:00 AM")
    assert AccessView.objects.count() == 0
    stack.go_to(on(5, 8, 8, 50))
    bo.visit("/today")
    bo.sees_no(NOTE)
    bo.send("Show how to get in")
    bo.sees(NOTE, "That you looked is written down.")
    bo.visit("/today")
    bo.sees_no(NOTE)
    assert [view.user.email for view in AccessView.objects.all()] == [BO]
    stack.go_to(on(5, 8, 9, 1))
    bo.visit("/today")
    bo.send("I'm here")
    stack.go_to(on(5, 8, 12, 25))
    bo.visit("/today")
    bo.send("Finished")
    bo.sees("Thank you, Bo.", "You earned$124.69")
    stack.wait(minutes=6)
    stack.until(lambda: payments(stack) == [("succeeded", 13125, 13125)], "the card is charged")


def payments(stack: Stack) -> list[tuple[str, int, int]]:
    """The clients' payments as the bank sees them: state, amount and what was taken, in cents."""
    return [(one.status, one.amount, one.amount_received) for one in bank(stack).payment_intents.list().data]


def bank(stack: Stack) -> stripe.V1Services:
    """Stripe's side, asked through the official SDK."""
    return stripe.StripeClient(settings.STRIPE_API_KEY, base_addresses={"api": stack.stripe.url}).v1


def the_price_is_split(stack: Stack, booking: str) -> str:
    """The client's receipt, the worker's earnings and the books say the same, to the cent; the visit's address."""
    stack.go_to(on(5, 9, 10))
    lee = stack.person(LEE)
    lee.visit("/bookings")
    lee.follow("Friday, May 8")
    visit = lee.address
    lee.follow("/receipt")
    lee.sees("$131.25", "Visa, ends in 4242", "The person who does the work $124.69", "Running the co-op $5.25")
    lee.sees("Shared reserve $0.66", "The people who build this site $0.65")
    lee.send("Give this tip", amount="10")
    lee.sees("Thank you for the tip", "$10.00, and all of it goes to the people who did the work.")
    stack.sweep()
    bo = stack.person(BO)
    bo.visit("/earnings")
    bo.sees("$134.69", "$124.69", "$10.00")
    tess = stack.person(TESS)
    tess.visit("/books")
    tess.sees("Owed to members for work$124.69", "Owed to members from tips$10.00", "Shared reserve$0.66")
    tess.sees("Still to come from clients$0.00", "The person who does the work $124.69", "Running the co-op $5.25")
    return visit


def the_members_are_paid(stack: Stack) -> None:
    """Drafted by the treasurer, approved by somebody else, and paid exactly once whatever comes by twice."""
    bo = stack.person(BO)
    bo.visit("/earnings")
    before = len(stack.mails.codes(BO))
    bo.send("Add your bank details")
    if "Please show that it is you" in bo.text:
        stack.until(lambda: len(stack.mails.codes(BO)) > before, "Bo is asked whether it is him")
        bo.send("Go on", step_up_code=stack.mails.codes(BO)[-1])
    assert bo.address.startswith(stack.stripe.url)
    bo.send("Complete")
    bo.sees("Your bank account is ready.")
    stack.go_to(on(5, 16, 9))
    tess, sol = stack.person(TESS), stack.person(SOL)
    tess.visit("/pay-runs")
    tess.send("Make the draft", ends_on="2026-05-15")
    tess.sees("To pay$134.69", "1 member", "floor $22.25", "The second person can be:")
    tess.sees_no("Approve and pay")
    run = tess.address
    tess.knock(f"{run}/approval")
    assert tess.status == 403
    sol.visit(run)
    sol.send("Approve and pay")
    sol.sees("Approved. The payments are on their way.")
    stack.until(lambda: told(stack, BO, "134.69"), "Bo is paid")
    stack.sweep()
    stack.sweep()
    assert [(one.amount, one.amount_reversed) for one in bank(stack).transfers.list().data] == [(13469, 0)]
    bo.visit("/earnings")
    bo.follow(f"/earnings/{run.rpartition('/')[2]}")
    bo.sees("Paid to you on May 16, 2026$134.69", "Time worked 3.5 hours", "You $124.69", "Tips, all yours $10.00")
    sol.visit(run)
    sol.sees("Drafted by Tess Marin on May 16, 2026. Approved by Sol Vega on May 16, 2026.")


def somebody_is_not_sent_again(stack: Stack, visit: str) -> None:
    """At once, on every path, and without a word to the person; the shift they had goes to somebody else."""
    stack.go_to(on(5, 18, 9))
    lee, bo, ana = stack.person(LEE), stack.person(BO), stack.person(ANA)
    lee.visit(visit)
    lee.send("Don’t send again", reason="other")
    lee.sees("You asked us not to send Bo L. again.")
    stack.sweep()
    bo.visit("/offers")
    bo.sees("Nothing here that you could take just now.")
    ana.visit("/offers")
    taking = ana.form("/taking").action
    bo.knock(taking)
    ana.visit("/offers")
    ana.send("/taking")
    lee.visit("/bookings")
    lee.sees("Tuesday, June 9, 9:00 AM planned Cleaning · 414 7th Avenue, 3R · 3.5 hours · $131.25 Ana R.")


def the_members_vote(stack: Stack, proposal: str) -> None:
    """One member one vote, on the roll of the day of notice; nobody sees the count before the end."""
    stack.go_to(on(5, 21, 8))
    for email, choice in ((BO, "Against"), (SOL, "For"), (TESS, "Against"), (BO, "For")):
        one = stack.person(email)
        one.visit(proposal)
        one.send(choice)
        one.sees(f"Your vote is in: {choice}.", "The count stays sealed until voting closes.")
        one.sees_no("How each member voted")
    cara = stack.person(CARA)
    cara.visit(proposal)
    cara.sees("You are not on the roll of this vote.")


def the_vote_takes_effect(stack: Stack, proposal: str, visit: str) -> None:
    """Counted when it closes; the new rule begins on its day and the old one ends."""
    stack.go_to(on(5, 28, 20, 1))
    bo = stack.person(BO)
    bo.visit(proposal)
    bo.sees("Passed. 2 for, 1 against, 0 abstained.", "3 of 4 members took part", "It takes effect by itself on June 4")
    bo.visit("/rules")
    bo.sees("94% from June 4, 2026")
    stack.go_to(on(6, 4, 0, 5))
    bo.visit("/rules")
    bo.sees("94% since June 4, 2026, by vote")
    lee = stack.person(LEE)
    lee.visit("/book")
    lee.send("Show price", service="cleaning", bedrooms="2", bathrooms="1", zip="11215")
    lee.sees("Your price$131.25", "The person who does the work $123.37", "Shared reserve $1.97")
    lee.visit(visit)
    lee.sees("$131.25", "The person who does the work $124.69", "Shared reserve $0.66")
