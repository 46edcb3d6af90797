"""Whatever anybody writes into an address or a form, the site answers in words: never a 5xx, never a changed row on a
page that was only read, never a way out to somebody else's site.

Each page is opened as everybody sees it; what it asks its address for and its forms say which parameters and fields
there are. Every one meets each bad value once (over all pages, not every pair), the rest of its form filled in as it
stood.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from tests import house
from tests.house import NOBODY, TYPIST, House
from tests.proofs import rounds, some
from tests.reader import Form, read
from tests.test_matrix import ABOUT, by_person, declared

pytestmark = pytest.mark.django_db

BAD = [
    "",
    "\0",
    "a\0b",
    "\ud800",
    "\u202egnirts",
    "\u200b\u200d\ufeff",
    "Z" + "\u0300\u0301\u0488" * 60,
    "x" * 100_000,
    "-1",
    "0",
    "1e309",
    "-1e309",
    "NaN",
    "Infinity",
    "0001-01-01",
    "9999-12-31",
    "2026-03-08T02:30",
    "2026-11-01T01:30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30",
    "١٢٣",
    "１１２１５",
    "²",
    "=HYPERLINK(1)",
    "@SUM(A1)",
    "a\r\nSet-Cookie: b=c",
    "javascript:alert(1)",
    "<script>alert(1)</script>",
    "{{ request }}{% url %}",
    "'; DROP TABLE x; --",
    "99999999999999999999999999",
    "9223372036854775808",
    "2147483648",
    "1/0",
    "0/0",
    "../../etc/passwd",
    "%00",
    "None",
    "[]",
]
AWAY = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "http://testserver@evil.example/",
    "/%0d%0aLocation: https://evil.example",
]
PARTS = rounds(6, short=1)
"""Pages and fields are dealt out to so many tests, so that cores can share them."""
ROUNDS = rounds(4, short=1)
"""Bad values that each field of a form meets; the next field goes on with the next ones."""
FIELDS, ALTOGETHER_AT, ONE_BY_ONE_AT = 5, 4, 24
"""Outside a whole proof every fifth field, every fourth page, and of every 24th each parameter by itself."""
GUESSED = [
    "page",
    "q",
    "by",
    "first",
    "about",
    "change",
    "next",
    "zip",
    "service",
    "bedrooms",
    "bathrooms",
    "hours",
    "add_ons",
    "pets",
    "supplies",
    "spoken",
    "asked",
    "minutes",
    "starts_at",
    "every",
    "home",
]
"""Parameters that some pages read from their address: all at once for every page, in case it reads them together."""


def pages(home: House) -> Iterator[tuple[str, str]]:
    """Who looks at what: pages that show others other forms first, then every other page of the site."""
    token, draft = home.today.visit.booking.token, home.draft.token
    looks = {
        NOBODY: [
            reverse(name) for name in ("home", "how_it_works", "account_login", "account_signup", "quote", "gift_cards")
        ]
        + [reverse(name, args=[draft]) for name in ("choose_time", "give_contact")]
        + [reverse("quote_price")],
        TYPIST: [reverse(name, args=[draft]) for name in ("choose_time", "give_contact", "check_booking")]
        + [reverse(name, args=[home.claimed.token]) for name in ("booking", "save_card")],
        "lee": [reverse(name) for name in ("home", "my_bookings", "me", "quote", "credit")]
        + [reverse(name, args=[home.today.visit_id]) for name in ("visit", "cancel_own_visit")]
        + [reverse(name, args=[home.done.pk]) for name in ("visit", "receipt", "thank")]
        + [reverse("keep_away", args=[home.today.member_id])]
        + [reverse("booking", args=[token]), reverse("save_card", args=[home.asked.token])],
        "ana": [reverse(name) for name in ("today", "offers", "earnings", "outside_hours", "me")]
        + [reverse(name) for name in ("change_availability", "work_otherwise", "take_leave")]
        + [reverse(name) for name in ("proposals", "propose", "policies", "books", "pay_runs")]
        + [reverse("propose") + "?about=words", reverse("propose") + "?about=bookings.pay_floor"]
        + [reverse(name, args=[home.talk.pk]) for name in ("proposal", "revise_proposal")]
        + [reverse("proposal", args=[home.vote.pk]), reverse("statement", args=[home.paid.pk])]
        + [reverse(name, args=[home.today.pk]) for name in ("turn", "release_shift", "refuse_home")]
        + [reverse(name) for name in ("homes_i_refuse", "thank_yous", "spotlight", "spotlight_sheet")],
        "bo": [reverse("offers")],
        "kim": [reverse(name, args=[home.board.visit_id]) for name in ("move_own_visit", "cancel_own_visit")]
        + [reverse(name, args=[home.series.booking.token]) for name in ("series", "change_series", "pause_series")]
        + [reverse("end_series", args=[home.series.booking.token])],
        "sol": [reverse(name) for name in ("home", "unfilled_shifts", "trouble", "prices", "checklists", "add_task")]
        + [reverse(name) for name in ("week", "find", "hand_over_day", "add_client", "calls", "ready_made")]
        + [reverse("client", args=[home.today.home.client_id]), reverse("confirm_booking", args=[home.asked.token])]
        + [reverse("reschedule_visit", args=[home.today.visit_id]), reverse("hand_over", args=[home.day_off.pk])]
        + [reverse("price_service", args=["cleaning"]), reverse("price_add_on", args=["oven"])]
        + [reverse(name, args=[home.today.visit_id]) for name in ("cancel_visit", "miss_visit", "nobody_opens")]
        + [reverse("miss_shift", args=[home.today.pk])]
        + [reverse("redos"), reverse("plan_redo", args=[home.redo.pk])],
        "tess": [reverse(name) for name in ("pay_runs", "trouble")]
        + [reverse("pay_run", args=[home.run.pk]), reverse("refund_visit", args=[home.done.pk])],
        "ben": [reverse("pay_run", args=[home.run.pk])],
        "eli": [reverse("void_proposal", args=[home.vote.pk]), reverse("proposal", args=[home.talk.pk])],
    }
    listed = {page.partition("?")[0] for addresses in looks.values() for page in addresses}
    yield from ((who, page) for who, addresses in looks.items() for page in addresses)
    yield from ((who, page) for who, page in every_page(home) if page not in listed)


def every_page(home: House) -> Iterator[tuple[str, str]]:
    """Each page of the site, as the first who may see it."""
    people = [NOBODY, *home.people]
    for (name, way), cell in declared().items():
        may_see = [who for who, word in by_person(cell, people).items() if word == "ok"] if way == "get" else []
        if may_see:
            yield may_see[0], reverse(name, args=[ABOUT[name](home)] if name in ABOUT else [])


def forms(home: House) -> dict[tuple[str, str], tuple[str, Form]]:
    """Every form that somebody meets, once: (where it leads, what it asks) -> who meets it, and the form."""
    found: dict[tuple[str, str], tuple[str, Form]] = {}
    for who, page in pages(home):
        response = home.browser(who).get(page)
        assert response.status_code == 200, (who, page, response.status_code)
        if not response["Content-Type"].startswith("text/html"):
            continue
        tree = read(response.content.decode())
        for element in tree.every("form"):
            form = Form(element, tree)
            form.action = urljoin(page, form.action)
            asks = ",".join(sorted(form.names() - {"csrfmiddlewaretoken"}))
            found.setdefault((form.action.partition("?")[0], asks), (who, form))
    return found


def everything() -> dict[str, tuple[int, int]]:
    """How many rows each table has, and when they were last written; a session keeps what a passkey is asked."""
    found = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - {"django_session"}:
            cursor.execute(f'SELECT count(*), coalesce(sum(xmin::text::bigint), 0) FROM "{table}"')
            found[table] = cursor.fetchone()
    return found


def encoded(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"))


@pytest.fixture(scope="module")
def met_fields(standing: House) -> list[tuple[str, str, Form, str]]:
    """Every field of every form: where the form leads, who meets it, the form, the field."""
    return [
        (address, who, form, field)
        for (address, _asks), (who, form) in forms(standing).items()
        for field in sorted(form.names() - {"csrfmiddlewaretoken"})
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_form_breaks_whatever_is_written_into_it(
    part: int, standing: House, met_fields: list[tuple[str, str, Form, str]]
) -> None:
    bad, broken, met = cycle(BAD), [], set()
    for address, who, form, field in some(met_fields[part::PARTS], of=FIELDS):
        for _again in range(1 if form.method == "get" else ROUNDS):
            value = next(bad)
            met.add(value)
            pairs = [(name, one) for name, one in form.filled() if name != field] + [(field, value)]
            if status(standing, who, form, address, pairs) >= 500:
                broken.append((who, address, field, value[:40]))
    assert broken == []
    assert met == set(BAD)


def status(home: House, who: str, form: Form, address: str, pairs: list[tuple[str, str]]) -> int:
    """What sending a form comes to; nothing of it stays."""
    body = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs)
    browser = home.browser(who)
    browser.raise_request_exception = False
    with house.undone():
        if form.method == "get":
            return browser.get(f"{address}?{body}").status_code
        return browser.post(address, body, content_type="application/x-www-form-urlencoded").status_code


@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_breaks_and_no_reading_writes(part: int, standing: House) -> None:
    before, broken, bad = everything(), [], cycle(BAD)
    dealt = list(pages(standing))[part::PARTS]
    one_by_one = set(some(dealt, of=ONE_BY_ONE_AT))
    for who, page in some(dealt, of=ALTOGETHER_AT):
        browser = standing.browser(who)
        browser.raise_request_exception = False
        asked = looked_at(page, who, standing) if (who, page) in one_by_one else []
        for parameters in [GUESSED, *([one] for one in asked)]:
            query = "&".join(f"{parameter}={encoded(next(bad))}" for parameter in parameters)
            if browser.get(f"{page}{'&' if '?' in page else '?'}{query}").status_code >= 500:
                broken.append((who, page, query[:60]))
    assert broken == []
    assert everything() == before


ONE_BY_ONE = ("__getitem__", "__contains__", "get", "getlist")
ALTOGETHER = ("__iter__", "items", "keys", "values", "lists", "dict", "copy", "urlencode")


def looked_at(page: str, who: str, home: House) -> list[str]:
    """The parameters that a page asks its address for, guessed or not; by any other it is not changed."""
    found: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        for name in ONE_BY_ONE:
            patch.setattr(QueryDict, name, _noting(getattr(QueryDict, name), found))
        for name in ALTOGETHER:
            patch.setattr(QueryDict, name, _noting(getattr(QueryDict, name), found, GUESSED))
        home.browser(who).get(page)
        home.browser(who).get(page, dict.fromkeys(GUESSED, "1"))
    return sorted(found)


def _noting(read: Callable[..., Any], found: set[str], names: Sequence[str] = ()) -> Callable[..., Any]:
    def noting(query: QueryDict, *asked: Any, **more: Any) -> Any:
        found.update(names or asked[:1])
        return read(query, *asked, **more)

    return noting


@pytest.mark.parametrize("address", ["/\0", "/%00", "/visits/99999999999999999999", "/bookings/x", "/votes/%F0%28"])
def test_an_address_that_is_none_is_not_found(home: House, address: str) -> None:
    assert home.answer("ana", "get", address) in ("not_found", "bad")


def test_nobody_is_led_to_another_site(home: House) -> None:
    led = []
    for way in AWAY:
        for who, address in ((NOBODY, "set_language"), ("ana", "set_language"), ("ana", "account_logout")):
            browser = home.browser(who)
            response = browser.post(reverse(address), {"next": way, "language": "es"}, headers={"Referer": way})
            led.append(response.headers.get("Location", ""))
        response = home.browser("ana").get(reverse("account_login"), {"next": way})
        led.append(response.headers.get("Location", ""))
        refused = home.browser("ana").post(reverse("finish_shift", args=[home.today.pk]), {}, headers={"Referer": way})
        led.append(refused.headers.get("Location", ""))
    ours = urlsplit("http://testserver")
    assert {one for one in led if urlsplit(urljoin("http://testserver/", one))[:2] != ours[:2]} == set()
