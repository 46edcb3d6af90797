"""The main job, end to end, on real parts: web, worker, database, broker, Stripe's stand-in, mails.

Everything is done by people at the site; time passes by the story's clock.
"""

from datetime import datetime

from tests import make
from tests.journeys.conftest import NEW_YORK
from tests.stack import Stack


def mail_of(name: str) -> str:
    """The address of one of the cast."""
    return f"{name}@example.org"


ANA, BO, CARA, SOL, TESS = map(mail_of, ("ana-reyes", "bo-lindgren", "cara-okafor", "sol-vega", "tess-marin"))


def five_people_found_a_coop() -> None:
    """Two who clean, one on the way to being an owner, a coordinator and a treasurer."""
    make.member("Ana Reyes", languages=["es", "en"], language="es")
    make.member("Bo Lindgren")
    make.member("Cara Okafor", candidate=True)
    make.member("Sol Vega", hours=None, roles=["coordinator"])
    make.member("Tess Marin", hours=None, roles=["treasurer"])


def test_the_first_hour(stack: Stack) -> None:
    five_people_found_a_coop()
    proposal = a_member_proposes_another_split(stack)
    the_members_vote(stack, proposal)
    the_vote_takes_effect(stack, proposal)


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
    bo.send("Save the draft", **{"bookings.reserve_share": "2"})
    bo.sees("now 95% then 94%", "now 1% then 2%", "Only you see it.")
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


def the_members_vote(stack: Stack, proposal: str) -> None:
    """One member one vote, on the roll of the day of notice; nobody sees the count before the end."""
    stack.go_to(datetime(2026, 5, 21, 8, tzinfo=NEW_YORK))
    for email, choice in ((BO, "Against"), (SOL, "For"), (TESS, "Against"), (BO, "For")):
        one = stack.person(email)
        one.visit(proposal)
        one.send(choice)
        one.sees(f"Your vote is in: {choice}.", "The count stays sealed until voting closes.")
        one.sees_no("How each member voted")
    cara = stack.person(CARA)
    cara.visit(proposal)
    cara.sees("You are not on the roll of this vote.")


def the_vote_takes_effect(stack: Stack, proposal: str) -> None:
    """Counted when it closes; the new rule begins on its day and the old one ends."""
    stack.go_to(datetime(2026, 5, 28, 20, 1, tzinfo=NEW_YORK))
    bo = stack.person(BO)
    bo.visit(proposal)
    bo.sees("Passed. 2 for, 1 against, 0 abstained.", "3 of 4 members took part", "It takes effect by itself on June 4")
    bo.visit("/rules")
    bo.sees("94% from June 4, 2026")
    stack.go_to(datetime(2026, 6, 4, 0, 5, tzinfo=NEW_YORK))
    bo.visit("/rules")
    bo.sees("94% since June 4, 2026, by vote")


def told(stack: Stack, email: str, subject: str) -> bool:
    """Whether somebody was told of something by mail."""
    return any(subject in mail.subject for mail in stack.mails.to(email))
