"""As it runs in production: two processes behind a proxy, and many people at once from behind the same address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from requests.adapters import HTTPAdapter

from bookings.models import Booking, KeptTime
from tests import make
from tests.proofs import rounds
from tests.stack import Stack
from tests.visitor import Visitor

MANY, TOWN = rounds(30, short=10), rounds(25, short=8)
CLAIMED, ELSEWHERE = "203.0.113.7", "127.0.0.9"


class From(HTTPAdapter):
    """Comes from an address of its own; the whole of 127.0.0.0/8 is this machine."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **{**kwargs, "source_address": (self.address, 0)})  # type: ignore[arg-type]


def times(visitor: Visitor) -> list[str]:
    """The start times that the page offers."""
    return [one.attrs["value"] for one in visitor.page.every("input") if one.attrs.get("name") == "starts_at"]


def asking(visitor: Visitor, **wish: str) -> Visitor:
    """Somebody who has said what they want, and is offered times."""
    visitor.visit(f"{visitor.site}/book")
    visitor.send("Choose a time", service="cleaning", zip="11215", bedrooms="1", bathrooms="1", **wish)
    return visitor


def test_many_people_book_and_sign_in_from_behind_one_proxy(stack: Stack) -> None:
    for number in range(6):
        make.member(f"Worker {number}")
    people = [make.user(f"Person {number}") for number in range(TOWN)]
    visitors_of_one_house_book_at_once(stack)
    an_address_that_somebody_claims_counts_for_nothing(stack)
    one_of_them_keeps_no_more_than_their_share(stack)
    a_town_signs_in_within_a_minute(stack, [person.email for person in people])


def visitors_of_one_house_book_at_once(stack: Stack) -> None:
    """Nobody is refused for what others do, and no time is sold twice."""
    with ThreadPoolExecutor(6) as pool:
        ends = list(pool.map(lambda number: book(stack.visitor(), number), range(MANY)))
    assert [end for end in ends if not end.startswith(stack.stripe.url)] == []
    assert Booking.objects.count() == MANY
    kept = KeptTime.objects.order_by()
    assert [kept.values(name).distinct().count() for name in ("network", "session")] == [1, MANY]


def book(visitor: Visitor, number: int) -> str:
    """Take one of the times that are offered, as far from others' as can be, and go on to the card."""
    asking(visitor)
    for step in range(number, number + 10):
        offered = times(visitor)
        visitor.send("Keep this time", starts_at=offered[step * 7 % len(offered)])
        if visitor.address.endswith("/contact"):
            break
    facts = {"name": f"Visitor {number}", "email": f"visitor-{number}@example.org", "phone": "718 555 0142"}
    visitor.send("Look it over", **facts, street=f"{number + 1} 7th Avenue")
    visitor.send("Save a card and book", agreed="on")
    return visitor.address


def an_address_that_somebody_claims_counts_for_nothing(stack: Stack) -> None:
    """A proxy's word counts, a visitor's does not: neither for limits nor in the log."""
    claims, elsewhere = stack.visitor(), stack.visitor()
    claims.session.headers["X-Forwarded-For"] = claims.session.headers["X-Real-Ip"] = CLAIMED
    elsewhere.session.mount("http://", From(ELSEWHERE))
    for visitor in (claims, elsewhere):
        asking(visitor).send("Keep this time", starts_at=times(visitor)[0])
    assert KeptTime.objects.values("network").distinct().count() == 2
    log = (stack.folder / "web.log").read_text()
    assert (f'"ip": "{ELSEWHERE}"' in log, CLAIMED in log) == (True, False)


def one_of_them_keeps_no_more_than_their_share(stack: Stack) -> None:
    """However many requests they send at once, and to whichever process: three times, as the members' rule says."""
    greedy, pages = stack.visitor(), []
    for _page in range(6):
        asking(greedy)
        pages.append((greedy.address, dict(greedy.form("Keep this time").filled()), times(greedy)))

    def keep(number: int) -> str:
        address, form, offered = pages[number]
        answers = {**form, "starts_at": offered[-1 - number]}
        headers = {"Referer": address, "Origin": stack.site}
        answer = greedy.session.post(address, data=answers, headers=headers, allow_redirects=False, timeout=30)
        return "refused" if "We keep other times for you already." in answer.text else str(answer.status_code)

    first = keep(0)
    with ThreadPoolExecutor(5) as pool:
        rest = list(pool.map(keep, range(1, 6)))
    assert sorted([first, *rest]) == ["302"] * 3 + ["refused"] * 3


def a_town_signs_in_within_a_minute(stack: Stack, emails: list[str]) -> None:
    """All from one address; the same person again and again is asked to wait, by whichever process."""
    with ThreadPoolExecutor(5) as pool:
        people = list(pool.map(stack.person, emails))
    assert [one.address for one in people if "/account/" in one.address] == []
    for _code in range(4):
        impatient = stack.visitor()
        impatient.visit(f"{stack.site}/account/sign-in/")
        impatient.send("/account/sign-in", email="somebody@example.org")
    impatient.sees("That was not right too many times.")
