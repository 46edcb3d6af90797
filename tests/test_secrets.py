"""What is private is seen by those it is for, and by nobody else: not on others' pages, in mails, logs, Redis, the
sessions or anywhere in the database; and every page comes with its doors closed.

The house (`tests/house.py`) is full of canaries: words that stand nowhere else.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from coop.models import Event
from members.models import Notice
from members.personal_data import told
from payouts.sandbox import Sandbox
from tests import house
from tests.house import DONE_ABOUT, DRAFTED, GETTING_IN, NOBODY, PHONE, REPORTED, STREET, TYPIST, House, in_a_word
from tests.paper import text_of
from tests.reader import Element, Form, read
from tests.test_matrix import OFFICE, address_of, declared, expected, who_asks

pytestmark = pytest.mark.django_db

TEMPLATES = settings.BASE_DIR / "templates"
CANARIES = {
    "note": "kiwi-4711",
    "drafted note": "under the mat",
    "street": STREET,
    "phone": "555-0177",
    "number": PHONE,
    "redo": "oven was forgotten",
    "thanks": "windows shine",
    "reported": "stairs gave way",
    "done about": "landlord mends",
    "filed": "blue-heron",
}
DOORS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
AT_THE_DOOR = {
    **DOORS,
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
}
"""Only on the pages with the button may a phone be asked where it is."""
ASKING_WHERE = ("today", "saved_day")
# Who sees what on which page. A booking and its calendar file are for the household, and the address of neither opens
# it. Lee and Kim are offered their own homes when they book anew, and Jo sees what Lee sees; the office sees where a
# visit is, and the treasurer what was paid for.
SEEN = {
    "street": {
        "care_record": "ana sol",
        "change_home": "lee",
        "client": "sol",
        "booking": "lee",
        "booking_calendar": "lee",
        "give_contact": "kim lee",
        "home": "lee",
        "homes": "kim lee",
        "my_bookings": "kim lee",
        "receipt": "lee tess",
        "receipt_pdf": "lee tess",
        "receipts": "kim lee",
        "saved_day": "ana",
        "today": "ana",
        "visit": "lee sol",
    },
    "phone": {"client": "sol", "give_contact": "lee", "nobody_opens": "ana sol", "saved_day": "ana", "today": "ana"},
    "redo": {"plan_redo": "sol", "redos": "sol"},
    "thanks": {"thank_yous": "ana"},
    "reported": {"incident": "ana eli sol"},
    "filed": {"duty": "ana ben tess"},
}
LOOKED_AT = sorted({name for name, way in declared() if way == "get"})
CLOSED = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"}


def everybody_at(name: str, home: House) -> Iterator[tuple[str, Any]]:
    """One page as everybody gets it who asks for it."""
    address = address_of(name, home)
    for who in those_at(name, home):
        with house.undone():
            yield who, home.browser(who).get(address)


def those_at(name: str, home: House) -> list[str]:
    """Everybody where something private stands; elsewhere as in the matrix."""
    return [NOBODY, *home.people] if seen_on(name) else who_asks(name, "get", home)


def is_data(one: Element) -> bool:
    """Does nothing of it run here: a file of ours, or what json_script wrote?"""
    return bool(one.attrs.get("src")) or one.attrs.get("type") == "application/json"


def inline(page: Element) -> list[str]:
    """What a strict policy would not run: styles and scripts in the page itself."""
    found = [f"<{one.tag}>" for one in page.every("style", "script") if not is_data(one)]
    for one in page.every():
        found += [f"{one.tag} {name}" for name in one.attrs if name == "style" or name.startswith(("on", "hx-on"))]
        found += [f"{one.tag} {way}" for way in one.attrs.values() if way.strip().lower().startswith("javascript:")]
    return found


def test_what_is_inline_is_seen() -> None:
    page = '<p style="x" onclick="y"><a href="javascript:z">a</a><style>b</style><script>c</script>'
    assert inline(read(f'{page}<script src="d"></script>')) == [
        "<style>",
        "<script>",
        "p style",
        "p onclick",
        "a javascript:z",
    ]


def unsigned(page: Element) -> list[str]:
    """The forms of a page that the site would not take back, as they send something and carry no token.

    What a phone keeps till there is network (`data-to`) is sent by a script, with a token asked for at that moment.
    """
    posted = [one for one in page.every("form") if one.attrs.get("method", "").lower() == "post"]
    sent = [Form(one, page) for one in posted if "data-to" not in one.attrs]
    return [f"no token: {form.action}" for form in sent if "csrfmiddlewaretoken" not in form.names()]


def test_a_form_without_a_token_is_seen() -> None:
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="x">'
    kinds = [(way, inside) for way in ("get", "post", "POST") for inside in ("", token)]
    page = "".join(f'<form method="{way}" action="/{way}{len(inside)}">{inside}</form>' for way, inside in kinds)
    assert unsigned(read(page)) == ["no token: /post0", "no token: /POST0"]


def test_no_part_of_a_page_with_a_form_is_cut_off_from_the_token() -> None:
    """What is included with `only` knows nothing but what it is given."""
    parts = {one.relative_to(TEMPLATES).as_posix(): one.read_text() for one in TEMPLATES.rglob("*.html")}
    cut_off = [
        f"{name}: {part}"
        for name, source in parts.items()
        for part, given in re.findall(r'{% include "([^"]+)"([^%]*) only %}', source)
        if "{% csrf_token %}" in parts[part] and "csrf_token=csrf_token" not in given
    ]
    assert cut_off == []


def open_doors(who: str, name: str, response: Any) -> list[str]:
    """What is missing in front of a page."""
    doors = AT_THE_DOOR if name in ASKING_WHERE and response.status_code == 200 else DOORS
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    missing = [name for name, value in doors.items() if response.headers.get(name) != value]
    missing += sorted(CLOSED - policy) + [part for part in policy if "unsafe" in part]
    if who != NOBODY and "no-store" not in response.headers.get("Cache-Control", ""):
        missing.append("no-store")
    names_one_thing = bool(response.wsgi_request.resolver_match.kwargs)
    if names_one_thing and "private" not in response.headers.get("Cache-Control", ""):
        missing.append("private")
    return missing


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_answers_everybody_as_declared_closed_and_shows_what_is_private_to_those_it_is_for(
    name: str, standing: House
) -> None:
    seen, wrong, words = defaultdict(set), set(), expected(name, "get", standing)
    for who, response in everybody_at(name, standing):
        is_paper = response.headers["Content-Type"] == "application/pdf"
        text = text_of(response.content) if is_paper else response.content.decode(errors="replace")
        for canary, word in CANARIES.items():
            if word in text:
                seen[canary].add(who)
        wrong |= set(open_doors(who, name, response))
        if response.headers["Content-Type"].startswith("text/html"):
            wrong |= faults(CHANGING.sub("", text))
        if (found := in_a_word(response)) != words[who]:
            wrong.add(f"get by {who} is {found}, declared {words[who]}")
    assert wrong == set()
    asking = set(those_at(name, standing))
    assert {canary: whom(found, asking) for canary, found in seen.items()} == seen_on(name)


CHANGING = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+')


@cache
def faults(source: str) -> frozenset[str]:
    """What is wrong with a page for everybody; many get the same one, that they may not see this."""
    page = read(source)
    return frozenset([*inline(page), *unsigned(page)])


def test_every_page_with_something_private_is_looked_at() -> None:
    assert {page for pages in SEEN.values() for page in pages} <= set(LOOKED_AT)


def seen_on(page: str) -> dict[str, str]:
    """Who sees what on one page."""
    return {canary: pages[page] for canary, pages in SEEN.items() if page in pages}


SEES_WHAT = {"jo": {"lee"}, "ossi": {*OFFICE, "eva"}, "omar": {"eva"}, "olga": {"finn"}}
"""Jo sees what Lee does, Ossi on leave what the offices read, Omar, whose terms are over, what Eva does, and Olga, who
left, what Finn does."""


def whom(people: set[str], asking: set[str]) -> str:
    """Those who see it, but for whoever sees what others do."""
    for twin, others in SEES_WHAT.items():
        assert not asking >= {twin, *others} or (twin in people) == bool(people & others), twin
    return " ".join(sorted(people - SEES_WHAT.keys()))


def test_the_getting_in_note_is_shown_on_one_answer_only(home: House) -> None:
    shown = {}
    for who in [NOBODY, *home.people]:
        with house.undone():
            answer = home.browser(who).post(reverse("show_access_note", args=[home.today.pk]))
            shown[who] = GETTING_IN in answer.content.decode()
    assert [who for who, saw in shown.items() if saw] == ["ana"]


def test_a_household_sees_its_own_note_when_it_asks_and_that_is_written_down(home: House) -> None:
    shown = {}
    page = reverse("show_note", args=[home.today.home.pk])
    for who in [NOBODY, *home.people]:
        with house.undone():
            shown[who] = GETTING_IN in home.browser(who).post(page).content.decode()
            looks = home.today.home.views.values_list("user__name", flat=True)
            assert list(looks) == ([home.people[who].name] if shown[who] else []), who
    assert [who for who, saw in shown.items() if saw] == ["lee", "jo"]


def test_somebody_who_was_there_once_sees_no_address_any_more(home: House) -> None:
    """Mia, whom Lee asked not to send again, and Finn, who left."""
    for who in ("mia", "finn"):
        shift = home.people[who].membership.shifts.get()
        for page in (reverse("visit", args=[shift.visit_id]), reverse("earnings"), reverse("today")):
            words = home.browser(who).get(page).content.decode()
            assert [word for word in CANARIES.values() if word in words] == [], (who, page)


def test_nothing_private_is_told_logged_queued_or_kept_in_the_open(
    home: House, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    with django_capture_on_commit_callbacks(execute=True):
        _live_a_little(home)
    words = list(CANARIES.values())
    logged = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert logged
    assert [line for line in logged if any(word in line for word in words)] == []
    waiting = queued()
    assert waiting
    assert [one for one in waiting if any(word.encode() in one for word in words)] == []
    told = [f"{one.subject} {one.body} {_entry(one, home)}" for one in Notice.objects.select_related("user")]
    assert (len(told) > 5, [one for one in told if any(word in one for word in words)]) == (True, [])
    kept = [str(one.get_decoded()) for one in Session.objects.all()]
    assert [one for one in kept if any(word in one for word in words)] == []
    assert [one for one in Event.objects.values_list("note", flat=True) if any(word in one for word in words)] == []


def _entry(one: Notice, home: House) -> str:
    """The calendar file of a message, but for the street in that of whoever lives there: they are to find home."""
    lives_there = one.user in (home.people["lee"], home.people["jo"], home.people["kim"])
    return one.calendar.replace(STREET, "") if lives_there else one.calendar


def _live_a_little(home: House) -> None:
    """Book, look, start, vote: everything that touches what is private."""
    draft = home.draft
    home.browser(TYPIST).post(reverse("check_booking", args=[draft.token]), {"agreed": "on"})
    home.browser("ana").post(reverse("start_shift", args=[home.today.pk]))
    home.browser("ana").post(reverse("show_access_note", args=[home.today.pk]))
    home.browser("ana").post(reverse("finish_shift", args=[home.today.pk]), {"sure": "on"})
    report = {"kind": "unsafe", "words": REPORTED, "left": "on"}
    home.browser("ana").post(reverse("report_incident", args=[home.today.pk]), report)
    home.browser("eli").post(reverse("close_incident", args=[home.incident.uuid]), {"outcome": DONE_ABOUT})
    home.browser("ana").post(reverse("cast_ballot", args=[home.vote.pk]), {"choice": "yes"})
    visit = home.done
    person = visit.shifts.get().member_id
    home.browser("lee").post(reverse("place_do_not_send", args=[visit.pk]), {"member": person, "reason": "conduct"})


def queued() -> list[bytes]:
    """Everything that lies in Redis."""
    store: Any = redis.Redis.from_url(settings.REDIS_URL)
    found: list[bytes] = []
    for key in store.scan_iter():
        kind = store.type(key)
        read: dict[bytes, Callable[[bytes], bytes]] = {
            b"list": lambda k: b"".join(store.lrange(k, 0, -1)),
            b"string": store.get,
            b"set": lambda k: b"".join(store.smembers(k)),
            b"hash": lambda k: str(store.hgetall(k)).encode(),
        }
        found.append(read[kind](key) if kind in read else b"")
    return found


def test_what_was_reported_and_what_was_done_is_for_its_reporter_and_those_who_look_after_it(home: House) -> None:
    page = reverse("incident", args=[home.closed.uuid])
    shown, taken = set(), set()
    for who in [NOBODY, *home.people]:
        with house.undone():
            words = home.browser(who).get(page).content.decode()
            shown |= {who} if REPORTED in words and DONE_ABOUT in words else set()
    for who, person in home.people.items():
        with house.undone():
            taken |= {who} if REPORTED in str(told(person, at=house.NOW)) else set()
    assert (shown, taken) == ({"ana", "eli", "ossi", "sol"}, {"ana"})


def test_a_copy_of_the_database_tells_no_getting_in_note_and_nothing_that_was_reported(home: House) -> None:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for word in (GETTING_IN, DRAFTED, REPORTED, DONE_ABOUT, STREET):
                cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.append((table, word))
    assert sorted(found) == [
        ("bookings_carerecord", STREET),
        ("bookings_home", STREET),
        ("bookings_quote", STREET),
        ("members_notice", STREET),  # in the calendar entry of the household whose home it is
    ]


def test_nobody_hears_of_a_do_not_send(home: House) -> None:
    placed_at = home.kept_away.placed_at
    told = Notice.objects.filter(user=home.people["mia"], due_at__range=(placed_at, placed_at + house.A_DAY))
    assert list(told) == []
    assert list(Event.objects.filter(kind="bookings.donotsend")) == []
