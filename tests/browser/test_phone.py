"""A worker's phone on a bad day: slow, old, and at the end of a thin line. What it has to carry is counted here.

Seconds depend on the machine and are only printed (`-s`); bytes and requests do not, and are held to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import overflow
from tests.browser.gallery import Gallery
from tests.browser.test_pages import come_as

FIRST_VIEW, LATER_VIEW = 60_000, 15_000
"""Bytes over the line, heads of the answers included."""
KILOBIT = 1000 / 8
TABS = ["/today", "/offers", "/earnings", "/votes", "/me"]


@dataclass
class Line:
    """What went over the line: the addresses asked for, and the bytes that came."""

    bytes: int = 0
    asked: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    """What the browser had already, by its own numbers."""

    def listen(self, session: CDPSession) -> None:
        session.on("Network.requestServedFromCache", lambda event: self.kept.add(event["requestId"]))
        session.on("Network.responseReceived", self._answer)
        session.on("Network.loadingFinished", self._end)

    def _answer(self, event: dict[str, Any]) -> None:
        response = event["response"]
        known = response.get("fromDiskCache") or event["requestId"] in self.kept
        if not known and response["url"].startswith("http"):
            self.asked.append(response["url"].partition("://")[2].partition("/")[2])

    def _end(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


@contextmanager
def counted(session: CDPSession) -> Iterator[Line]:
    """Count until the block ends and nothing is under way any more."""
    line = Line()
    line.listen(session)
    yield line
    session.detach()


def a_bad_day(session: CDPSession) -> None:
    """A processor six times as slow, 70 kbit/s, 300 ms there and back."""
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    speed = 70 * KILOBIT
    slow = {"offline": False, "latency": 300, "downloadThroughput": speed, "uploadThroughput": speed}
    session.send("Network.emulateNetworkConditions", slow)


def visit(page: Page, address: str, *, slow: bool = False) -> tuple[Line, float]:
    """Look at a page; what it took, and after how many seconds its main button could be pressed."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    if slow:
        a_bad_day(session)
    with counted(session) as line:
        began = monotonic()
        page.goto(address, wait_until="commit", timeout=90_000)
        page.locator("main").get_by_role("button").or_(page.locator("main a")).first.click(trial=True, timeout=90_000)
        seconds = monotonic() - began
        page.wait_for_load_state("networkidle", timeout=90_000)
    return line, seconds


@pytest.fixture
def phone(gallery: Gallery, open_window: Callable[..., Page]) -> Page:
    page = open_window(language="es", width=360)
    page.context.set_default_timeout(90_000)
    come_as(page, gallery, "today_worker", language="es")
    return page


def test_the_day_fits_a_thin_line_and_the_next_page_is_almost_nothing(gallery: Gallery, phone: Page) -> None:
    first, _seconds = visit(phone, f"{gallery.stack.site}/today")
    later = {tab: visit(phone, gallery.stack.site + tab)[0] for tab in TABS}
    print(f"first view: {first.bytes} bytes in {len(first.asked)} requests: {first.asked}")  # noqa: T201
    print({tab: (line.bytes, line.asked) for tab, line in later.items()})  # noqa: T201
    assert first.bytes <= FIRST_VIEW
    assert {tab: line.bytes for tab, line in later.items() if line.bytes > LATER_VIEW} == {}
    assert [name.rpartition(".")[2] for name in first.asked] == ["today", "css", "js", "svg"]
    assert {tab: line.asked for tab, line in later.items()} == {tab: [tab.strip("/")] for tab in TABS}


def test_on_a_bad_day_the_button_can_be_pressed(gallery: Gallery, phone: Page) -> None:
    first, seconds = visit(phone, f"{gallery.stack.site}/today", slow=True)
    again, sooner = visit(phone, f"{gallery.stack.site}/today", slow=True)
    print(f"6 x slower, 70 kbit/s: {seconds:.1f} s, {first.bytes} bytes; again {sooner:.1f} s, {again.bytes} bytes")  # noqa: T201
    button = phone.locator("main .button.tall").first
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 640 - 60  # on the first screen of a small phone, above the tabs


def test_the_five_tabs_have_room_and_lead_where_they_say(gallery: Gallery, phone: Page) -> None:
    phone.goto(f"{gallery.stack.site}/today")
    bar = phone.locator("nav.tabs")
    found = []
    for number, address in enumerate(TABS):
        tab = bar.get_by_role("link").nth(number)
        assert tab.evaluate("tab => tab.scrollWidth <= tab.clientWidth && tab.clientHeight >= 44"), address
        tab.click()
        phone.wait_for_url(f"**{address}")
        assert (overflow(phone), bar.locator("[aria-current=page]").count()) == (0, 1), address
        found.append(bar.get_by_role("link").nth(number).inner_text().split("\n")[0])
    assert found == ["Hoy", "Ofertas", "Ingresos", "Votos", "Yo"]
